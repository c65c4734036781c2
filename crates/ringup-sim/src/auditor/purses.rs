//! Whether the drawers, safes and floats of the books are what the auditor has.

use std::collections::BTreeMap;

use ringup_core::id::PurseId;
use ringup_core::purse::{PurseKind, PurseState};

use super::compare::same;
use super::model::Model;
use crate::store::Store;

impl Model {
    /// Each holds exactly this, stands so, and has numbered so many receipts.
    pub(super) fn check_purses(&self, store: &Store) -> Result<(), String> {
        for (id, model) in &self.purses {
            let purse = store.purses.get(id).ok_or_else(|| format!("{id} is gone"))?;
            let held = purse.holds.map_or(0, |held| held.balance.minor());
            let limit = purse.credit_limit.minor_signed();
            if purse.kind == PurseKind::Float && held < -limit {
                return Err(format!("{id} holds {held}, and may hold no less than -{limit}"));
            }
            same(|| format!("what {id} holds"), held, model.holds)?;
            same(|| format!("the credit of {id}"), limit, model.limit)?;
            same(|| format!("what {id} is"), (purse.kind, purse.parent), (model.kind, model.parent))?;
            same(|| format!("the receipts of {id}"), purse.receipts, model.receipts)?;
            let closed = match purse.state {
                PurseState::Open => None,
                PurseState::Closed(count) => Some((count.expected.minor_signed(), count.counted.minor_signed())),
            };
            same(|| format!("the closing of {id}"), closed, model.closed)?;
            same(|| format!("what {id} had too little"), store.over_short(*id), model.over_short)?;
        }
        Ok(())
    }

    /// The receipts of each store and agent are numbered from 1 on, each number once.
    pub(super) fn check_numbers(&self, store: &Store) -> Result<(), String> {
        let mut given: BTreeMap<PurseId, Vec<u64>> = BTreeMap::new();
        for sale in store.top_ups.values().filter_map(|top_up| top_up.sale) {
            let numbered_in = self.purses.get(&sale.purse).and_then(|purse| purse.parent).unwrap_or(sale.purse);
            given.entry(numbered_in).or_default().extend(sale.number);
        }
        for (purse, mut numbers) in given {
            numbers.sort_unstable();
            let count = u64::try_from(numbers.len()).unwrap_or(0);
            if numbers != (1..=count).collect::<Vec<_>>() {
                return Err(format!("the receipts of {purse} are numbered {numbers:?}"));
            }
        }
        Ok(())
    }
}
