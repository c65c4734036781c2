//! Shards: which part of a divided database a row lives in.

use std::fmt;

use crate::card::CardNumber;

/// One of 256 parts. A row's shard is computed from what it is about, and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shard(pub u8);

impl Shard {
    /// The shard of a card and of everything that is about it.
    ///
    /// Numbers of one batch differ only in some middle digits, so they are mixed first
    /// (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014: the finaliser of
    /// SplitMix64). This function is for ever: changing it would lose every row.
    #[must_use]
    pub fn of_card(number: CardNumber) -> Self {
        let mut z = number.as_u64();
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        let [low, ..] = z.to_le_bytes();
        Self(low)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
