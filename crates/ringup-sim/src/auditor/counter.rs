//! What each command over a counter must come to: late credits, refunds before their time and in cash, drawers, safes and floats.

use ringup_core::apply::{
    CashMove, ClosePurse, MoveCash, OpenPurse, Outcome, PayOutRefund, RefundHowMuch, RequestRefund,
};
use ringup_core::batch::Decision;
use ringup_core::id::{PaymentId, PurseId, TopUpId};
use ringup_core::ledger::AccountCode;
use ringup_core::money::Unit;
use ringup_core::purse::PurseKind;

use super::model::{Life, Meant, Model, PaidBy, PurseModel};
use super::money::clearing;
use super::rules::{Said, same_answer};
use crate::store::Store;

impl Model {
    pub(super) fn add_to_purse(&mut self, purse: PurseId, minor: i64) {
        if let Some(purse) = self.purses.get_mut(&purse) {
            purse.holds += minor;
        }
    }

    /// The next number of the store, or of the agent.
    pub(super) fn number_receipt(&mut self, id: TopUpId) {
        let Some(sale) = self.top_ups.get_mut(&id).and_then(|top_up| top_up.sale.as_mut()) else { return };
        let store = self.purses.get(&sale.purse).and_then(|purse| purse.parent).unwrap_or(sale.purse);
        if let Some(store) = self.purses.get_mut(&store) {
            store.receipts += 1;
            sale.number = Some(store.receipts);
        }
    }

    /// It is paid, and its card gets the value later.
    pub(super) fn defer(&mut self, id: PaymentId) {
        let Some(payment) = self.payments.get_mut(&id) else { return };
        let Some(top_up) = self.top_ups.get_mut(&payment.top_up) else { return };
        payment.waiting = top_up.pays;
        top_up.life = Life::Deferred;
        top_up.was_deferred = true;
        top_up.paid_by = Some(id);
    }

    /// Its time has come: on the card, or back when the card takes nothing any more.
    pub(super) fn credit_late(&mut self, store: &Store, id: TopUpId, now: i64) -> Said {
        let Some(top_up) = self.top_ups.get_mut(&id) else { return Ok("top_up_unknown") };
        if top_up.life != Life::Deferred {
            return Ok("nothing to do");
        }
        if top_up.sale.and_then(|sale| sale.credit_at).is_some_and(|at| now < at) {
            return Ok("not due");
        }
        let payment = top_up.paid_by.ok_or_else(|| format!("{id} waits, and nobody paid it"))?;
        let (card, gets, pays) = (top_up.card, top_up.gets, top_up.pays);
        let card = self.cards.get(&card).ok_or_else(|| format!("the card of {id} is missing"))?;
        if self.why_not_topped_up(card, gets, now).is_none() {
            self.credit(store, payment, now)?;
            return Ok("credited");
        }
        self.give_up_waiting(id);
        self.owe(payment, pays);
        Ok("owed back")
    }

    fn give_up_waiting(&mut self, id: TopUpId) {
        let Some(top_up) = self.top_ups.get_mut(&id) else { return };
        top_up.life = Life::Refunding;
        if let Some(payment) = top_up.paid_by.and_then(|payment| self.payments.get_mut(&payment)) {
            payment.waiting = 0;
        }
    }

    /// What is not on the card yet goes back whole.
    pub(super) fn refund_before_its_time(&mut self, command: &RequestRefund, decision: &Decision) -> Said {
        let id = command.top_up;
        let Some(top_up) = self.top_ups.get_mut(&id) else { return Ok("top_up_unknown") };
        let (pays, payment) = (top_up.pays, top_up.paid_by.ok_or_else(|| format!("{id} waits unpaid"))?);
        if matches!(command.how_much, RefundHowMuch::Part(part) if part.minor_signed() != pays) {
            return Ok("refund_amount");
        }
        let Ok(Outcome::RefundRequested { refund, .. }) = decision else { return Ok("refund requested") };
        top_up.refunded = pays;
        self.keys.insert(command.key.key, (command.key.fingerprint, Meant::Requested(*refund)));
        self.give_up_waiting(id);
        self.owe(payment, pays);
        Ok("refund requested")
    }

