//! Rows on a shelf, lent and taken back as a database does it: a command sees only what its [`Touches`] lead to.

use std::collections::{BTreeMap, BTreeSet};

use crate::apply::{Moment, Touches};
use crate::books::{Books, Changes, KeyHash, UsedKey};
use crate::card::{Card, CardNumber};
use crate::id::{GrantId, PaymentId, PurseId, RefundId, TopUpId};
use crate::ledger::{Account, AccountKey};
use crate::payment::Payment;
use crate::product::{Product, ProductId};
use crate::purse::Purse;
use crate::refund::Refund;
use crate::top_up::{Grant, TopUp};

/// All rows there are.
#[derive(Clone, Default)]
pub(crate) struct Shelf {
    products: BTreeMap<ProductId, Product>,
    cards: BTreeMap<CardNumber, Card>,
    top_ups: BTreeMap<TopUpId, TopUp>,
    payments: BTreeMap<PaymentId, Payment>,
    refunds: BTreeMap<RefundId, Refund>,
    grants: BTreeMap<GrantId, Grant>,
    purses: BTreeMap<PurseId, Purse>,
    keys: BTreeMap<KeyHash, UsedKey>,
    accounts: BTreeMap<AccountKey, Account>,
}

impl Shelf {
    pub(crate) fn put_product(&mut self, product: Product) {
        self.products.insert(product.id, product);
    }

    pub(crate) fn put_card(&mut self, card: Card) {
        self.cards.insert(card.number, card);
    }

    /// The books with what these keys lead to, as [`Touches`] says, and nothing else.
    pub(crate) fn lend(&self, touches: &Touches, at: &Moment) -> Books {
        let mut lent = Lent { shelf: self, books: Books::default(), owners: BTreeSet::new() };
        for key in &touches.keys {
            if let Some(used) = self.keys.get(key) {
                lent.books.load_key(*key, *used);
                lent.top_up(TopUpId::from_u64(used.result));
            }
        }
        touches.top_ups.iter().for_each(|id| lent.top_up(*id));
        touches.payments.iter().filter_map(|id| self.payments.get(id)).for_each(|payment| lent.top_up(payment.top_up));
        touches.refunds.iter().filter_map(|id| self.refunds.get(id)).for_each(|refund| lent.top_up(refund.top_up));
        touches.cards.iter().for_each(|number| lent.card(*number));
        touches.grants.iter().for_each(|id| lent.grant(*id));
        touches.products.iter().for_each(|id| lent.product(*id));
        touches.purses.iter().for_each(|id| lent.purse(*id));
        let open = self.grants.values().filter(|grant| grant.lapsed_at.is_none());
        open.filter(|grant| touches.spending.contains(&grant.card)).for_each(|grant| lent.grant(grant.id));
        let today = u64::try_from(at.now.china_day()).unwrap();
        for account in self.accounts.values() {
            let of_the_day = (account.key.shard, account.key.owner) == (at.house, today);
            if of_the_day || lent.owners.contains(&account.key.owner) {
                lent.books.load_account(*account);
            }
        }
        lent.books
    }

