//! Slips that have been given out: whoever gets another one of the same sale is told so on it.

use ringup_core::id::TopUpId;
use ringup_core::time::Timestamp;

use crate::error::DbError;
use crate::seam::{Query as _, Read, WriteTx};

/// Whether a sale's slip has been given out.
///
/// # Errors
/// What the database says.
pub fn was_given_out(tx: &mut impl Read, top_up: TopUpId) -> Result<bool, DbError> {
    let sql = "select first_at from slip where top_up_id = $1";
    Ok(!tx.query(sql, &[top_up.as_u64().into()], |fields| fields.time())?.is_empty())
}

/// A sale's slip is given out now; the first time counts.
///
/// # Errors
/// What the database says.
pub fn note_given_out(tx: &mut WriteTx<'_>, top_up: TopUpId, now: Timestamp) -> Result<(), DbError> {
    let sql = "insert into slip (top_up_id, first_at) values ($1, $2) on conflict (top_up_id) do nothing";
    tx.execute(sql, &[top_up.as_u64().into(), now.into()]).map(drop)
}
