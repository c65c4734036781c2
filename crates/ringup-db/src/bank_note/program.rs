//! What the program in a kiosk keeps beside a note's life: what the server was told and answered, and what was printed.

use ringup_core::bank_note::{BankNote, ClaimCode, NoteNumber, SaleKey};
use ringup_core::time::Timestamp;

use super::note::{read_note, select_notes};
use crate::column;
use crate::error::DbError;
use crate::seam::{Query, Read, WriteTx};

/// Where and how a sale was made, as the server asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SalePlace {
    /// The server's id of the cash box; empty for a sale of a program that did not write it down.
    pub box_id: String,
    /// Since when the line was down, if a note was taken without one.
    pub offline_since: Option<Timestamp>,
}

/// A collection that is not answered yet.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingCollection {
    /// The key it is asked for under, in every try.
    pub key: [u8; 16],
    /// The box to be taken out.
    pub box_id: String,
    /// The codes of the two people.
    pub codes: [String; 2],
}

/// The codes open a box of money.
impl std::fmt::Debug for PendingCollection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PendingCollection").field("box_id", &self.box_id).finish_non_exhaustive()
    }
}

/// Writes down where a sale is made.
///
/// # Errors
/// [`DbError::Conflict`] when there is no such sale; what the database says otherwise.
pub fn set_sale_place(tx: &mut WriteTx<'_>, key: SaleKey, place: &SalePlace) -> Result<(), DbError> {
    let sql = "update sale set box = $2, offline_since = $3 where key = $1";
    tx.execute_exactly(sql, &[key.0.as_slice().into(), place.box_id.as_str().into(), place.offline_since.into()], 1)
}

/// Where a sale was made.
///
/// # Errors
/// What the database says.
pub fn find_sale_place(tx: &mut impl Read, key: SaleKey) -> Result<Option<SalePlace>, DbError> {
    tx.query_first("select box, offline_since from sale where key = $1", &[key.0.as_slice().into()], |fields| {
        let box_id = fields.opt_text()?.unwrap_or_default().to_owned();
        Ok(SalePlace { box_id, offline_since: fields.opt_time()? })
    })
}

/// Keeps what the server answered to a sale.
///
/// # Errors
/// [`DbError::Conflict`] when there is no such sale; what the database says otherwise.
pub fn keep_sale_answer(tx: &mut WriteTx<'_>, key: SaleKey, answer: &str) -> Result<(), DbError> {
    tx.execute_exactly("update sale set answer = $2 where key = $1", &[key.0.as_slice().into(), answer.into()], 1)
}

/// What the server answered to a sale.
///
/// # Errors
/// What the database says.
pub fn find_sale_answer(tx: &mut impl Read, key: SaleKey) -> Result<Option<String>, DbError> {
    let sql = "select answer from sale where key = $1";
    let found = tx.query_first(sql, &[key.0.as_slice().into()], |fields| {
        Ok(fields.opt_text()?.map(std::borrow::ToOwned::to_owned))
    })?;
    Ok(found.flatten())
}

/// The claims that the server does not know of, or whose late word it does not know; the oldest first.
///
/// # Errors
/// What the database says.
pub fn claims_to_tell(tx: &mut impl Read, limit: u32) -> Result<Vec<BankNote>, DbError> {
    let sql = select_notes!(
        "where state = 8 and (claim_told = 0 or (claim_told = 1 and late_word is not null)) order by running limit $1"
    );
    tx.query(sql, &[limit.into()], read_note)
}

/// The claims of which a slip is to be printed; the oldest first.
///
/// # Errors
/// What the database says.
pub fn claims_to_print(tx: &mut impl Read, limit: u32) -> Result<Vec<BankNote>, DbError> {
    tx.query(
        select_notes!("where state = 8 and claim_slip_out = 0 order by running limit $1"),
        &[limit.into()],
        read_note,
    )
}

