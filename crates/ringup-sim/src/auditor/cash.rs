//! The notes themselves: what lies in each drawer and safe, counted by the auditor apart from all books.
//!
//! He sees every note that changes hands, and what was done wrong with it. At a closing the notes must be what the books expected
//! and what he saw done wrong; at the end of a world, everywhere.

use std::collections::{BTreeMap, BTreeSet};

use ringup_core::apply::{CashMove, Command, Sell};
use ringup_core::books::KeyHash;
use ringup_core::id::{PurseId, RefundId};
use ringup_core::purse::PurseKind;

use super::Auditor;
use super::model::PaidBy;

/// What he has seen of notes. Minor units.
#[derive(Default)]
pub(super) struct Cash {
    notes: BTreeMap<PurseId, i64>,
    /// What lies there beyond what the books say, by what was done wrong.
    beyond: BTreeMap<PurseId, i64>,
    /// What was taken for a sale, by its key.
    taken: BTreeMap<KeyHash, i64>,
    /// What was said to have been counted.
    counts: BTreeMap<PurseId, BTreeSet<i64>>,
    /// What the bank found in the bags of a safe.
    bags: BTreeMap<PurseId, BTreeSet<i64>>,
    /// What was handed over, out of which drawer.
    pub(super) handed_over: BTreeMap<RefundId, (PurseId, i64)>,
    /// All that came in, and all that went out.
    came_in: i64,
    went_out: i64,
}

impl Cash {
    fn put(&mut self, purse: PurseId, minor: i64) {
        *self.notes.entry(purse).or_insert(0) += minor;
    }

    fn is_beyond(&mut self, purse: PurseId, minor: i64) {
        *self.beyond.entry(purse).or_insert(0) += minor;
    }

    /// What lies there.
    pub(super) fn in_purse(&self, purse: PurseId) -> i64 {
        self.notes.get(&purse).copied().unwrap_or(0)
    }

    fn beyond_in(&self, purse: PurseId) -> i64 {
        self.beyond.get(&purse).copied().unwrap_or(0)
    }
}

impl Auditor {
    /// What lies in a drawer or a safe, for whoever opens it.
    #[must_use]
    pub fn notes_in(&self, purse: PurseId) -> i64 {
        self.cash.in_purse(purse)
    }

    /// A buyer's cash for a sale is in the drawer.
    pub fn cash_taken(&mut self, drawer: PurseId, key: KeyHash, minor: i64) {
        self.cash.put(drawer, minor);
        self.cash.came_in += minor;
        self.cash.taken.insert(key, minor);
    }

    /// A buyer has his cash back. If the sale was made all the same, the drawer is short.
    pub fn cash_given_back(&mut self, drawer: PurseId, key: KeyHash) {
        let minor = self.cash.taken.remove(&key).unwrap_or(0);
        self.cash.put(drawer, -minor);
        self.cash.went_out += minor;
        if self.model.keys.contains_key(&key) {
            self.cash.is_beyond(drawer, -minor);
        }
    }

    /// A buyer got so much too much change; below zero, too little.
    pub fn wrong_change(&mut self, drawer: PurseId, minor: i64) {
        self.cash.put(drawer, -minor);
        self.cash.went_out += minor;
        self.cash.is_beyond(drawer, -minor);
    }

    /// Notes that were in a safe before anyone wrote them down.
    pub fn found_in_safe(&mut self, safe: PurseId, minor: i64) {
        self.cash.put(safe, minor);
        self.cash.came_in += minor;
        self.cash.is_beyond(safe, minor);
    }

    /// A drawer is filled from its safe.
    pub fn drawer_filled(&mut self, (safe, drawer): (PurseId, PurseId), minor: i64) {
        self.cash.put(safe, -minor);
        self.cash.put(drawer, minor);
    }

    /// A clerk says what he counted.
    pub fn counted(&mut self, drawer: PurseId, counted: i64) {
        self.cash.counts.entry(drawer).or_default().insert(counted);
    }

    /// A drawer that was closed is emptied into its safe.
    ///
    /// # Errors
    /// When its notes are not what was expected and what was done wrong.
    pub fn emptied(&mut self, (drawer, safe): (PurseId, PurseId)) -> Result<(), String> {
        let closed = self.model.purses.get(&drawer).and_then(|purse| purse.closed);
        let Some((expected, counted)) = closed else { return Err(format!("{drawer} was emptied, and is not closed")) };
        let (notes, beyond) = (self.cash.in_purse(drawer), self.cash.beyond_in(drawer));
        if notes != expected + beyond {
            return Err(format!("{notes} lay in {drawer}: {expected} were expected, and {beyond} was done wrong"));
        }
        self.cash.put(drawer, -notes);
        self.cash.put(safe, notes);
        self.cash.beyond.remove(&drawer);
        self.cash.is_beyond(safe, notes - counted);
        Ok(())
    }

