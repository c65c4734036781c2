//! Whether the books are what the auditor has.

use ringup_core::apply::Command;
use ringup_core::card::CardNumber;
use ringup_core::id::TopUpId;
use ringup_core::ledger::AccountCode;
use ringup_core::money::Unit;
use ringup_core::payment::PaymentState;
use ringup_core::time::Timestamp;

use super::model::{Model, RefundModel};
use crate::store::{Store, UNITS};

/// Equal, or said what is not.
pub(super) fn same<T: PartialEq + std::fmt::Debug>(
    what: impl FnOnce() -> String,
    books: T,
    expected: T,
) -> Result<(), String> {
    if books == expected {
        Ok(())
    } else {
        Err(format!("{}: the books have {books:?}, and it must be {expected:?}", what()))
    }
}

impl Model {
    /// Finds the refunds that a batch must have booked, and no others.
    pub(super) fn find_refunds(&mut self, store: &Store, commands: &[Command]) -> Result<(), String> {
        let (_, top_ups) = self.touched(commands);
        for top_up in top_ups {
            for refund in store.refunds_of(top_up) {
                if self.refunds.contains_key(&refund.id) {
                    continue;
                }
                let found = (refund.payment, refund.amount.minor_signed());
                let place = self.new_refunds.iter().position(|(payment, amount, _)| (*payment, *amount) == found);
                let place = place.ok_or_else(|| format!("{} of {found:?} should not be", refund.id))?;
                let (payment, amount, is_sent) = self.new_refunds.swap_remove(place);
                let model = RefundModel { payment, amount, is_sent, has_failed: false };
                self.refunds.insert(refund.id, model);
            }
        }
        let missing = self.new_refunds.first();
        missing.map_or(Ok(()), |(payment, amount, _)| Err(format!("a refund of {amount} for {payment} was not booked")))
    }

    /// This card must hold exactly this.
    pub(super) fn check_card(&self, store: &Store, number: CardNumber) -> Result<(), String> {
        let Some(model) = self.cards.get(&number) else { return Ok(()) }; // it was refused
        let card = store.cards.get(&number).ok_or_else(|| format!("{number:?} is gone"))?;
        same(|| format!("the state of {number:?}"), card.state, model.state)?;
        let expires_at = card.expires_at.map(Timestamp::micros);
        same(|| format!("the expiry of {number:?}"), expires_at, model.expires_at)?;
        let main = store.balance(number, AccountCode::CardMain, number.as_u64(), Unit::Cny);
        same(|| format!("what {number:?} holds"), main, model.main)?;
        for top_up in self.top_ups.values().filter(|top_up| top_up.card == number) {
            let Some(grant) = top_up.grant else { continue };
            let left = store.balance(number, AccountCode::CardBonus, grant.id.as_u64(), grant.unit);
            same(|| format!("what is left of {}", grant.id), left, grant.left)?;
            let row = store.grants.get(&grant.id).ok_or_else(|| format!("{} is gone", grant.id))?;
            same(|| format!("the expiry of {}", grant.id), row.expires_at.micros(), grant.expires_at)?;
            same(|| format!("whether {} has lapsed", grant.id), row.lapsed_at.is_some(), grant.has_lapsed)?;
        }
        Ok(())
    }

    /// This top-up must stand so, and so much be owed for it.
    pub(super) fn check_top_up(&self, store: &Store, id: TopUpId) -> Result<(), String> {
        let Some(model) = self.top_ups.get(&id) else { return Ok(()) }; // it was refused
        let top_up = store.top_ups.get(&id).ok_or_else(|| format!("{id} is gone"))?;
        same(|| format!("the state of {id}"), top_up.state.name(), model.life.name())?;
        let given = top_up.given;
        let undone = [given.refunded, given.main_undone, given.bonus_undone].map(|amount| amount.minor_signed());
        same(|| format!("what was undone of {id}"), undone, [model.refunded, model.main_undone, model.bonus_undone])?;
        same(|| format!("what paid {id}"), given.payment, model.paid_by)?;
        let sale = top_up.sale.map(|sale| (sale.purse, sale.number, sale.credit_at.map(Timestamp::micros)));
        same(|| format!("the sale of {id}"), sale, model.sale.map(|sale| (sale.purse, sale.number, sale.credit_at)))?;
        same(|| format!("the bonus of {id}"), given.grant, model.grant.map(|grant| grant.id))?;
        for id in &model.payments {
            let payment = store.payments.get(id).ok_or_else(|| format!("{id} is gone"))?;
            let known = self.payments.get(id).ok_or_else(|| format!("{id} is not known"))?;
            let captured = match &payment.state {
                PaymentState::Captured(capture) => Some(capture.amount.minor_signed()),
                PaymentState::Created | PaymentState::Pending { .. } | PaymentState::Abandoned { .. } => None,
            };
            same(|| format!("what was captured of {id}"), captured, known.captured)?;
            let is_abandoned = matches!(payment.state, PaymentState::Abandoned { .. });
            same(|| format!("whether {id} was abandoned"), is_abandoned, known.is_abandoned)?;
            let held = |code| store.balance(model.card, code, id.as_u64(), Unit::Cny);
            same(|| format!("what is on no card of {id}"), held(AccountCode::LiabilityUnallocated), known.waiting)?;
            same(|| format!("what is owed for {id}"), held(AccountCode::LiabilityRefund), known.owed)?;
        }
        for refund in store.refunds_of(id) {
            let known = self.refunds.get(&refund.id).ok_or_else(|| format!("{} should not be", refund.id))?;
            let state = match (known.is_sent, known.has_failed) {
                (true, _) => "succeeded",
                (false, true) => "failed",
                (false, false) => "requested",
            };
            same(|| format!("the state of {}", refund.id), refund.state.name(), state)?;
        }
        Ok(())
    }

    /// There is nothing that he does not know of.
    pub(super) fn check_counts(&self, store: &Store) -> Result<(), String> {
        same(|| "the number of cards".to_owned(), store.cards.len(), self.cards.len())?;
        same(|| "the number of top-ups".to_owned(), store.top_ups.len(), self.top_ups.len())?;
        same(|| "the number of payments".to_owned(), store.payments.len(), self.payments.len())?;
        same(|| "the number of refunds".to_owned(), store.refunds.len(), self.refunds.len())?;
        same(|| "the number of bonuses".to_owned(), store.grants.len(), self.grants.len())?;
        same(|| "the number of purses".to_owned(), store.purses.len(), self.purses.len())?;
        same(|| "the number of used keys".to_owned(), store.keys.len(), self.keys.len())
    }

    /// The issuer's own accounts hold exactly this, over all days.
    pub(super) fn check_totals(&self, store: &Store) -> Result<(), String> {
        for code in AccountCode::ALL.iter().filter(|code| !code.has_floor()) {
            for unit in UNITS {
                let expected = self.totals.get(&(*code, unit)).copied().unwrap_or(0);
                same(|| format!("the total of {code} in {unit}"), store.total(*code, unit), expected)?;
            }
        }
        Ok(())
    }
}
