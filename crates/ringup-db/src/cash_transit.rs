//! Cash on its way from a safe to the bank.

use ringup_core::id::{ClerkId, PlaceId, TransitId};
use ringup_core::money::Amount;
use ringup_core::time::Timestamp;

use crate::column;
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

static TRANSIT: Table = Table::new(
    "cash_transit",
    &[int("id")],
    &[int("place_id"), text("bag"), int("amount_minor"), text("unit"), int("sent_by"), int("sent_at")],
    &[int("banked_minor"), int("banked_at")],
);
static TRANSIT_BY_ID: Lookup = Lookup::new(&TRANSIT, &[int("id")], "", "");
static TRANSIT_BY_BAG: Lookup = Lookup::new(&TRANSIT, &[int("place_id"), text("bag")], "", "");
static OPEN_TRANSITS: Lookup = Lookup::new(&TRANSIT, &[], "banked_at is null", "order by sent_at limit $1");

/// Cash on its way to the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CashTransit {
    /// Its id.
    pub id: TransitId,
    /// From which store.
    pub place: PlaceId,
    /// The number of the sealed bag.
    pub bag: String,
    /// How much is in it.
    pub amount: Amount,
    /// Who sent it.
    pub sent_by: ClerkId,
    /// When.
    pub sent_at: Timestamp,
    /// What the bank found, and when the office wrote it down.
    pub banked: Option<(Amount, Timestamp)>,
}

/// A bag.
///
/// # Errors
/// What the database says.
pub fn find_transit(tx: &mut impl Read, id: TransitId) -> Result<Option<CashTransit>, DbError> {
    TRANSIT_BY_ID.find_one(tx, &[id.as_u64().into()], read_transit)
}

/// The bag of a store with this number.
///
/// # Errors
/// What the database says.
pub fn find_transit_by_bag(tx: &mut impl Read, place: PlaceId, bag: &str) -> Result<Option<CashTransit>, DbError> {
    TRANSIT_BY_BAG.find_one(tx, &[place.as_u64().into(), bag.into()], read_transit)
}

/// Bags that no bank has counted, the oldest first.
///
/// # Errors
/// What the database says.
pub fn open_transits(tx: &mut impl Read, limit: u32) -> Result<Vec<CashTransit>, DbError> {
    OPEN_TRANSITS.find(tx, &[limit.into()], read_transit)
}

/// Writes down a bag, before it is booked.
///
/// # Errors
/// [`DbError::Broken`] when the store has had a bag with this number.
pub fn insert_transit(tx: &mut WriteTx<'_>, transit: &CashTransit) -> Result<(), DbError> {
    let values: Vec<Value<'_>> = vec![
        transit.id.as_u64().into(),
        transit.place.as_u64().into(),
        transit.bag.as_str().into(),
        transit.amount.minor().into(),
        transit.amount.unit().code().into(),
        transit.sent_by.as_u64().into(),
        transit.sent_at.into(),
        transit.banked.map(|(amount, _)| amount.minor()).into(),
        transit.banked.map(|(_, at)| at).into(),
    ];
    TRANSIT.insert_all(tx, values)
}

/// Writes down what the bank found; once.
///
/// # Errors
/// [`DbError::Conflict`] when that was written before.
pub fn bank_transit(tx: &mut WriteTx<'_>, id: TransitId, banked: Amount, now: Timestamp) -> Result<(), DbError> {
    let sql = "update cash_transit set banked_minor = $2, banked_at = $3 where id = $1 and banked_at is null";
    tx.execute_exactly(sql, &[id.as_u64().into(), banked.minor().into(), now.into()], 1)
}

fn read_transit(fields: &mut Fields<'_>) -> Result<CashTransit, DbError> {
    let id = TransitId::from_u64(fields.bits()?);
    let place = PlaceId::from_u64(fields.bits()?);
    let bag = fields.text()?.to_owned();
    let amount = column::amount_and_unit(fields)?;
    let (sent_by, sent_at) = (ClerkId::from_u64(fields.bits()?), fields.time()?);
    let banked = fields.opt_bits()?.map(|minor| column::amount(minor, amount.unit())).transpose()?;
    let banked = banked.zip(fields.opt_time()?);
    Ok(CashTransit { id, place, bag, amount, sent_by, sent_at, banked })
}
