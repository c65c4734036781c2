//! The sale on the screen: which notes are taken for it, when it ends, and what became of it.

use ringup_core::bank_note::{BankNote, NoteState, SaleKey, SaleReference};
use ringup_core::money::Amount;
use ringup_core::time::Timestamp;
use ringup_db::WriteError;
use ringup_db::bank_note::SalePlace;

use super::Machine;
use super::command::{Begin, BeginRefusal};
use super::view::{Line, Outcome, SaleView, ValidatorState, WhyBack};
use crate::acceptor::AcceptorError;
use crate::chance;
use crate::journal::JournalRefusal;
use crate::wire::SaleAnswer;

pub(super) struct CurrentSale {
    pub(super) view: SaleView,
    place: SalePlace,
    /// What the server said the card may get; none when it could not be asked.
    most: Option<Amount>,
    begun_at: Timestamp,
    pub(super) is_stopping: bool,
    /// Nobody looks at it any more.
    pub(super) is_forgotten: bool,
}

impl CurrentSale {
    fn is_open(&self) -> bool {
        matches!(self.view.outcome, Outcome::Open | Outcome::Ending)
    }
}

impl Machine {
    pub(super) fn is_selling(&self) -> bool {
        self.sale.as_ref().is_some_and(CurrentSale::is_open)
    }

    pub(super) fn begin(&mut self, begin: Begin, now: Timestamp) -> Result<(), AcceptorError> {
        let most = match self.may_begin(&begin) {
            Ok(most) => most,
            Err(refusal) => {
                begin.refuse(refusal);
                return Ok(());
            }
        };
        let Begin { key, card, language, most: most_online, reply } = begin;
        let place = SalePlace { box_id: self.policy.cash_box.id.clone(), offline_since: None };
        let begun = self.acceptor.begin_sale(key, card, language, now);
        // Notes come with the next look only, so that none is in the box before its place is written down.
        let begun = begun.and_then(|_| Ok(self.acceptor.journal().set_sale_place(key, &place)?));
        if let Err(error) = begun {
            let _ = reply.send(Err(BeginRefusal::OutOfOrder));
            return Err(error);
        }
        let view = SaleView {
            key,
            most,
            paid: Amount::zero(most.unit()),
            notes: 0,
            is_moving: false,
            why_back: None,
            claims: Vec::new(),
            outcome: Outcome::Open,
            is_printed: false,
            was_offline: false,
        };
        self.sale = Some(CurrentSale {
            view,
            place,
            most: most_online,
            begun_at: now,
            is_stopping: false,
            is_forgotten: false,
        });
        let _ = reply.send(Ok(())); // whoever asked may have gone: the sale ends by its time
        Ok(())
    }

    fn may_begin(&mut self, begin: &Begin) -> Result<Amount, BeginRefusal> {
        if self.is_selling() {
            return Err(BeginRefusal::Busy);
        }
        if self.is_broken || self.validator != ValidatorState::Ok || self.line == Line::Stranger {
            return Err(BeginRefusal::OutOfOrder);
        }
        if self.box_full || !self.policy.has_room() || self.outbox.collection.is_some() {
            return Err(BeginRefusal::BoxFull);
        }
        self.most_now(begin.most).ok_or(BeginRefusal::Offline)
    }

    /// The most of a sale as the line is now; none: no notes are taken.
    fn most_now(&self, most: Option<Amount>) -> Option<Amount> {
        match (self.line, most) {
            (Line::Stranger, _) => None,
            (Line::Up | Line::Unknown, Some(most)) => Some(most),
            (Line::Down { .. }, Some(most)) => self.policy.most_offline()?.at_most(most).ok(),
            (_, None) => self.policy.most_offline(),
        }
    }

    /// Lets no more notes in.
    pub(super) fn stop(&mut self) {
        let Some(sale) = &mut self.sale else { return };
        if sale.view.outcome == Outcome::Open {
            sale.is_stopping = true;
            sale.view.outcome = Outcome::Ending;
            self.acceptor.stop_notes();
        }
    }

    /// Ends a sale that takes no more notes, as soon as none is on its way.
    pub(super) fn end_when_still(&mut self, now: Timestamp) -> Result<(), AcceptorError> {
        let Some(sale) = &mut self.sale else { return Ok(()) };
        if !sale.is_stopping || !matches!(sale.view.outcome, Outcome::Open | Outcome::Ending) {
            return Ok(());
        }
        match self.acceptor.end_sale(now) {
            Ok(Some(total)) => {
                sale.view.outcome = Outcome::Waiting;
                self.waiting = Some(total);
            }
            Ok(None) | Err(AcceptorError::Journal(WriteError::Refused(JournalRefusal::NoSale))) => {
                sale.view.outcome = Outcome::Nothing;
            }
            Err(AcceptorError::Journal(WriteError::Refused(JournalRefusal::NoteUnfinished))) => return Ok(()),
            Err(error) => return Err(error),
        }
        sale.view.is_moving = false;
        self.is_stale = true;
        self.has_slips = true;
        Ok(())
    }

