//! The books: the rows that a batch of commands needs, loaded, changed and handed back to be saved.

mod post;
mod rows;

pub use post::PostError;
pub use rows::Update;

use std::collections::{BTreeMap, BTreeSet};

use crate::card::{Card, CardNumber};
use crate::event::Event;
use crate::id::{GrantId, PaymentId, PurseId, RefundId, TopUpId};
use crate::job::{NewCase, NewJob};
use crate::ledger::{Account, AccountKey, Balance, Entry, Holding};
use crate::money::{Amount, Unit};
use crate::payment::{Payment, PaymentState};
use crate::product::{Product, ProductId};
use crate::purse::Purse;
use crate::refund::Refund;
use crate::shard::Shard;
use crate::top_up::{Grant, TopUp};
use rows::Rows;

/// The hash of an idempotency key together with whose it is; 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyHash(pub [u8; 16]);

/// The hash of what was asked with an idempotency key; 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 16]);

/// An idempotency key that has been used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsedKey {
    /// What was asked with it.
    pub fingerprint: Fingerprint,
    /// What came of it: the number of the id that was made.
    pub result: u64,
    /// When, in microseconds since 1970: keys are kept 400 days.
    pub used_at: crate::time::Timestamp,
}

impl KeyHash {
    /// Where its row lives. A key knows no card before it is read, so it has a shard of its own.
    #[must_use]
    pub const fn shard(&self) -> Shard {
        let Self([first, ..]) = self;
        Shard(*first)
    }
}

/// The keyed hash of a card's PIN; 128 bits. See `ringup_engine::pin`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PinHash(pub [u8; 16]);

impl std::fmt::Debug for PinHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PinHash(***)")
    }
}

/// The rows that a batch of commands needs.
///
/// Filled by the loader with everything that the commands' [`Touches`](crate::apply::Touches) name, changed by
/// [`apply`](crate::apply::apply), and read out by [`Books::changes`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    products: BTreeMap<ProductId, Product>,
    cards: Rows<CardNumber, Card>,
    pins: BTreeMap<CardNumber, PinHash>,
    accounts: Rows<AccountKey, Account>,
    top_ups: Rows<TopUpId, TopUp>,
    payments: Rows<PaymentId, Payment>,
    refunds: Rows<RefundId, Refund>,
    grants: Rows<GrantId, Grant>,
    purses: Rows<PurseId, Purse>,
    keys: Rows<KeyHash, UsedKey>,
    payments_of: BTreeMap<TopUpId, BTreeSet<PaymentId>>,
    refunds_of: BTreeMap<TopUpId, BTreeSet<RefundId>>,
    grants_of: BTreeMap<CardNumber, BTreeSet<GrantId>>,
    entries: Vec<Entry>,
    events: Vec<Event>,
    jobs: Vec<NewJob>,
    cases: Vec<NewCase>,
    marks: Marks,
}

/// How long the appended lists were when the command under way began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Marks {
    entries: usize,
    events: usize,
    jobs: usize,
    cases: usize,
}

/// What a batch did: rows to insert and to update, and rows to append.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Cards that are new, with their PINs.
    pub new_cards: Vec<(Card, PinHash)>,
    /// Cards that changed.
    pub cards: Vec<Update<Card>>,
    /// Accounts that had their first posting.
    pub new_accounts: Vec<Account>,
    /// Accounts that had another posting.
    pub accounts: Vec<Update<Account>>,
    /// Top-ups that are new.
    pub new_top_ups: Vec<TopUp>,
    /// Top-ups that changed.
    pub top_ups: Vec<Update<TopUp>>,
    /// Payments that are new.
    pub new_payments: Vec<Payment>,
    /// Payments that changed.
    pub payments: Vec<Update<Payment>>,
    /// Refunds that are new.
    pub new_refunds: Vec<Refund>,
    /// Refunds that changed.
    pub refunds: Vec<Update<Refund>>,
    /// Bonuses that are new.
    pub new_grants: Vec<Grant>,
    /// Bonuses that changed.
    pub grants: Vec<Update<Grant>>,
    /// Purses that are new.
    pub new_purses: Vec<Purse>,
    /// Purses that changed.
    pub purses: Vec<Update<Purse>>,
    /// Idempotency keys that were used.
    pub new_keys: Vec<(KeyHash, UsedKey)>,
    /// Journal entries, in the order they were posted.
    pub entries: Vec<Entry>,
    /// Events, in order.
    pub events: Vec<Event>,
    /// Jobs.
    pub jobs: Vec<NewJob>,
    /// Matters for a person.
    pub cases: Vec<NewCase>,
}

