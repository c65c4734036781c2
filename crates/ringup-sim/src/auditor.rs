//! The auditor: a model of his own, in whole numbers, told what the world did and what was committed.
//!
//! He shares ids and names with Ringup, and no rule. After every batch he says what each command must have come to, what each
//! card, drawer, safe and float must hold, and what is owed to whom; at the end of a world, whether everyone has his money or a person has a case.

mod cash;
mod compare;
mod counter;
mod done;
mod end;
mod late;
mod model;
mod money;
mod orders;
mod purses;
mod rules;

pub use done::Done;

use std::collections::{BTreeMap, BTreeSet};

use ringup_core::apply::{Command, Moment, Outcome, Repeated};
use ringup_core::batch::{Decision, NotDone};
use ringup_core::books::Changes;
use ringup_core::card::{Card, CardNumber};
use ringup_core::id::{Node, PaymentId, RefundId, TopUpId};
use ringup_core::money::Amount;
use ringup_core::product::Product;
use ringup_core::time::Timestamp;

use crate::provider::Taken;
use crate::server::Met;
use crate::store::Store;
use cash::Cash;
use late::Late;
use model::{CardModel, Model, ProductModel};

/// Who looks at everything.
#[derive(Default)]
pub struct Auditor {
    model: Model,
    taken: BTreeMap<PaymentId, Taken>,
    sent: BTreeMap<RefundId, (PaymentId, i64)>,
    /// What was committed, by the chance that was drawn for it: whether it had an effect.
    committed: BTreeMap<[u8; 16], bool>,
    last_ids: BTreeMap<(u64, u8), u64>,
    /// Whether what changed nothing is left alone, because it was decided before another server's batch.
    effects_only: bool,
    cash: Cash,
    late: Late,
    done: Done,
}

impl Auditor {
    /// A kind of card, and its limits.
    pub fn product(&mut self, product: &Product) {
        let limits = ProductModel {
            balance_min: product.balance_min.minor_signed(),
            balance_max: product.balance_max.minor_signed(),
            validity: product.validity.as_micros(),
            added_per_top_up: product.added_per_top_up.as_micros(),
            grace: product.grace.as_micros(),
        };
        self.model.products.insert(product.id, limits);
    }

    /// A card that was made.
    pub fn card_made(&mut self, card: &Card) {
        let expires_at = card.expires_at.map(Timestamp::micros);
        self.model.cards.insert(card.number, CardModel::new(card.product, card.state, expires_at, 0));
    }

    /// A provider took money.
    ///
    /// # Errors
    /// When it had taken it before.
    pub fn taken(&mut self, taken: &Taken) -> Result<(), String> {
        self.done.taken += 1;
        match self.taken.insert(taken.payment, taken.clone()) {
            None => Ok(()),
            Some(_) => Err(format!("{} was paid twice", taken.payment)),
        }
    }

    /// A provider began to send money back.
    ///
    /// # Errors
    /// When the books do not owe it, or it was sent before.
    pub fn sent_back(&mut self, refund: RefundId, payment: PaymentId, amount: Amount) -> Result<(), String> {
        let amount = amount.minor_signed();
        let known = self.model.refunds.get(&refund).ok_or_else(|| format!("{refund} is sent, and was never booked"))?;
        if (known.payment, known.amount) != (payment, amount) {
            return Err(format!("{refund} sends {amount} for {payment}, and {} was booked", known.amount));
        }
        self.done.sent_back += 1;
        if self.sent.insert(refund, (payment, amount)).is_some() {
            return Err(format!("{refund} was sent twice"));
        }
        let sent: i64 = self.sent.values().filter(|(of, _)| *of == payment).map(|(_, amount)| amount).sum();
        let taken = self.taken.get(&payment).map_or(0, |taken| taken.amount.minor_signed());
        if sent > taken { Err(format!("{sent} went back of {taken} taken for {payment}")) } else { Ok(()) }
    }

    /// Who committed in the midst of the batch that he will look at next. A command that has no effect was decided on what was
    /// there before, and is as good as one that was decided before the other batch.
    pub fn look_at_effects_only(&mut self, met: Met) {
        self.effects_only = met == Met::Ours;
    }

    /// A command of a committed batch: he decides it himself, and compares.
    ///
    /// # Errors
    /// When it came to something else than it should have.
    pub fn decided(
        &mut self,
        store: &Store,
        (command, moment): (&Command, Moment),
        decision: &Decision,
    ) -> Result<(), String> {
        self.done.commands += 1;
        let is_effect = decision.as_ref().is_ok_and(has_effect);
        if self.committed.insert(moment.nonce, is_effect) == Some(true) && is_effect {
            return Err(format!("a command was committed twice: {command:?}"));
        }
        if self.effects_only && !is_effect {
            return Ok(());
        }
        let came_to = name_of(decision);
        let expected = self.model.decide(store, (command, moment.now.micros()), decision)?;
        if expected != came_to {
            return Err(format!("{command:?} came to \"{came_to}\" instead of \"{expected}\""));
        }
        if decision.is_ok() {
            self.done.count(command, came_to);
            self.check_truth(command, came_to)?;
            self.check_notes(command, came_to)?;
            self.check_in_time((command, moment.now.micros()), came_to)?;
        }
        Ok(())
    }

