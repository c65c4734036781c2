//! Places: written by staff, read whole by whoever holds them in memory.

use ringup_core::id::PlaceId;
use ringup_core::place::{Crediting, Hours, Place, PlaceCode, PlaceKind, PlaceState, Position, Takes};

use crate::column::needed;
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::product::read_name;
use crate::seam::{Fields, Query as _, Read, Value, WriteTx};

static PLACE: Table = Table::new(
    "place",
    &[int("id")],
    &[
        text("kind"),
        text("code"),
        text("name_en"),
        text("name_zh_hans"),
        text("city_en"),
        text("city_zh_hans"),
        text("district_en"),
        text("district_zh_hans"),
        text("address_en"),
        text("address_zh_hans"),
        int("latitude_e6"),
        int("longitude_e6"),
        text("time_zone"),
        text("hours"),
        int("takes_cash"),
        int("takes_codes"),
        int("takes_cards"),
        text("credited_at_times"),
        text("licence"),
        int("reach_cm"),
        text("phone"),
        text("state"),
        int("state_since"),
    ],
    &[],
);

static PLACES: Lookup = Lookup::new(&PLACE, &[], "true", "order by code");
static PLACE_BY_ID: Lookup = Lookup::new(&PLACE, &[int("id")], "", "");
static PLACE_BY_CODE: Lookup = Lookup::new(&PLACE, &[text("code")], "", "");

/// All places, by their codes.
///
/// # Errors
/// What the database says.
pub fn places(tx: &mut impl Read) -> Result<Vec<Place>, DbError> {
    PLACES.find(tx, &[], read_place)
}

/// A place.
///
/// # Errors
/// What the database says.
pub fn find_place(tx: &mut impl Read, id: PlaceId) -> Result<Option<Place>, DbError> {
    PLACE_BY_ID.find_one(tx, &[id.as_u64().into()], read_place)
}

/// The place that lists and people name so.
///
/// # Errors
/// What the database says.
pub fn find_place_by_code(tx: &mut impl Read, code: &PlaceCode) -> Result<Option<Place>, DbError> {
    PLACE_BY_CODE.find_one(tx, &[code.as_str().into()], read_place)
}

/// A number that is another one after any place was written.
///
/// # Errors
/// What the database says.
pub fn places_version(tx: &mut impl Read) -> Result<u64, DbError> {
    let found = tx.query_first("select version from place_version where id = 1", &[], |fields| fields.count())?;
    needed(found, "the version of the places")
}

/// Writes places, whether they are new or not: one with a code that is there already takes its place, and keeps its id.
///
/// # Errors
/// What the database says.
pub fn upsert_places(tx: &mut WriteTx<'_>, places: &[Place]) -> Result<(), DbError> {
    let sql = include_str!("place/upsert.sql");
    for place in places {
        tx.execute_exactly(sql, &values(place), 1)?;
    }
    tx.execute_exactly("update place_version set version = version + 1 where id = 1", &[], 1)
}

fn values(place: &Place) -> [Value<'_>; 24] {
    let times = place.crediting.to_string();
    let (state, since) = match place.state {
        PlaceState::InBusiness => (IN_BUSINESS, None),
        PlaceState::Closed => (CLOSED, None),
        PlaceState::OutOfOrder { since } => (OUT_OF_ORDER, Some(since)),
    };
    [
        place.id.as_u64().into(),
        place.kind.name().into(),
        place.code.as_str().into(),
        place.name.en.as_str().into(),
        place.name.zh_hans.as_str().into(),
        place.city.en.as_str().into(),
        place.city.zh_hans.as_str().into(),
        place.district.en.as_str().into(),
        place.district.zh_hans.as_str().into(),
        place.address.en.as_str().into(),
        place.address.zh_hans.as_str().into(),
        i64::from(place.position.latitude_e6()).into(),
        i64::from(place.position.longitude_e6()).into(),
        place.time_zone.as_str().into(),
        place.hours.to_string().into(),
        i64::from(place.takes.cash).into(),
        i64::from(place.takes.codes).into(),
        i64::from(place.takes.cards).into(),
        (!times.is_empty()).then_some(times).into(),
        place.licence.as_deref().into(),
        place.reach_cm.into(),
        place.phone.as_deref().into(),
        state.into(),
        since.into(),
    ]
}

const IN_BUSINESS: &str = "in_business";
const CLOSED: &str = "closed";
const OUT_OF_ORDER: &str = "out_of_order";

fn read_place(fields: &mut Fields<'_>) -> Result<Place, DbError> {
    let id = PlaceId::from_u64(fields.bits()?);
    let kind = needed(PlaceKind::from_name(fields.text()?), "a place's kind")?;
    let code = fields.text()?.parse().map_err(damaged)?;
    let [name, city, district, address] =
        [read_name(fields)?, read_name(fields)?, read_name(fields)?, read_name(fields)?];
    let position = read_position(fields)?;
    let time_zone = fields.text()?.to_owned();
    let hours: Hours = fields.text()?.parse().map_err(damaged)?;
    let [cash, codes, cards] = [fields.int()? == 1, fields.int()? == 1, fields.int()? == 1];
    let crediting: Crediting = fields.opt_text()?.unwrap_or_default().parse().map_err(damaged)?;
    let licence = fields.opt_text()?.map(str::to_owned);
    let reach_cm = fields.opt_int()?.map(u32::try_from).transpose().map_err(damaged)?;
    let phone = fields.opt_text()?.map(str::to_owned);
    let state = fields.text()?;
    let since = fields.opt_time()?;
    let state = match state {
        IN_BUSINESS => PlaceState::InBusiness,
        CLOSED => PlaceState::Closed,
        OUT_OF_ORDER => PlaceState::OutOfOrder { since: needed(since, "since when a place is out of order")? },
        other => return Err(DbError::Damaged(format!("{other:?} is no state of a place"))),
    };
    let takes = Takes { cash, codes, cards };
    Ok(Place {
        id,
        kind,
        code,
        name,
        city,
        district,
        address,
        position,
        time_zone,
        hours,
        takes,
        crediting,
        licence,
        reach_cm,
        phone,
        state,
    })
}

fn read_position(fields: &mut Fields<'_>) -> Result<Position, DbError> {
    let mut degrees = || fields.int().and_then(|value| i32::try_from(value).map_err(damaged));
    Position::new(degrees()?, degrees()?).map_err(damaged)
}

fn damaged(error: impl std::fmt::Display) -> DbError {
    DbError::Damaged(format!("a place: {error}"))
}

#[cfg(test)]
mod tests;
