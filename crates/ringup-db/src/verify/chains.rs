use std::collections::BTreeMap;

use ringup_core::card::CardNumber;
use ringup_core::id::EntryId;
use ringup_core::ledger::{ChainHead, Entry, EntryHash};
use ringup_core::shard::Shard;

use super::entries::masked;
use super::{CheckLine, Shards};
use crate::error::DbError;
use crate::seam::{Query, ReadTx};

/// Each card's entries are chained, and its row knows the end of the chain.
pub(super) struct Chains {
    chained: CheckLine,
    headed: CheckLine,
    /// The ends of the chains in the shards that are being looked at.
    heads: BTreeMap<CardNumber, ChainHead>,
}

impl Chains {
    pub(super) fn new() -> Self {
        Self {
            chained: CheckLine::new("every entry carries the hash of the one before it on its card"),
            headed: CheckLine::new("every card's chain ends where its row says"),
            heads: BTreeMap::new(),
        }
    }

    pub(super) fn lines(&self) -> [CheckLine; 2] {
        [self.chained.clone(), self.headed.clone()]
    }

    /// Looks at the next entry: they come in the order of their cards and places.
    pub(super) fn follow(&mut self, entry: &Entry) {
        self.chained.count();
        let head = self.heads.entry(entry.card).or_insert(ChainHead::EMPTY);
        let expected = head.length.saturating_add(1);
        if entry.position != expected {
            let (card, place) = (entry.card.last_four(), entry.position);
            self.chained.find(|| format!("card ···{card}: place {expected} of its chain is missing, {place} follows"));
        } else if entry.previous != head.last {
            self.chained.find(|| format!("{} on card ···{} names another entry", entry.id, entry.card.last_four()));
        } else if entry.expected_hash(head.hash) != entry.hash {
            self.chained.find(|| format!("{} on card ···{} was changed", entry.id, entry.card.last_four()));
        } else if Shard::of_card(entry.card) != entry.shard {
            self.chained.find(|| format!("{} is in shard {}, which is not its card's", entry.id, entry.shard));
        }
        // Goes on from what stands there, so that one change is one finding.
        *head = ChainHead { last: Some(entry.id), length: entry.position, hash: entry.hash };
    }

    pub(super) fn compare_heads(&mut self, tx: &mut ReadTx<'_>, shards: Shards) -> Result<(), DbError> {
        let sql = "select number, chain_entry_id, chain_length, chain_hash from card
            where shard between $1 and $2 and chain_length > 0";
        let rows = tx.query(sql, &shards.params(), |fields| {
            let number = fields.bits()?;
            let last = fields.opt_bits()?.map(EntryId::from_u64);
            let length = fields.count()?;
            let hash = fields.opt_blob()?.and_then(|bytes| bytes.try_into().ok()).map(EntryHash::from_bytes);
            Ok((number, ChainHead { last, length, hash: hash.unwrap_or(EntryHash::NONE) }))
        })?;
        let mut heads = std::mem::take(&mut self.heads);
        for (number, told) in rows {
            self.headed.count();
            let found = CardNumber::from_u64(number).ok().and_then(|card| heads.remove(&card));
            let found = found.unwrap_or(ChainHead::EMPTY);
            if found != told {
                let card = masked(number.cast_signed());
                self.headed.find(|| format!("card {card}: {} entries told, {} found", told.length, found.length));
            }
        }
        for (card, head) in heads {
            self.headed.count();
            let card = card.last_four();
            self.headed.find(|| format!("card ···{card}: no entries told, {} found", head.length));
        }
        Ok(())
    }
}
