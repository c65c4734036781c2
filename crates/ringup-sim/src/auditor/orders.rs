//! What an order must come to, whoever sells it: placed for a provider's payment, or sold over a counter.

use ringup_core::apply::{Again, KeyUse, Outcome, PlaceTopUp, Sell, SoldBy};
use ringup_core::batch::Decision;
use ringup_core::id::{PaymentId, PurseId, TopUpId};
use ringup_core::purse::PurseKind;
use ringup_core::quote::Quote;
use ringup_core::time::Timestamp;
use ringup_core::top_up::Channel;

use super::model::{Life, Meant, Model, PaidBy, PaymentModel, SaleModel, TopUpModel};
use super::rules::{MINUTE, Said, same_answer};
use crate::store::Store;

/// What is the same of every order.
struct Order<'a> {
    key: KeyUse,
    channel: Channel,
    sold_by: Option<SoldBy>,
    quote: &'a Quote,
    again: Again,
}

impl Model {
    pub(super) fn place(&mut self, command: &PlaceTopUp, now: i64, decision: &Decision) -> Said {
        match self.known(&command.key) {
            Err(code) => return Ok(code),
            Ok(Some(meant)) => return same_answer(meant, decision, "placed again"),
            Ok(None) => {}
        }
        let PlaceTopUp { key, channel, sold_by, ref quote, again, .. } = *command;
        let order = Order { key, channel, sold_by, quote, again };
        if let Some(code) = self.why_not_ordered(&order, now) {
            return Ok(code);
        }
        let Ok(Outcome::Placed { top_up, payment, .. }) = decision else { return Ok("placed") };
        self.order(&order, (*top_up, *payment), PaidBy::Provider(command.provider))?;
        Ok("placed")
    }

    /// The money is there as it is sold: in the drawer, or off the float.
    pub(super) fn sell(&mut self, store: &Store, command: &Sell, now: i64, decision: &Decision) -> Said {
        match self.known(&command.key) {
            Err(code) => return Ok(code),
            Ok(Some(meant)) => return same_answer(meant, decision, "placed again"),
            Ok(None) => {}
        }
        let Sell { key, channel, sold_by, ref quote, again, .. } = *command;
        let order = Order { key, channel, sold_by: Some(sold_by), quote, again };
        if let Some(code) = self.why_not_ordered(&order, now) {
            return Ok(code);
        }
        let pays = quote.you_pay.minor_signed();
        let Some(purse) = self.purses.get(&sold_by.purse) else { return Ok("purse_unknown") };
        let is_float = purse.kind == PurseKind::Float;
        if is_float && purse.holds + purse.limit < pays {
            return Ok("float_insufficient");
        }
        if command.cash_given.is_some_and(|given| given.minor_signed() < pays) {
            return Ok("cash_too_little");
        }
        let Ok(Outcome::Placed { top_up, payment, .. }) = decision else { return Ok("placed") };
        let by = if is_float { PaidBy::Float(sold_by.purse) } else { PaidBy::Cash(sold_by.purse) };
        self.order(&order, (*top_up, *payment), by)?;
        if let Some(top_up) = self.top_ups.get_mut(top_up) {
            top_up.has_cash_given = command.cash_given.is_some();
        }
        self.capture(*payment, (None, pays));
        self.settle(store, *payment, (pays, now, now))?;
        Ok("placed")
    }

    fn why_not_ordered(&self, order: &Order<'_>, now: i64) -> Option<&'static str> {
        let quote = order.quote;
        let gets = quote.card_gets.minor_signed();
        if now >= quote.quoted_at.micros() + 15 * MINUTE {
            return Some("quote_expired");
        }
        if let Some(code) = order.sold_by.and_then(|sold_by| self.why_not_sold_by(sold_by.purse, order.channel)) {
            return Some(code);
        }
        let Some(card) = self.cards.get(&quote.card) else { return Some("card_unknown") };
        // Notes in a box are there: the sale is booked, and on the card or owed back.
        let is_box = |purse| self.purses.get(&purse).is_some_and(|purse| purse.kind == PurseKind::CashBox);
        if order.sold_by.is_some_and(|sold_by| is_box(sold_by.purse)) {
            return None;
        }
        if let Some(code) = self.why_not_topped_up(card, gets, now) {
            return Some(code);
        }
        let was_done_just_now = card.last_credit.is_some_and(|(amount, at)| amount == gets && now < at + 2 * MINUTE);
        (order.again == Again::Ask && was_done_just_now).then_some("another_one")
    }

    /// A drawer sells in its store, a cash box in its kiosk, a float for its agent.
    fn why_not_sold_by(&self, purse: PurseId, channel: Channel) -> Option<&'static str> {
        let Some(purse) = self.purses.get(&purse) else { return Some("purse_unknown") };
        let sells = match purse.kind {
            PurseKind::TillSession => channel == Channel::Store,
            PurseKind::CashBox => channel == Channel::Kiosk,
            PurseKind::Float => channel == Channel::Agent || channel == Channel::Api,
            PurseKind::Safe => false,
        };
        if !sells {
            return Some("purse_unsuited");
        }
        (purse.closed.is_some() && purse.kind != PurseKind::CashBox).then_some("purse_closed")
    }

    fn order(&mut self, order: &Order<'_>, (top_up, payment): (TopUpId, PaymentId), by: PaidBy) -> Result<(), String> {
        let quote = order.quote;
        let sale = order.sold_by.map(|SoldBy { purse, credit_at }| SaleModel {
            purse,
            number: None,
            credit_at: credit_at.map(Timestamp::micros),
        });
        let model = TopUpModel {
            card: quote.card,
            gets: quote.card_gets.minor_signed(),
            pays: quote.you_pay.minor_signed(),
            bonus: quote.bonus.map(|bonus| (bonus.amount.minor_signed(), bonus.amount.unit(), bonus.lasts.as_micros())),
            has_promotion: !quote.adjustments.is_empty(),
            quoted_at: quote.quoted_at.micros(),
            sale,
            has_cash_given: false,
            was_deferred: false,
            was_credited: false,
            life: Life::Placed,
            payments: vec![payment],
            paid_by: None,
            grant: None,
            refunded: 0,
            main_undone: 0,
            bonus_undone: 0,
        };
        let payment_model = PaymentModel::new(top_up, by, model.pays);
        if self.top_ups.insert(top_up, model).is_some() || self.payments.insert(payment, payment_model).is_some() {
            return Err(format!("{top_up} or {payment} was there already"));
        }
        self.keys.insert(order.key.key, (order.key.fingerprint, Meant::Placed(top_up, payment)));
        Ok(())
    }
}
