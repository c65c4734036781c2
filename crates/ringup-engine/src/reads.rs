//! A small pool of reading connections.

use std::sync::{Arc, Mutex};

use ringup_db::error::DbError;
use ringup_db::seam::{Database, ReadTx, Reader};
use tokio::sync::Semaphore;

use crate::error::Unavailable;
use crate::limits;

/// Readers that are made when they are first needed and kept.
pub(crate) struct Reads {
    database: Database,
    idle: Arc<Mutex<Vec<Reader>>>,
    turns: Arc<Semaphore>,
}

impl Reads {
    pub(crate) fn new(database: Database) -> Self {
        Self { database, idle: Arc::default(), turns: Arc::new(Semaphore::new(limits::READERS)) }
    }

    pub(crate) async fn read<T, F>(&self, read: F) -> Result<T, Unavailable>
    where
        T: Send + 'static,
        F: FnOnce(&mut ReadTx<'_>) -> Result<T, DbError> + Send + 'static,
    {
        let waited = tokio::time::timeout(limits::READ_WAIT, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = waited
            .map_err(|_| Unavailable("too many readers wait".to_owned()))?
            .map_err(|_| Unavailable("the readers have been closed".to_owned()))?;
        let (database, idle) = (self.database.clone(), Arc::clone(&self.idle));
        let done = tokio::task::spawn_blocking(move || {
            let kept = idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
            let mut reader = match kept {
                Some(reader) => reader,
                None => database.reader()?,
            };
            // A reader whose connection broke is dropped; the next one is made anew.
            let (value, unsynced) = reader.read_ahead(read)?;
            idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(reader);
            // The next one reads while this one's caller waits for the disk.
            drop(turn);
            unsynced.wait()?;
            Ok(value)
        });
        let result = done.await.map_err(|_| Unavailable("a read was cut off".to_owned()))?;
        result.map_err(|error: DbError| Unavailable(error.to_string()))
    }
}

/// A PostgreSQL connection says goodbye when it is dropped, and blocks for it, which a thread that runs asynchronous
/// tasks must not: there the last owner of an engine often is.
impl Drop for Reads {
    fn drop(&mut self) {
        let kept = std::mem::take(&mut *self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        if !kept.is_empty() {
            std::thread::spawn(move || drop(kept));
        }
    }
}
