//! Stores: places with a counter of ours.

use ringup_core::id::{PlaceId, PurseId};
use ringup_core::money::{Amount, Unit};

use crate::column;
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

static STORE: Table = Table::new(
    "store",
    &[int("place_id")],
    &[int("safe_id"), text("unit")],
    &[int("sale_max_minor"), int("identity_from_minor"), int("identity_month_minor"), int("identity_first_sale")],
);

static STORE_BY_PLACE: Lookup = Lookup::new(&STORE, &[int("place_id")], "", "");
static STORES: Lookup = Lookup::new(&STORE, &[], "true", "order by place_id");

/// A place with a counter of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// Which place.
    pub place: PlaceId,
    /// The purse that its drawers are filled from and emptied into.
    pub safe: PurseId,
    /// What it sells in.
    pub unit: Unit,
    /// The largest sale.
    pub sale_max: Amount,
    /// When a buyer must show who he is.
    pub identity: IdentityRule,
}

/// When a buyer must show who he is. What the law asks differs from country to country, so each store has its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IdentityRule {
    /// For a sale of this much or more.
    pub from: Option<Amount>,
    /// When a card's sales at stores come to this much within 30 days.
    pub month: Option<Amount>,
    /// For the first sale to a card at this store.
    pub first_sale: bool,
}

/// The store at a place.
///
/// # Errors
/// What the database says.
pub fn find_store(tx: &mut impl Read, place: PlaceId) -> Result<Option<Store>, DbError> {
    STORE_BY_PLACE.find_one(tx, &[place.as_u64().into()], read_store)
}

/// All stores.
///
/// # Errors
/// What the database says.
pub fn stores(tx: &mut impl Read) -> Result<Vec<Store>, DbError> {
    STORES.find(tx, &[], read_store)
}

/// Writes down a store.
///
/// # Errors
/// [`DbError::Conflict`] when the place has one.
pub fn insert_store(tx: &mut WriteTx<'_>, store: &Store) -> Result<(), DbError> {
    let mut values: Vec<Value<'_>> =
        vec![store.place.as_u64().into(), store.safe.as_u64().into(), store.unit.code().into()];
    values.extend(changing(store));
    STORE.insert_all(tx, values)
}

/// Changes what a store asks and allows.
///
/// # Errors
/// [`DbError::Conflict`] when the place has none.
pub fn update_store(tx: &mut WriteTx<'_>, store: &Store) -> Result<(), DbError> {
    let sql = "update store set
            sale_max_minor = $2,
            identity_from_minor = $3,
            identity_month_minor = $4,
            identity_first_sale = $5
        where place_id = $1";
    let mut values: Vec<Value<'_>> = vec![store.place.as_u64().into()];
    values.extend(changing(store));
    tx.execute_exactly(sql, &values, 1)
}

fn changing(store: &Store) -> [Value<'static>; 4] {
    [
        store.sale_max.minor().into(),
        store.identity.from.map(|amount| amount.minor()).into(),
        store.identity.month.map(|amount| amount.minor()).into(),
        i64::from(store.identity.first_sale).into(),
    ]
}

fn read_store(fields: &mut Fields<'_>) -> Result<Store, DbError> {
    let place = PlaceId::from_u64(fields.bits()?);
    let safe = PurseId::from_u64(fields.bits()?);
    let unit = column::unit(fields)?;
    let sale_max = column::amount(fields.count()?, unit)?;
    let from = fields.opt_bits()?.map(|minor| column::amount(minor, unit)).transpose()?;
    let month = fields.opt_bits()?.map(|minor| column::amount(minor, unit)).transpose()?;
    let first_sale = fields.int()? == 1;
    Ok(Store { place, safe, unit, sale_max, identity: IdentityRule { from, month, first_sale } })
}
