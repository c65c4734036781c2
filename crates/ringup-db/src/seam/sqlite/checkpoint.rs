//! Checkpoints beside the writer: what stands in the write-ahead log is copied into the file on a thread of its own, while the
//! writer goes on appending. Left to SQLite, the writer does it itself inside a commit, and everyone waits tens of milliseconds.
//!
//! Nothing here is needed for durability: the log holds what is committed, and a checkpoint that fails or never comes leaves
//! it there. It keeps the log short.

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

/// How many pages the thread may leave to the writer: they are copied in a few milliseconds.
const LEFT_PAGES: i64 = 2_000;

/// From this length on the log is begun anew as soon as all of it has been copied: 32 MiB.
const RENEW_AT_PAGES: i64 = 16_000;

/// How often the thread goes over the log while the writer is faster, before it lets it be until it is woken again.
const ROUNDS_MAX: u32 = 3;

/// How many commits pass between two looks at the log.
const LOOK_EVERY_COMMITS: u32 = 8;

/// The thread waits to be woken.
const IDLE: u8 = 0;
/// It copies.
const WORKING: u8 = 1;
/// It has copied, and its writer has not looked since.
const DONE: u8 = 2;

/// The thread that copies, made when the log is long for the first time, and what its writer knows of it.
pub(super) struct Checkpointer {
    path: PathBuf,
    copier: Option<Copier>,
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
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), copier: None, state: Arc::default(), commits: 0, pages: 0 }
    }

    /// Called by the writer after each commit.
    pub(super) fn after_commit(&mut self, writer: &Connection) {
        self.commits = self.commits.wrapping_add(1);
        match self.state.load(Ordering::Acquire) {
            WORKING => {}
            DONE => self.renew(writer),
            _ if self.commits.is_multiple_of(LOOK_EVERY_COMMITS) => self.look(writer),
            _ => {}
        }
    }

    fn look(&mut self, writer: &Connection) {
        let Some(log) = run(writer, "pragma wal_checkpoint(noop)") else { return };
        let written = log.pages.saturating_sub(self.pages).max(0);
        self.pages = log.pages;
        let together = written.saturating_mul(COMMITS_COPIED_TOGETHER) / i64::from(LOOK_EVERY_COMMITS);
        if log.waiting() > together.clamp(WAKE_AT_PAGES_MIN, WAKE_AT_PAGES_MAX) {
            self.wake();
        }
    }

    /// Copies the little that the thread has left, between two commits: with nothing left, and no reader in the log, the next
    /// commit begins it anew.
    fn renew(&mut self, writer: &Connection) {
        self.state.store(IDLE, Ordering::Release);
        let Some(log) = run(writer, "pragma wal_checkpoint(noop)") else { return };
        if log.pages > RENEW_AT_PAGES && log.waiting() <= LEFT_PAGES.saturating_mul(2) {
            run(writer, "pragma wal_checkpoint(passive)");
        }
    }
}

impl Log {
    const fn waiting(&self) -> i64 {
        self.pages.saturating_sub(self.copied)
    }
}

impl Checkpointer {
    fn wake(&mut self) {
        if self.copier.is_none() {
            match Copier::start(&self.path, &self.state) {
                Ok(copier) => self.copier = Some(copier),
                Err(error) => tracing::warn!(%error, "the checkpointer does not start; the log grows"),
            }
        }
        if let Some(copier) = &self.copier {
            self.state.store(WORKING, Ordering::Release);
            // A full channel means that it has been woken.
            let _ = copier.wake.try_send(());
        }
    }
}

impl Copier {
    fn start(path: &Path, state: &Arc<AtomicU8>) -> Result<Self, DbError> {
        let connection = super::connect(path)?;
        let (wake, woken) = sync_channel(1);
        let state = Arc::clone(state);
        let thread = std::thread::Builder::new()
            .name("checkpointer".to_owned())
            .spawn(move || copy_when_woken(&connection, &woken, &state))
            .map_err(|error| DbError::Statement(error.to_string()))?;
        Ok(Self { wake, thread })
    }
}

/// The thread ends with its writer, whose connection is then the last one to be closed.
impl Drop for Checkpointer {
    fn drop(&mut self) {
        let Some(Copier { wake, thread }) = self.copier.take() else { return };
        drop(wake);
        if thread.join().is_err() {
            tracing::error!("the checkpointer was cut off");
        }
    }
}

fn copy_when_woken(connection: &Connection, woken: &Receiver<()>, state: &AtomicU8) {
    while woken.recv().is_ok() {
        for _ in 0..ROUNDS_MAX {
            let Some(log) = run(connection, "pragma wal_checkpoint(passive)") else { break };
            // What the writer has added meanwhile is less each time, as long as copying is faster than writing.
            let Some(now) = run(connection, "pragma wal_checkpoint(noop)") else { break };
            if now.pages.saturating_sub(log.copied) <= LEFT_PAGES {
                break;
            }
        }
        state.store(DONE, Ordering::Release);
    }
}

fn run(connection: &Connection, pragma: &'static str) -> Option<Log> {
    let result = connection
        .prepare_cached(pragma)
        .and_then(|mut statement| statement.query_row([], |row| Ok(Log { pages: row.get(1)?, copied: row.get(2)? })));
    match result {
        Ok(log) => Some(log),
        Err(error) => {
            tracing::warn!(%error, "the log could not be copied into the database's file; it stays and grows");
            None
        }
    }
}

#[cfg(test)]
mod tests;
