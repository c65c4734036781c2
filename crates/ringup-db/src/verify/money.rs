use std::collections::BTreeMap;

use ringup_core::ledger::Side;
use ringup_core::money::Unit;

use super::CheckLine;
use crate::account::trial_balance;
use crate::error::DbError;
use crate::seam::{Query, ReadTx};

/// What must hold over all shards together.
pub(super) struct Money {
    trial: CheckLine,
    unallocated: CheckLine,
    transactions: CheckLine,
}

impl Money {
    pub(super) fn new() -> Self {
        Self {
            trial: CheckLine::new("debits and credits of every unit are equal"),
            unallocated: CheckLine::new("no ended top-up has money that is nowhere"),
            transactions: CheckLine::new("every provider's transaction number is there once"),
        }
    }

    pub(super) fn lines(self) -> [CheckLine; 3] {
        [self.trial, self.unallocated, self.transactions]
    }

    pub(super) fn look(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        self.check_trial(tx)?;
        self.check_unallocated(tx)?;
        self.check_transactions(tx)
    }

    fn check_trial(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        let mut sums: BTreeMap<Unit, i128> = BTreeMap::new();
        let totals = match trial_balance(tx) {
            Err(DbError::Damaged(why)) => {
                self.trial.find(|| why);
                return Ok(());
            }
            totals => totals?,
        };
        for total in totals {
            self.trial.count();
            let minor = i128::from(total.balance.minor());
            let sum = sums.entry(total.unit).or_default();
            *sum = sum.saturating_add(match total.code.side() {
                Side::Debit => minor,
                Side::Credit => minor.saturating_neg(),
            });
        }
        for (unit, sum) in sums {
            if sum != 0 {
                self.trial.find(|| format!("{unit}: debits exceed credits by {sum} minor units"));
            }
        }
        Ok(())
    }

    fn check_unallocated(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        let sql = "select count(*) from capture where unallocated_version is not null";
        let counted = tx.query_first(sql, &[], |fields| fields.count())?;
        self.unallocated.checked = counted.unwrap_or(0);
        let rows = tx.query(include_str!("unallocated.sql"), &[], |fields| {
            let (owner, minor, unit) = (fields.bits()?, fields.int()?, fields.text()?.to_owned());
            Ok((owner, minor, unit, fields.opt_text()?.map(str::to_owned)))
        })?;
        for (owner, minor, unit, state) in rows {
            let payment = ringup_core::id::PaymentId::from_u64(owner);
            let state = state.unwrap_or_else(|| "not there".to_owned());
            self.unallocated.find(|| format!("{payment}: {minor} minor {unit} are left, and its top-up is {state}"));
        }
        Ok(())
    }

    fn check_transactions(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        for sql in ["select count(*) from capture", "select count(*) from float_purchase where state = 'paid'"] {
            let counted = tx.query_first(sql, &[], |fields| fields.count())?.unwrap_or(0);
            self.transactions.checked = self.transactions.checked.saturating_add(counted);
        }
        // Each table has an index that sees to it; that a number is not in both, nobody but this.
        let sql = "select provider, transaction_id, count(*) from (
                select provider, transaction_id from capture where provider is not null
                union all
                select provider, transaction_id from float_purchase where transaction_id is not null
            ) as taken
            group by provider, transaction_id
            having count(*) > 1";
        let twice = tx.query(sql, &[], |fields| Ok((fields.int()?, fields.text()?.to_owned(), fields.int()?)))?;
        for (provider, transaction, times) in twice {
            self.transactions.find(|| format!("provider {provider}: {transaction} is there {times} times"));
        }
        Ok(())
    }
}
