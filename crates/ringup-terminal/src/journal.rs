//! The kiosk's journal: what has become of each note, on the disk before anybody acts on it.
//!
//! Every function that writes returns when the disk has it. The rows are `ringup_db::bank_note`'s, the moves are
//! [`ringup_core::bank_note`]'s.

mod program;
mod sale;

use std::path::Path;

use ringup_core::bank_note::{BankNote, LateWord, NoteState, Sale, SaleKey};
use ringup_core::money::Amount;
use ringup_core::payment::InvalidTransition;
use ringup_core::time::Timestamp;
use ringup_db::bank_note::{self as rows, Mark, OpenRefusal};
use ringup_db::{DbError, Reader, Stop, WriteError, WriteTx, Writer};

pub use self::sale::{Marked, SaleTotal};
use crate::limits::CLAIMS_LISTED_MAX;

/// The journal of one kiosk, open. There must be one in the process, and one process.
pub struct Journal {
    writer: Writer,
    reader: Reader,
    /// Where a test cuts the power.
    #[cfg(test)]
    pub(crate) fuse: Option<tests::Fuse>,
}

/// Why the journal does not write something down.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalRefusal {
    /// It cannot be opened by this program, or for this kiosk.
    #[error(transparent)]
    Open(#[from] OpenRefusal),
    /// Another sale is open.
    #[error("another sale is open")]
    SaleOpen,
    /// The key was used for a sale before.
    #[error("the sale's key was used before")]
    KeyUsed,
    /// There is no sale with this key, or none is open.
    #[error("there is no such sale")]
    NoSale,
    /// A note of the sale is on its way: it cannot be closed.
    #[error("a note is on its way")]
    NoteUnfinished,
    /// Other money than the sale's was credited.
    #[error("{told} was credited, and {written} is in the box for this sale")]
    AmountDiffers {
        /// What the server says.
        told: Amount,
        /// What is written here.
        written: Amount,
    },
    /// The sale was credited under another name.
    #[error("the sale was credited as {written}")]
    CreditedAsOther {
        /// Under which.
        written: String,
    },
    /// The note or the sale has no such move.
    #[error(transparent)]
    Move(#[from] InvalidTransition),
}

/// Why nothing was written: refused, or the disk's fault.
pub type JournalError = WriteError<JournalRefusal>;

type Written<T> = Result<T, Stop<JournalRefusal>>;

impl Journal {
    /// Opens the kiosk's journal, and makes it when it is not there.
    ///
    /// # Errors
    /// [`JournalRefusal::Open`]; what the disk says.
    pub fn open(path: &Path, kiosk: u32, now: Timestamp) -> Result<Self, JournalError> {
        let database = rows::open(path, kiosk, now).map_err(|error| match error {
            WriteError::Refused(refusal) => WriteError::Refused(refusal.into()),
            WriteError::Conflict => WriteError::Conflict,
            WriteError::Unavailable(why) => WriteError::Unavailable(why),
            WriteError::CommitUnknown(why) => WriteError::CommitUnknown(why),
            WriteError::Failed(error) => WriteError::Failed(error),
        })?;
        Ok(Self {
            writer: database.writer()?,
            reader: database.reader()?,
            #[cfg(test)]
            fuse: None,
        })
    }

    /// Writes, and returns when the disk has it.
    fn write<T>(&mut self, work: impl FnOnce(&mut WriteTx<'_>) -> Written<T>) -> Result<T, JournalError> {
        #[cfg(test)]
        if let Some(fuse) = &mut self.fuse {
            return fuse.write(&mut self.writer, work);
        }
        self.writer.write(work)
    }

    /// The note that the validator may still have something to say of: one at most.
    ///
    /// # Errors
    /// What the disk says.
    pub fn unfinished(&mut self) -> Result<Option<BankNote>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::find_unfinished(tx))?)
    }

    /// The note that was seen last.
    ///
    /// # Errors
    /// What the disk says.
    pub fn latest(&mut self) -> Result<Option<BankNote>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::latest_note(tx))?)
    }

    /// The claimed notes, the newest first.
    ///
    /// # Errors
    /// What the disk says.
    pub fn claims(&mut self) -> Result<Vec<BankNote>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::claims(tx, CLAIMS_LISTED_MAX))?)
    }

    /// The notes that were put in for a sale, in their order.
    ///
    /// # Errors
    /// What the disk says.
    pub fn notes_of(&mut self, key: SaleKey) -> Result<Vec<BankNote>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::notes_of_sale(tx, key))?)
    }

    /// The sale that notes can be put in for.
    ///
    /// # Errors
    /// What the disk says.
    pub fn open_sale(&mut self) -> Result<Option<Sale>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::find_open_sale(tx))?)
    }

    /// How far the conversation with the validator had got.
    pub(crate) fn mark(&mut self) -> Result<Option<Mark>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::find_mark(tx))?)
    }

    /// The answer to the poll that was sent last, if it was kept.
    pub(crate) fn answer(&mut self) -> Result<Option<Vec<u8>>, JournalError> {
        Ok(self.reader.read::<_, DbError>(|tx| rows::find_answer(tx))?)
    }

    /// Writes down the answer to the poll that the mark is about.
    pub(crate) fn keep_answer(&mut self, answer: &[u8]) -> Result<(), JournalError> {
        self.write(|tx| Ok(rows::keep_answer(tx, answer)?))
    }

    /// Writes down how far it has got.
    pub(crate) fn keep_mark(&mut self, mark: Mark) -> Result<(), JournalError> {
        self.write(|tx| Ok(rows::keep_mark(tx, mark)?))
    }

    /// Writes down a note that the validator has read, for the open sale if there is one.
    pub(crate) fn see(
        &mut self,
        value: Option<Amount>,
        mark: Option<Mark>,
        now: Timestamp,
    ) -> Result<BankNote, JournalError> {
        self.write(|tx| see(tx, value, mark, now))
    }

    /// Writes down a note that nobody had seen, with what became of it, in one.
    pub(crate) fn see_at_its_end(
        &mut self,
        value: Option<Amount>,
        step: impl FnOnce(&BankNote) -> Result<NoteState, InvalidTransition>,
        mark: Option<Mark>,
        now: Timestamp,
    ) -> Result<BankNote, JournalError> {
        self.write(|tx| {
            let note = see(tx, value, mark, now)?;
            take_step(tx, &note, step)
        })
    }

    /// Writes down a note's next step.
    pub(crate) fn step(
        &mut self,
        note: &BankNote,
        step: impl FnOnce(NoteState) -> Result<NoteState, InvalidTransition>,
        mark: Option<Mark>,
    ) -> Result<BankNote, JournalError> {
        self.write(|tx| {
            keep(tx, mark)?;
            take_step(tx, note, |note| step(note.state.clone()))
        })
    }

    /// Writes down what the validator says of the note that was seen last, when that one is claimed and nothing was said of it yet.
    pub(crate) fn hear_late(&mut self, word: LateWord, mark: Option<Mark>) -> Result<Option<BankNote>, JournalError> {
        self.write(|tx| {
            keep(tx, mark)?;
            let Some(note) = rows::latest_note(tx)? else { return Ok(None) };
            match note.state.clone().hear_late(word) {
                Ok(_) => take_step(tx, &note, |note| note.state.clone().hear_late(word)).map(Some),
                Err(InvalidTransition { .. }) => Ok(None), // nothing to be told: the validator repeats itself
            }
        })
    }
}

fn see(tx: &mut WriteTx<'_>, value: Option<Amount>, mark: Option<Mark>, now: Timestamp) -> Written<BankNote> {
    keep(tx, mark)?;
    let sale = rows::find_open_sale(tx)?.map(|sale| sale.key);
    Ok(rows::insert_note(tx, sale, value, now)?)
}

fn take_step(
    tx: &mut WriteTx<'_>,
    note: &BankNote,
    step: impl FnOnce(&BankNote) -> Result<NoteState, InvalidTransition>,
) -> Written<BankNote> {
    let state = step(note).map_err(|error| Stop::Refused(error.into()))?;
    rows::set_note_state(tx, note, &state)?;
    Ok(BankNote { state, ..note.clone() })
}

fn keep(tx: &mut WriteTx<'_>, mark: Option<Mark>) -> Written<()> {
    match mark {
        Some(mark) => Ok(rows::keep_mark(tx, mark)?),
        None => Ok(()),
    }
}

#[cfg(test)]
pub(crate) mod tests;
