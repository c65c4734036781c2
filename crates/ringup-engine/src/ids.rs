//! Makes ids: one mint, shared by all that make rows.

use std::sync::{Mutex, PoisonError};

use ringup_core::id::{IdBlock, Mint, Node};
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;

/// Makes the ids of one server; see [`Mint`].
#[derive(Debug)]
pub struct IdMint {
    node: Node,
    mint: Mutex<Mint>,
}

impl IdMint {
    /// A mint for this server.
    #[must_use]
    pub fn new(node: Node) -> Self {
        Self { node, mint: Mutex::new(Mint::new(node)) }
    }

    /// Which server it is for.
    #[must_use]
    pub const fn node(&self) -> Node {
        self.node
    }

    /// Where this server keeps the issuer's own accounts: one shard for each server, so that no two wait for each other.
    #[must_use]
    pub const fn house(&self) -> Shard {
        Shard(self.node.number())
    }

    /// The next block of a shard.
    pub fn block(&self, shard: Shard, now: Timestamp) -> IdBlock {
        // A thread that panicked with the lock held has not left a half-written slot: its fields are set at once.
        self.mint.lock().unwrap_or_else(PoisonError::into_inner).block(shard, now)
    }

    /// One id of a shard, for a row that no command makes.
    pub fn one(&self, shard: Shard, now: Timestamp) -> u64 {
        // A fresh block always has an id to take.
        self.block(shard, now).take().unwrap_or_default()
    }
}
