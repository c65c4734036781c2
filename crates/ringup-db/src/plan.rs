//! Plans: read by everyone, written by staff, always all of them together.

use ringup_core::money::Amount;
use ringup_core::plan::{Bundle, BundleId, Destination, DestinationId, Increment, MinuteRate, Plans, Prefix, Rate};
use ringup_core::product::ProductId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::card::read_u32;
use crate::column::{self, needed};
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::product::read_name;
use crate::seam::{Fields, Read, Value, WriteTx};

static DESTINATION: Table = Table::new(
    "plan_destination",
    &[int("id")],
    &[text("code"), text("name_en"), text("name_zh_hans"), text("also"), text("prefixes")],
    &[],
);

static RATE: Table = Table::new(
    "plan_rate",
    &[int("product_id"), int("destination_id")],
    &[
        text("unit"),
        int("per_minute_thousandths"),
        int("connection_fee_minor"),
        int("first_seconds"),
        int("next_seconds"),
    ],
    &[],
);

static BUNDLE: Table = Table::new(
    "plan_bundle",
    &[int("id")],
    &[
        int("product_id"),
        text("name_en"),
        text("name_zh_hans"),
        int("price_minor"),
        text("unit"),
        int("minutes"),
        text("destinations"),
        int("validity_days"),
    ],
    &[],
);

static DESTINATIONS: Lookup = Lookup::new(&DESTINATION, &[], "true", "order by id");
static RATES: Lookup = Lookup::new(&RATE, &[], "true", "order by product_id, destination_id");
static BUNDLES: Lookup = Lookup::new(&BUNDLE, &[], "true", "order by id");

/// All plans.
///
/// # Errors
/// What the database says.
pub fn plans(tx: &mut impl Read) -> Result<Plans, DbError> {
    Ok(Plans {
        destinations: DESTINATIONS.find(tx, &[], read_destination)?,
        rates: RATES.find(tx, &[], read_rate)?,
        bundles: BUNDLES.find(tx, &[], read_bundle)?,
    })
}

/// Puts these plans in the place of all that were there: what is not among them any more is not sold any more.
///
/// # Errors
/// [`DbError::Broken`] when a product is not there, or two destinations are called the same; what the database says.
pub fn replace_plans(tx: &mut WriteTx<'_>, plans: &Plans) -> Result<(), DbError> {
    for sql in ["delete from plan_bundle", "delete from plan_rate", "delete from plan_destination"] {
        tx.execute(sql, &[])?;
    }
    let mut values = Vec::new();
    for destination in &plans.destinations {
        values.extend(destination_row(destination)?);
    }
    insert(tx, &DESTINATION, values)?;
    insert(tx, &RATE, plans.rates.iter().flat_map(rate_row).collect())?;
    let mut values = Vec::new();
    for bundle in &plans.bundles {
        values.extend(bundle_row(bundle)?);
    }
    insert(tx, &BUNDLE, values)
}

fn insert(tx: &mut WriteTx<'_>, table: &'static Table, values: Vec<Value<'_>>) -> Result<(), DbError> {
    if values.is_empty() { Ok(()) } else { table.insert_all(tx, values) }
}

fn destination_row(destination: &Destination) -> Result<[Value<'_>; 6], DbError> {
    let prefixes: Vec<&str> = destination.prefixes.iter().map(Prefix::as_str).collect();
    Ok([
        destination.id.0.into(),
        destination.code.as_str().into(),
        destination.name.en.as_str().into(),
        destination.name.zh_hans.as_str().into(),
        list(&destination.also)?,
        list(&prefixes)?,
    ])
}

fn rate_row(rate: &Rate) -> [Value<'_>; 7] {
    [
        rate.product.0.into(),
        rate.destination.0.into(),
        rate.per_minute.unit().code().into(),
        rate.per_minute.thousandths().into(),
        rate.connection_fee.minor().into(),
        rate.increment.first_seconds().into(),
        rate.increment.next_seconds().into(),
    ]
}

fn bundle_row(bundle: &Bundle) -> Result<[Value<'_>; 9], DbError> {
    let destinations: Vec<u32> = bundle.destinations.iter().map(|destination| destination.0).collect();
    Ok([
        bundle.id.0.into(),
        bundle.product.0.into(),
        bundle.name.en.as_str().into(),
        bundle.name.zh_hans.as_str().into(),
        bundle.price.minor().into(),
        bundle.price.unit().code().into(),
        bundle.minutes.into(),
        list(&destinations)?,
        u32::from(bundle.validity_days).into(),
    ])
}

fn read_destination(fields: &mut Fields<'_>) -> Result<Destination, DbError> {
    let id = DestinationId(read_u32(fields)?);
    let code = fields.text()?.to_owned();
    let name = read_name(fields)?;
    let also = read_list(fields)?;
    let prefixes: Vec<String> = read_list(fields)?;
    let prefixes = prefixes.iter().map(|prefix| Prefix::parse(prefix)).collect::<Result<_, _>>();
    Ok(Destination { id, code, name, also, prefixes: prefixes.map_err(damaged)? })
}

fn read_rate(fields: &mut Fields<'_>) -> Result<Rate, DbError> {
    let (product, destination) = (ProductId(read_u32(fields)?), DestinationId(read_u32(fields)?));
    let unit = column::unit(fields)?;
    let per_minute = MinuteRate::new(fields.count()?, unit).map_err(damaged)?;
    let connection_fee = column::amount(fields.count()?, unit)?;
    let increment = Increment::new(read_u32(fields)?, read_u32(fields)?);
    let increment = needed(increment, "the steps of a rate")?;
    Ok(Rate { product, destination, per_minute, connection_fee, increment })
}

fn read_bundle(fields: &mut Fields<'_>) -> Result<Bundle, DbError> {
    let (id, product) = (BundleId(read_u32(fields)?), ProductId(read_u32(fields)?));
    let name = read_name(fields)?;
    let price: Amount = column::amount_and_unit(fields)?;
    let minutes = read_u32(fields)?;
    let destinations: Vec<u32> = read_list(fields)?;
    let destinations = destinations.into_iter().map(DestinationId).collect();
    let validity_days = u16::try_from(read_u32(fields)?).map_err(damaged)?;
    Ok(Bundle { id, product, name, price, minutes, destinations, validity_days })
}

fn list(items: &impl Serialize) -> Result<Value<'static>, DbError> {
    serde_json::to_string(items).map(Value::from).map_err(damaged)
}

fn read_list<T: DeserializeOwned>(fields: &mut Fields<'_>) -> Result<Vec<T>, DbError> {
    serde_json::from_str(fields.text()?).map_err(damaged)
}

fn damaged(error: impl std::fmt::Display) -> DbError {
    DbError::Damaged(error.to_string())
}

#[cfg(test)]
mod tests;
