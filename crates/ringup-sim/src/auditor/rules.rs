//! What each command must come to, in the auditor's own words: placing, keys, cards and uses. Orders are in `orders.rs`, money
//! that comes and goes in `money.rs`, counters in `counter.rs`.

use ringup_core::apply::{AddPayment, ChangeCardState, Command, ImportCard, KeyUse, Outcome, RecordUsage};
use ringup_core::batch::Decision;
use ringup_core::card::{CardNumber, CardState};
use ringup_core::id::PaymentId;
use ringup_core::ledger::AccountCode;
use ringup_core::money::Unit;

use super::model::{CardModel, Life, Meant, Model, PaidBy, PaymentModel};
use crate::store::Store;

pub(super) const MINUTE: i64 = 60_000_000;

/// What a rule says: the name of what a command comes to, or what makes that impossible.
pub(super) type Said = Result<&'static str, String>;

impl Model {
    /// Decides a command, and remembers what it did. The decision of the books is read for the ids that it made, no more.
    pub(super) fn decide(&mut self, store: &Store, (command, now): (&Command, i64), decision: &Decision) -> Said {
        match command {
            Command::PlaceTopUp(command) => self.place(command, now, decision),
            Command::AddPayment(command) => self.add_payment(command, now, decision),
            Command::RecordHandOver(command) => Ok(self.hand_over(command.payment)),
            Command::RecordPayment(report) => self.record_payment(store, report, now),
            Command::RequestRefund(command) => self.request_refund(command, decision),
            Command::RecordRefund(command) => Ok(self.record_refund(command)),
            Command::RecordUsage(command) => Ok(self.use_card(command, now)),
            Command::LapseGrant(command) => Ok(self.lapse(command.grant, now)),
            Command::ChangeCardState(command) => Ok(self.change_state(*command, now)),
            Command::ImportCard(command) => Ok(self.import(command)),
            Command::Sell(command) => self.sell(store, command, now, decision),
            Command::CreditTopUp(top_up) => self.credit_late(store, *top_up, now),
            Command::OpenPurse(command) => self.open(command, decision),
            Command::ClosePurse(command) => Ok(self.close(*command)),
            Command::MoveCash(command) => Ok(self.move_cash(command)),
            Command::PayOutRefund(command) => Ok(self.pay_out(command)),
        }
    }

