//! Kiosks: what each may take, and how it was when it was heard last.

use std::collections::BTreeMap;

use ringup_core::id::{PlaceId, PurseId};
use ringup_core::money::{Amount, Unit};
use ringup_core::time::Timestamp;

use crate::column;
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Query, Read, Value, WriteTx};

static KIOSK: Table = Table::new(
    "kiosk",
    &[int("place_id")],
    &[int("number"), int("safe_id"), text("unit")],
    &[
        text("hot_line"),
        text("note_values"),
        int("visit_max_minor"),
        int("offline_max_minor"),
        int("box_capacity"),
        int("box_nearly_full"),
    ],
);
static KIOSK_BY_PLACE: Lookup = Lookup::new(&KIOSK, &[int("place_id")], "", "");
static KIOSKS: Lookup = Lookup::new(&KIOSK, &[], "true", "order by number");

static HEALTH: Table = Table::new(
    "kiosk_health",
    &[int("place_id")],
    &[],
    &[
        int("heard_at"),
        int("trouble_since"),
        text("paper"),
        text("validator"),
        text("door"),
        text("link"),
        int("clock_off_ms"),
        text("version"),
        int("waiting_sales"),
        int("waiting_claims"),
    ],
);
static HEALTH_BY_PLACE: Lookup = Lookup::new(&HEALTH, &[int("place_id")], "", "");

/// A place with a machine of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kiosk {
    /// Which place.
    pub place: PlaceId,
    /// What the numbers of its notes begin with, for ever.
    pub number: u32,
    /// The purse that its boxes are emptied into.
    pub safe: PurseId,
    /// What it sells in.
    pub unit: Unit,
    /// Whom a holder calls.
    pub hot_line: String,
    /// The notes that it takes, the smallest first.
    pub notes: Vec<Amount>,
    /// The most that is put in for one sale.
    pub visit_max: Amount,
    /// The same while the line is down; nothing when no notes are taken then.
    pub offline_max: Option<Amount>,
    /// How many notes a box holds.
    pub box_capacity: u32,
    /// From how many on somebody should come.
    pub box_nearly_full: u32,
}

/// How a kiosk is, by its own word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KioskHealth {
    /// Which.
    pub place: PlaceId,
    /// When it was heard.
    pub heard_at: Timestamp,
    /// Since when it says that it does not work; nothing when it does.
    pub trouble_since: Option<Timestamp>,
    /// How its paper is.
    pub paper: String,
    /// How its validator is.
    pub validator: String,
    /// Whether its door is open.
    pub door: String,
    /// How its line is.
    pub link: String,
    /// How far its clock is ahead of ours, in milliseconds.
    pub clock_off_ms: i64,
    /// Its program.
    pub version: String,
    /// How many sales it has not been able to send.
    pub waiting_sales: u32,
    /// How many claims it has not been able to send.
    pub waiting_claims: u32,
}

/// The kiosk at a place.
///
/// # Errors
/// What the database says.
pub fn find_kiosk(tx: &mut impl Read, place: PlaceId) -> Result<Option<Kiosk>, DbError> {
    KIOSK_BY_PLACE.find_one(tx, &[place.as_u64().into()], read_kiosk)
}

/// All kiosks, by their numbers.
///
/// # Errors
/// What the database says.
pub fn kiosks(tx: &mut impl Read) -> Result<Vec<Kiosk>, DbError> {
    KIOSKS.find(tx, &[], read_kiosk)
}

/// Writes down a kiosk, with the next number; answers it as it is then.
///
/// # Errors
/// [`DbError::Broken`] when the place has one, or the number was taken meanwhile.
pub fn insert_kiosk(tx: &mut WriteTx<'_>, kiosk: &Kiosk) -> Result<Kiosk, DbError> {
    let last = tx.query_first("select coalesce(max(number), 0) from kiosk", &[], |fields| fields.int())?;
    let number = u32::try_from(last.unwrap_or(0).saturating_add(1)).map_err(|_| damaged("a kiosk's number"))?;
    let kiosk = Kiosk { number, ..kiosk.clone() };
    let notes: Vec<String> = kiosk.notes.iter().map(|note| note.minor().to_string()).collect();
    let values: Vec<Value<'_>> = vec![
        kiosk.place.as_u64().into(),
        kiosk.number.into(),
        kiosk.safe.as_u64().into(),
        kiosk.unit.code().into(),
        kiosk.hot_line.as_str().into(),
        notes.join(",").into(),
        kiosk.visit_max.minor().into(),
        kiosk.offline_max.map(|most| most.minor()).into(),
        kiosk.box_capacity.into(),
        kiosk.box_nearly_full.into(),
    ];
    KIOSK.insert_all(tx, values)?;
    Ok(kiosk)
}