    /// A batch has been committed: what it touched must be as he has it.
    ///
    /// # Errors
    /// The first difference.
    pub fn committed(
        &mut self,
        store: &Store,
        (node, clock): (Node, Timestamp),
        commands: &[Command],
        changes: &Changes,
    ) -> Result<(), String> {
        self.check_ids(node, changes)?;
        self.model.find_refunds(store, commands)?;
        let (cards, top_ups) = self.model.touched(commands);
        for card in cards {
            self.model.check_card(store, card)?;
        }
        for top_up in top_ups {
            self.model.check_top_up(store, top_up)?;
        }
        self.model.check_purses(store)?;
        self.model.check_counts(store)?;
        self.model.check_totals(store)?;
        if changes.entries.iter().any(|entry| entry.recorded_at != clock) {
            return Err("an entry was recorded at another moment than its batch".to_owned());
        }
        Ok(())
    }

    /// Somebody was answered: a yes is committed, and a no has done nothing.
    ///
    /// # Errors
    /// When it is not so.
    pub fn answered(
        &mut self,
        command: &Command,
        moment: Moment,
        answer: &Result<Outcome, NotDone>,
    ) -> Result<(), String> {
        let committed = self.committed.get(&moment.nonce).copied();
        match (answer, committed) {
            (Ok(outcome), None) => Err(format!("{outcome:?} was answered, and nothing committed: {command:?}")),
            (Err(NotDone::Refused(_) | NotDone::Unavailable(_) | NotDone::Stopped), Some(true)) => {
                Err(format!("{answer:?} was answered, and it was committed: {command:?}"))
            }
            _ => Ok(()),
        }
    }

    /// Everything that was ever committed is there, exactly.
    ///
    /// # Errors
    /// The first difference.
    pub fn check_all(&self, store: &Store) -> Result<(), String> {
        for card in self.model.cards.keys() {
            self.model.check_card(store, *card)?;
        }
        for top_up in self.model.top_ups.keys() {
            self.model.check_top_up(store, *top_up)?;
        }
        self.model.check_purses(store)?;
        self.model.check_numbers(store)?;
        self.model.check_counts(store)?;
        self.model.check_totals(store)
    }

    /// What was done so far.
    #[must_use]
    pub const fn done(&self) -> Done {
        self.done
    }

    /// What the books say of a provider must be what the provider did.
    fn check_truth(&self, command: &Command, came_to: &str) -> Result<(), String> {
        match command {
            Command::RecordPayment(report) if matches!(came_to, "credited" | "deferred" | "owed back") => {
                let payment = self.model.payments.get(&report.payment);
                let booked = payment.and_then(|payment| payment.captured);
                let taken = self.taken.get(&report.payment).map(|taken| taken.amount.minor_signed());
                if booked == taken && taken.is_some() {
                    Ok(())
                } else {
                    Err(format!("{booked:?} was captured of {}, and {taken:?} taken", report.payment))
                }
            }
            Command::RecordRefund(record) if came_to == "refund recorded" => {
                let is_sent = self.model.refunds.get(&record.refund).is_some_and(|refund| refund.is_sent);
                if is_sent && !self.sent.contains_key(&record.refund) {
                    Err(format!("{} was booked as sent, and was not", record.refund))
                } else {
                    Ok(())
                }
            }
            _ => Ok(()),
        }
    }

    /// Ids are made once, and grow with time, for each server and shard.
    fn check_ids(&mut self, node: Node, changes: &Changes) -> Result<(), String> {
        let mut ids: BTreeSet<u64> = BTreeSet::new();
        ids.extend(changes.new_top_ups.iter().map(|row| row.id.as_u64()));
        ids.extend(changes.new_payments.iter().map(|row| row.id.as_u64()));
        ids.extend(changes.new_refunds.iter().map(|row| row.id.as_u64()));
        ids.extend(changes.new_grants.iter().map(|row| row.id.as_u64()));
        ids.extend(changes.new_purses.iter().map(|row| row.id.as_u64()));
        ids.extend(changes.entries.iter().map(|row| row.id.as_u64()));
        ids.extend(changes.events.iter().map(|row| row.id.as_u64()));
        ids.extend(changes.jobs.iter().map(|row| row.id.as_u64()));
        ids.extend(changes.cases.iter().map(|row| row.id.as_u64()));
        let receipts = changes.new_top_ups.iter().chain(changes.top_ups.iter().map(|update| &update.now));
        let is_new = |top_up: &TopUpId| {
            let update = changes.top_ups.iter().find(|update| update.now.id == *top_up);
            update.is_none_or(|update| update.was.state.receipt().is_none())
        };
        ids.extend(receipts.filter(|row| is_new(&row.id)).filter_map(|row| row.state.receipt()).map(|id| id.as_u64()));
        let mut last_ids = self.last_ids.clone();
        for id in ids {
            let (made_by, shard) = (id >> 8 & 63, ringup_core::id::shard_of(id).0);
            if made_by != u64::from(node.number()) {
                return Err(format!("{id} was made by {made_by}, and saved by {}", node.number()));
            }
            let earlier = self.last_ids.get(&(made_by, shard)).copied().unwrap_or(0);
            if id <= earlier {
                return Err(format!("the id {id} was made after {earlier}: ids are to grow, and never to repeat"));
            }
            let last = last_ids.entry((made_by, shard)).or_insert(id);
            *last = id.max(*last);
        }
        self.last_ids = last_ids;
        Ok(())
    }
}

