//! At the end of a world: everyone has his money, or a person has a case.

use std::collections::{BTreeMap, BTreeSet};

use ringup_core::event::EventKind;
use ringup_core::id::{PaymentId, TopUpId};
use ringup_core::ledger::{Chain, ChainHead, Side};
use ringup_core::time::Timestamp;

use super::Auditor;
use super::model::{Life, PaidBy, PaymentModel};
use crate::store::{Store, UNITS};

impl Auditor {
    /// What must hold when faults have stopped and time has passed. `clock` is the latest that a server's clock shows.
    ///
    /// # Errors
    /// The first thing that does not.
    pub fn check_end(&self, store: &Store, clock: Timestamp) -> Result<(), String> {
        self.check_all(store)?;
        self.check_all_notes()?;
        let is_captured = |id: &&PaymentId| self.model.payments.get(id).is_some_and(|model| model.captured.is_some());
        let captured: BTreeSet<PaymentId> = self.model.payments.keys().filter(is_captured).copied().collect();
        for payment in self.taken.keys().copied().collect::<BTreeSet<_>>().union(&captured) {
            self.check_taken(store, *payment)?;
        }
        for (id, top_up) in &self.model.top_ups {
            let is_taken =
                top_up.payments.iter().any(|payment| self.taken.contains_key(payment) || captured.contains(payment));
            if !is_taken && top_up.life != Life::Abandoned && !has_case(store, *id) {
                return Err(format!("nobody paid {id}, and it is {}", top_up.life.name()));
            }
            if let Some(grant) = top_up.grant.filter(|grant| !grant.has_lapsed && grant.expires_at <= clock.micros()) {
                return Err(format!("{} has reached its date, and has not lapsed", grant.id));
            }
            self.check_timeline(store, *id)?;
        }
        if let Some(job) = store.jobs.values().find(|job| job.given_up_at.is_none()) {
            return Err(format!("a job still waits: {job:?}"));
        }
        check_journal(store)
    }

    /// Money that was taken is on the card or back, or a person looks.
    fn check_taken(&self, store: &Store, id: PaymentId) -> Result<(), String> {
        let payment = self.model.payments.get(&id).ok_or_else(|| format!("{id} was paid, and is not known"))?;
        let top_up = self.model.top_ups.get(&payment.top_up).ok_or_else(|| format!("{id} pays for nothing"))?;
        let is_seen_to = has_case(store, payment.top_up) || store.odd_notifications.contains(&id);
        let Some(captured) = payment.captured else {
            let unseen = || format!("{id} of {} was paid, and nobody knows", payment.top_up);
            return if is_seen_to { Ok(()) } else { Err(unseen()) };
        };
        let is_on_card = top_up.paid_by == Some(id) && top_up.was_credited;
        let kept = if is_on_card { top_up.pays - top_up.refunded } else { 0 };
        let PaymentModel { waiting, owed, sent, .. } = *payment;
        if captured != kept + waiting + owed + sent {
            return Err(format!(
                "{captured} was captured of {id}: {kept} kept, {waiting} waiting, {owed} owed, {sent} sent"
            ));
        }
        if waiting != 0 {
            return Err(format!("{waiting} of {id} still waits for its time, and nobody will credit it"));
        }
        if is_seen_to {
            return Ok(());
        }
        if payment.owed != 0 {
            return Err(format!("{} is still owed for {id}, and no person looks", payment.owed));
        }
        let by_provider: i64 = self.sent.values().filter(|(of, _)| *of == id).map(|(_, amount)| amount).sum();
        if matches!(payment.by, PaidBy::Provider(_)) && by_provider != sent {
            return Err(format!("{by_provider} was sent back for {id}, and {sent} is booked"));
        }
        match top_up.life {
            Life::Credited | Life::Refunded => Ok(()),
            Life::Placed | Life::Abandoned | Life::Deferred | Life::Refunding => {
                Err(format!("{id} was paid, and {} is {}", payment.top_up, top_up.life.name()))
            }
        }
    }

