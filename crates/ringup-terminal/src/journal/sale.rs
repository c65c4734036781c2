use ringup_core::bank_note::{
    BankNote, ClaimCode, ClaimReason, LateWord, NoteNumber, NoteState, Sale, SaleKey, SaleReference, SaleState,
};
use ringup_core::card::CardNumber;
use ringup_core::money::{Amount, Language};
use ringup_core::payment::InvalidTransition;
use ringup_core::time::Timestamp;
use ringup_db::bank_note::{self as rows};
use ringup_db::{DbError, Read, Stop, WriteTx};

use super::{Journal, JournalError, JournalRefusal, Written};

/// A sale and what is in the box for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleTotal {
    /// The sale.
    pub sale: Sale,
    /// What its notes in the box add up to.
    pub amount: Amount,
    /// Those notes.
    pub notes: Vec<NoteNumber>,
}

/// Whether something had been marked before: a repeat is a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    /// Now.
    Now,
    /// Before, with the same.
    Already,
}

impl Journal {
    /// Begins a sale. Its key is drawn by the caller, and never used again.
    ///
    /// # Errors
    /// [`JournalRefusal::SaleOpen`], [`JournalRefusal::KeyUsed`]; what the disk says.
    pub fn begin_sale(
        &mut self,
        key: SaleKey,
        card: CardNumber,
        language: Language,
        now: Timestamp,
    ) -> Result<Sale, JournalError> {
        let sale = Sale { key, card, language, begun_at: now, state: SaleState::Open };
        self.write(|tx| {
            if rows::find_open_sale(tx)?.is_some() {
                return Err(Stop::Refused(JournalRefusal::SaleOpen));
            }
            if rows::find_sale(tx, key)?.is_some() {
                return Err(Stop::Refused(JournalRefusal::KeyUsed));
            }
            rows::insert_sale(tx, &sale)?;
            Ok(())
        })?;
        Ok(sale)
    }

    /// Ends the open sale; answers what is to be credited for it, nothing when no note is in the box.
    ///
    /// # Errors
    /// [`JournalRefusal::NoSale`], [`JournalRefusal::NoteUnfinished`]; what the disk says.
    pub fn end_sale(&mut self, now: Timestamp) -> Result<Option<SaleTotal>, JournalError> {
        self.write(|tx| {
            let Some(mut sale) = rows::find_open_sale(tx)? else { return Err(Stop::Refused(JournalRefusal::NoSale)) };
            if rows::find_unfinished(tx)?.is_some() {
                return Err(Stop::Refused(JournalRefusal::NoteUnfinished));
            }
            let total = total_of(tx, sale.clone())?;
            let state = sale.state.clone();
            let state = if total.is_some() { state.close(now) } else { state.abandon(now) };
            let state = state.map_err(refused)?;
            rows::set_sale_state(tx, &sale, &state)?;
            sale.state = state;
            Ok(total.map(|total| SaleTotal { sale, ..total }))
        })
    }

    /// What the server has to credit, the oldest first: each under its sale's key, as often as it takes.
    ///
    /// # Errors
    /// What the disk says.
    pub fn sales_to_credit(&mut self) -> Result<Vec<SaleTotal>, JournalError> {
        self.totals(|tx| rows::sales_to_credit(tx))
    }

    /// The sales that are credited and whose receipt is not printed, the oldest first.
    ///
    /// # Errors
    /// What the disk says.
    pub fn sales_to_print(&mut self) -> Result<Vec<SaleTotal>, JournalError> {
        self.totals(|tx| rows::sales_credited(tx))
    }