    /// Cash for what was paid in cash: once, and out of an open drawer that has it.
    pub(super) fn pay_out(&mut self, command: &PayOutRefund) -> &'static str {
        let Some(refund) = self.refunds.get(&command.refund) else { return "refund_unknown" };
        match self.known(&command.key) {
            Err(code) => return code,
            Ok(Some(meant)) if meant == Meant::PaidOut(command.refund) => return "paid out again",
            Ok(Some(_)) => return "a key of something else",
            Ok(None) => {}
        }
        let taken_in = match self.payments.get(&refund.payment).map(|payment| payment.by) {
            Some(PaidBy::Cash(purse)) => self.purses.get(&purse).map(|purse| purse.kind),
            _ => None,
        };
        let Some(purse) = self.purses.get_mut(&command.purse) else { return "purse_unknown" };
        if purse.closed.is_some() {
            return "purse_closed";
        }
        let suits = match (taken_in, purse.kind) {
            (Some(PurseKind::TillSession | PurseKind::CashBox), PurseKind::TillSession) => true,
            (taken_in, kind) => taken_in == Some(PurseKind::CashBox) && kind == PurseKind::Safe,
        };
        if !suits {
            return "purse_unsuited";
        }
        if refund.is_sent {
            return "refund_paid_out";
        }
        if refund.amount > purse.holds {
            return "cash_insufficient";
        }
        purse.holds -= refund.amount;
        self.sent(command.refund);
        self.keys.insert(command.key.key, (command.key.fingerprint, Meant::PaidOut(command.refund)));
        "paid out"
    }

    pub(super) fn open(&mut self, command: &OpenPurse, decision: &Decision) -> Said {
        match self.known(&command.key) {
            Err(code) => return Ok(code),
            Ok(Some(meant)) => return same_answer(meant, decision, "opened again"),
            Ok(None) => {}
        }
        let (limit, opening) = (command.credit_limit.minor_signed(), command.opening.minor_signed());
        let fits = match (command.kind, command.parent) {
            (PurseKind::TillSession | PurseKind::CashBox, Some(parent)) => match self.purses.get(&parent) {
                None => return Ok("purse_unknown"),
                Some(parent) => parent.kind == PurseKind::Safe && limit == 0,
            },
            (PurseKind::Safe, None) => limit == 0 && opening == 0,
            (PurseKind::Float, None) => opening == 0,
            (_, _) => false,
        };
        if !fits {
            return Ok("purse_unsuited");
        }
        let Ok(Outcome::PurseOpened { purse, .. }) = decision else { return Ok("opened") };
        let (kind, parent) = (command.kind, command.parent);
        let model = PurseModel { kind, parent, limit, holds: opening, receipts: 0, closed: None, over_short: 0 };
        if self.purses.insert(*purse, model).is_some() {
            return Err(format!("{purse} was there already"));
        }
        if let Some(parent) = parent {
            self.add_to_purse(parent, -opening);
        }
        self.keys.insert(command.key.key, (command.key.fingerprint, Meant::Opened(*purse)));
        Ok("opened")
    }

    /// What differs is named.
    pub(super) fn close(&mut self, command: ClosePurse) -> &'static str {
        let counted = command.counted.minor_signed();
        let Some(purse) = self.purses.get_mut(&command.purse) else { return "purse_unknown" };
        let (PurseKind::TillSession | PurseKind::CashBox, Some(safe)) = (purse.kind, purse.parent) else {
            return "purse_unsuited";
        };
        match purse.closed {
            Some((_, before)) if before == counted => return "closed again",
            Some(_) => return "purse_closed",
            None => {}
        }
        let expected = std::mem::take(&mut purse.holds);
        purse.closed = Some((expected, counted));
        self.add_to_purse(safe, counted);
        self.name_difference(command.purse, expected - counted);
        "closed"
    }

    pub(super) fn is_closed(&self, purse: PurseId) -> bool {
        self.purses.get(&purse).is_some_and(|purse| purse.closed.is_some())
    }

    pub(super) fn name_difference(&mut self, purse: PurseId, short: i64) {
        if let Some(purse) = self.purses.get_mut(&purse) {
            purse.over_short += short;
        }
        self.add_to_total(AccountCode::SuspenseOverShort, Unit::Cny, short);
    }

    pub(super) fn move_cash(&mut self, command: &MoveCash) -> &'static str {
        match self.known(&command.key) {
            Err(code) => return code,
            Ok(Some(_)) => return "cash moved again",
            Ok(None) => {}
        }
        let Some(purse) = self.purses.get(&command.purse) else { return "purse_unknown" };
        if purse.closed.is_some() {
            return "purse_closed";
        }
        // What the purse has more, what is more on its way, and what is more at the bank.
        let (moves, in_purse, on_its_way, at_bank) = match (purse.kind, command.how) {
            (PurseKind::Safe, CashMove::SentToBank(cash)) => (cash, -cash.minor_signed(), cash.minor_signed(), 0),
            (PurseKind::Safe, CashMove::Banked { sent, banked }) => {
                (sent, 0, -sent.minor_signed(), banked.minor_signed())
            }
            (PurseKind::Safe, CashMove::FetchedFromBank(cash)) => (cash, cash.minor_signed(), 0, -cash.minor_signed()),
            (PurseKind::Float, CashMove::FloatBought(cash)) => (cash, cash.minor_signed(), 0, cash.minor_signed()),
            (PurseKind::Float, CashMove::FloatPaid { amount, .. }) => (amount, amount.minor_signed(), 0, 0),
            (_, _) => return "purse_unsuited",
        };
        if moves.minor() == 0 {
            return "amount_zero";
        }
        self.add_to_purse(command.purse, in_purse);
        self.add_to_total(AccountCode::CashTransit, Unit::Cny, on_its_way);
        self.add_to_total(AccountCode::Bank, Unit::Cny, at_bank);
        if let CashMove::FloatPaid { provider, amount } = command.how {
            self.add_to_total(clearing(provider), Unit::Cny, amount.minor_signed());
        }
        if let CashMove::Banked { sent, banked } = command.how {
            self.name_difference(command.purse, sent.minor_signed() - banked.minor_signed());
        }
        self.keys.insert(command.key.key, (command.key.fingerprint, Meant::Moved));
        "cash moved"
    }
}
