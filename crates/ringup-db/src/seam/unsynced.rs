//! What has been written, or seen, and may not be on the disk yet.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::sqlite::{Log, SqliteLink};
use crate::error::Unavailable;

/// What has been written, or seen: nobody may be told of it before [`Unsynced::wait`] has returned.
#[must_use = "nobody may be told before it is on the disk"]
pub struct Unsynced(Option<(Arc<Log>, u64)>);

impl Unsynced {
    /// Nothing was written or seen; or it was on PostgreSQL, which shows nobody what is not on its disk.
    pub const fn nothing() -> Self {
        Self(None)
    }

    /// This commit of SQLite's log.
    pub(super) fn of(log: Option<&Arc<Log>>, commit: u64) -> Self {
        Self(log.map(|log| (Arc::clone(log), commit)))
    }

    /// Whether there is nothing to wait for.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.0.is_none()
    }

    /// Waits until it is on the disk. Blocks.
    ///
    /// # Errors
    /// When that is not known, and will not be.
    pub fn wait(self) -> Result<(), Unavailable> {
        self.0.map_or(Ok(()), |(log, commit)| log.wait(commit))
    }
}

/// Where readers find the log of the process's writer, if it has one.
#[derive(Clone, Default)]
pub(super) struct Logs(Arc<Mutex<Weak<Log>>>);

impl Logs {
    /// From now on this writer writes.
    pub(super) fn now_written_by(&self, link: &SqliteLink) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = link.log().map_or_else(Weak::new, Arc::downgrade);
    }

    /// What a transaction that ends now can have seen.
    pub(super) fn seen(&self) -> Unsynced {
        let log = self.0.lock().unwrap_or_else(PoisonError::into_inner).upgrade();
        Unsynced(log.map(|log| {
            let commit = log.last_seen();
            (log, commit)
        }))
    }
}

impl fmt::Debug for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Logs")
    }
}
