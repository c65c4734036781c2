//! Checkpoints beside the writer: what stands in the write-ahead log is copied into the file on a thread of its own, while the
//! writer goes on appending. Left to SQLite, the writer does it itself inside a commit, and everyone waits tens of milliseconds.
//!
//! SQLite syncs the file only in a checkpoint that reaches the end of the log, and beside a writer at work that is the writer's own
//! last one: it would wait until everything the thread has copied is on the disk. So the thread syncs the file itself.
//!
//! Nothing here is needed for durability: the log holds what is committed, and a checkpoint that fails or never comes leaves
//! it there. It keeps the log short. Only one failure is more than that: when a sync fails, the system may have dropped what it
//! could not write, the next sync may succeed, and the log would be given up for a file with holes. So after a failed sync
//! ([`Log::fail`]) nothing is written or copied any more, and no connection is the last one to be closed, which would copy and
//! remove the log: whoever starts anew copies all of it again.

use std::fs::File;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::log::Log;
use crate::error::DbError;

/// How many pages may wait in the log before the thread is woken, at least: 1 MiB. The less is copied at once, the shorter is
/// the sync behind it, which commits have to wait for.
const WAKE_AT_PAGES_MIN: i64 = 500;

/// And at most: 32 MiB.
const WAKE_AT_PAGES_MAX: i64 = 16_000;

/// Between the two: as many as so many commits write. A page that changes in every commit is copied once for all of them, which
/// is worth most when commits are large.
const COMMITS_COPIED_TOGETHER: i64 = 24;

/// How many pages the thread may leave to the writer: they are copied, and synced, in a few milliseconds.
const LEFT_PAGES: i64 = 1_000;

/// From this length on the log is begun anew as soon as all of it has been copied: 128 MiB. Each time, the writer copies what
/// is left, and waits for a sync.
const RENEW_AT_PAGES: i64 = 64_000;

/// How often the thread goes over the log while the writer is faster, before it lets it be until it is woken again.
const ROUNDS_MAX: u32 = 12;

/// How many commits pass between two looks at the log.
const LOOK_EVERY_COMMITS: u32 = 8;

/// From this length on the writer copies the log itself, and waits for its thread before: 256 MiB.
const TOO_LONG_PAGES: i64 = 128_000;

/// The thread that copies, made when the log is long for the first time, and what its writer knows of it.
pub(super) struct Checkpointer {
    path: PathBuf,
    log: Arc<Log>,
    copier: Option<Copier>,
    /// A connection that does nothing, so that after a failed sync none is the last one to be closed.
    keeper: Option<Connection>,
    is_copying: bool,
    /// How many commits there were.
    commits: u32,
    /// How long the log was at the last look, and after how many commits that was.
    looked_at: (i64, u32),
}

struct Copier {
    wake: SyncSender<()>,
    done: Receiver<()>,
    thread: JoinHandle<()>,
}

/// How long the log is, and how much of it has been copied, in pages.
#[derive(Clone, Copy)]
struct Length {
    pages: i64,
    copied: i64,
}

impl Checkpointer {
    /// For the file's one writer.
    pub(super) fn new(path: &Path, log: &Arc<Log>) -> Result<Self, DbError> {
        let (path, log, keeper) = (path.to_owned(), Arc::clone(log), Some(super::connect(path)?));
        Ok(Self { path, log, copier: None, keeper, is_copying: false, commits: 0, looked_at: (0, 0) })
    }

    /// Called by the writer after each commit.
    pub(super) fn after_commit(&mut self, writer: &Connection) {
        self.commits = self.commits.wrapping_add(1);
        if self.is_copying && self.copier.as_ref().is_some_and(|copier| copier.done.try_recv().is_ok()) {
            self.is_copying = false;
            self.renew(writer);
        }
        if self.commits.is_multiple_of(LOOK_EVERY_COMMITS) {
            self.look(writer);
        }
    }

    fn look(&mut self, writer: &Connection) {
        let Some(length) = run(writer, "pragma wal_checkpoint(noop)", &self.log) else { return };
        let (pages_then, commits_then) = self.looked_at;
        let written = length.pages.saturating_sub(pages_then).max(0);
        let commits = i64::from(self.commits.wrapping_sub(commits_then)).max(1);
        self.looked_at = (length.pages, self.commits);
        let together = written.saturating_mul(COMMITS_COPIED_TOGETHER) / commits;
        if length.pages > TOO_LONG_PAGES && !length.is_nearly_copied() {
            self.catch_up(writer);
        } else if !self.is_copying && length.waiting() > together.clamp(WAKE_AT_PAGES_MIN, WAKE_AT_PAGES_MAX) {
            self.wake();
        }
    }

