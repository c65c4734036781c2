//! Makes ids: one mint, shared by all that make rows.

use std::sync::{Mutex, MutexGuard, PoisonError};

use ringup_core::id::{IdBlock, Mint, Node};
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;
use ringup_db::error::DbError;
use ringup_db::seam::{Database, WriteTx};

use crate::error::Unavailable;

/// Makes the ids of one server; see [`Mint`].
///
/// Whoever writes ids calls [`Self::keep_mark`] in the same transaction, and [`Self::mark_kept`] when it is committed.
#[derive(Debug)]
pub struct IdMint {
    node: Node,
    mint: Mutex<Mint>,
}

impl IdMint {
    /// The mint of this server, which begins where its ids left off.
    ///
    /// # Errors
    /// [`Unavailable`] when the database does not say where that is.
    pub fn open(database: &Database, node: Node) -> Result<Self, Unavailable> {
        let find = || database.reader()?.read(|tx| ringup_db::id_mark::find_mark(tx, node));
        let mark = find().map_err(|error: DbError| Unavailable(error.to_string()))?;
        Ok(Self { node, mint: Mutex::new(Mint::new(node, mark)) })
    }

    /// Which server it is for.
    #[must_use]
    pub const fn node(&self) -> Node {
        self.node
    }

    /// Where this server's first lane keeps the issuer's own accounts, and its seals; see [`IdMint::house_of`].
    #[must_use]
    pub const fn house(&self) -> Shard {
        self.house_of(0)
    }

    /// Where a lane of this server keeps the issuer's own accounts, and its seals: one shard for each lane of each server, so
    /// that no two wait for each other. There are 64 servers at most, and so four lanes.
    #[must_use]
    pub const fn house_of(&self, lane: u8) -> Shard {
        Shard(self.node.number().wrapping_add(lane.wrapping_mul(64)))
    }

    /// The next block of a shard.
    pub fn block(&self, shard: Shard, now: Timestamp) -> IdBlock {
        self.mint().block(shard, now)
    }

    /// One id of a shard, for a row that no command makes.
    pub fn one(&self, shard: Shard, now: Timestamp) -> u64 {
        // A fresh block always has an id to take.
        self.block(shard, now).take().unwrap_or_default()
    }

    /// Writes the mark that covers the ids made so far, if one is due; tells which.
    ///
    /// # Errors
    /// What the database says.
    pub fn keep_mark(&self, tx: &mut WriteTx<'_>) -> Result<Option<Timestamp>, DbError> {
        let due = self.mint().mark_due();
        if let Some(mark) = due {
            ringup_db::id_mark::keep_mark(tx, self.node, mark)?;
        }
        Ok(due)
    }

    /// The transaction of [`Self::keep_mark`] has been committed.
    pub fn mark_kept(&self, mark: Option<Timestamp>) {
        if let Some(mark) = mark {
            self.mint().mark_kept(mark);
        }
    }

    /// A thread that panicked with the lock held has not left a half-written slot: its fields are set at once.
    fn mint(&self) -> MutexGuard<'_, Mint> {
        self.mint.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
