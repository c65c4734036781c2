use super::{IdBlock, Node};
use crate::shard::Shard;
use crate::time::Timestamp;

const BLOCKS_PER_MILLI: u8 = 16;

/// Makes the ids of one server: each block once, growing with time, in every shard for itself.
#[derive(Clone, Debug)]
pub struct Mint {
    node: Node,
    last: [Last; 256],
}

/// The last block that was given out in a shard.
#[derive(Clone, Copy, Debug)]
struct Last {
    millis: i64,
    block: u8,
}

/// None has been given out.
const NEVER: Last = Last { millis: i64::MIN, block: 0 };

impl Mint {
    /// A mint for this server.
    #[must_use]
    pub const fn new(node: Node) -> Self {
        Self { node, last: [NEVER; 256] }
    }

    /// Which server it is for.
    #[must_use]
    pub const fn node(&self) -> Node {
        self.node
    }

    /// The next block of a shard.
    ///
    /// When a shard has had sixteen in one millisecond, or the clock went back, ids run ahead of the clock rather than
    /// repeat: they are unique for ever, and in order.
    pub fn block(&mut self, shard: Shard, now: Timestamp) -> IdBlock {
        let last = self.last.get(usize::from(shard.0)).copied().unwrap_or(NEVER); // there is a slot for each shard
        let next = if now.millis() > last.millis {
            Last { millis: now.millis(), block: 0 }
        } else if last.block.saturating_add(1) < BLOCKS_PER_MILLI {
            Last { millis: last.millis, block: last.block.saturating_add(1) }
        } else {
            Last { millis: last.millis.saturating_add(1), block: 0 }
        };
        if let Some(slot) = self.last.get_mut(usize::from(shard.0)) {
            *slot = next;
        }
        IdBlock::starting_at(next.millis, shard, self.node, next.block.saturating_mul(IdBlock::LENGTH))
    }
}