/// Filling the books: for the loader, before the first command.
impl Books {
    /// Lends a product.
    pub fn load_product(&mut self, product: Product) {
        self.products.insert(product.id, product);
    }

    /// Lends a card.
    pub fn load_card(&mut self, card: Card) {
        self.cards.load(card.number, card);
    }

    /// Lends an account. One that has no row yet holds nothing.
    pub fn load_account(&mut self, account: Account) {
        self.accounts.load(account.key, account);
    }

    /// Lends a top-up.
    pub fn load_top_up(&mut self, top_up: TopUp) {
        self.top_ups.load(top_up.id, top_up);
    }

    /// Lends a payment.
    pub fn load_payment(&mut self, payment: Payment) {
        self.payments_of.entry(payment.top_up).or_default().insert(payment.id);
        self.payments.load(payment.id, payment);
    }

    /// Lends a refund.
    pub fn load_refund(&mut self, refund: Refund) {
        self.refunds_of.entry(refund.top_up).or_default().insert(refund.id);
        self.refunds.load(refund.id, refund);
    }

    /// Lends a bonus.
    pub fn load_grant(&mut self, grant: Grant) {
        self.grants_of.entry(grant.card).or_default().insert(grant.id);
        self.grants.load(grant.id, grant);
    }

    /// Lends a purse.
    pub fn load_purse(&mut self, purse: Purse) {
        self.purses.load(purse.id, purse);
    }

    /// Lends an idempotency key that has been used.
    pub fn load_key(&mut self, key: KeyHash, used: UsedKey) {
        self.keys.load(key, used);
    }
}

/// Reading the books.
impl Books {
    /// A product.
    #[must_use]
    pub fn product(&self, id: ProductId) -> Option<&Product> {
        self.products.get(&id)
    }

    /// The numbers of the cards that are in the books, in order.
    pub fn cards(&self) -> impl Iterator<Item = CardNumber> {
        self.cards.keys()
    }

    /// A card.
    #[must_use]
    pub fn card(&self, number: CardNumber) -> Option<&Card> {
        self.cards.get(&number)
    }

    /// A top-up.
    #[must_use]
    pub fn top_up(&self, id: TopUpId) -> Option<&TopUp> {
        self.top_ups.get(&id)
    }

    /// A payment.
    #[must_use]
    pub fn payment(&self, id: PaymentId) -> Option<&Payment> {
        self.payments.get(&id)
    }

    /// A refund.
    #[must_use]
    pub fn refund(&self, id: RefundId) -> Option<&Refund> {
        self.refunds.get(&id)
    }

    /// A bonus.
    #[must_use]
    pub fn grant(&self, id: GrantId) -> Option<&Grant> {
        self.grants.get(&id)
    }

    /// The ids of the purses that are in the books, in order.
    pub fn purses(&self) -> impl Iterator<Item = PurseId> {
        self.purses.keys()
    }

    /// A purse.
    #[must_use]
    pub fn purse(&self, id: PurseId) -> Option<&Purse> {
        self.purses.get(&id)
    }

    /// An idempotency key, if it has been used.
    #[must_use]
    pub fn key(&self, key: KeyHash) -> Option<&UsedKey> {
        self.keys.get(&key)
    }

    /// All payments of a top-up, the oldest first.
    pub fn payments_of(&self, top_up: TopUpId) -> impl Iterator<Item = &Payment> {
        self.payments_of.get(&top_up).into_iter().flatten().filter_map(|id| self.payments.get(id))
    }

    /// All refunds of a top-up, the oldest first.
    pub fn refunds_of(&self, top_up: TopUpId) -> impl Iterator<Item = &Refund> {
        self.refunds_of.get(&top_up).into_iter().flatten().filter_map(|id| self.refunds.get(id))
    }