/// Whether an outcome changed anything that matters: the same way to the provider, written down once more, does not.
const fn has_effect(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Placed { repeated, .. }
        | Outcome::PaymentAdded { repeated, .. }
        | Outcome::RefundRequested { repeated, .. }
        | Outcome::UsageCharged { repeated }
        | Outcome::PurseOpened { repeated, .. }
        | Outcome::PurseClosed { repeated, .. }
        | Outcome::CashMoved { repeated }
        | Outcome::RefundPaidOut { repeated, .. } => matches!(repeated, Repeated::No),
        Outcome::HandedOver
        | Outcome::StillWaiting
        | Outcome::AlreadyRecorded
        | Outcome::NotDue { .. }
        | Outcome::NothingToDo => false,
        Outcome::Credited
        | Outcome::Deferred { .. }
        | Outcome::OwedBack { .. }
        | Outcome::PaymentAbandoned
        | Outcome::RefundRecorded
        | Outcome::GrantLapsed
        | Outcome::CardStateChanged
        | Outcome::CardImported => true,
    }
}

/// What the auditor calls what a command came to.
fn name_of(decision: &Decision) -> &'static str {
    let again = |repeated: &Repeated, first, again| if *repeated == Repeated::Yes { again } else { first };
    match decision {
        Ok(Outcome::Placed { repeated, .. }) => again(repeated, "placed", "placed again"),
        Ok(Outcome::PaymentAdded { repeated, .. }) => again(repeated, "added", "added again"),
        Ok(Outcome::RefundRequested { repeated, .. }) => again(repeated, "refund requested", "refund requested again"),
        Ok(Outcome::UsageCharged { repeated }) => again(repeated, "charged", "charged again"),
        Ok(Outcome::PurseOpened { repeated, .. }) => again(repeated, "opened", "opened again"),
        Ok(Outcome::PurseClosed { repeated, .. }) => again(repeated, "closed", "closed again"),
        Ok(Outcome::CashMoved { repeated }) => again(repeated, "cash moved", "cash moved again"),
        Ok(Outcome::RefundPaidOut { repeated, .. }) => again(repeated, "paid out", "paid out again"),
        Ok(Outcome::Deferred { .. }) => "deferred",
        Ok(Outcome::HandedOver) => "handed over",
        Ok(Outcome::StillWaiting) => "still waiting",
        Ok(Outcome::Credited) => "credited",
        Ok(Outcome::AlreadyRecorded) => "already recorded",
        Ok(Outcome::OwedBack { .. }) => "owed back",
        Ok(Outcome::PaymentAbandoned) => "abandoned",
        Ok(Outcome::RefundRecorded) => "refund recorded",
        Ok(Outcome::GrantLapsed) => "lapsed",
        Ok(Outcome::NotDue { .. }) => "not due",
        Ok(Outcome::NothingToDo) => "nothing to do",
        Ok(Outcome::CardStateChanged) => "state changed",
        Ok(Outcome::CardImported) => "imported",
        Err(refusal) => refusal.code(),
    }
}

/// The card that a command is about, where it says so itself.
const fn card_of(command: &Command) -> Option<CardNumber> {
    match command {
        Command::PlaceTopUp(command) => Some(command.quote.card),
        Command::Sell(command) => Some(command.quote.card),
        Command::RecordUsage(command) => Some(command.card),
        Command::ChangeCardState(command) => Some(command.card),
        Command::ImportCard(command) => Some(command.number),
        Command::AddPayment(_)
        | Command::RecordHandOver(_)
        | Command::RecordPayment(_)
        | Command::RequestRefund(_)
        | Command::RecordRefund(_)
        | Command::LapseGrant(_)
        | Command::CreditTopUp(_)
        | Command::OpenPurse(_)
        | Command::ClosePurse(_)
        | Command::MoveCash(_)
        | Command::PayOutRefund(_) => None,
    }
}