    pub(super) fn note_moved(&mut self, note: &BankNote, now: Timestamp) -> Result<(), AcceptorError> {
        tracing::info!(number = %note.number, state = note.state.name(), "a note");
        if matches!(note.state, NoteState::Claimed { .. }) {
            self.is_stale = true;
            self.has_slips = true;
        }
        let is_ours = self.sale.as_ref().is_some_and(|sale| Some(sale.view.key) == note.sale);
        if !is_ours {
            return Ok(());
        }
        if matches!(note.state, NoteState::Escrowed { .. }) {
            return self.decide(note, now);
        }
        let Some(sale) = &mut self.sale else { return Ok(()) };
        match &note.state {
            NoteState::Seen => {
                sale.view.is_moving = true;
                sale.view.why_back = None;
            }
            NoteState::Stacked { .. } => {
                sale.view.is_moving = false;
                sale.view.notes += 1;
                if let Some(value) = note.value
                    && let Ok(paid) = sale.view.paid.plus(value)
                {
                    sale.view.paid = paid;
                }
            }
            NoteState::Returned { .. } => sale.view.is_moving = false,
            NoteState::Claimed { .. } => {
                sale.view.is_moving = false;
                sale.view.claims.retain(|claim| claim.number != note.number);
                sale.view.claims.push(note.clone());
                // Something is wrong with the machine: what is in is credited, and no more is taken.
                self.stop();
            }
            NoteState::Escrowed { .. }
            | NoteState::ToldToStack { .. }
            | NoteState::Credited { .. }
            | NoteState::Printed { .. } => {}
        }
        Ok(())
    }

    /// A note is held: it is taken when it fits, else it goes back.
    fn decide(&mut self, note: &BankNote, now: Timestamp) -> Result<(), AcceptorError> {
        let most = self.sale.as_ref().and_then(|sale| self.most_now(sale.most));
        let is_taken = note.value.is_some_and(|value| self.policy.notes.values.contains(&value));
        // A card that could not be asked about is a line that is down, although the courier may not have noticed.
        let offline = match (self.line, &self.sale) {
            (Line::Down { since }, _) => Some(since),
            (Line::Unknown | Line::Up | Line::Stranger, Some(CurrentSale { most: None, begun_at, .. })) => {
                Some(*begun_at)
            }
            (Line::Unknown | Line::Up | Line::Stranger, _) => None,
        };
        let Some(sale) = &mut self.sale else { return self.acceptor.give_back() };
        let sum = note.value.and_then(|value| sale.view.paid.plus(value).ok());
        let why_back = match (most, sum) {
            _ if !is_taken => Some(WhyBack::NotTaken),
            (None, _) => Some(WhyBack::Offline),
            (Some(most), Some(sum)) if sum.exceeds(most) == Ok(false) => None,
            (Some(_), _) => Some(WhyBack::TooMuch),
        };
        if let Some(most) = most {
            sale.view.most = most;
        }
        sale.view.why_back = why_back;
        if why_back.is_some() {
            return self.acceptor.give_back();
        }
        if offline.is_some() && sale.place.offline_since.is_none() {
            sale.place.offline_since = offline;
            self.acceptor.journal().set_sale_place(sale.view.key, &sale.place)?;
            sale.view.was_offline = true;
        }
        self.acceptor.accept(now)
    }

    pub(super) fn credited(
        &mut self,
        key: SaleKey,
        answer: SaleAnswer,
        text: &str,
        now: Timestamp,
    ) -> Result<(), AcceptorError> {
        let Ok(reference) = SaleReference::parse(&answer.code) else {
            return self.obey(super::Command::Stuck(key), now);
        };
        self.acceptor.journal().keep_sale_answer(key, text)?;
        match self.acceptor.journal().mark_credited(key, answer.paid, &reference, now) {
            Ok(_) => {}
            Err(WriteError::Refused(refusal)) => {
                tracing::error!(%refusal, "the server's answer does not fit the journal");
                return self.obey(super::Command::Stuck(key), now);
            }
            Err(error) => return Err(error.into()),
        }
        if let Some(sale) = self.sale.as_mut().filter(|sale| sale.view.key == key) {
            sale.view.outcome = Outcome::Booked(Box::new(answer));
        }
        self.is_stale = true;
        self.has_slips = true;
        Ok(())
    }

    pub(super) fn refused(&mut self, key: SaleKey, now: Timestamp) -> Result<(), AcceptorError> {
        let claims = match self.acceptor.journal().refuse_sale(key, &mut chance::claim_code, now) {
            Ok(claims) => claims,
            Err(WriteError::Refused(refusal)) => {
                tracing::warn!(%refusal, "the sale was refused already");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(sale) = self.sale.as_mut().filter(|sale| sale.view.key == key) {
            sale.view.outcome = Outcome::Refused;
            sale.view.claims.extend(claims);
        }
        self.is_stale = true;
        self.has_slips = true;
        Ok(())
    }
}