    /// The bonuses of a card that have not ended, the oldest first.
    pub fn grants_of(&self, card: CardNumber) -> impl Iterator<Item = &Grant> {
        self.grants_of.get(&card).into_iter().flatten().filter_map(|id| self.grants.get(id))
    }

    /// What an account holds that has a row of its own; one without a row holds nothing.
    #[must_use]
    pub fn balance(&self, key: &AccountKey) -> Balance {
        self.accounts.get(key).map_or(Balance::ZERO, |account| account.balance)
    }

    /// What a card has of its own money.
    #[must_use]
    pub fn card_main(&self, card: CardNumber, unit: Unit) -> Amount {
        available(self.cards.get(&card).and_then(|card| card.main), unit)
    }

    /// What is left of a bonus.
    #[must_use]
    pub fn bonus_left(&self, grant: &Grant) -> Amount {
        let grant = self.grants.get(&grant.id).unwrap_or(grant);
        available(grant.left, grant.amount.unit())
    }
}

fn available(holding: Option<Holding>, unit: Unit) -> Amount {
    match holding {
        Some(holding) if holding.unit == unit => holding.balance.available(unit),
        Some(_) | None => Amount::zero(unit),
    }
}

/// Changing the books: for commands only.
///
/// What a command puts back may be older than what was posted or added since it looked: holdings and chains are moved by
/// the poster alone, and what is newest by `add_…` alone.
impl Books {
    pub(crate) fn put_new_card(&mut self, card: Card, pin: PinHash) {
        self.pins.insert(card.number, pin);
        self.cards.put(card.number, card);
    }

    pub(crate) fn put_card(&mut self, mut card: Card) {
        if let Some(known) = self.cards.get(&card.number) {
            (card.main, card.chain) = (known.main, known.chain);
        }
        self.cards.put(card.number, card);
    }

    pub(crate) fn put_top_up(&mut self, mut top_up: TopUp) {
        if let Some(known) = self.top_ups.get(&top_up.id) {
            top_up.newest = known.newest;
        }
        self.top_ups.put(top_up.id, top_up);
    }

    /// Writes a top-up's row although nothing in it changes, so that its version guards what was decided by rows beside it.
    pub(crate) fn hold_top_up(&mut self, id: TopUpId) {
        self.change_top_up(id, |top_up| top_up.version = top_up.version.saturating_add(1));
    }

    /// Writes down a payment, as the newest of its top-up.
    pub(crate) fn add_payment(&mut self, mut payment: Payment) {
        let id = payment.id;
        self.change_top_up(payment.top_up, |top_up| payment.previous = top_up.newest.payment.replace(id));
        self.payments_of.entry(payment.top_up).or_default().insert(id);
        self.payments.put(id, payment);
    }

    pub(crate) fn put_payment(&mut self, mut payment: Payment) {
        if let Some(known) = self.payments.get(&payment.id) {
            payment.unallocated = known.unallocated;
        }
        self.payments.put(payment.id, payment);
    }

    /// Writes down that a payment was captured, as the newest capture of its top-up.
    pub(crate) fn put_captured(&mut self, mut payment: Payment) {
        if let PaymentState::Captured(capture) = &mut payment.state {
            let id = capture.id;
            self.change_top_up(payment.top_up, |top_up| capture.previous = top_up.newest.capture.replace(id));
        }
        self.put_payment(payment);
    }

    /// Writes down a refund, as the newest of its top-up.
    pub(crate) fn add_refund(&mut self, mut refund: Refund) {
        let id = refund.id;
        self.change_top_up(refund.top_up, |top_up| refund.previous = top_up.newest.refund.replace(id));
        self.refunds_of.entry(refund.top_up).or_default().insert(id);
        self.refunds.put(id, refund);
    }

    pub(crate) fn put_refund(&mut self, refund: Refund) {
        self.refunds.put(refund.id, refund);
    }

    pub(crate) fn put_purse(&mut self, mut purse: Purse) {
        if let Some(known) = self.purses.get(&purse.id) {
            (purse.holds, purse.chain) = (known.holds, known.chain);
        }
        self.purses.put(purse.id, purse);
    }

