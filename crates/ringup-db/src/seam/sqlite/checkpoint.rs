//! Checkpoints beside the writer: what stands in the write-ahead log is copied into the file on a thread of its own, while the
//! writer goes on appending. Left to SQLite, the writer does it itself inside a commit, and everyone waits tens of milliseconds.
//!
//! Nothing here is needed for durability: the log holds what is committed, and a checkpoint that fails or never comes leaves
//! it there. It keeps the log short.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

use crate::error::DbError;

/// How many pages may wait in the log before the thread is woken: 32 MiB. A page that changes in every batch is copied once
/// for all of them.
const WAKE_AT_PAGES: i64 = 16_000;

/// How many pages the thread leaves to the writer: so few are copied in a millisecond or two.
const LEFT_PAGES: i64 = 500;

/// From this length on the log is begun anew as soon as all of it has been copied: 32 MiB.
const RENEW_AT_PAGES: i64 = 16_000;

/// How often the thread goes over the log while the writer is faster, before it lets it be.
const ROUNDS_MAX: u32 = 8;

/// How many commits pass between two looks at the log.
const LOOK_EVERY_COMMITS: u32 = 8;

/// The thread that copies, made when the log is long for the first time, and what its writer knows of it.
pub(super) struct Checkpointer {
    path: PathBuf,
    copier: Option<Copier>,
    working: Arc<AtomicBool>,
    commits: u32,
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
        Self { path: path.to_owned(), copier: None, working: Arc::default(), commits: 0 }
    }

    /// Called by the writer after each commit.
    pub(super) fn after_commit(&mut self, writer: &Connection) {
        self.commits = self.commits.wrapping_add(1);
        if !self.commits.is_multiple_of(LOOK_EVERY_COMMITS) || self.working.load(Ordering::Acquire) {
            return;
        }
        let Some(log) = run(writer, "pragma wal_checkpoint(noop)") else { return };
        let waiting = log.pages.saturating_sub(log.copied);
        if waiting > WAKE_AT_PAGES {
            self.wake();
        } else if log.pages > RENEW_AT_PAGES && waiting > 0 {
            // The little that is left is copied here, between two commits: with nothing left, and no reader in the log, the
            // next commit begins it anew.
            run(writer, "pragma wal_checkpoint(passive)");
        }
    }
}

impl Checkpointer {
    fn wake(&mut self) {
        if self.copier.is_none() {
            match Copier::start(&self.path, &self.working) {
                Ok(copier) => self.copier = Some(copier),
                Err(error) => tracing::warn!(%error, "the checkpointer does not start; the log grows"),
            }
        }
        if let Some(copier) = &self.copier {
            self.working.store(true, Ordering::Release);
            // A full channel means that it has been woken.
            let _ = copier.wake.try_send(());
        }
    }
}

impl Copier {
    fn start(path: &Path, working: &Arc<AtomicBool>) -> Result<Self, DbError> {
        let connection = super::connect(path)?;
        let (wake, woken) = sync_channel(1);
        let working = Arc::clone(working);
        let thread = std::thread::Builder::new()
            .name("checkpointer".to_owned())
            .spawn(move || copy_when_woken(&connection, &woken, &working))
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

fn copy_when_woken(connection: &Connection, woken: &Receiver<()>, working: &AtomicBool) {
    while woken.recv().is_ok() {
        for _ in 0..ROUNDS_MAX {
            let Some(log) = run(connection, "pragma wal_checkpoint(passive)") else { break };
            // What the writer has added meanwhile is less each time, as long as copying is faster than writing.
            let Some(now) = run(connection, "pragma wal_checkpoint(noop)") else { break };
            if now.pages.saturating_sub(log.copied) <= LEFT_PAGES {
                break;
            }
        }
        working.store(false, Ordering::Release);
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
