//! What kiosks want to have credited, with the notes that paid for it: written down before it is booked.

use ringup_core::bank_note::NoteNumber;
use ringup_core::books::KeyHash;
use ringup_core::card::CardNumber;
use ringup_core::id::{PlaceId, PurseId, TopUpId};
use ringup_core::money::Amount;
use ringup_core::time::Timestamp;

use crate::column;
use crate::dialect::{Lookup, Table, blob, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

static SALE: Table = Table::new(
    "kiosk_sale",
    &[blob("key_hash")],
    &[
        int("place_id"),
        int("purse_id"),
        int("card_number"),
        int("paid_minor"),
        text("unit"),
        int("begun_at"),
        int("offline_since"),
        int("told_at"),
    ],
    &[int("top_up_id")],
);
static SALE_BY_KEY: Lookup = Lookup::new(&SALE, &[blob("key_hash")], "", "");

static NOTE: Table =
    Table::new("kiosk_note", &[int("kiosk"), int("running")], &[blob("key_hash"), int("value_minor")], &[]);
static NOTE_BY_NUMBER: Lookup = Lookup::new(&NOTE, &[int("kiosk"), int("running")], "", "");

/// What a kiosk wants to have credited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KioskSale {
    /// The idempotency key it is booked under.
    pub key: KeyHash,
    /// Which kiosk.
    pub place: PlaceId,
    /// The box that the notes are in.
    pub purse: PurseId,
    /// The card.
    pub card: CardNumber,
    /// What the notes come to.
    pub paid: Amount,
    /// When it began, by the kiosk's clock.
    pub begun_at: Option<Timestamp>,
    /// Since when the line was down then, by the kiosk's clock.
    pub offline_since: Option<Timestamp>,
    /// When it was heard of.
    pub told_at: Timestamp,
    /// What came of it; nothing until that is known.
    pub top_up: Option<TopUpId>,
}

/// A note of a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KioskNote {
    /// Its number.
    pub number: NoteNumber,
    /// What it is worth.
    pub value: Amount,
}

/// The sale with this key.
///
/// # Errors
/// What the database says.
pub fn find_kiosk_sale(tx: &mut impl Read, key: &KeyHash) -> Result<Option<KioskSale>, DbError> {
    SALE_BY_KEY.find_one(tx, &[key.0.as_slice().into()], read_sale)
}

/// The sale that a note was in; nothing when it was in none.
///
/// # Errors
/// What the database says.
pub fn key_of_note(tx: &mut impl Read, note: NoteNumber) -> Result<Option<KeyHash>, DbError> {
    NOTE_BY_NUMBER.find_one(tx, &[note.kiosk.into(), note.running.into()], |fields| {
        let (_, _) = (fields.int()?, fields.int()?);
        Ok(KeyHash(fields.bytes()?))
    })
}

/// Writes down a sale and its notes.
///
/// # Errors
/// [`DbError::Broken`] when one of the notes was in another sale.
pub fn insert_kiosk_sale(tx: &mut WriteTx<'_>, sale: &KioskSale, notes: &[KioskNote]) -> Result<(), DbError> {
    let values: Vec<Value<'_>> = vec![
        sale.key.0.as_slice().into(),
        sale.place.as_u64().into(),
        sale.purse.as_u64().into(),
        sale.card.as_u64().into(),
        sale.paid.minor().into(),
        sale.paid.unit().code().into(),
        sale.begun_at.into(),
        sale.offline_since.into(),
        sale.told_at.into(),
        sale.top_up.map(TopUpId::as_u64).into(),
    ];
    SALE.insert_all(tx, values)?;
    let mut values: Vec<Value<'_>> = Vec::new();
    for note in notes {
        values.extend([
            note.number.kiosk.into(),
            note.number.running.into(),
            sale.key.0.as_slice().into(),
            note.value.minor().into(),
        ]);
    }
    NOTE.insert_all(tx, values)
}

/// Writes down what came of a sale. The same again changes nothing.
///
/// # Errors
/// What the database says.
pub fn note_sold(tx: &mut WriteTx<'_>, key: &KeyHash, top_up: TopUpId) -> Result<(), DbError> {
    let sql = "update kiosk_sale set top_up_id = $2 where key_hash = $1 and top_up_id is null";
    tx.execute(sql, &[key.0.as_slice().into(), top_up.as_u64().into()]).map(drop)
}

fn read_sale(fields: &mut Fields<'_>) -> Result<KioskSale, DbError> {
    Ok(KioskSale {
        key: KeyHash(fields.bytes()?),
        place: PlaceId::from_u64(fields.bits()?),
        purse: PurseId::from_u64(fields.bits()?),
        card: column::card_number(fields)?,
        paid: column::amount_and_unit(fields)?,
        begun_at: fields.opt_time()?,
        offline_since: fields.opt_time()?,
        told_at: fields.time()?,
        top_up: fields.opt_bits()?.map(TopUpId::from_u64),
    })
}
