//! Notes, from the slot to the journal: the one who writes down first and tells the validator then.
//!
//! The pure table [`Fate::of`] decides what becomes of a note; this module brings it the validator's words, in the running kiosk as
//! in the one that has just been started.

mod recovery;

use std::collections::VecDeque;

use ringup_core::bank_note::{BankNote, ClaimCode, ClaimReason, Fate, LateWord, NoteState, Sale, SaleKey, Stage, Word};
use ringup_core::card::CardNumber;
use ringup_core::money::{Amount, Language};
use ringup_core::time::Timestamp;
use ringup_db::bank_note::Mark;

use crate::journal::{Journal, JournalError, SaleTotal};
use crate::limits::Timing;
use crate::validator::{Connection, Event, Told, Validator};

/// Draws the unguessable code of a claim slip.
pub type DrawCode = Box<dyn FnMut() -> ClaimCode + Send>;

/// A validator and a journal that work together.
pub struct Acceptor {
    validator: Validator,
    journal: Journal,
    draw_code: DrawCode,
    timing: Timing,
    /// The unfinished note, as it is written.
    note: Option<BankNote>,
    /// Told by the validator, and not written down yet.
    told: VecDeque<Told>,
    /// The validator has something to say of the note, and has said nothing for so many looks.
    waiting: Option<u32>,
    /// The validator was started again since the note came in.
    was_restarted: bool,
    /// Written down, and not passed on because the journal failed behind it.
    happenings: Vec<Happening>,
}

/// What has happened, for the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A note stands in another state, and that is written down. For a claimed one a slip is to be printed.
    Note(BankNote),
    /// Something about the validator: a jam, the box, silence.
    Validator(Event),
}

