//! Who took which rating for abuse: by the hash of a network address, kept for as long as it may only report so much.

use ringup_core::id::RatingId;
use ringup_core::time::Timestamp;

use crate::error::DbError;
use crate::seam::{Query as _, Read, WriteTx};

/// How many ratings were reported from an address since a moment.
///
/// # Errors
/// What the database says.
pub fn count_reports(tx: &mut impl Read, address: [u8; 16], since: Timestamp) -> Result<u64, DbError> {
    let sql = "select count(*) from rating_report where address_hash = $1 and reported_at >= $2";
    let count = tx.query_first(sql, &[address.as_slice().into(), since.into()], |fields| fields.count())?;
    Ok(count.unwrap_or(0))
}

/// Writes down a report; the same one again changes nothing.
///
/// # Errors
/// What the database says.
pub fn insert_report(tx: &mut WriteTx<'_>, address: [u8; 16], rating: RatingId, now: Timestamp) -> Result<(), DbError> {
    let sql = "insert into rating_report (address_hash, rating_id, reported_at) values ($1, $2, $3)
        on conflict do nothing";
    tx.execute(sql, &[address.as_slice().into(), rating.as_u64().into(), now.into()]).map(drop)
}

/// Forgets reports from before a moment; answers how many.
///
/// # Errors
/// What the database says.
pub fn forget_old_reports(tx: &mut WriteTx<'_>, before: Timestamp) -> Result<u64, DbError> {
    tx.execute("delete from rating_report where reported_at < $1", &[before.into()])
}