    /// Copies the little that the thread has left, between two commits: with nothing left, and no reader in the log, the next
    /// commit begins it anew.
    fn renew(&self, writer: &Connection) {
        let Some(length) = run(writer, "pragma wal_checkpoint(noop)", &self.log) else { return };
        if length.pages > RENEW_AT_PAGES && length.is_nearly_copied() {
            run(writer, "pragma wal_checkpoint(passive)", &self.log);
        }
    }

    /// The thread does not catch up with its writer, or never started: everyone waits.
    fn catch_up(&mut self, writer: &Connection) {
        if self.is_copying
            && let Some(copier) = &self.copier
        {
            // A thread that is gone copies nothing any more.
            let _ = copier.done.recv();
            self.is_copying = false;
        }
        run(writer, "pragma wal_checkpoint(passive)", &self.log);
    }

    fn wake(&mut self) {
        if self.copier.is_none() {
            match Copier::start(&self.path, &self.log) {
                Ok(copier) => self.copier = Some(copier),
                Err(error) => tracing::warn!(%error, "the checkpointer does not start; the log grows"),
            }
        }
        self.is_copying = self.copier.as_ref().is_some_and(|copier| copier.wake.try_send(()).is_ok());
    }
}

impl Length {
    const fn waiting(&self) -> i64 {
        self.pages.saturating_sub(self.copied)
    }

    /// Whether no more waits than the thread leaves, and as much again that was written since.
    const fn is_nearly_copied(&self) -> bool {
        self.waiting() <= LEFT_PAGES.saturating_mul(2)
    }
}

impl Copier {
    fn start(path: &Path, log: &Arc<Log>) -> Result<Self, DbError> {
        let connection = super::connect(path)?;
        let file = File::open(path).map_err(|error| DbError::Statement(error.to_string()))?;
        Self::with(connection, file, log)
    }

    /// Copies by a connection, and syncs what is copied by another way into the same file.
    fn with(connection: Connection, file: File, log: &Arc<Log>) -> Result<Self, DbError> {
        // Never closed: on POSIX systems that would drop every lock of this process on the file, SQLite's among them.
        let file = ManuallyDrop::new(file);
        // One for each: it is woken again only when it has been done.
        let ((wake, woken), (say_done, done)) = (sync_channel(1), sync_channel(1));
        let log = Arc::clone(log);
        let copy_when_woken = move || {
            while woken.recv().is_ok() {
                copy(&connection, &file, &log);
                let _ = say_done.try_send(());
            }
        };
        let thread = std::thread::Builder::new()
            .name("checkpointer".to_owned())
            .spawn(copy_when_woken)
            .map_err(|error| DbError::Statement(error.to_string()))?;
        Ok(Self { wake, done, thread })
    }
}

/// The thread ends with its writer, whose connection is then the last one to be closed, unless a sync has failed.
impl Drop for Checkpointer {
    fn drop(&mut self) {
        if let Some(Copier { wake, thread, .. }) = self.copier.take() {
            drop(wake);
            if thread.join().is_err() {
                tracing::error!("the checkpointer was cut off");
            }
        }
        if self.log.has_failed() {
            let _never_closed = ManuallyDrop::new(self.keeper.take());
        }
    }
}

fn copy(connection: &Connection, file: &File, log: &Log) {
    for _ in 0..ROUNDS_MAX {
        let Some(length) = run(connection, "pragma wal_checkpoint(passive)", log) else { return };
        if let Err(error) = file.sync_data() {
            return log.fail("database", &error);
        }
        // What the writer has added meanwhile is less each time, as long as copying is faster than writing.
        let Some(now) = run(connection, "pragma wal_checkpoint(noop)", log) else { return };
        if now.pages <= RENEW_AT_PAGES || now.pages.saturating_sub(length.copied) <= LEFT_PAGES {
            return;
        }
    }
}

fn run(connection: &Connection, pragma: &'static str, log: &Log) -> Option<Length> {
    if log.has_failed() {
        return None;
    }
    let result = connection.prepare_cached(pragma).and_then(|mut statement| {
        statement.query_row([], |row| Ok(Length { pages: row.get(1)?, copied: row.get(2)? }))
    });
    match result {
        Ok(length) => Some(length),
        Err(error) => {
            let extended = error.sqlite_error().map(|failure| failure.extended_code);
            if extended == Some(rusqlite::ffi::SQLITE_IOERR_FSYNC) {
                log.fail("database or log", &error);
            } else {
                tracing::warn!(%error, "the log could not be copied into the database's file; it stays and grows");
            }
            None
        }
    }
}

#[cfg(test)]
mod tests;