/// Why the acceptor does not do something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AcceptorError {
    /// No note is held.
    #[error("no note is held")]
    NothingHeld,
    /// What answers on the line is no validator we can speak with.
    #[error("this is no validator to speak with: {0}")]
    Unsuitable(String),
    /// The journal does not write. What the validator told meanwhile is kept, and written at the next [`Acceptor::poll`].
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl Acceptor {
    /// Begins: asks the validator what became of the note that was unfinished when the kiosk stopped, and closes the sale that was open
    /// then. When this returns no note is unfinished, and what the holders of notes must be told has happened.
    ///
    /// # Errors
    /// [`AcceptorError::Unsuitable`], [`AcceptorError::Journal`]. A silent validator is none: it is asked again by [`Self::poll`].
    pub fn open(
        connection: Connection,
        mut journal: Journal,
        draw_code: DrawCode,
        now: Timestamp,
    ) -> Result<(Self, Vec<Happening>), AcceptorError> {
        let timing = connection.timing;
        let note = journal.unfinished()?;
        let mut acceptor = Self {
            validator: Validator::new(connection),
            journal,
            draw_code,
            timing,
            note,
            told: VecDeque::new(),
            waiting: None,
            was_restarted: false,
            happenings: Vec::new(),
        };
        let happenings = acceptor.recover(now)?;
        Ok((acceptor, happenings))
    }

    /// The journal: what is to be credited and printed, and what is claimed.
    pub const fn journal(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// Lets notes in for a card.
    ///
    /// # Errors
    /// [`AcceptorError::Journal`], as [`Journal::begin_sale`].
    pub fn begin_sale(
        &mut self,
        key: SaleKey,
        card: CardNumber,
        language: Language,
        now: Timestamp,
    ) -> Result<Sale, AcceptorError> {
        let sale = self.journal.begin_sale(key, card, language, now)?;
        self.validator.enable();
        Ok(sale)
    }

    /// Lets no more notes in; for a while a note may still come that was put in before. The sale stays open.
    pub fn stop_notes(&mut self) {
        self.validator.disable();
    }

    /// Ends the sale; answers what is to be credited for it.
    ///
    /// # Errors
    /// [`AcceptorError::Journal`], as [`Journal::end_sale`]: a note on its way must have arrived.
    pub fn end_sale(&mut self, now: Timestamp) -> Result<Option<SaleTotal>, AcceptorError> {
        self.validator.disable();
        Ok(self.journal.end_sale(now)?)
    }

    /// Asks the validator what is new, and writes it down. To be called several times a second, also between sales.
    ///
    /// # Errors
    /// [`AcceptorError::Journal`].
    pub fn poll(&mut self, now: Timestamp) -> Result<Vec<Happening>, AcceptorError> {
        let mut happenings = std::mem::take(&mut self.happenings);
        match self.look(&mut happenings, now) {
            Ok(()) => Ok(happenings),
            Err(error) => {
                self.happenings = happenings;
                Err(error)
            }
        }
    }

    fn look(&mut self, happenings: &mut Vec<Happening>, now: Timestamp) -> Result<(), AcceptorError> {
        // Before anything else is sent: a validator that speaks SSP remembers its last answer only.
        self.write_down_all(happenings, now)?;
        if self.stage() == Some(Stage::ToldToStack)
            && !self.validator.has_heard()
            && let Some(mark) = self.validator.mark()
        {
            self.journal.keep_mark(mark)?;
        }
        self.told.extend(self.validator.look());
        self.write_down_all(happenings, now)?;
        self.wait_for_a_word(happenings, now)
    }

    fn write_down_all(&mut self, happenings: &mut Vec<Happening>, now: Timestamp) -> Result<(), AcceptorError> {
        while let Some(told) = self.told.front().copied() {
            self.write_down(told, happenings, now)?;
            self.told.pop_front();
        }
        Ok(())
    }

    /// Has the held note taken: written down first, told then. What became of it comes by [`Self::poll`].
    ///
    /// # Errors
    /// [`AcceptorError::NothingHeld`], [`AcceptorError::Journal`].
    pub fn accept(&mut self, now: Timestamp) -> Result<(), AcceptorError> {
        let note = self.held()?;
        let mark = self.validator.mark();
        self.note = Some(self.journal.step(&note, |state| state.tell_to_stack(now), mark)?);
        self.validator.take();
        self.waiting = Some(0);
        Ok(())
    }

    /// Has the held note given back. That it was comes by [`Self::poll`].
    ///
    /// # Errors
    /// [`AcceptorError::NothingHeld`].
    pub fn give_back(&mut self) -> Result<(), AcceptorError> {
        self.held()?;
        self.validator.give_back();
        self.waiting = Some(0);
        Ok(())
    }

    fn held(&self) -> Result<BankNote, AcceptorError> {
        let is_held = self.stage() == Some(Stage::Escrowed) && self.waiting.is_none();
        self.note.clone().filter(|_| is_held).ok_or(AcceptorError::NothingHeld)
    }

    fn stage(&self) -> Option<Stage> {
        self.note.as_ref().and_then(|note| note.state.stage())
    }

    fn write_down(&mut self, told: Told, happenings: &mut Vec<Happening>, now: Timestamp) -> Result<(), AcceptorError> {
        let Told { event, mark } = told;
        match event {
            Event::Seen(value) => {
                self.decide(Word::EventsLost, None, happenings, now)?; // of a note before it, if one is left
                let note = self.journal.see(Some(value), mark, now)?;
                (self.was_restarted, self.waiting) = (false, None);
                self.note = Some(note.clone());
                happenings.push(Happening::Note(note));
            }
            Event::Escrowed(_) => self.note_escrowed(mark, happenings, now)?,
            Event::NotHeld => self.waiting = self.note.as_ref().map(|_| 0),
            Event::Stacked(value) => self.note_stacked(value, mark, happenings, now)?,
            Event::FoundInPath(value) => {
                if self.note.is_some() || !self.is_the_note_stacked_last(value)? {
                    self.note_stacked(value, mark, happenings, now)?;
                }
            }
            Event::FoundAndReturned => self.decide(Word::ReturnedAtStart, mark, happenings, now)?,
            Event::Returned => {
                if self.note.is_some() {
                    self.decide(Word::Returned, mark, happenings, now)?;
                } else {
                    let heard = self.journal.hear_late(LateWord::Returned, mark)?;
                    happenings.extend(heard.map(Happening::Note));
                }
            }
            Event::Restarted => {
                self.keep(mark)?;
                self.was_restarted = true;
                self.waiting = self.note.as_ref().map(|_| 0);
                happenings.push(Happening::Validator(event));
            }
            Event::Jammed => self.note_trouble(told, Word::Jammed, happenings, now)?,
            Event::Cheated => self.note_trouble(told, Word::Cheated, happenings, now)?,
            Event::EventsLost => self.note_trouble(told, Word::EventsLost, happenings, now)?,
            Event::Silent => self.note_trouble(told, Word::Silence, happenings, now)?,
            Event::Answers => {
                // A note that was claimed for its silence, and is still held.
                if self.note.is_none() && self.validator.holds_a_note() == Ok(true) {
                    self.validator.give_back();
                }
                happenings.push(Happening::Validator(event));
            }
            Event::UnknownValue
            | Event::Rejected
            | Event::CashBoxRemoved
            | Event::CashBoxReplaced
            | Event::CashBoxFull => {
                self.keep(mark)?;
                happenings.push(Happening::Validator(event));
            }
        }
        Ok(())
    }

    fn note_trouble(
        &mut self,
        told: Told,
        word: Word,
        happenings: &mut Vec<Happening>,
        now: Timestamp,
    ) -> Result<(), AcceptorError> {
        self.decide(word, told.mark, happenings, now)?;
        self.keep(told.mark)?;
        happenings.push(Happening::Validator(told.event));
        Ok(())
    }

    fn note_escrowed(
        &mut self,
        mark: Option<Mark>,
        happenings: &mut Vec<Happening>,
        now: Timestamp,
    ) -> Result<(), AcceptorError> {
        let Some(note) = self.note.clone() else { return Ok(()) };
        let note = self.journal.step(&note, |state| state.escrow(now), mark)?;
        self.note = Some(note.clone());
        if note.sale.is_none() {
            // It came after the sale: nobody would be credited.
            self.validator.give_back();
            self.waiting = Some(0);
        }
        happenings.push(Happening::Note(note));
        Ok(())
    }

    /// A note is in the box.
    fn note_stacked(
        &mut self,
        value: Option<Amount>,
        mark: Option<Mark>,
        happenings: &mut Vec<Happening>,
        now: Timestamp,
    ) -> Result<(), AcceptorError> {
        if let Some(note) = &self.note {
            let word = match value {
                None => Word::StackedUnknown,
                Some(_) if value == note.value && note.sale.is_some() => Word::Stacked,
                Some(_) => Word::StackedOther,
            };
            return self.decide(word, mark, happenings, now);
        }
        // The validator was silent too long, and now says of a claimed note where it is: once is enough.
        if let Some(heard) = self.journal.hear_late(LateWord::Stacked, mark)? {
            happenings.push(Happening::Note(heard));
            return Ok(());
        }
        let has_sale = self.journal.open_sale()?.is_some();
        let code = (self.draw_code)();
        let note = self.journal.see_at_its_end(
            value,
            |note| {
                let state = note.state.clone();
                if has_sale && value.is_some() {
                    return state.stack(now);
                }
                let reason = if has_sale { ClaimReason::ValueUnknown } else { ClaimReason::Unexpected };
                state.claim(now, code, reason)?.hear_late(LateWord::Stacked)
            },
            mark,
            now,
        )?;
        happenings.push(Happening::Note(note));
        Ok(())
    }

    /// A validator that is switched off just after it told of a note finds that note in its path when it starts.
    fn is_the_note_stacked_last(&mut self, value: Option<Amount>) -> Result<bool, AcceptorError> {
        let latest = self.journal.latest()?;
        Ok(latest.is_some_and(|note| {
            let in_box = matches!(
                note.state,
                NoteState::Stacked { .. } | NoteState::Credited { .. } | NoteState::Printed { .. }
            );
            in_box && (value.is_none() || value == note.value)
        }))
    }

    /// Does what the table says of the unfinished note, if there is one.
    fn decide(
        &mut self,
        word: Word,
        mark: Option<Mark>,
        happenings: &mut Vec<Happening>,
        now: Timestamp,
    ) -> Result<(), AcceptorError> {
        let Some((note, stage)) = self.note.clone().and_then(|note| Some((note.clone(), note.state.stage()?))) else {
            return Ok(());
        };
        let note = match Fate::of(stage, word) {
            Fate::Stack => self.journal.step(&note, |state| state.stack(now), mark)?,
            Fate::Return => self.journal.step(&note, |state| state.give_back(now), mark)?,
            Fate::Claim(reason, late) => {
                let code = (self.draw_code)();
                let claim = |state: NoteState| {
                    let claimed = state.claim(now, code, reason)?;
                    late.map_or(Ok(claimed.clone()), |late| claimed.hear_late(late))
                };
                self.journal.step(&note, claim, mark)?
            }
            Fate::TellToReturn => {
                self.validator.give_back();
                self.waiting = Some(0);
                return Ok(());
            }
            Fate::TellToStack => {
                self.validator.take();
                self.waiting = Some(0);
                return Ok(());
            }
        };
        (self.note, self.waiting, self.was_restarted) = (None, None, false);
        happenings.push(Happening::Note(note));
        Ok(())
    }

    /// A validator that has something to say says it within a while, or has nothing to say.
    fn wait_for_a_word(&mut self, happenings: &mut Vec<Happening>, now: Timestamp) -> Result<(), AcceptorError> {
        let Some(looks) = self.waiting else { return Ok(()) };
        self.waiting = Some(looks.saturating_add(1));
        if looks >= self.timing.looks {
            let word = if self.was_restarted { Word::Restarted } else { Word::Nothing };
            self.decide(word, None, happenings, now)?;
        }
        Ok(())
    }

    fn keep(&mut self, mark: Option<Mark>) -> Result<(), AcceptorError> {
        Ok(mark.map_or(Ok(()), |mark| self.journal.keep_mark(mark))?)
    }
}

#[cfg(test)]
mod tests;
