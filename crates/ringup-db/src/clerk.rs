//! Clerks: who serves at a counter.

use ringup_core::books::PinHash;
use ringup_core::id::{ClerkId, PlaceId};
use ringup_core::time::Timestamp;

use crate::column::needed;
use crate::dialect::{Lookup, Table, blob, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

static CLERK: Table = Table::new(
    "clerk",
    &[int("id")],
    &[int("place_id"), text("number"), text("name"), text("role")],
    &[blob("pin_hash"), blob("badge_hash"), int("failures"), int("locked_until"), int("left_at")],
);

static CLERK_BY_ID: Lookup = Lookup::new(&CLERK, &[int("id")], "", "");
static CLERK_BY_NUMBER: Lookup = Lookup::new(&CLERK, &[int("place_id"), text("number")], "", "");
static CLERK_BY_BADGE: Lookup = Lookup::new(&CLERK, &[int("place_id"), blob("badge_hash")], "", "");
static CLERKS_OF_PLACE: Lookup = Lookup::new(&CLERK, &[int("place_id")], "", "order by number");

/// What somebody may do at a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Sell, and ask for a sale to be undone.
    Clerk,
    /// Also decide about what others ask, and send cash to the bank.
    Supervisor,
}

impl Role {
    /// Its name in a column.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Supervisor => "supervisor",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "clerk" => Some(Self::Clerk),
            "supervisor" => Some(Self::Supervisor),
            _ => None,
        }
    }
}

/// Somebody who serves at a counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clerk {
    /// His id.
    pub id: ClerkId,
    /// Where.
    pub place: PlaceId,
    /// What he types to say who he is.
    pub number: String,
    /// His name.
    pub name: String,
    /// What he may do.
    pub role: Role,
    /// The keyed hash of his PIN.
    pub pin: PinHash,
    /// The keyed hash of what his badge says.
    pub badge: Option<PinHash>,
    /// Wrong PINs since the last right one.
    pub failures: u32,
    /// Until when no PIN of his is looked at.
    pub locked_until: Option<Timestamp>,
    /// When he left.
    pub left_at: Option<Timestamp>,
}

/// A clerk.
///
/// # Errors
/// What the database says.
pub fn find_clerk(tx: &mut impl Read, id: ClerkId) -> Result<Option<Clerk>, DbError> {
    CLERK_BY_ID.find_one(tx, &[id.as_u64().into()], read_clerk)
}

/// The clerk of a place with this number.
///
/// # Errors
/// What the database says.
pub fn find_clerk_by_number(tx: &mut impl Read, place: PlaceId, number: &str) -> Result<Option<Clerk>, DbError> {
    CLERK_BY_NUMBER.find_one(tx, &[place.as_u64().into(), number.into()], read_clerk)
}

/// The clerk of a place with this badge.
///
/// # Errors
/// What the database says.
pub fn find_clerk_by_badge(tx: &mut impl Read, place: PlaceId, badge: PinHash) -> Result<Option<Clerk>, DbError> {
    CLERK_BY_BADGE.find_one(tx, &[place.as_u64().into(), badge.0.as_slice().into()], read_clerk)
}

/// All clerks of a place, those who left too.
///
/// # Errors
/// What the database says.
pub fn clerks_of(tx: &mut impl Read, place: PlaceId) -> Result<Vec<Clerk>, DbError> {
    CLERKS_OF_PLACE.find(tx, &[place.as_u64().into()], read_clerk)
}

/// Writes down a clerk.
///
/// # Errors
/// [`DbError::Broken`] when the number or the badge is another one's.
pub fn insert_clerk(tx: &mut WriteTx<'_>, clerk: &Clerk) -> Result<(), DbError> {
    let values: Vec<Value<'_>> = vec![
        clerk.id.as_u64().into(),
        clerk.place.as_u64().into(),
        clerk.number.as_str().into(),
        clerk.name.as_str().into(),
        clerk.role.name().into(),
        clerk.pin.0.as_slice().into(),
        clerk.badge.as_ref().map(|badge| badge.0.as_slice()).into(),
        clerk.failures.into(),
        clerk.locked_until.into(),
        clerk.left_at.into(),
    ];
    CLERK.insert_all(tx, values)
}

/// Counts a wrong PIN, and keeps more of them out until `locked_until` when that is given.
///
/// # Errors
/// [`DbError::Conflict`] when there is no such clerk.
pub fn count_clerk_failure(tx: &mut WriteTx<'_>, id: ClerkId, locked_until: Option<Timestamp>) -> Result<(), DbError> {
    let sql = "update clerk set failures = failures + 1, locked_until = coalesce($2, locked_until) where id = $1";
    tx.execute_exactly(sql, &[id.as_u64().into(), locked_until.into()], 1)
}

/// A right PIN ends the counting.
///
/// # Errors
/// [`DbError::Conflict`] when there is no such clerk.
pub fn forget_clerk_failures(tx: &mut WriteTx<'_>, id: ClerkId) -> Result<(), DbError> {
    tx.execute_exactly("update clerk set failures = 0, locked_until = null where id = $1", &[id.as_u64().into()], 1)
}

/// A clerk has another badge, or his first.
///
/// # Errors
/// [`DbError::Conflict`] when there is no such clerk.
pub fn give_clerk_badge(tx: &mut WriteTx<'_>, id: ClerkId, badge: PinHash) -> Result<(), DbError> {
    let params = [id.as_u64().into(), badge.0.as_slice().into()];
    tx.execute_exactly("update clerk set badge_hash = $2 where id = $1", &params, 1)
}

/// A clerk has left: nobody signs in as him any more.
///
/// # Errors
/// [`DbError::Conflict`] when there is no such clerk.
pub fn dismiss_clerk(tx: &mut WriteTx<'_>, id: ClerkId, now: Timestamp) -> Result<(), DbError> {
    let sql = "update clerk set left_at = coalesce(left_at, $2) where id = $1";
    tx.execute_exactly(sql, &[id.as_u64().into(), now.into()], 1)
}

fn read_clerk(fields: &mut Fields<'_>) -> Result<Clerk, DbError> {
    Ok(Clerk {
        id: ClerkId::from_u64(fields.bits()?),
        place: PlaceId::from_u64(fields.bits()?),
        number: fields.text()?.to_owned(),
        name: fields.text()?.to_owned(),
        role: needed(Role::from_name(fields.text()?), "a clerk's role")?,
        pin: PinHash(fields.bytes()?),
        badge: match fields.opt_blob()? {
            Some(bytes) => Some(PinHash(bytes.try_into().map_err(|_| DbError::Damaged("a badge's hash".to_owned()))?)),
            None => None,
        },
        failures: u32::try_from(fields.int()?).unwrap_or(u32::MAX),
        locked_until: fields.opt_time()?,
        left_at: fields.opt_time()?,
    })
}
