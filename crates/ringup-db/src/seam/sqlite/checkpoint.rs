//! Checkpoints beside the writer: what stands in the write-ahead log is copied into the file on a thread of its own, while the
//! writer goes on appending. Left to SQLite, the writer does it itself inside a commit, and everyone waits tens of milliseconds.
//!
//! SQLite syncs the file only in a checkpoint that reaches the end of the log, and beside a writer at work that is the writer's own
//! last one: it would wait until everything the thread has copied is on the disk. So the thread syncs the file itself.
//!
//! Nothing here is needed for durability: the log holds what is committed, and a checkpoint that fails or never comes leaves
//! it there. It keeps the log short. Only one failure is more than that: when a sync of the file fails, the system may have dropped what
//! it could not write, the next sync may succeed, and the log would be given up for a file with holes. So after a failed sync nothing
//! is written or copied any more, and no connection is the last one to be closed, which would copy and remove the log: whoever
//! starts anew copies all of it again.

use std::fs::File;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

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
const LEFT_PAGES: i64 = 500;

/// From this length on the log is begun anew as soon as all of it has been copied: 128 MiB. Each time, the writer copies what
/// is left, and waits for a sync.
const RENEW_AT_PAGES: i64 = 64_000;

/// How often the thread goes over the log while the writer is faster, before it lets it be until it is woken again.
const ROUNDS_MAX: u32 = 4;

/// How many commits pass between two looks at the log.
const LOOK_EVERY_COMMITS: u32 = 8;

/// The thread waits to be woken.
const IDLE: u8 = 0;
/// It copies.
const WORKING: u8 = 1;
/// It has copied, and its writer has not looked since.
const DONE: u8 = 2;
/// A sync of the file has failed. Stays.
const FAILED: u8 = 3;

/// From this length on the writer copies the log itself, because its thread does not come to it: 256 MiB.
const TOO_LONG_PAGES: i64 = 128_000;

/// The thread that copies, made when the log is long for the first time, and what its writer knows of it.
pub(super) struct Checkpointer {
    path: PathBuf,
    copier: Option<Copier>,
    /// A connection that does nothing, so that after a failed sync none is the last one to be closed.
    keeper: Option<Connection>,
    state: Arc<AtomicU8>,
    commits: u32,
    /// How long the log was at the last look.
    pages: i64,
}

struct Copier {
    wake: SyncSender<()>,
    thread: JoinHandle<()>,
}

/// How long the log is, and how much of it has been copied, in pages.
#[derive(Clone, Copy)]
struct Log {
    pages: i64,
    copied: i64,
}

impl Checkpointer {
    /// For the file's one writer.
    pub(super) fn new(path: &Path) -> Result<Self, DbError> {
        let keeper = Some(super::connect(path)?);
        Ok(Self { path: path.to_owned(), copier: None, keeper, state: Arc::default(), commits: 0, pages: 0 })
    }

    /// Called by the writer after each commit.
    pub(super) fn after_commit(&mut self, writer: &Connection) {
        self.commits = self.commits.wrapping_add(1);
        match self.state.load(Ordering::Acquire) {
            WORKING | FAILED => {}
            DONE => self.renew(writer),
            _ if self.commits.is_multiple_of(LOOK_EVERY_COMMITS) => self.look(writer),
            _ => {}
        }
    }

    /// Whether what was copied out of the log may be lost, so that nothing may be written until the file has been opened anew.
    pub(super) fn has_failed(&self) -> bool {
        self.state.load(Ordering::Acquire) == FAILED
    }

    fn look(&mut self, writer: &Connection) {
        let Some(log) = run(writer, "pragma wal_checkpoint(noop)", &self.state) else { return };
        let written = log.pages.saturating_sub(self.pages).max(0);
        self.pages = log.pages;
        let together = written.saturating_mul(COMMITS_COPIED_TOGETHER) / i64::from(LOOK_EVERY_COMMITS);
        if log.waiting() > TOO_LONG_PAGES {
            run(writer, "pragma wal_checkpoint(passive)", &self.state);
        } else if log.waiting() > together.clamp(WAKE_AT_PAGES_MIN, WAKE_AT_PAGES_MAX) {
            self.wake();
        }
    }

