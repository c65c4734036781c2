use ringup_core::bank_note::{BankNote, ClaimCode, ClaimReason, LateWord, NoteNumber, NoteState, SaleKey};
use ringup_core::money::Amount;
use ringup_core::time::Timestamp;

use crate::column;
use crate::error::DbError;
use crate::seam::{Fields, Query, Read, Value, WriteTx};

/// The columns of a note, in the order in which [`read_note`] takes them.
macro_rules! select_notes {
    ($rest:literal) => {
        concat!(
            "select kiosk, running, sale_key, value_minor, value_unit, seen_at, state, escrowed_at, told_at, stacked_at, credited_at,
                printed_at, returned_at, claimed_at, claim_code, claim_reason, late_word
            from bank_note ",
            $rest
        )
    };
}

pub(super) use select_notes;

/// Writes down a note that the validator has seen, under the next number.
///
/// # Errors
/// [`DbError::Broken`] when another note is unfinished; what the database says otherwise.
pub fn insert_note(
    tx: &mut WriteTx<'_>,
    sale: Option<SaleKey>,
    value: Option<Amount>,
    seen_at: Timestamp,
) -> Result<BankNote, DbError> {
    let sql = "update kiosk set next_note = next_note + 1 returning number, next_note - 1";
    let number = tx.query_first(sql, &[], read_number)?;
    let number = column::needed(number, "the kiosk's number")?;
    let sql = "insert into bank_note (kiosk, running, sale_key, value_minor, value_unit, state, seen_at)
        values ($1, $2, $3, $4, $5, 1, $6)";
    let key = sale.map(|key| key.0);
    let params: [Value<'_>; 6] = [
        number.kiosk.into(),
        number.running.into(),
        key.as_ref().map(<[u8; 16]>::as_slice).into(),
        value.map(|value| value.minor()).into(),
        value.map(|value| value.unit().code()).into(),
        seen_at.into(),
    ];
    tx.execute_exactly(sql, &params, 1)?;
    Ok(BankNote { number, sale, value, seen_at, state: NoteState::Seen })
}

/// Moves a note on, if it still stands where `note` has it.
///
/// # Errors
/// [`DbError::Conflict`] when it does not; what the database says otherwise.
pub fn set_note_state(tx: &mut WriteTx<'_>, note: &BankNote, state: &NoteState) -> Result<(), DbError> {
    let sql = "update bank_note set
            state = $3,
            escrowed_at = coalesce($4, escrowed_at),
            told_at = coalesce($5, told_at),
            stacked_at = coalesce($6, stacked_at),
            credited_at = coalesce($7, credited_at),
            printed_at = coalesce($8, printed_at),
            returned_at = coalesce($9, returned_at),
            claimed_at = $10,
            claim_code = $11,
            claim_reason = $12,
            late_word = $13
        where kiosk = $1 and running = $2 and state = $14";
    let mut moments: [Option<Timestamp>; 6] = [None; 6];
    let mut claim = (None, None, None, None);
    match state {
        NoteState::Seen => {}
        NoteState::Escrowed { escrowed_at } => moments[0] = Some(*escrowed_at),
        NoteState::ToldToStack { told_at } => moments[1] = Some(*told_at),
        NoteState::Stacked { stacked_at } => moments[2] = Some(*stacked_at),
        NoteState::Credited { credited_at } => moments[3] = Some(*credited_at),
        NoteState::Printed { printed_at } => moments[4] = Some(*printed_at),
        NoteState::Returned { returned_at } => moments[5] = Some(*returned_at),
        NoteState::Claimed { claimed_at, code, reason, late } => {
            let late = late.map(LateWord::code);
            claim = (Some(*claimed_at), Some(code.as_bytes().as_slice()), Some(reason.code()), late);
        }
    }
    let mut params: Vec<Value<'_>> =
        vec![note.number.kiosk.into(), note.number.running.into(), state_code(state).into()];
    params.extend(moments.map(Value::from));
    params.extend([claim.0.into(), claim.1.into(), claim.2.into(), claim.3.into()]);
    params.push(state_code(&note.state).into());
    tx.execute_exactly(sql, &params, 1)
}

/// The note that the validator may still have something to say of.
///
/// # Errors
/// What the database says.
pub fn find_unfinished(tx: &mut impl Read) -> Result<Option<BankNote>, DbError> {
    tx.query_first(select_notes!("where state in (1, 2, 3)"), &[], read_note)
}

