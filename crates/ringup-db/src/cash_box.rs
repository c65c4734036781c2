//! The boxes that kiosks have had, what was put into them, and who may take them out.

use ringup_core::id::{ClerkId, PlaceId, PurseId};
use ringup_core::time::Timestamp;

use crate::dialect::{Lookup, Table, blob, int};
use crate::error::DbError;
use crate::seam::{Fields, Query, Read, Value, WriteTx};

static CASH_BOX: Table = Table::new(
    "cash_box",
    &[int("purse_id")],
    &[int("place_id"), int("opened_at")],
    &[int("taken_at"), int("taken_by"), int("taken_with")],
);
static BOX_BY_PURSE: Lookup = Lookup::new(&CASH_BOX, &[int("purse_id")], "", "");
static BOX_IN_USE: Lookup = Lookup::new(&CASH_BOX, &[int("place_id")], "and taken_at is null", "");
static BOXES_OF_PLACE: Lookup =
    Lookup::new(&CASH_BOX, &[int("place_id")], "", "order by opened_at desc, purse_id desc");

static CODE: Table = Table::new(
    "collection_code",
    &[blob("code_hash")],
    &[int("place_id"), int("clerk_id"), int("valid_until")],
    &[int("purse_id")],
);
static CODE_BY_HASH: Lookup = Lookup::new(&CODE, &[blob("code_hash")], "", "");

/// A box that a kiosk has or had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CashBox {
    /// The purse.
    pub purse: PurseId,
    /// Of which kiosk.
    pub place: PlaceId,
    /// Since when it was in use.
    pub opened_at: Timestamp,
    /// When it was taken out, and by which two people.
    pub taken: Option<Taken>,
}

/// That a box was taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: ClerkId,
    /// And with whom.
    pub with: ClerkId,
}

/// The code by which one person may take a box out, with another who has one too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollectionCode {
    /// SHA-256 of what was told him.
    pub code_hash: [u8; 32],
    /// Of which kiosk.
    pub place: PlaceId,
    /// Who.
    pub clerk: ClerkId,
    /// Until when.
    pub valid_until: Timestamp,
    /// The box that was taken out with it.
    pub used_for: Option<PurseId>,
}

/// A box.
///
/// # Errors
/// What the database says.
pub fn find_box(tx: &mut impl Read, purse: PurseId) -> Result<Option<CashBox>, DbError> {
    BOX_BY_PURSE.find_one(tx, &[purse.as_u64().into()], read_box)
}

/// The box that is in a kiosk.
///
/// # Errors
/// What the database says.
pub fn box_in_use(tx: &mut impl Read, place: PlaceId) -> Result<Option<CashBox>, DbError> {
    BOX_IN_USE.find_one(tx, &[place.as_u64().into()], read_box)
}

/// All boxes of a kiosk, the newest first.
///
/// # Errors
/// What the database says.
pub fn boxes_of(tx: &mut impl Read, place: PlaceId) -> Result<Vec<CashBox>, DbError> {
    BOXES_OF_PLACE.find(tx, &[place.as_u64().into()], read_box)
}

/// Puts a box into a kiosk that has none.
///
/// # Errors
/// [`DbError::Broken`] when there is another one in it.
pub fn insert_box(tx: &mut WriteTx<'_>, cash_box: &CashBox) -> Result<(), DbError> {
    let taken = cash_box.taken;
    let values: Vec<Value<'_>> = vec![
        cash_box.purse.as_u64().into(),
        cash_box.place.as_u64().into(),
        cash_box.opened_at.into(),
        taken.map(|taken| taken.at).into(),
        taken.map(|taken| taken.by.as_u64()).into(),
        taken.map(|taken| taken.with.as_u64()).into(),
    ];
    CASH_BOX.insert_all(tx, values)
}

/// Two people take a box out; once.
///
/// # Errors
/// [`DbError::Conflict`] when it was taken out before.
pub fn take_box(tx: &mut WriteTx<'_>, purse: PurseId, taken: Taken) -> Result<(), DbError> {
    let sql =
        "update cash_box set taken_at = $2, taken_by = $3, taken_with = $4 where purse_id = $1 and taken_at is null";
    let params = [purse.as_u64().into(), taken.at.into(), taken.by.as_u64().into(), taken.with.as_u64().into()];
    tx.execute_exactly(sql, &params, 1)
}

/// How many notes were booked into a box.
///
/// # Errors
/// What the database says.
pub fn notes_in(tx: &mut impl Read, purse: PurseId) -> Result<u64, DbError> {
    let sql =
        "select count(*) from kiosk_sale as s join kiosk_note as n on n.key_hash = s.key_hash where s.purse_id = $1";
    let count = tx.query_first(sql, &[purse.as_u64().into()], |fields| fields.count())?;
    Ok(count.unwrap_or(0))
}

/// A code.
///
/// # Errors
/// What the database says.
pub fn find_collection_code(tx: &mut impl Read, code_hash: &[u8; 32]) -> Result<Option<CollectionCode>, DbError> {
    CODE_BY_HASH.find_one(tx, &[code_hash.as_slice().into()], read_code)
}

/// Writes down a code that was given to somebody.
///
/// # Errors
/// What the database says.
pub fn insert_collection_code(tx: &mut WriteTx<'_>, code: &CollectionCode) -> Result<(), DbError> {
    let values: Vec<Value<'_>> = vec![
        code.code_hash.as_slice().into(),
        code.place.as_u64().into(),
        code.clerk.as_u64().into(),
        code.valid_until.into(),
        code.used_for.map(PurseId::as_u64).into(),
    ];
    CODE.insert_all(tx, values)
}

/// A box was taken out with this code; it counts once.
///
/// # Errors
/// [`DbError::Conflict`] when it was used before.
pub fn use_collection_code(tx: &mut WriteTx<'_>, code_hash: &[u8; 32], purse: PurseId) -> Result<(), DbError> {
    let sql = "update collection_code set purse_id = $2 where code_hash = $1 and purse_id is null";
    tx.execute_exactly(sql, &[code_hash.as_slice().into(), purse.as_u64().into()], 1)
}

fn read_box(fields: &mut Fields<'_>) -> Result<CashBox, DbError> {
    let purse = PurseId::from_u64(fields.bits()?);
    let place = PlaceId::from_u64(fields.bits()?);
    let opened_at = fields.time()?;
    let (at, by, with) = (fields.opt_time()?, fields.opt_bits()?, fields.opt_bits()?);
    let taken = match (at, by, with) {
        (Some(at), Some(by), Some(with)) => {
            Some(Taken { at, by: ClerkId::from_u64(by), with: ClerkId::from_u64(with) })
        }
        (_, _, _) => None,
    };
    Ok(CashBox { purse, place, opened_at, taken })
}

fn read_code(fields: &mut Fields<'_>) -> Result<CollectionCode, DbError> {
    Ok(CollectionCode {
        code_hash: fields.bytes()?,
        place: PlaceId::from_u64(fields.bits()?),
        clerk: ClerkId::from_u64(fields.bits()?),
        valid_until: fields.time()?,
        used_for: fields.opt_bits()?.map(PurseId::from_u64),
    })
}
