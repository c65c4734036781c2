use std::collections::BTreeMap;

use ringup_core::id::PurseId;
use ringup_core::ledger::Balance;
use ringup_core::purse::{Purse, PurseKind, PurseState};

use super::CheckLine;
use crate::dialect::Lookup;
use crate::error::DbError;
use crate::purse::{PURSE, read_purse};
use crate::seam::{Query, ReadTx};

static PURSES: Lookup = Lookup::new(&PURSE, &[], "id > $1", "");

/// No purse is below what it may be, what was emptied is empty, and receipts are numbered without a gap.
pub(super) struct Purses {
    held: CheckLine,
    numbered: CheckLine,
}

/// What the top-ups say of the numbers that a purse has given.
#[derive(Clone, Copy, Default)]
struct Numbers {
    count: u64,
    distinct: u64,
    last: u64,
}

impl Purses {
    pub(super) const fn new() -> Self {
        Self {
            held: CheckLine::new("no float is below its credit limit, and no closed purse holds anything"),
            numbered: CheckLine::new("every store, kiosk and agent has numbered its receipts without a gap"),
        }
    }

    pub(super) fn lines(self) -> [CheckLine; 2] {
        [self.held, self.numbered]
    }

    pub(super) fn look(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        let mut given = numbers(tx)?;
        for purse in PURSES.find(tx, &[0_i64.into()], |fields| Ok(read_purse(fields)))? {
            self.held.count();
            match purse {
                Ok(purse) => {
                    self.check(&purse);
                    self.check_numbers(&purse, given.remove(&purse.id).unwrap_or_default());
                }
                Err(error) => self.held.find(|| format!("a purse: {error}")),
            }
        }
        for id in given.keys() {
            self.numbered.find(|| format!("{id} has numbered receipts, and is not there"));
        }
        Ok(())
    }

    fn check(&mut self, purse: &Purse) {
        let balance = purse.holds.map_or(Balance::ZERO, |held| held.balance).minor();
        let may_be = match purse.kind {
            PurseKind::Safe => true,
            PurseKind::TillSession | PurseKind::CashBox | PurseKind::Float => {
                balance >= purse.credit_limit.minor_signed().saturating_neg()
            }
        };
        if !may_be {
            self.held.find(|| format!("{} holds {balance}", purse.id));
        }
        match purse.state {
            PurseState::Closed(_) if balance != 0 => {
                self.held.find(|| format!("{} is closed and holds {balance}", purse.id));
            }
            PurseState::Closed(_) | PurseState::Open => {}
        }
    }

    fn check_numbers(&mut self, purse: &Purse, given: Numbers) {
        self.numbered.count();
        if (given.count, given.distinct, given.last) != (purse.receipts, purse.receipts, purse.receipts) {
            let (told, found, last) = (purse.receipts, given.distinct, given.last);
            self.numbered.find(|| format!("{}: {told} receipts told, {found} found, {last} the last", purse.id));
        }
    }
}

/// What has been numbered in which purse. A top-up that was sold by a purse that is not there is found as one of that purse's.
fn numbers(tx: &mut ReadTx<'_>) -> Result<BTreeMap<PurseId, Numbers>, DbError> {
    let sql = "select
            coalesce(p.parent_id, t.sold_by),
            count(*),
            count(distinct t.receipt_number),
            max(t.receipt_number)
        from top_up as t
        left join purse as p on p.id = t.sold_by
        where t.receipt_number is not null and t.sold_by is not null
        group by coalesce(p.parent_id, t.sold_by)";
    let rows = tx.query(sql, &[], |fields| {
        let purse = PurseId::from_u64(fields.bits()?);
        Ok((purse, Numbers { count: fields.count()?, distinct: fields.count()?, last: fields.count()? }))
    })?;
    Ok(rows.into_iter().collect())
}
