//! The first minute after a start: what became of the note that was unfinished when the kiosk was cut off.

use ringup_core::bank_note::{Stage, Word};
use ringup_core::time::Timestamp;
use ringup_db::bank_note::Mark;

use super::{Acceptor, AcceptorError, Happening};
use crate::journal::{JournalError, JournalRefusal};
use crate::validator::{Event, Resume, StartError};

impl Acceptor {
    /// Asks the validator, until no note is unfinished; then closes the sale that was open, since its holder may have gone.
    pub(super) fn recover(&mut self, now: Timestamp) -> Result<Vec<Happening>, AcceptorError> {
        let mut happenings = Vec::new();
        match self.ask(&mut happenings, now) {
            Ok(()) => {}
            Err(Asking::Start(StartError::Silent)) => {
                happenings.push(Happening::Validator(Event::Silent));
                self.decide(Word::Silence, None, &mut happenings, now)?;
            }
            Err(Asking::Start(StartError::Unsuitable(what))) => return Err(AcceptorError::Unsuitable(what)),
            Err(Asking::Acceptor(error)) => return Err(error),
        }
        match self.journal.end_sale(now) {
            Ok(_) | Err(JournalError::Refused(JournalRefusal::NoSale)) => Ok(happenings),
            Err(error) => Err(error.into()),
        }
    }

    fn ask(&mut self, happenings: &mut Vec<Happening>, now: Timestamp) -> Result<(), Asking> {
        let mark = self.journal.mark().map_err(AcceptorError::from)?;
        let value = self.note.as_ref().and_then(|note| note.value);
        let answer = if self.stage() == Some(Stage::ToldToStack) { self.hear_again(mark)? } else { None };
        self.validator.start(&Resume { stage: self.stage(), value, mark, answer })?;
        self.waiting = self.note.as_ref().map(|_| 0);
        if self.stage() == Some(Stage::ToldToStack) {
            // What it says of ours comes first: meanwhile it may hold somebody else's.
            happenings.extend(self.poll(now)?);
        }
        if self.validator.holds_a_note()? {
            if self.note.is_some() {
                self.decide(Word::Held, None, happenings, now)?;
            } else {
                // It was read and never written down: nobody has decided to take it.
                self.validator.give_back();
            }
        }
        // Once more in any case: what it has told since is of the sale that was open then, not of the next.
        loop {
            happenings.extend(self.poll(now)?);
            if self.note.is_none() {
                return Ok(());
            }
            if self.waiting.is_none() {
                // Another note than the unfinished one, put in while nobody was there.
                self.decide(Word::Held, None, happenings, now)?;
            }
            std::thread::sleep(self.timing.look);
        }
    }
}

impl Acceptor {
    /// The last answer of the validator, on the disk before anything else is sent.
    fn hear_again(&mut self, mark: Option<Mark>) -> Result<Option<Vec<u8>>, Asking> {
        if let Some(kept) = self.journal.answer().map_err(AcceptorError::from)? {
            return Ok(Some(kept)); // the kiosk was cut off while it recovered
        }
        let heard = self.validator.hear_again(mark)?;
        if let Some(answer) = &heard {
            self.journal.keep_answer(answer).map_err(AcceptorError::from)?;
        }
        Ok(heard)
    }
}

/// Why the asking ended.
enum Asking {
    Start(StartError),
    Acceptor(AcceptorError),
}

impl From<StartError> for Asking {
    fn from(error: StartError) -> Self {
        Self::Start(error)
    }
}

impl From<AcceptorError> for Asking {
    fn from(error: AcceptorError) -> Self {
        Self::Acceptor(error)
    }
}