/// The note with this number.
///
/// # Errors
/// What the database says.
pub fn find_note(tx: &mut impl Read, number: NoteNumber) -> Result<Option<BankNote>, DbError> {
    let sql = select_notes!("where kiosk = $1 and running = $2");
    tx.query_first(sql, &[number.kiosk.into(), number.running.into()], read_note)
}

/// The note that was seen last.
///
/// # Errors
/// What the database says.
pub fn latest_note(tx: &mut impl Read) -> Result<Option<BankNote>, DbError> {
    tx.query_first(select_notes!("order by running desc limit 1"), &[], read_note)
}

/// The notes that were seen last, the newest first; `limit` at most.
///
/// # Errors
/// What the database says.
pub fn latest_notes(tx: &mut impl Read, limit: u32) -> Result<Vec<BankNote>, DbError> {
    tx.query(select_notes!("order by running desc limit $1"), &[limit.into()], read_note)
}

/// The notes of a sale, in the order in which they were put in.
///
/// # Errors
/// What the database says.
pub fn notes_of_sale(tx: &mut impl Read, key: SaleKey) -> Result<Vec<BankNote>, DbError> {
    tx.query(select_notes!("where sale_key = $1 order by running"), &[key.0.as_slice().into()], read_note)
}

/// All claimed notes, the newest first; `limit` at most.
///
/// # Errors
/// What the database says.
pub fn claims(tx: &mut impl Read, limit: u32) -> Result<Vec<BankNote>, DbError> {
    tx.query(select_notes!("where state = 8 order by running desc limit $1"), &[limit.into()], read_note)
}

const fn state_code(state: &NoteState) -> i64 {
    match state {
        NoteState::Seen => 1,
        NoteState::Escrowed { .. } => 2,
        NoteState::ToldToStack { .. } => 3,
        NoteState::Stacked { .. } => 4,
        NoteState::Credited { .. } => 5,
        NoteState::Printed { .. } => 6,
        NoteState::Returned { .. } => 7,
        NoteState::Claimed { .. } => 8,
    }
}

fn read_number(fields: &mut Fields<'_>) -> Result<NoteNumber, DbError> {
    let kiosk = fields.int()?;
    let kiosk = u32::try_from(kiosk).map_err(|_| DbError::Damaged(format!("{kiosk} is no kiosk's number")))?;
    Ok(NoteNumber { kiosk, running: fields.count()? })
}

pub(super) fn read_note(fields: &mut Fields<'_>) -> Result<BankNote, DbError> {
    let number = read_number(fields)?;
    let sale = match fields.opt_blob()? {
        Some(bytes) => Some(SaleKey(sixteen(bytes)?)),
        None => None,
    };
    let value = column::opt_amount_and_unit(fields)?;
    let seen_at = fields.time()?;
    Ok(BankNote { number, sale, value, seen_at, state: read_state(fields)? })
}

fn read_state(fields: &mut Fields<'_>) -> Result<NoteState, DbError> {
    let code = fields.int()?;
    let escrowed_at = fields.opt_time()?;
    let told_at = fields.opt_time()?;
    let stacked_at = fields.opt_time()?;
    let credited_at = fields.opt_time()?;
    let printed_at = fields.opt_time()?;
    let returned_at = fields.opt_time()?;
    let claimed_at = fields.opt_time()?;
    Ok(match code {
        1 => NoteState::Seen,
        2 => NoteState::Escrowed { escrowed_at: column::needed(escrowed_at, "escrowed_at")? },
        3 => NoteState::ToldToStack { told_at: column::needed(told_at, "told_at")? },
        4 => NoteState::Stacked { stacked_at: column::needed(stacked_at, "stacked_at")? },
        5 => NoteState::Credited { credited_at: column::needed(credited_at, "credited_at")? },
        6 => NoteState::Printed { printed_at: column::needed(printed_at, "printed_at")? },
        7 => NoteState::Returned { returned_at: column::needed(returned_at, "returned_at")? },
        8 => NoteState::Claimed {
            claimed_at: column::needed(claimed_at, "claimed_at")?,
            code: ClaimCode::from_bytes(sixteen(fields.blob()?)?),
            reason: column::coded(fields, ClaimReason::from_code)?,
            late: column::opt_coded(fields, LateWord::from_code)?,
        },
        other => return Err(DbError::Damaged(format!("{other} is no state of a bank note"))),
    })
}

fn sixteen(bytes: &[u8]) -> Result<[u8; 16], DbError> {
    bytes.try_into().map_err(|_| DbError::Damaged(format!("{} bytes instead of 16", bytes.len())))
}