/// How a kiosk was when it was heard last.
///
/// # Errors
/// What the database says.
pub fn find_health(tx: &mut impl Read, place: PlaceId) -> Result<Option<KioskHealth>, DbError> {
    HEALTH_BY_PLACE.find_one(tx, &[place.as_u64().into()], read_health)
}

/// Keeps how a kiosk is, in place of what it said before.
///
/// # Errors
/// What the database says.
pub fn keep_health(tx: &mut WriteTx<'_>, health: &KioskHealth) -> Result<(), DbError> {
    tx.execute("delete from kiosk_health where place_id = $1", &[health.place.as_u64().into()])?;
    let values: Vec<Value<'_>> = vec![
        health.place.as_u64().into(),
        health.heard_at.into(),
        health.trouble_since.into(),
        health.paper.as_str().into(),
        health.validator.as_str().into(),
        health.door.as_str().into(),
        health.link.as_str().into(),
        health.clock_off_ms.into(),
        health.version.as_str().into(),
        health.waiting_sales.into(),
        health.waiting_claims.into(),
    ];
    HEALTH.insert_all(tx, values)
}

/// The kiosks that are not known to be in order, each with since when: by their own word, or because they have not been heard after `silent`.
/// One that was never heard was never in order.
///
/// # Errors
/// What the database says.
pub fn out_of_order(tx: &mut impl Read, silent: Timestamp) -> Result<BTreeMap<PlaceId, Timestamp>, DbError> {
    let sql = "select k.place_id, coalesce(h.trouble_since, h.heard_at, 0)
        from kiosk as k
        left join kiosk_health as h on h.place_id = k.place_id
        where h.place_id is null or h.trouble_since is not null or h.heard_at < $1";
    let rows = tx.query(sql, &[silent.into()], |fields| Ok((PlaceId::from_u64(fields.bits()?), fields.time()?)))?;
    Ok(rows.into_iter().collect())
}

fn read_kiosk(fields: &mut Fields<'_>) -> Result<Kiosk, DbError> {
    let place = PlaceId::from_u64(fields.bits()?);
    let number = small(fields)?;
    let safe = PurseId::from_u64(fields.bits()?);
    let unit = column::unit(fields)?;
    let hot_line = fields.text()?.to_owned();
    let notes = fields.text()?.split(',').filter(|text| !text.is_empty());
    let notes = notes.map(|text| text.parse().map_err(|_| damaged("a note's value")));
    let notes = notes.map(|minor: Result<u64, DbError>| column::amount(minor?, unit)).collect::<Result<_, _>>()?;
    let visit_max = column::amount(fields.count()?, unit)?;
    let offline_max = fields.opt_bits()?.map(|minor| column::amount(minor, unit)).transpose()?;
    let (box_capacity, box_nearly_full) = (small(fields)?, small(fields)?);
    Ok(Kiosk { place, number, safe, unit, hot_line, notes, visit_max, offline_max, box_capacity, box_nearly_full })
}

fn read_health(fields: &mut Fields<'_>) -> Result<KioskHealth, DbError> {
    Ok(KioskHealth {
        place: PlaceId::from_u64(fields.bits()?),
        heard_at: fields.time()?,
        trouble_since: fields.opt_time()?,
        paper: fields.text()?.to_owned(),
        validator: fields.text()?.to_owned(),
        door: fields.text()?.to_owned(),
        link: fields.text()?.to_owned(),
        clock_off_ms: fields.int()?,
        version: fields.text()?.to_owned(),
        waiting_sales: small(fields)?,
        waiting_claims: small(fields)?,
    })
}

fn small(fields: &mut Fields<'_>) -> Result<u32, DbError> {
    u32::try_from(fields.int()?).map_err(|_| damaged("a kiosk's count"))
}

fn damaged(what: &str) -> DbError {
    DbError::Damaged(what.to_owned())
}
