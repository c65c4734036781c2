use super::{Node, compose};
use crate::shard::Shard;

/// The ids that one command may use: sixteen in a row, all of one shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdBlock {
    next: u64,
    end: u64,
}

/// A command asked for more ids than it was given. It never happens unless a command is written wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a command may use {} ids at most", IdBlock::LENGTH)]
pub struct IdsUsedUp;

impl IdBlock {
    /// How many ids a block holds.
    pub const LENGTH: u8 = 16;

    /// The block that begins at this millisecond and sequence number.
    #[must_use]
    pub fn starting_at(millis: i64, shard: Shard, node: Node, sequence: u8) -> Self {
        let next = compose(millis, shard, node, sequence);
        Self { next, end: next.saturating_add(u64::from(Self::LENGTH)) }
    }

    /// The next id of the block.
    ///
    /// # Errors
    /// [`IdsUsedUp`].
    pub fn take(&mut self) -> Result<u64, IdsUsedUp> {
        if self.next >= self.end {
            return Err(IdsUsedUp);
        }
        let id = self.next;
        self.next = self.next.saturating_add(1);
        Ok(id)
    }
}
