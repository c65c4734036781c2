//! Till sessions: whose drawer a purse is.

use ringup_core::id::{ClerkId, DeviceId, PlaceId, PurseId};
use ringup_core::time::Timestamp;

use crate::dialect::{Lookup, Table, int};
use crate::error::DbError;
use crate::seam::{Fields, Query as _, Read, Value, WriteTx};

static TILL_SESSION: Table = Table::new(
    "till_session",
    &[int("purse_id")],
    &[int("place_id"), int("device_id"), int("clerk_id"), int("opened_at")],
    &[],
);
static BY_PURSE: Lookup = Lookup::new(&TILL_SESSION, &[int("purse_id")], "", "");
static OF_CLERK: Lookup = Lookup::new(&TILL_SESSION, &[int("clerk_id")], "", "order by purse_id desc limit $2");

/// Whose drawer a purse is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TillSession {
    /// The purse.
    pub purse: PurseId,
    /// At which store.
    pub place: PlaceId,
    /// At which till.
    pub device: DeviceId,
    /// In whose hands.
    pub clerk: ClerkId,
    /// Since when.
    pub opened_at: Timestamp,
}

/// Whose drawer a purse is.
///
/// # Errors
/// What the database says.
pub fn find_till_session(tx: &mut impl Read, purse: PurseId) -> Result<Option<TillSession>, DbError> {
    BY_PURSE.find_one(tx, &[purse.as_u64().into()], read_till_session)
}

/// The last sessions of a clerk, the newest first.
///
/// # Errors
/// What the database says.
pub fn till_sessions_of(tx: &mut impl Read, clerk: ClerkId, limit: u32) -> Result<Vec<TillSession>, DbError> {
    OF_CLERK.find(tx, &[clerk.as_u64().into(), limit.into()], read_till_session)
}

/// The drawer that a clerk has open.
///
/// # Errors
/// What the database says.
pub fn open_till_session_of(tx: &mut impl Read, clerk: ClerkId) -> Result<Option<PurseId>, DbError> {
    let sql = "select s.purse_id
        from till_session as s
        join purse as p on p.id = s.purse_id
        where s.clerk_id = $1 and p.state = 'open'
        order by s.purse_id desc
        limit 1";
    tx.query_first(sql, &[clerk.as_u64().into()], |fields| fields.bits().map(PurseId::from_u64))
}

/// Writes down whose drawer a purse is; once.
///
/// # Errors
/// What the database says.
pub fn insert_till_session(tx: &mut WriteTx<'_>, session: &TillSession) -> Result<(), DbError> {
    let values: Vec<Value<'_>> = vec![
        session.purse.as_u64().into(),
        session.place.as_u64().into(),
        session.device.as_u64().into(),
        session.clerk.as_u64().into(),
        session.opened_at.into(),
    ];
    TILL_SESSION.insert_new(tx, values, &mut |_| Ok(()))
}

fn read_till_session(fields: &mut Fields<'_>) -> Result<TillSession, DbError> {
    Ok(TillSession {
        purse: PurseId::from_u64(fields.bits()?),
        place: PlaceId::from_u64(fields.bits()?),
        device: DeviceId::from_u64(fields.bits()?),
        clerk: ClerkId::from_u64(fields.bits()?),
        opened_at: fields.time()?,
    })
}
