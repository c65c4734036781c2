use super::{EPOCH_MILLIS, IdBlock, Node};
use crate::shard::Shard;
use crate::time::{Span, Timestamp};

const BLOCKS_PER_MILLI: u8 = 16;

/// So far ahead a mark is kept: often enough that a server which is started again and again runs but little ahead of its
/// clock, and seldom enough that it costs nothing.
const KEPT_AHEAD: Span = Span::seconds(10);

/// Makes the ids of one server: each block once, growing with time, in every shard for itself.
///
/// A clock may go back, and a server may be started again while it does. What it has made by then is not in its memory any more:
/// so it keeps a *mark* in the database, a moment that none of its ids is after. Whatever writes ids writes the
/// [mark that is due](Mint::mark_due) in the same transaction.
#[derive(Clone, Debug)]
pub struct Mint {
    node: Node,
    last: [Last; 256],
    latest_millis: i64,
    kept_millis: i64,
}

/// The last block that was given out in a shard.
#[derive(Clone, Copy, Debug)]
struct Last {
    millis: i64,
    block: u8,
}

impl Mint {
    /// A mint for this server, whose ids all come after the mark that was kept last; none, when it has made no ids yet.
    #[must_use]
    pub fn new(node: Node, mark: Option<Timestamp>) -> Self {
        let millis = mark.map_or(EPOCH_MILLIS, Timestamp::millis);
        let last = Last { millis, block: BLOCKS_PER_MILLI };
        Self { node, last: [last; 256], latest_millis: millis, kept_millis: millis }
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
        let before = Last { millis: self.kept_millis, block: BLOCKS_PER_MILLI };
        let last = self.last.get(usize::from(shard.0)).copied().unwrap_or(before); // there is a slot for each shard
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
        self.latest_millis = self.latest_millis.max(next.millis);
        IdBlock::starting_at(next.millis, shard, self.node, next.block.saturating_mul(IdBlock::LENGTH))
    }

    /// The mark that must be written with the ids that were made so far; none when the one that was kept last covers them.
    #[must_use]
    pub fn mark_due(&self) -> Option<Timestamp> {
        let latest = Timestamp::from_micros(self.latest_millis.saturating_mul(1_000));
        (self.latest_millis > self.kept_millis).then(|| latest.plus(KEPT_AHEAD))
    }

    /// A mark has been committed.
    pub fn mark_kept(&mut self, mark: Timestamp) {
        self.kept_millis = self.kept_millis.max(mark.millis());
    }
}
