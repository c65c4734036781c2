//! Two chains that show a changed, removed or inserted entry; see `docs/decisions/0004-hash-chains.md`.
//!
//! Each entry's hash covers its own content and the hash of the entry before it on the same card or purse; whose row
//! keeps the last hash and the count. Each batch of the write lane is sealed: a hash over the entries it wrote
//! and over the seal before it, one row a batch for each node.

use aws_lc_rs::digest;

use super::entry::{Chain, Entry};
use crate::id::EntryId;
use crate::shard::Shard;

/// SHA-256 of an entry or a seal, with all that came before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryHash([u8; 32]);

impl EntryHash {
    /// What stands before the first.
    pub const NONE: Self = Self([0; 32]);

    /// The hash with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for EntryHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().take(4).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The end of a card's or purse's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainHead {
    /// The last entry, from which the others are found one by one; nothing while there is none.
    pub last: Option<EntryId>,
    /// How many entries it has.
    pub length: u64,
    /// The hash of the last one.
    pub hash: EntryHash,
}

impl ChainHead {
    /// The chain of a card or purse without entries.
    pub const EMPTY: Self = Self { last: None, length: 0, hash: EntryHash::NONE };
}

impl Entry {
    /// What its hash must be, when `previous` is that of the chain's entry before it.
    ///
    /// Every field is covered, each at a fixed width or behind its length, so that no two entries have the same bytes.
    #[must_use]
    pub fn expected_hash(&self, previous: EntryHash) -> EntryHash {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(previous.as_bytes());
        let (cause_kind, cause_number) = self.cause.parts();
        context.update(&self.id.as_u64().to_be_bytes());
        context.update(&[self.shard.0]);
        let (chain_kind, owner) = match self.chain {
            Chain::Card(number) => (1, number.as_u64()),
            Chain::Purse(id) => (2, id.as_u64()),
        };
        context.update(&[chain_kind]);
        context.update(&owner.to_be_bytes());
        context.update(&self.position.to_be_bytes());
        context.update(&self.kind.code().to_be_bytes());
        context.update(&cause_kind.to_be_bytes());
        context.update(&cause_number.to_be_bytes());
        context.update(&self.effective_at.micros().to_be_bytes());
        context.update(&self.recorded_at.micros().to_be_bytes());
        context.update(&u64::try_from(self.postings.len()).unwrap_or(u64::MAX).to_be_bytes());
        for posting in &self.postings {
            context.update(&[posting.account.shard.0]);
            context.update(&posting.account.code.code().to_be_bytes());
            context.update(&posting.account.owner.to_be_bytes());
            context.update(posting.account.unit.code().as_bytes());
            context.update(&posting.side.code().to_be_bytes());
            context.update(&posting.amount.minor().to_be_bytes());
            context.update(&posting.before.minor().to_be_bytes());
            context.update(&posting.after.minor().to_be_bytes());
            context.update(&posting.version.to_be_bytes());
        }
        finish(context)
    }
}

/// The seal of a batch: over the seal before it, its own number, and the hashes of the entries it wrote, in their order.
#[must_use]
pub fn seal(previous: EntryHash, house: Shard, number: u64, entries: &[EntryHash]) -> EntryHash {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(previous.as_bytes());
    context.update(&[house.0]);
    context.update(&number.to_be_bytes());
    for entry in entries {
        context.update(entry.as_bytes());
    }
    finish(context)
}

fn finish(context: digest::Context) -> EntryHash {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.finish().as_ref());
    EntryHash(bytes)
}
