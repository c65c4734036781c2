//! Makes ids: each block once, growing with time, in every shard for itself.

use std::sync::Mutex;

use ringup_core::id::{IdBlock, Node};
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;

const BLOCKS_PER_MILLI: u8 = 16;

/// Makes the ids of one server.
#[derive(Debug)]
pub struct IdMint {
    node: Node,
    last: Mutex<[Last; 256]>,
}

/// The last block that was given out in a shard.
#[derive(Clone, Copy, Debug)]
struct Last {
    millis: i64,
    block: u8,
}

impl IdMint {
    /// A mint for this server.
    #[must_use]
    pub fn new(node: Node) -> Self {
        Self { node, last: Mutex::new([Last { millis: i64::MIN, block: 0 }; 256]) }
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
    ///
    /// When a shard has had sixteen in one millisecond, or the clock went back, ids run ahead of the clock rather than
    /// repeat: they are unique for ever, and in order.
    pub fn block(&self, shard: Shard, now: Timestamp) -> IdBlock {
        // A thread that panicked with the lock held has not left a half-written pair: both fields are set at once.
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let next = match last.get(usize::from(shard.0)) {
            Some(last) if now.millis() <= last.millis => {
                let block = last.block.saturating_add(1);
                if block < BLOCKS_PER_MILLI {
                    Last { millis: last.millis, block }
                } else {
                    Last { millis: last.millis.saturating_add(1), block: 0 }
                }
            }
            Some(_) | None => Last { millis: now.millis(), block: 0 },
        };
        if let Some(slot) = last.get_mut(usize::from(shard.0)) {
            *slot = next;
        }
        IdBlock::starting_at(next.millis, shard, self.node, next.block.saturating_mul(IdBlock::LENGTH))
    }

    /// One id of a shard, for a row that no command makes.
    pub fn one(&self, shard: Shard, now: Timestamp) -> u64 {
        // A fresh block always has an id to take.
        self.block(shard, now).take().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