    /// A bag left the safe: what was written on it, and what is in it.
    pub fn bag_sent(&mut self, safe: PurseId, (written, inside): (i64, i64)) {
        self.cash.put(safe, -inside);
        self.cash.went_out += inside;
        self.cash.is_beyond(safe, written - inside);
        self.cash.bags.entry(safe).or_default().insert(inside);
    }

    /// Notes came from the bank into a safe.
    pub fn notes_fetched(&mut self, safe: PurseId, minor: i64) {
        self.cash.put(safe, minor);
        self.cash.came_in += minor;
    }

    /// A refund was handed over in cash.
    ///
    /// # Errors
    /// When it was before, or is not in the books.
    pub fn handed_over(&mut self, drawer: PurseId, refund: RefundId) -> Result<(), String> {
        let known = self.model.refunds.get(&refund).filter(|known| known.is_sent);
        let minor = known.map(|known| known.amount).ok_or_else(|| format!("{refund} was handed over unbooked"))?;
        self.cash.put(drawer, -minor);
        self.cash.went_out += minor;
        match self.cash.handed_over.insert(refund, (drawer, minor)) {
            None => Ok(()),
            Some((before, _)) => Err(format!("{refund} was handed over twice: out of {before} and out of {drawer}")),
        }
    }

    /// Nobody came for a refund in cash, says its job.
    ///
    /// # Errors
    /// When somebody did.
    pub fn uncollected(&self, refund: RefundId) -> Result<(), String> {
        match self.model.refunds.get(&refund) {
            Some(known) if known.is_sent => Err(format!("a person is asked about {refund}, which was handed over")),
            Some(_) | None => Ok(()),
        }
    }

    /// What the books say of notes must be what was done with them.
    pub(super) fn check_notes(&mut self, command: &Command, came_to: &str) -> Result<(), String> {
        match (command, came_to) {
            (Command::Sell(Sell { key, sold_by, quote, .. }), "placed") => {
                let (pays, taken) = (quote.you_pay.minor_signed(), self.cash.taken.get(&key.key).copied());
                let is_drawer = self.model.purses.get(&sold_by.purse).is_some_and(|purse| purse.parent.is_some());
                if is_drawer && taken != Some(pays) {
                    return Err(format!("{pays} are booked into {}, and {taken:?} was taken", sold_by.purse));
                }
                // A box that was counted holds nothing in the books; these notes lie in it all the same.
                if is_drawer && self.model.is_closed(sold_by.purse) {
                    self.cash.is_beyond(sold_by.purse, pays);
                }
                Ok(())
            }
            (Command::ClosePurse(close), "closed") => {
                let counted = close.counted.minor_signed();
                let is_said = self.cash.counts.get(&close.purse).is_some_and(|said| said.contains(&counted));
                if is_said {
                    Ok(())
                } else {
                    Err(format!("{} was booked at {counted}, and nobody counted that", close.purse))
                }
            }
            (Command::MoveCash(moved), "cash moved") => {
                let CashMove::Banked { banked, .. } = moved.how else { return Ok(()) };
                let inside = self.cash.bags.get(&moved.purse);
                let is_there = inside.is_some_and(|bags| bags.contains(&banked.minor_signed()));
                if is_there {
                    Ok(())
                } else {
                    Err(format!("the bank found {banked} of {}, and never did", moved.purse))
                }
            }
            _ => Ok(()),
        }
    }

    /// At the end every note is where it must be, and all of them together are what came in and did not go out.
    pub(super) fn check_all_notes(&self) -> Result<(), String> {
        for (id, purse) in self.model.purses.iter().filter(|(_, purse)| purse.kind != PurseKind::Float) {
            let (notes, beyond) = (self.cash.in_purse(*id), self.cash.beyond_in(*id));
            if notes != purse.holds + beyond {
                return Err(format!("{notes} lie in {id}: it holds {}, and {beyond} was done wrong", purse.holds));
            }
        }
        if let Some((key, minor)) = self.cash.taken.iter().find(|(key, _)| !self.model.keys.contains_key(key)) {
            return Err(format!("{minor} were taken for {key:?}, which was never sold"));
        }
        let all: i64 = self.cash.notes.values().sum();
        let (came_in, went_out) = (self.cash.came_in, self.cash.went_out);
        if all != came_in - went_out {
            return Err(format!("{all} lie in all drawers: {came_in} came in, and {went_out} went out"));
        }
        self.check_handed_over()
    }

    fn check_handed_over(&self) -> Result<(), String> {
        for (id, refund) in self.model.refunds.iter().filter(|(_, refund)| refund.is_sent) {
            let by = self.model.payments.get(&refund.payment).map(|payment| payment.by);
            let handed_over = self.cash.handed_over.get(id).map(|(_, minor)| *minor);
            if matches!(by, Some(PaidBy::Cash(_))) && handed_over != Some(refund.amount) {
                return Err(format!("{id} of {} is booked as handed over, and {handed_over:?} was", refund.amount));
            }
        }
        Ok(())
    }
}
