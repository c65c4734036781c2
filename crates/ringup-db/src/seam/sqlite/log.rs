//! How much of the write-ahead log is on the disk.
//!
//! A commit appends to the log, and every connection sees it at once; it is on the disk when the log has been synced. SQLite
//! would sync inside each commit, and the writer would do nothing meanwhile. So SQLite does not (`synchronous=normal`), and
//! whoever tells anybody of what he wrote, or saw, waits here first: the writer goes on with the next commit, and one sync is
//! for all who wait.
//!
//! When a sync fails, of the log or of the file, nothing is known of what is on the disk: the system may have dropped what it
//! could not write, and say nothing at the next sync. So nothing is written, copied or told any more until the file has
//! been opened anew, by another process.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::error::Unavailable;

/// The log of a file that is open for writing. Commits have numbers, from 1.
#[derive(Debug)]
pub(in crate::seam) struct Log {
    path: PathBuf,
    /// The last commit that was begun: nobody can have seen a later one.
    begun: AtomicU64,
    state: Mutex<State>,
    changed: Condvar,
    failed: AtomicBool,
}

#[derive(Debug)]
struct State {
    /// The last commit that has ended, well or not.
    ended: u64,
    /// The last commit that is on the disk.
    synced: u64,
    /// Whether somebody syncs.
    is_syncing: bool,
    /// Opened by the first who syncs: there is a log then. It is the same one until the writer's connection is closed.
    file: Option<File>,
}

impl Log {
    /// For the one writer of the database's file. What is found in the log counts as a commit that nobody has synced: the
    /// process that wrote it may have ended before it did.
    pub(super) fn new(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-wal");
        Self {
            path: path.into(),
            begun: AtomicU64::new(1),
            state: Mutex::new(State { ended: 1, synced: 0, is_syncing: false, file: None }),
            changed: Condvar::new(),
            failed: AtomicBool::new(false),
        }
    }

    /// A commit begins. Answers its number.
    pub(super) fn begin(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::SeqCst).saturating_add(1)
    }

    /// The commit that was begun last has ended, well or not.
    pub(super) fn end(&self) {
        self.state().ended = self.begun.load(Ordering::SeqCst);
        self.changed.notify_all();
    }

    /// The last commit that a transaction which ends now can have seen.
    pub(in crate::seam) fn last_seen(&self) -> u64 {
        self.begun.load(Ordering::SeqCst)
    }

    /// Waits until this commit, and so every one before it, is on the disk. Whoever finds nobody syncing does it for all.
    pub(in crate::seam) fn wait(&self, commit: u64) -> Result<(), Unavailable> {
        let mut state = self.state();
        while state.synced < commit {
            if self.has_failed() {
                return Err(failure());
            }
            if state.is_syncing || state.ended < commit {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.is_syncing = true;
            let (ended, file) = (state.ended, state.file.take());
            drop(state);
            let synced = self.sync(file);
            state = self.state();
            state.is_syncing = false;
            match synced {
                Ok(file) => {
                    state.file = Some(file);
                    state.synced = ended;
                }
                Err(error) => self.fail("log", &error),
            }
            self.changed.notify_all();
        }
        Ok(())
    }

    fn sync(&self, file: Option<File>) -> std::io::Result<File> {
        let file = file.map_or_else(|| File::open(&self.path), Ok)?;
        file.sync_data()?;
        Ok(file)
    }

    /// A sync has failed: of the log, or of the file that the log is copied into.
    pub(super) fn fail(&self, of: &'static str, error: &dyn std::fmt::Display) {
        self.failed.store(true, Ordering::SeqCst);
        tracing::error!(%error, of, "a sync has failed: nothing is written until the database's file is opened anew");
    }

    /// Whether a sync has failed. Stays.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::SeqCst)
    }

    /// Its fields are set at once: a thread that panicked with the lock held has left nothing half-written.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is said once a sync has failed.
pub(super) fn failure() -> Unavailable {
    Unavailable::Disk("a sync has failed, and the file must be opened anew".to_owned())
}

#[cfg(test)]
mod tests;
