//! Clerks who are signed in: each on one till, or, an agent's people, in one browser.

use ringup_core::id::{ClerkId, DeviceId};
use ringup_core::time::Timestamp;

use crate::error::DbError;
use crate::seam::{Query as _, Read, Value, WriteTx};

/// A clerk who is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClerkSession {
    /// Who.
    pub clerk: ClerkId,
    /// On which till; nothing when in a browser that is no till.
    pub device: Option<DeviceId>,
    /// Since when.
    pub opened_at: Timestamp,
    /// When it was used last.
    pub used_at: Timestamp,
}

/// The session that a token opens, by the token's hash.
///
/// # Errors
/// What the database says.
pub fn find_clerk_session(tx: &mut impl Read, token_hash: &[u8; 32]) -> Result<Option<ClerkSession>, DbError> {
    let sql = "select clerk_id, device_id, opened_at, used_at from clerk_session where token_hash = $1";
    tx.query_first(sql, &[token_hash.as_slice().into()], |fields| {
        Ok(ClerkSession {
            clerk: ClerkId::from_u64(fields.bits()?),
            device: fields.opt_bits()?.map(DeviceId::from_u64),
            opened_at: fields.time()?,
            used_at: fields.time()?,
        })
    })
}

/// Signs a clerk in, on a till or in any browser; whoever was signed in on that till, and he elsewhere, no longer is.
///
/// # Errors
/// What the database says.
pub fn open_clerk_session(
    tx: &mut WriteTx<'_>,
    token_hash: &[u8; 32],
    (clerk, device): (ClerkId, Option<DeviceId>),
    now: Timestamp,
) -> Result<(), DbError> {
    let others = "delete from clerk_session where device_id = $1 or clerk_id = $2";
    let device: Value<'_> = device.map(DeviceId::as_u64).into();
    tx.execute(others, &[device.clone(), clerk.as_u64().into()])?;
    let sql = "insert into clerk_session (token_hash, clerk_id, device_id, opened_at, used_at)
        values ($1, $2, $3, $4, $4)";
    let params = [token_hash.as_slice().into(), clerk.as_u64().into(), device, now.into()];
    tx.execute_exactly(sql, &params, 1)
}

/// A session was used.
///
/// # Errors
/// What the database says.
pub fn note_clerk_session_used(tx: &mut WriteTx<'_>, token_hash: &[u8; 32], now: Timestamp) -> Result<(), DbError> {
    let sql = "update clerk_session set used_at = $2 where token_hash = $1 and used_at < $2";
    tx.execute(sql, &[token_hash.as_slice().into(), now.into()]).map(drop)
}

/// Ends a session.
///
/// # Errors
/// What the database says.
pub fn close_clerk_session(tx: &mut WriteTx<'_>, token_hash: &[u8; 32]) -> Result<(), DbError> {
    tx.execute("delete from clerk_session where token_hash = $1", &[token_hash.as_slice().into()]).map(drop)
}

/// Ends all sessions of a clerk who left, or on a device that was shut out.
///
/// # Errors
/// What the database says.
pub fn close_clerk_sessions(
    tx: &mut WriteTx<'_>,
    clerk: Option<ClerkId>,
    device: Option<DeviceId>,
) -> Result<(), DbError> {
    let sql = "delete from clerk_session where clerk_id = $1 or device_id = $2";
    tx.execute(sql, &[clerk.map(ClerkId::as_u64).into(), device.map(DeviceId::as_u64).into()]).map(drop)
}