    pub(crate) fn put_grant(&mut self, mut grant: Grant) {
        if let Some(known) = self.grants.get(&grant.id) {
            grant.left = known.left;
        }
        self.grants_of.entry(grant.card).or_default().insert(grant.id);
        self.grants.put(grant.id, grant);
    }

    /// Writes down what happened to a top-up, as the newest of it.
    pub(crate) fn add_event(&mut self, mut event: Event) {
        let id = event.id;
        self.change_top_up(event.top_up, |top_up| event.previous = top_up.newest.event.replace(id));
        self.events.push(event);
    }

    fn change_top_up(&mut self, id: TopUpId, change: impl FnOnce(&mut TopUp)) {
        if let Some(top_up) = self.top_ups.get(&id) {
            let mut top_up = top_up.clone();
            change(&mut top_up);
            self.top_ups.put(id, top_up);
        }
    }

    pub(crate) fn put_key(&mut self, key: KeyHash, used: UsedKey) {
        self.keys.put(key, used);
    }

    pub(crate) fn append_job(&mut self, job: NewJob) {
        self.jobs.push(job);
    }

    pub(crate) fn append_case(&mut self, case: NewCase) {
        self.cases.push(case);
    }
}

/// One command is applied wholly or not at all.
impl Books {
    /// Keeps what the command under way did.
    pub(crate) fn keep(&mut self) {
        self.cards.keep();
        self.accounts.keep();
        self.top_ups.keep();
        self.payments.keep();
        self.refunds.keep();
        self.grants.keep();
        self.purses.keep();
        self.keys.keep();
        self.marks = Marks {
            entries: self.entries.len(),
            events: self.events.len(),
            jobs: self.jobs.len(),
            cases: self.cases.len(),
        };
    }

    /// Undoes what the command under way did: the books are as they were before it.
    pub(crate) fn undo(&mut self) {
        self.cards.undo();
        self.accounts.undo();
        self.top_ups.undo();
        self.payments.undo();
        self.refunds.undo();
        self.grants.undo();
        self.purses.undo();
        self.keys.undo();
        self.entries.truncate(self.marks.entries);
        self.events.truncate(self.marks.events);
        self.jobs.truncate(self.marks.jobs);
        self.cases.truncate(self.marks.cases);
        let (cards, payments, refunds, grants) = (&self.cards, &self.payments, &self.refunds, &self.grants);
        self.pins.retain(|number, _| cards.get(number).is_some());
        retain_known(&mut self.payments_of, |id| payments.get(id).is_some());
        retain_known(&mut self.refunds_of, |id| refunds.get(id).is_some());
        retain_known(&mut self.grants_of, |id| grants.get(id).is_some());
    }

    /// Everything that the commands since the loading did.
    #[must_use]
    pub fn changes(&self) -> Changes {
        let new_cards = self.cards.inserted().filter_map(|card| Some((card.clone(), *self.pins.get(&card.number)?)));
        Changes {
            new_cards: new_cards.collect(),
            cards: self.cards.updated().collect(),
            new_accounts: self.accounts.inserted().copied().collect(),
            accounts: self.accounts.updated().collect(),
            new_top_ups: self.top_ups.inserted().cloned().collect(),
            top_ups: self.top_ups.updated().collect(),
            new_payments: self.payments.inserted().cloned().collect(),
            payments: self.payments.updated().collect(),
            new_refunds: self.refunds.inserted().cloned().collect(),
            refunds: self.refunds.updated().collect(),
            new_grants: self.grants.inserted().copied().collect(),
            grants: self.grants.updated().collect(),
            new_purses: self.purses.inserted().cloned().collect(),
            purses: self.purses.updated().collect(),
            new_keys: self.keys.inserted_with_keys().map(|(key, used)| (*key, *used)).collect(),
            entries: self.entries.clone(),
            events: self.events.clone(),
            jobs: self.jobs.clone(),
            cases: self.cases.clone(),
        }
    }
}

fn retain_known<K: Ord, Id: Ord>(index: &mut BTreeMap<K, BTreeSet<Id>>, known: impl Fn(&Id) -> bool) {
    index.retain(|_, ids| {
        ids.retain(&known);
        !ids.is_empty()
    });
}

impl Changes {
    /// Whether there is nothing to save.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests;