    fn totals(
        &mut self,
        find: impl FnOnce(&mut ringup_db::ReadTx<'_>) -> Result<Vec<Sale>, DbError>,
    ) -> Result<Vec<SaleTotal>, JournalError> {
        self.reader.read::<_, JournalError>(|tx| {
            let sales = find(tx)?;
            let totals = sales.into_iter().map(|sale| total_of(tx, sale));
            Ok(totals.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        })
    }

    /// The server has credited the sale: so much, under this name.
    ///
    /// # Errors
    /// [`JournalRefusal::NoSale`], [`JournalRefusal::AmountDiffers`], [`JournalRefusal::CreditedAsOther`],
    /// [`JournalRefusal::Move`]; what the disk says.
    pub fn mark_credited(
        &mut self,
        key: SaleKey,
        amount: Amount,
        reference: &SaleReference,
        now: Timestamp,
    ) -> Result<Marked, JournalError> {
        self.write(|tx| {
            let sale = sale_with(tx, key)?;
            if let SaleState::Credited { reference: written, .. } | SaleState::Printed { reference: written, .. } =
                &sale.state
            {
                let same = written == reference;
                let written = written.as_str().to_owned();
                return if same {
                    Ok(Marked::Already)
                } else {
                    Err(Stop::Refused(JournalRefusal::CreditedAsOther { written }))
                };
            }
            let state = sale.state.clone().credit(now, reference.clone()).map_err(refused)?;
            let written = total_of(tx, sale.clone())?.map_or(Amount::zero(amount.unit()), |total| total.amount);
            if written != amount {
                return Err(Stop::Refused(JournalRefusal::AmountDiffers { told: amount, written }));
            }
            move_notes(tx, &sale, |state| match state {
                NoteState::Stacked { .. } => Some(state.clone().credit(now)),
                _ => None,
            })?;
            rows::set_sale_state(tx, &sale, &state)?;
            Ok(Marked::Now)
        })
    }

    /// The receipt of a credited sale is printed.
    ///
    /// # Errors
    /// [`JournalRefusal::NoSale`], [`JournalRefusal::Move`]; what the disk says.
    pub fn mark_printed(&mut self, key: SaleKey, now: Timestamp) -> Result<Marked, JournalError> {
        self.write(|tx| {
            let sale = sale_with(tx, key)?;
            if matches!(sale.state, SaleState::Printed { .. }) {
                return Ok(Marked::Already);
            }
            let state = sale.state.clone().print(now).map_err(refused)?;
            move_notes(tx, &sale, |state| match state {
                NoteState::Credited { .. } => Some(state.clone().print(now)),
                _ => None,
            })?;
            rows::set_sale_state(tx, &sale, &state)?;
            Ok(Marked::Now)
        })
    }

    /// The server will never credit the sale: each of its notes in the box is claimed, with a code of its own.
    ///
    /// # Errors
    /// [`JournalRefusal::NoSale`], [`JournalRefusal::Move`]; what the disk says.
    pub fn refuse_sale(
        &mut self,
        key: SaleKey,
        draw_code: &mut dyn FnMut() -> ClaimCode,
        now: Timestamp,
    ) -> Result<Vec<BankNote>, JournalError> {
        self.write(|tx| {
            let sale = sale_with(tx, key)?;
            if matches!(sale.state, SaleState::Open) {
                return Err(refused(InvalidTransition { from: sale.state.name(), to: "abandoned" }));
            }
            let state = sale.state.clone().abandon(now).map_err(refused)?;
            let claimed = move_notes(tx, &sale, |state| match state {
                NoteState::Stacked { .. } => {
                    let claimed = state.clone().claim(now, draw_code(), ClaimReason::SaleRefused);
                    Some(claimed.and_then(|claimed| claimed.hear_late(LateWord::Stacked)))
                }
                _ => None,
            })?;
            rows::set_sale_state(tx, &sale, &state)?;
            Ok(claimed)
        })
    }
}

fn refused(error: InvalidTransition) -> Stop<JournalRefusal> {
    Stop::Refused(error.into())
}

fn sale_with(tx: &mut WriteTx<'_>, key: SaleKey) -> Written<Sale> {
    rows::find_sale(tx, key)?.ok_or(Stop::Refused(JournalRefusal::NoSale))
}

/// Moves the notes of a sale that have a next step.
fn move_notes(
    tx: &mut WriteTx<'_>,
    sale: &Sale,
    mut step: impl FnMut(&NoteState) -> Option<Result<NoteState, InvalidTransition>>,
) -> Written<Vec<BankNote>> {
    let mut moved = Vec::new();
    for note in rows::notes_of_sale(tx, sale.key)? {
        let Some(state) = step(&note.state) else { continue };
        let state = state.map_err(refused)?;
        rows::set_note_state(tx, &note, &state)?;
        moved.push(BankNote { state, ..note });
    }
    Ok(moved)
}

/// What is in the box for a sale and was not claimed; nothing when there is nothing.
fn total_of(tx: &mut impl Read, sale: Sale) -> Result<Option<SaleTotal>, DbError> {
    let mut total: Option<Amount> = None;
    let mut numbers = Vec::new();
    for note in rows::notes_of_sale(tx, sale.key)? {
        let in_box = match note.state {
            NoteState::Stacked { .. } | NoteState::Credited { .. } | NoteState::Printed { .. } => note.value,
            NoteState::Seen
            | NoteState::Escrowed { .. }
            | NoteState::ToldToStack { .. }
            | NoteState::Returned { .. }
            | NoteState::Claimed { .. } => None,
        };
        let Some(value) = in_box else { continue };
        let sum = total.map_or(Ok(value), |total| total.plus(value));
        total = Some(sum.map_err(|error| DbError::Damaged(error.to_string()))?);
        numbers.push(note.number);
    }
    Ok(total.map(|amount| SaleTotal { sale, amount, notes: numbers }))
}
