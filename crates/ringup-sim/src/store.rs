//! The tables in memory: what was committed, and the rules that a database keeps over it.
//!
//! The rules are those of `ringup-db`: primary keys, guards by version, the floor of accounts, a provider's transaction number
//! once. What is here is durable; a batch that is not committed never gets here.

mod jobs;
mod load;
mod rules;
mod save;

pub use jobs::Job;
pub use load::Hidden;
pub use save::Guard;

use std::collections::{BTreeMap, BTreeSet};

use ringup_core::books::{KeyHash, UsedKey};
use ringup_core::card::{Card, CardNumber};
use ringup_core::event::Event;
use ringup_core::id::{EventId, GrantId, JobId, PaymentId, PurseId, RefundId, TopUpId};
use ringup_core::job::NewCase;
use ringup_core::ledger::{Account, AccountCode, AccountKey, Chain, Entry, Holding};
use ringup_core::money::Unit;
use ringup_core::payment::{Payment, Provider};
use ringup_core::product::{Product, ProductId};
use ringup_core::promotion::Promotion;
use ringup_core::purse::Purse;
use ringup_core::refund::Refund;
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;
use ringup_core::top_up::{Grant, TopUp, TopUpCode};

/// The units that a simulated world is counted in: money, and seconds of calling.
pub const UNITS: [Unit; 2] = [Unit::Cny, Unit::Sec];

/// Everything that is committed.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// What kinds of card there are.
    pub products: BTreeMap<ProductId, Product>,
    /// What runs at the moment.
    pub promotions: Vec<Promotion>,
    /// Cards.
    pub cards: BTreeMap<CardNumber, Card>,
    /// What each account holds.
    pub accounts: BTreeMap<AccountKey, Account>,
    /// Top-ups.
    pub top_ups: BTreeMap<TopUpId, TopUp>,
    /// Payments.
    pub payments: BTreeMap<PaymentId, Payment>,
    /// Refunds.
    pub refunds: BTreeMap<RefundId, Refund>,
    /// Bonuses.
    pub grants: BTreeMap<GrantId, Grant>,
    /// Drawers, safes and floats.
    pub purses: BTreeMap<PurseId, Purse>,
    /// Idempotency keys.
    pub keys: BTreeMap<KeyHash, UsedKey>,
    /// The journal, in the order of each chain.
    pub entries: BTreeMap<(Chain, u64), Entry>,
    /// The timelines.
    pub events: BTreeMap<(TopUpId, EventId), Event>,
    /// Work to be done.
    pub jobs: BTreeMap<JobId, Job>,
    /// Matters for a person.
    pub cases: Vec<NewCase>,
    /// Of each server a moment that none of its ids is after.
    pub id_marks: BTreeMap<u8, Timestamp>,
    /// Notifications that differ from what we know, by the payment that they are about.
    pub odd_notifications: Vec<PaymentId>,
    accounts_of: BTreeMap<(Shard, u64), BTreeSet<AccountKey>>,
    grants_of: BTreeMap<CardNumber, BTreeSet<GrantId>>,
    transactions: BTreeMap<(Provider, String), PaymentId>,
    codes: BTreeSet<TopUpCode>,
}

impl Store {
    /// What an account holds, in minor units of its own side, wherever it stands.
    #[must_use]
    pub fn balance(&self, card: CardNumber, code: AccountCode, owner: u64, unit: Unit) -> i64 {
        let holding = match code {
            AccountCode::CardMain => self.cards.get(&card).and_then(|card| card.main),
            AccountCode::CardBonus => self.grants.get(&GrantId::from_u64(owner)).and_then(|grant| grant.left),
            AccountCode::LiabilityUnallocated => {
                self.payments.get(&PaymentId::from_u64(owner)).and_then(|payment| payment.unallocated)
            }
            _ => {
                let key = AccountKey { shard: Shard::of_card(card), code, owner, unit };
                return self.accounts.get(&key).map_or(0, |account| account.balance.minor());
            }
        };
        holding.filter(|holding| holding.unit == unit).map_or(0, |holding| holding.balance.minor())
    }