    /// The timeline tells what happened, each thing once.
    fn check_timeline(&self, store: &Store, id: TopUpId) -> Result<(), String> {
        let Some(top_up) = self.model.top_ups.get(&id) else { return Ok(()) };
        let mut told: BTreeMap<EventKind, usize> = BTreeMap::new();
        for event in store.events_of(id) {
            *told.entry(event.kind).or_insert(0) += 1;
        }
        let payments = top_up.payments.iter().filter_map(|id| self.model.payments.get(id));
        let of_top_up = |payment: &PaymentId| top_up.payments.contains(payment);
        let refunds = || self.model.refunds.values().filter(|refund| of_top_up(&refund.payment));
        let expected = [
            (EventKind::Placed, 1),
            (EventKind::PaymentBegun, top_up.payments.len() - 1),
            (EventKind::Captured, payments.filter(|payment| payment.captured.is_some()).count()),
            (EventKind::CashGiven, usize::from(top_up.has_cash_given)),
            (EventKind::Deferred, usize::from(top_up.was_deferred)),
            (EventKind::Credited, usize::from(top_up.was_credited)),
            (EventKind::RefundRequested, refunds().count()),
            (EventKind::RefundSucceeded, refunds().filter(|refund| refund.is_sent).count()),
            (EventKind::RefundFailed, refunds().filter(|refund| refund.has_failed).count()),
        ];
        for (kind, count) in expected {
            let told = told.get(&kind).copied().unwrap_or(0);
            if told != count {
                return Err(format!("the timeline of {id} tells \"{kind}\" {told} times instead of {count}"));
            }
        }
        Ok(())
    }
}

fn has_case(store: &Store, top_up: TopUpId) -> bool {
    store.cases.iter().any(|case| case.top_up == top_up)
}

/// Every chain is whole, every entry balances, and the accounts are the sum of their postings.
fn check_journal(store: &Store) -> Result<(), String> {
    let mut folded = BTreeMap::new();
    let mut previous = (None, ChainHead::EMPTY);
    for ((chain, position), entry) in &store.entries {
        if previous.0 != Some(*chain) {
            previous = (Some(*chain), ChainHead::EMPTY);
        }
        let head = previous.1;
        let is_linked = *position == head.length + 1 && entry.previous == head.last;
        if !is_linked || entry.expected_hash(head.hash) != entry.hash {
            return Err(format!("the chain of {chain} is broken at {position}"));
        }
        let head = ChainHead { last: Some(entry.id), length: *position, hash: entry.hash };
        previous = (Some(*chain), head);
        for unit in UNITS {
            let mut sum = 0;
            for posting in entry.postings.iter().filter(|posting| posting.amount.unit() == unit) {
                let minor = posting.amount.minor_signed();
                sum += if posting.side == Side::Debit { minor } else { -minor };
                let moved = if posting.side == posting.account.code.side() { minor } else { -minor };
                *folded.entry(posting.account).or_insert(0) += moved;
            }
            if sum != 0 {
                return Err(format!("{} is out of balance by {sum}", entry.id));
            }
        }
    }
    let cards = store.cards.values().map(|row| (Chain::Card(row.number), row.chain));
    let purses = store.purses.values().map(|row| (Chain::Purse(row.id), row.chain));
    for (chain, known) in cards.chain(purses) {
        let last = store.entries.range((chain, 0)..=(chain, u64::MAX)).next_back().map(|(_, entry)| entry);
        let found = last.map(|entry| (entry.id, entry.position, entry.hash));
        let known = known.last.map(|id| (id, known.length, known.hash));
        if found != known {
            return Err(format!("the chain of {chain} ends with {found:?}, and its row knows {known:?}"));
        }
    }
    let balances = store.all_balances();
    for (key, held) in &balances {
        let sum = folded.remove(key).unwrap_or(0);
        if sum != *held {
            return Err(format!("{key:?} holds {held}, and its postings make {sum}"));
        }
    }
    match folded.into_iter().find(|(_, sum)| *sum != 0) {
        Some((key, sum)) => Err(format!("{key:?} has postings of {sum}, and is nowhere")),
        None => Ok(()),
    }
}