    /// Copies the little that the thread has left, between two commits: with nothing left, and no reader in the log, the next
    /// commit begins it anew.
    fn renew(&mut self, writer: &Connection) {
        if self.state.compare_exchange(DONE, IDLE, Ordering::AcqRel, Ordering::Acquire).is_err() {
            return;
        }
        let Some(log) = run(writer, "pragma wal_checkpoint(noop)", &self.state) else { return };
        if log.pages > RENEW_AT_PAGES && log.waiting() <= LEFT_PAGES.saturating_mul(2) {
            run(writer, "pragma wal_checkpoint(passive)", &self.state);
        }
    }

    fn wake(&mut self) {
        if self.copier.is_none() {
            match Copier::start(&self.path, &self.state) {
                Ok(copier) => self.copier = Some(copier),
                Err(error) => tracing::warn!(%error, "the checkpointer does not start; the log grows"),
            }
        }
        if let Some(copier) = &self.copier {
            if self.state.compare_exchange(IDLE, WORKING, Ordering::AcqRel, Ordering::Acquire).is_err() {
                return;
            }
            // A full channel means that it has been woken.
            let _ = copier.wake.try_send(());
        }
    }
}

impl Log {
    const fn waiting(&self) -> i64 {
        self.pages.saturating_sub(self.copied)
    }
}

impl Copier {
    fn start(path: &Path, state: &Arc<AtomicU8>) -> Result<Self, DbError> {
        let connection = super::connect(path)?;
        let file = File::open(path).map_err(|error| DbError::Statement(error.to_string()))?;
        Self::with(connection, file, state)
    }

    /// Copies by a connection, and syncs what is copied by another way into the same file.
    fn with(connection: Connection, file: File, state: &Arc<AtomicU8>) -> Result<Self, DbError> {
        // Never closed: on POSIX systems that would drop every lock of this process on the file, SQLite's among them.
        let file = ManuallyDrop::new(file);
        let (wake, woken) = sync_channel(1);
        let state = Arc::clone(state);
        let thread = std::thread::Builder::new()
            .name("checkpointer".to_owned())
            .spawn(move || copy_when_woken(&connection, &file, &woken, &state))
            .map_err(|error| DbError::Statement(error.to_string()))?;
        Ok(Self { wake, thread })
    }
}

/// The thread ends with its writer, whose connection is then the last one to be closed, unless a sync has failed.
impl Drop for Checkpointer {
    fn drop(&mut self) {
        if let Some(Copier { wake, thread }) = self.copier.take() {
            drop(wake);
            if thread.join().is_err() {
                tracing::error!("the checkpointer was cut off");
            }
        }
        if self.has_failed() {
            let _never_closed = ManuallyDrop::new(self.keeper.take());
        }
    }
}

fn copy_when_woken(connection: &Connection, file: &File, woken: &Receiver<()>, state: &AtomicU8) {
    while woken.recv().is_ok() && state.load(Ordering::Acquire) != FAILED {
        copy(connection, file, state);
    }
}

fn copy(connection: &Connection, file: &File, state: &AtomicU8) {
    for _ in 0..ROUNDS_MAX {
        let Some(log) = run(connection, "pragma wal_checkpoint(passive)", state) else { break };
        if let Err(error) = file.sync_data() {
            fail(state, &error);
            break;
        }
        // What the writer has added meanwhile is less each time, as long as copying is faster than writing.
        let Some(now) = run(connection, "pragma wal_checkpoint(noop)", state) else { break };
        if now.pages <= RENEW_AT_PAGES || now.pages.saturating_sub(log.copied) <= LEFT_PAGES {
            break;
        }
    }
    // Nothing comes after a failure.
    let _ = state.compare_exchange(WORKING, DONE, Ordering::AcqRel, Ordering::Acquire);
}

fn fail(state: &AtomicU8, error: &dyn std::fmt::Display) {
    state.store(FAILED, Ordering::Release);
    tracing::error!(%error, "the database's file could not be synced: nothing is written until it is opened anew");
}

fn run(connection: &Connection, pragma: &'static str, state: &AtomicU8) -> Option<Log> {
    let result = connection
        .prepare_cached(pragma)
        .and_then(|mut statement| statement.query_row([], |row| Ok(Log { pages: row.get(1)?, copied: row.get(2)? })));
    match result {
        Ok(log) => Some(log),
        Err(error) => {
            let extended = error.sqlite_error().map(|failure| failure.extended_code);
            if extended == Some(rusqlite::ffi::SQLITE_IOERR_FSYNC) {
                fail(state, &error);
            } else {
                tracing::warn!(%error, "the log could not be copied into the database's file; it stays and grows");
            }
            None
        }
    }
}

#[cfg(test)]
mod tests;