/// The claim with this code.
///
/// # Errors
/// What the database says.
pub fn find_claim(tx: &mut impl Read, code: &ClaimCode) -> Result<Option<BankNote>, DbError> {
    tx.query_first(select_notes!("where claim_code = $1"), &[code.as_bytes().as_slice().into()], read_note)
}

/// The server knows of a claim, and of its late word if it was told one.
///
/// # Errors
/// [`DbError::Conflict`] when the note is not claimed; what the database says otherwise.
pub fn set_claim_told(tx: &mut WriteTx<'_>, number: NoteNumber, with_late_word: bool) -> Result<(), DbError> {
    let sql = "update bank_note set claim_told = $3 where kiosk = $1 and running = $2 and state = 8";
    let told = if with_late_word { 2_i64 } else { 1 };
    tx.execute_exactly(sql, &[number.kiosk.into(), number.running.into(), told.into()], 1)
}

/// Counts a receipt whose printing begins; answers how many there are with it.
///
/// # Errors
/// [`DbError::Damaged`] when there is no such sale; what the database says otherwise.
pub fn begin_receipt(tx: &mut WriteTx<'_>, key: SaleKey) -> Result<u64, DbError> {
    let sql = "update sale set slips = slips + 1 where key = $1 returning slips";
    let count = tx.query_first(sql, &[key.0.as_slice().into()], |fields| fields.count())?;
    column::needed(count, "slips")
}

/// Counts a claim's slip whose printing begins; answers how many there are with it.
///
/// # Errors
/// [`DbError::Damaged`] when the note is not claimed; what the database says otherwise.
pub fn begin_claim_slip(tx: &mut WriteTx<'_>, number: NoteNumber) -> Result<u64, DbError> {
    let sql = "update bank_note set claim_slips = claim_slips + 1 where kiosk = $1 and running = $2 and state = 8
        returning claim_slips";
    let count = tx.query_first(sql, &[number.kiosk.into(), number.running.into()], |fields| fields.count())?;
    column::needed(count, "claim_slips")
}

/// A claim's slip came out, or another one is wanted.
///
/// # Errors
/// [`DbError::Conflict`] when the note is not claimed; what the database says otherwise.
pub fn set_claim_slip(tx: &mut WriteTx<'_>, number: NoteNumber, is_out: bool) -> Result<(), DbError> {
    let sql = "update bank_note set claim_slip_out = $3 where kiosk = $1 and running = $2 and state = 8";
    tx.execute_exactly(sql, &[number.kiosk.into(), number.running.into(), i64::from(is_out).into()], 1)
}

/// Keeps a collection until it is answered.
///
/// # Errors
/// [`DbError::Conflict`] when another one waits; what the database says otherwise.
pub fn insert_collection(tx: &mut WriteTx<'_>, collection: &PendingCollection) -> Result<(), DbError> {
    let sql = "insert into collection (one, key, box, first_code, second_code) values (1, $1, $2, $3, $4)";
    let [first, second] = &collection.codes;
    let key = collection.key.as_slice();
    let params = [key.into(), collection.box_id.as_str().into(), first.as_str().into(), second.as_str().into()];
    tx.execute_exactly(sql, &params, 1)
}

/// The collection that is not answered yet.
///
/// # Errors
/// What the database says.
pub fn find_collection(tx: &mut impl Read) -> Result<Option<PendingCollection>, DbError> {
    tx.query_first("select key, box, first_code, second_code from collection", &[], |fields| {
        let key = fields.bytes()?;
        let box_id = fields.text()?.to_owned();
        Ok(PendingCollection { key, box_id, codes: [fields.text()?.to_owned(), fields.text()?.to_owned()] })
    })
}

/// The collection is answered.
///
/// # Errors
/// What the database says.
pub fn delete_collection(tx: &mut WriteTx<'_>) -> Result<(), DbError> {
    tx.execute("delete from collection", &[]).map(|_| ())
}
