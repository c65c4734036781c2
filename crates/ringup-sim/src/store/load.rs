//! Lends the rows that a batch needs, as `ringup_db::books::load` does.

use std::collections::BTreeSet;

use ringup_core::apply::Touches;
use ringup_core::books::Books;
use ringup_core::card::CardNumber;
use ringup_core::id::{GrantId, PaymentId, PurseId, TopUpId};
use ringup_core::ledger::{Balance, Holding};
use ringup_core::payment::{Payment, PaymentState};
use ringup_core::purse::{Purse, PurseKind, PurseState};
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;
use ringup_core::top_up::{TopUp, TopUpState};

use super::Store;

/// What of the store a batch is not shown, by sabotage.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hidden {
    /// Keys that were used.
    pub keys: bool,
    /// Which bonus a top-up gave.
    pub grants: bool,
    /// That a payment was captured.
    pub captures: bool,
    /// That a top-up which had waited for its time was credited.
    pub credits: bool,
    /// That a drawer was closed.
    pub closings: bool,
    /// How far a float may go.
    pub limits: bool,
}

impl Store {
    /// The cards that commands with these keys are about.
    #[must_use]
    pub fn cards_of(&self, touches: &Touches) -> BTreeSet<CardNumber> {
        let mut cards: BTreeSet<CardNumber> = touches.cards.iter().copied().collect();
        cards.extend(self.top_ups_of(touches).iter().filter_map(|id| self.top_ups.get(id)).map(|top_up| top_up.card()));
        cards.extend(touches.grants.iter().filter_map(|id| self.grants.get(id)).map(|grant| grant.card));
        cards
    }

    /// The drawers, safes and floats that commands with these keys are about.
    #[must_use]
    pub fn purses_of(&self, touches: &Touches) -> BTreeSet<PurseId> {
        let mut purses: BTreeSet<PurseId> = touches.purses.iter().copied().collect();
        for top_up in self.top_ups_of(touches).iter().filter_map(|id| self.top_ups.get(id)) {
            purses.extend(top_up.sale.map(|sale| sale.purse));
            purses.extend(self.payments_of(top_up.id).filter_map(|payment| payment.tender.purse()));
        }
        let parents: Vec<PurseId> =
            purses.iter().filter_map(|id| self.purses.get(id)).filter_map(|purse| purse.parent).collect();
        purses.extend(parents);
        purses
    }

    fn top_ups_of(&self, touches: &Touches) -> BTreeSet<TopUpId> {
        let mut top_ups: BTreeSet<TopUpId> = touches.top_ups.iter().copied().collect();
        let used = touches.keys.iter().filter_map(|key| self.keys.get(key));
        top_ups.extend(used.map(|used| TopUpId::from_u64(used.result)));
        top_ups.extend(touches.payments.iter().filter_map(|id| self.payments.get(id)).map(|payment| payment.top_up));
        top_ups.extend(touches.refunds.iter().filter_map(|id| self.refunds.get(id)).map(|refund| refund.top_up));
        top_ups
    }

    /// The books for commands with these keys; `house` is where the server keeps the issuer's own accounts.
    #[must_use]
    pub fn load(&self, touches: &Touches, (house, now): (Shard, Timestamp), hidden: Hidden) -> Books {
        let mut books = Books::default();
        let day = u64::try_from(now.china_day()).unwrap_or(0);
        let mut owners: BTreeSet<(Shard, u64)> = BTreeSet::from([(house, day)]);
        owners.extend(touches.purses.iter().map(|id| (id.shard(), id.as_u64())));
        let mut grants: BTreeSet<GrantId> = touches.grants.iter().copied().collect();
        for key in touches.keys.iter().filter(|_| !hidden.keys) {
            if let Some(used) = self.keys.get(key) {
                books.load_key(*key, *used);
            }
        }
        for id in self.top_ups_of(touches) {
            self.lend_top_up(id, (&mut books, &mut owners, &mut grants), hidden);
        }
        for purse in self.purses_of(touches).iter().filter_map(|id| self.purses.get(id)) {
            books.load_purse(shown_purse(purse.clone(), hidden));
        }
        let mut products: BTreeSet<_> = touches.products.iter().copied().collect();
        for card in self.cards_of(touches).iter().filter_map(|number| self.cards.get(number)) {
            products.insert(card.product);
            books.load_card(card.clone());
        }
        for number in &touches.spending {
            let open = self.grants_of.get(number).into_iter().flatten().filter_map(|id| self.grants.get(id));
            grants.extend(open.filter(|grant| grant.lapsed_at.is_none()).map(|grant| grant.id));
        }
        for grant in grants.iter().filter_map(|id| self.grants.get(id)) {
            books.load_grant(*grant);
        }
        for product in products.iter().filter_map(|id| self.products.get(id)) {
            books.load_product(product.clone());
        }
        for key in owners.iter().filter_map(|owner| self.accounts_of.get(owner)).flatten() {
            if let Some(account) = self.accounts.get(key) {
                books.load_account(*account);
            }
        }
        books
    }

    /// A top-up with all its payments and refunds, and where there are refunds the payments' accounts.
    fn lend_top_up(
        &self,
        id: TopUpId,
        (books, owners, grants): (&mut Books, &mut BTreeSet<(Shard, u64)>, &mut BTreeSet<GrantId>),
        hidden: Hidden,
    ) {
        let Some(mut top_up) = self.top_ups.get(&id).cloned() else { return };
        grants.extend(top_up.given.grant);
        if hidden.grants {
            top_up.given.grant = None;
        }
        if hidden.captures {
            top_up.state = TopUpState::Placed;
        }
        let waits_again = hidden.credits.then(|| waits_again(&mut top_up)).flatten();
        books.load_top_up(top_up);
        let has_refunds = self.refunds_of(id).next().is_some();
        for payment in self.payments_of(id) {
            if has_refunds {
                owners.insert((payment.id.shard(), payment.id.as_u64()));
            }
            let mut payment = payment.clone();
            if hidden.captures {
                payment.state = PaymentState::Created;
            }
            if waits_again == Some(payment.id) {
                payment.unallocated = as_it_waited(&payment);
            }
            books.load_payment(payment);
        }
        for refund in self.refunds_of(id) {
            books.load_refund(refund.clone());
        }
    }
}

/// A purse as a sabotaged server sees it.
fn shown_purse(mut purse: Purse, hidden: Hidden) -> Purse {
    if hidden.closings {
        purse.state = PurseState::Open;
    }
    if hidden.limits && purse.kind == PurseKind::Float {
        purse.credit_limit = purse.credit_limit.plus(purse.credit_limit).unwrap_or(purse.credit_limit);
    }
    purse
}

/// Makes a top-up that was credited late look as if it still waited; tells what paid it.
fn waits_again(top_up: &mut TopUp) -> Option<PaymentId> {
    let since = top_up.placed_at;
    let is_late = top_up.sale.is_some_and(|sale| sale.credit_at.is_some());
    if !is_late || !matches!(top_up.state, TopUpState::Credited { .. }) {
        return None;
    }
    top_up.state = TopUpState::Deferred { since };
    top_up.given.payment
}

/// What a payment held before it was on the card.
fn as_it_waited(payment: &Payment) -> Option<Holding> {
    let balance = Balance::from_minor(payment.amount.minor_signed());
    payment.unallocated.map(|held| Holding { balance, ..held })
}