    /// What a key stands for already: `Err` when it was used for something else.
    pub(super) fn known(&self, key: &KeyUse) -> Result<Option<Meant>, &'static str> {
        match self.keys.get(&key.key) {
            None => Ok(None),
            Some((fingerprint, meant)) if *fingerprint == key.fingerprint => Ok(Some(*meant)),
            Some(_) => Err("idempotency_key_reused"),
        }
    }

    /// Why a card cannot be topped up by so much, in the words of the refusals.
    pub(super) fn why_not_topped_up(&self, card: &CardModel, gets: i64, now: i64) -> Option<&'static str> {
        let product = self.products.get(&card.product)?;
        match card.state {
            CardState::Generated | CardState::InStock => return Some("card_not_active"),
            CardState::Suspended => return Some("card_suspended"),
            CardState::Closed => return Some("card_closed"),
            CardState::Active => {}
        }
        if card.expires_at.is_some_and(|at| now >= at + product.grace) {
            return Some("card_expired");
        }
        (card.main + gets > product.balance_max).then_some("balance_too_high")
    }

    fn add_payment(&mut self, command: &AddPayment, now: i64, decision: &Decision) -> Said {
        match self.known(&command.key) {
            Err(code) => return Ok(code),
            Ok(Some(meant)) => return same_answer(meant, decision, "added again"),
            Ok(None) => {}
        }
        let Some(top_up) = self.top_ups.get_mut(&command.top_up) else { return Ok("top_up_unknown") };
        if top_up.life != Life::Placed {
            return Ok("top_up_not_payable");
        }
        if now >= top_up.quoted_at + 15 * MINUTE {
            return Ok("quote_expired");
        }
        let Ok(Outcome::PaymentAdded { payment, .. }) = decision else { return Ok("added") };
        top_up.payments.push(*payment);
        let model = PaymentModel::new(command.top_up, PaidBy::Provider(command.provider), top_up.pays);
        if self.payments.insert(*payment, model).is_some() {
            return Err(format!("{payment} was there already"));
        }
        self.keys.insert(command.key.key, (command.key.fingerprint, Meant::Added(*payment)));
        Ok("added")
    }

    fn hand_over(&self, payment: PaymentId) -> &'static str {
        match self.payments.get(&payment) {
            None => "payment_unknown",
            Some(payment) if payment.is_abandoned || payment.captured.is_some() => "nothing to do",
            Some(_) => "handed over",
        }
    }

    fn use_card(&mut self, command: &RecordUsage, now: i64) -> &'static str {
        match self.known(&command.key) {
            Err(code) => return code,
            Ok(Some(_)) => return "charged again",
            Ok(None) => {}
        }
        let (mut rest, unit) = (command.amount.minor_signed(), command.amount.unit());
        if rest == 0 {
            return "amount_zero";
        }
        let Some(card) = self.cards.get(&command.card) else { return "card_unknown" };
        if card.state != CardState::Active || card.expires_at.is_some_and(|at| now >= at) {
            return "card_not_usable";
        }
        let least = self.products.get(&card.product).map_or(0, |product| product.balance_min);
        let spendable = if unit == Unit::Cny { (card.main - least).max(0) } else { 0 };
        let mut taken = Vec::new();
        for (id, left) in self.bonuses_of(command.card, unit, now) {
            let part = rest.min(left);
            rest -= part;
            taken.push((id, part));
        }
        if rest > spendable {
            return "balance_insufficient";
        }
        for (id, part) in taken {
            if let Some(grant) = self.top_ups.get_mut(&id).and_then(|top_up| top_up.grant.as_mut()) {
                grant.left -= part;
            }
        }
        if let Some(card) = self.cards.get_mut(&command.card) {
            card.main -= rest;
        }
        self.add_to_total(AccountCode::IncomeUsage, unit, command.amount.minor_signed());
        self.keys.insert(command.key.key, (command.key.fingerprint, Meant::Charged));
        "charged"
    }

    /// A card's bonuses that can be spent, the one that lapses soonest first.
    fn bonuses_of(&self, card: CardNumber, unit: Unit, now: i64) -> Vec<(ringup_core::id::TopUpId, i64)> {
        let mut bonuses: Vec<_> = self
            .top_ups
            .iter()
            .filter(|(_, top_up)| top_up.card == card)
            .filter_map(|(id, top_up)| Some((top_up.grant?, *id)))
            .filter(|(grant, _)| grant.unit == unit && !grant.has_lapsed && now < grant.expires_at && grant.left > 0)
            .map(|(grant, id)| (grant.expires_at, grant.id, id, grant.left))
            .collect();
        bonuses.sort_unstable_by_key(|(expires_at, grant, _, _)| (*expires_at, *grant));
        bonuses.into_iter().map(|(_, _, id, left)| (id, left)).collect()
    }

    fn change_state(&mut self, command: ChangeCardState, now: i64) -> &'static str {
        let Some(card) = self.cards.get_mut(&command.card) else { return "card_unknown" };
        if card.state == command.to {
            return "nothing to do";
        }
        let is_allowed = match (card.state, command.to) {
            (CardState::Closed, _) | (_, CardState::Generated) => false,
            (_, CardState::Closed) => true,
            (CardState::Generated, CardState::InStock | CardState::Active) => true,
            (CardState::InStock | CardState::Suspended, CardState::Active) => true,
            (CardState::Active, CardState::Suspended) => true,
            (_, CardState::InStock | CardState::Active | CardState::Suspended) => false,
        };
        if !is_allowed {
            return "card_state";
        }
        if command.to == CardState::Active && card.expires_at.is_none() {
            card.expires_at = self.products.get(&card.product).map(|product| now + product.validity);
        }
        card.state = command.to;
        "state changed"
    }

    fn import(&mut self, command: &ImportCard) -> &'static str {
        if self.cards.contains_key(&command.number) {
            return "card_exists";
        }
        let Some(product) = self.products.get(&command.product) else { return "product_unknown" };
        let balance = command.balance.minor_signed();
        if balance > product.balance_max {
            return "balance_too_high";
        }
        let expires_at = Some(command.expires_at.micros());
        self.cards.insert(command.number, CardModel::new(command.product, CardState::Active, expires_at, balance));
        self.add_to_total(AccountCode::OpeningBalance, Unit::Cny, balance);
        "imported"
    }
}

/// A repeat has the first answer again.
pub(super) fn same_answer(meant: Meant, decision: &Decision, again: &'static str) -> Said {
    let answered = match decision {
        Ok(Outcome::Placed { top_up, payment, .. }) => Meant::Placed(*top_up, *payment),
        Ok(Outcome::PaymentAdded { payment, .. }) => Meant::Added(*payment),
        Ok(Outcome::RefundRequested { refund, .. }) => Meant::Requested(*refund),
        Ok(Outcome::PurseOpened { purse, .. }) => Meant::Opened(*purse),
        _ => return Ok(again),
    };
    if answered == meant { Ok(again) } else { Err(format!("a repeat was answered {answered:?} instead of {meant:?}")) }
}
