//! Commits what a batch did, or refuses it whole, as `ringup_db::books::save` and the rules of the schema do.

use std::collections::BTreeMap;

use ringup_core::batch::WriteFailure;
use ringup_core::books::{Changes, Update};
use ringup_core::payment::{Payment, PaymentState};

use super::{Job, Store};

/// Whether rows are guarded by the version that they were loaded with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// As a database guards them.
    On,
    /// As a database guards them, and floats go as low as they like: only by sabotage.
    WithoutFloors,
    /// As a database guards them, but for drawers, safes and floats: only by sabotage.
    ExceptPurses,
    /// Not at all: only by sabotage.
    Off,
}

impl Store {
    /// Saves a batch, all of it or nothing.
    ///
    /// # Errors
    /// [`WriteFailure::Conflict`] when a row has another version, or a key is there already; [`WriteFailure::Broken`].
    pub fn save(&mut self, changes: &Changes, guard: Guard) -> Result<(), WriteFailure> {
        if guard != Guard::Off {
            self.check_keys(changes)?;
            self.check_versions(changes, guard)?;
        }
        self.check_rules(changes, guard)?;
        self.put(changes);
        Ok(())
    }

    fn check_keys(&self, changes: &Changes) -> Result<(), WriteFailure> {
        let is_there = changes.new_cards.iter().any(|(card, _)| self.cards.contains_key(&card.number))
            || changes.new_accounts.iter().any(|account| self.accounts.contains_key(&account.key))
            || changes.new_top_ups.iter().any(|top_up| self.top_ups.contains_key(&top_up.id))
            || changes.new_payments.iter().any(|payment| self.payments.contains_key(&payment.id))
            || changes.new_refunds.iter().any(|refund| self.refunds.contains_key(&refund.id))
            || changes.new_grants.iter().any(|grant| self.grants.contains_key(&grant.id))
            || changes.new_purses.iter().any(|purse| self.purses.contains_key(&purse.id))
            || changes.new_keys.iter().any(|(key, _)| self.keys.contains_key(key))
            || changes.entries.iter().any(|entry| self.entries.contains_key(&(entry.chain, entry.position)))
            || changes.events.iter().any(|event| self.events.contains_key(&(event.top_up, event.id)))
            || changes.jobs.iter().any(|job| self.jobs.contains_key(&job.id))
            || changes.cases.iter().any(|case| self.cases.iter().any(|other| other.id == case.id));
        if is_there { Err(WriteFailure::Conflict) } else { Ok(()) }
    }

    fn check_versions(&self, changes: &Changes, guard: Guard) -> Result<(), WriteFailure> {
        let holds = guarded(&changes.cards, &self.cards, |card| (card.number, card.version))
            && guarded(&changes.accounts, &self.accounts, |account| (account.key, account.version))
            && guarded(&changes.top_ups, &self.top_ups, |top_up| (top_up.id, top_up.version))
            && guarded(&changes.payments, &self.payments, |payment| (payment.id, payment.version))
            && guarded(&changes.refunds, &self.refunds, |refund| (refund.id, refund.version))
            && guarded(&changes.grants, &self.grants, |grant| (grant.id, grant.version))
            && (guard == Guard::ExceptPurses
                || guarded(&changes.purses, &self.purses, |purse| (purse.id, purse.version)));
        if holds { Ok(()) } else { Err(WriteFailure::Conflict) }
    }

    fn put(&mut self, changes: &Changes) {
        for (card, _) in &changes.new_cards {
            self.cards.insert(card.number, card.clone());
        }
        for account in changes.new_accounts.iter().chain(changes.accounts.iter().map(|update| &update.now)) {
            self.accounts_of.entry((account.key.shard, account.key.owner)).or_default().insert(account.key);
            self.accounts.insert(account.key, *account);
        }
        for top_up in &changes.new_top_ups {
            self.codes.insert(top_up.code);
            self.top_ups.insert(top_up.id, top_up.clone());
        }
        for payment in changes.new_payments.iter().chain(changes.payments.iter().map(|update| &update.now)) {
            if let Some(transaction) = transaction_of(payment) {
                self.transactions.insert(transaction, payment.id);
            }
        }
        for refund in &changes.new_refunds {
            self.refunds.insert(refund.id, refund.clone());
        }
        for grant in &changes.new_grants {
            self.grants_of.entry(grant.card).or_default().insert(grant.id);
            self.grants.insert(grant.id, *grant);
        }
        self.purses.extend(changes.new_purses.iter().map(|purse| (purse.id, purse.clone())));
        self.payments.extend(changes.new_payments.iter().map(|payment| (payment.id, payment.clone())));
        self.keys.extend(changes.new_keys.iter().copied());
        self.entries.extend(changes.entries.iter().map(|entry| ((entry.chain, entry.position), entry.clone())));
        self.events.extend(changes.events.iter().map(|event| ((event.top_up, event.id), *event)));
        self.jobs.extend(changes.jobs.iter().map(|job| (job.id, Job::new(job))));
        self.cases.extend(changes.cases.iter().cloned());
        self.put_updates(changes);
    }

    fn put_updates(&mut self, changes: &Changes) {
        for update in &changes.cards {
            let version = update.was.version + 1;
            self.cards.insert(update.now.number, ringup_core::card::Card { version, ..update.now.clone() });
        }
        for update in &changes.top_ups {
            let version = update.was.version + 1;
            self.top_ups.insert(update.now.id, ringup_core::top_up::TopUp { version, ..update.now.clone() });
        }
        for update in &changes.payments {
            self.payments.insert(update.now.id, Payment { version: update.was.version + 1, ..update.now.clone() });
        }
        for update in &changes.refunds {
            let version = update.was.version + 1;
            self.refunds.insert(update.now.id, ringup_core::refund::Refund { version, ..update.now.clone() });
        }
        for update in &changes.grants {
            let version = update.was.version + 1;
            self.grants.insert(update.now.id, ringup_core::top_up::Grant { version, ..update.now });
        }
        for update in &changes.purses {
            let version = update.was.version + 1;
            self.purses.insert(update.now.id, ringup_core::purse::Purse { version, ..update.now.clone() });
        }
    }
}

/// Whether every row still has the version that it was loaded with.
fn guarded<K: Ord, V>(updates: &[Update<V>], rows: &BTreeMap<K, V>, part: impl Fn(&V) -> (K, u64)) -> bool {
    updates.iter().all(|update| {
        let (key, version) = part(&update.was);
        rows.get(&key).is_some_and(|row| part(row).1 == version)
    })
}

pub(super) fn transaction_of(payment: &Payment) -> Option<(ringup_core::payment::Provider, String)> {
    match &payment.state {
        PaymentState::Captured(capture) => {
            Some((payment.tender.provider()?, capture.transaction.as_ref()?.as_str().to_owned()))
        }
        PaymentState::Created | PaymentState::Pending { .. } | PaymentState::Abandoned { .. } => None,
    }
}