    /// What every account holds: those with rows of their own, and those in the rows of what owns them.
    #[must_use]
    pub fn all_balances(&self) -> BTreeMap<AccountKey, i64> {
        let mut all: BTreeMap<AccountKey, i64> =
            self.accounts.iter().map(|(key, account)| (*key, account.balance.minor())).collect();
        let mut hold = |shard: Shard, code, owner, holding: Option<Holding>| {
            if let Some(Holding { unit, balance, .. }) = holding {
                all.insert(AccountKey { shard, code, owner, unit }, balance.minor());
            }
        };
        for card in self.cards.values() {
            hold(Shard::of_card(card.number), AccountCode::CardMain, card.number.as_u64(), card.main);
        }
        for grant in self.grants.values() {
            hold(grant.id.shard(), AccountCode::CardBonus, grant.id.as_u64(), grant.left);
        }
        for payment in self.payments.values() {
            let (id, code) = (payment.id, AccountCode::LiabilityUnallocated);
            hold(id.shard(), code, id.as_u64(), payment.unallocated);
        }
        for purse in self.purses.values() {
            hold(purse.id.shard(), purse.kind.account(), purse.id.as_u64(), purse.holds);
        }
        all
    }

    /// What a drawer or a safe had too little; below zero for too much.
    #[must_use]
    pub fn over_short(&self, purse: PurseId) -> i64 {
        let (shard, code, owner, unit) = (purse.shard(), AccountCode::SuspenseOverShort, purse.as_u64(), Unit::Cny);
        self.accounts.get(&AccountKey { shard, code, owner, unit }).map_or(0, |account| account.balance.minor())
    }

    /// The sum of an account that is kept by day, over all days and shards.
    #[must_use]
    pub fn total(&self, code: AccountCode, unit: Unit) -> i64 {
        let of_code = self.accounts.values().filter(|account| account.key.code == code && account.key.unit == unit);
        of_code.map(|account| account.balance.minor()).sum()
    }

    /// All refunds of a top-up, the newest first: each names the one before it.
    pub fn refunds_of(&self, top_up: TopUpId) -> impl Iterator<Item = &Refund> {
        let newest = self.top_ups.get(&top_up).and_then(|top_up| top_up.newest.refund);
        let refund = move |id: Option<RefundId>| id.and_then(|id| self.refunds.get(&id));
        std::iter::successors(refund(newest), move |newer| refund(newer.previous))
    }

    /// All payments of a top-up, the newest first: each names the one before it.
    pub fn payments_of(&self, top_up: TopUpId) -> impl Iterator<Item = &Payment> {
        let newest = self.top_ups.get(&top_up).and_then(|top_up| top_up.newest.payment);
        let payment = move |id: Option<PaymentId>| id.and_then(|id| self.payments.get(&id));
        std::iter::successors(payment(newest), move |newer| payment(newer.previous))
    }

    /// What happened to a top-up, the newest first: each event names the one before it.
    pub fn events_of(&self, top_up: TopUpId) -> impl Iterator<Item = &Event> {
        let newest = self.top_ups.get(&top_up).and_then(|top_up| top_up.newest.event);
        let event = move |id: Option<EventId>| id.and_then(|id| self.events.get(&(top_up, id)));
        std::iter::successors(event(newest), move |newer| event(newer.previous))
    }

    /// The promotions that run at this moment.
    #[must_use]
    pub fn promotions_at(&self, product: ProductId, now: Timestamp) -> Vec<Promotion> {
        let runs = |promotion: &&Promotion| promotion.product == product && now < promotion.ends_at;
        self.promotions.iter().filter(runs).cloned().collect()
    }

    /// Loses the top-up that was committed last, with its payments: only a sabotage does.
    pub fn lose_last_top_up(&mut self) -> Option<TopUpId> {
        let (id, _) = self.top_ups.pop_last()?;
        self.payments.retain(|_, payment| payment.top_up != id);
        Some(id)
    }
}

#[cfg(test)]
mod tests;