    /// Takes back what changed. What is said to be new must not have been here, and what changed must be as it was lent.
    pub(crate) fn keep(&mut self, changes: Changes) {
        let new_cards = changes.new_cards.into_iter().map(|(card, _)| (card.number, card));
        add(&mut self.cards, new_cards);
        add(&mut self.top_ups, changes.new_top_ups.into_iter().map(|row| (row.id, row)));
        add(&mut self.payments, changes.new_payments.into_iter().map(|row| (row.id, row)));
        add(&mut self.refunds, changes.new_refunds.into_iter().map(|row| (row.id, row)));
        add(&mut self.grants, changes.new_grants.into_iter().map(|row| (row.id, row)));
        add(&mut self.purses, changes.new_purses.into_iter().map(|row| (row.id, row)));
        add(&mut self.accounts, changes.new_accounts.into_iter().map(|row| (row.key, row)));
        add(&mut self.keys, changes.new_keys.into_iter());
        replace(&mut self.cards, changes.cards.into_iter().map(|row| (row.was.number, row.was, row.now)));
        replace(&mut self.top_ups, changes.top_ups.into_iter().map(|row| (row.was.id, row.was, row.now)));
        replace(&mut self.payments, changes.payments.into_iter().map(|row| (row.was.id, row.was, row.now)));
        replace(&mut self.refunds, changes.refunds.into_iter().map(|row| (row.was.id, row.was, row.now)));
        replace(&mut self.grants, changes.grants.into_iter().map(|row| (row.was.id, row.was, row.now)));
        replace(&mut self.purses, changes.purses.into_iter().map(|row| (row.was.id, row.was, row.now)));
        replace(&mut self.accounts, changes.accounts.into_iter().map(|row| (row.was.key, row.was, row.now)));
    }
}

fn add<K: Ord + std::fmt::Debug, V>(rows: &mut BTreeMap<K, V>, new: impl Iterator<Item = (K, V)>) {
    for (key, row) in new {
        let shown = format!("{key:?}");
        assert!(rows.insert(key, row).is_none(), "{shown} is not new");
    }
}

fn replace<K: Ord, V: PartialEq + std::fmt::Debug>(
    rows: &mut BTreeMap<K, V>,
    changed: impl Iterator<Item = (K, V, V)>,
) {
    for (key, was, now) in changed {
        assert_ne!(was, now, "nothing changed");
        assert_eq!(rows.insert(key, now), Some(was), "it was lent otherwise");
    }
}

/// What has been lent so far.
struct Lent<'a> {
    shelf: &'a Shelf,
    books: Books,
    /// Payments and purses that have accounts with rows of their own.
    owners: BTreeSet<u64>,
}

impl Lent<'_> {
    fn product(&mut self, id: ProductId) {
        if let Some(product) = self.shelf.products.get(&id) {
            self.books.load_product(product.clone());
        }
    }

    fn card(&mut self, number: CardNumber) {
        if let Some(card) = self.shelf.cards.get(&number) {
            self.product(card.product);
            self.books.load_card(card.clone());
        }
    }

    fn grant(&mut self, id: GrantId) {
        if let Some(grant) = self.shelf.grants.get(&id) {
            self.card(grant.card);
            self.books.load_grant(*grant);
        }
    }

    /// With its accounts and the purse it is emptied into.
    fn purse(&mut self, id: PurseId) {
        if let Some(purse) = self.shelf.purses.get(&id) {
            self.owners.insert(id.as_u64());
            purse.parent.into_iter().for_each(|parent| self.purse(parent));
            self.books.load_purse(purse.clone());
        }
    }

    /// With its card, the purse that sold it and the bonus it gave, and its payments and refunds from the newest back.
    fn top_up(&mut self, id: TopUpId) {
        let Some(top_up) = self.shelf.top_ups.get(&id) else { return };
        self.card(top_up.card());
        top_up.given.grant.into_iter().for_each(|grant| self.grant(grant));
        top_up.sale.into_iter().for_each(|sale| self.purse(sale.purse));
        let mut newest = top_up.newest.payment;
        let mut payments = Vec::new();
        while let Some(payment) = newest.and_then(|id| self.shelf.payments.get(&id)) {
            payments.push(payment.id.as_u64());
            payment.tender.purse().into_iter().for_each(|purse| self.purse(purse));
            self.books.load_payment(payment.clone());
            newest = payment.previous;
        }
        let mut newest = top_up.newest.refund;
        if newest.is_some() {
            self.owners.extend(payments);
        }
        while let Some(refund) = newest.and_then(|id| self.shelf.refunds.get(&id)) {
            self.books.load_refund(refund.clone());
            newest = refund.previous;
        }
        self.books.load_top_up(top_up.clone());
    }
}
