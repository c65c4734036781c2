use std::collections::BTreeMap;

use ringup_core::card::CardNumber;
use ringup_core::id::{EntryId, PurseId};
use ringup_core::ledger::{Chain, ChainHead, Entry, EntryHash};

use super::entries::masked;
use super::{CheckLine, Shards};
use crate::error::DbError;
use crate::seam::{Fields, Query, ReadTx};

/// Each card's and each purse's entries are chained, and its row knows the end of the chain.
pub(super) struct Chains {
    chained: CheckLine,
    headed: CheckLine,
    /// The ends of the chains in the shards that are being looked at.
    heads: BTreeMap<Chain, ChainHead>,
}

impl Chains {
    pub(super) fn new() -> Self {
        Self {
            chained: CheckLine::new("every entry carries the hash of the one before it on its card or purse"),
            headed: CheckLine::new("every card's and every purse's chain ends where its row says"),
            heads: BTreeMap::new(),
        }
    }

    pub(super) fn lines(&self) -> [CheckLine; 2] {
        [self.chained.clone(), self.headed.clone()]
    }

    /// Looks at the next entry: they come in the order of their cards or purses and places.
    pub(super) fn follow(&mut self, entry: &Entry) {
        self.chained.count();
        let head = self.heads.entry(entry.chain).or_insert(ChainHead::EMPTY);
        let expected = head.length.saturating_add(1);
        if entry.position != expected {
            let (chain, place) = (entry.chain, entry.position);
            self.chained.find(|| format!("{chain}: place {expected} of its chain is missing, {place} follows"));
        } else if entry.previous != head.last {
            self.chained.find(|| format!("{} on {} names another entry", entry.id, entry.chain));
        } else if entry.expected_hash(head.hash) != entry.hash {
            self.chained.find(|| format!("{} on {} was changed", entry.id, entry.chain));
        } else if entry.chain.shard() != entry.shard {
            self.chained.find(|| format!("{} is in shard {}, which is not its chain's", entry.id, entry.shard));
        }
        // Goes on from what stands there, so that one change is one finding.
        *head = ChainHead { last: Some(entry.id), length: entry.position, hash: entry.hash };
    }

    pub(super) fn compare_heads(&mut self, tx: &mut ReadTx<'_>, shards: Shards) -> Result<(), DbError> {
        let mut found = std::mem::take(&mut self.heads);
        let cards = "select number, chain_entry_id, chain_length, chain_hash from card
            where shard between $1 and $2 and chain_length > 0";
        for (number, told) in tx.query(cards, &shards.params(), read_head)? {
            let chain = CardNumber::from_u64(number).ok().map(Chain::Card);
            let head = chain.and_then(|chain| found.remove(&chain));
            self.compare(|| format!("card {}", masked(number.cast_signed())), told, head);
        }
        let purses = "select id, chain_entry_id, chain_length, chain_hash from purse
            where shard between $1 and $2 and chain_length > 0";
        for (id, told) in tx.query(purses, &shards.params(), read_head)? {
            let chain = Chain::Purse(PurseId::from_u64(id));
            self.compare(|| chain.to_string(), told, found.remove(&chain));
        }
        for (chain, head) in found {
            self.compare(|| chain.to_string(), ChainHead::EMPTY, Some(head));
        }
        Ok(())
    }

    fn compare(&mut self, chain: impl FnOnce() -> String, told: ChainHead, found: Option<ChainHead>) {
        self.headed.count();
        let found = found.unwrap_or(ChainHead::EMPTY);
        if found != told {
            self.headed.find(|| format!("{}: {} entries told, {} found", chain(), told.length, found.length));
        }
    }
}

/// The number of a card or purse, and what its row says of its chain.
fn read_head(fields: &mut Fields<'_>) -> Result<(u64, ChainHead), DbError> {
    let number = fields.bits()?;
    let last = fields.opt_bits()?.map(EntryId::from_u64);
    let length = fields.count()?;
    let hash = fields.opt_blob()?.and_then(|bytes| bytes.try_into().ok()).map(EntryHash::from_bytes);
    Ok((number, ChainHead { last, length, hash: hash.unwrap_or(EntryHash::NONE) }))
}
