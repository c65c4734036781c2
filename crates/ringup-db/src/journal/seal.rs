//! Seals: one for each batch of entries that a lane wrote, chained for each house.

use ringup_core::ledger::{Entry, EntryHash, seal};
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;

use crate::error::DbError;
use crate::seam::{Query, WriteTx};

/// Writes the next seal of a house over these entries, in their order; answers its number.
///
/// # Errors
/// [`DbError::Conflict`] when another process writes for the same house.
pub(crate) fn write_seal(
    tx: &mut WriteTx<'_>,
    house: Shard,
    entries: &[Entry],
    now: Timestamp,
) -> Result<u64, DbError> {
    let sql = "select number, hash from seal where house = $1 order by number desc limit 1";
    let last =
        tx.query_first(sql, &[house.0.into()], |fields| Ok((fields.count()?, EntryHash::from_bytes(fields.bytes()?))))?;
    let (last_number, last_hash) = last.unwrap_or((0, EntryHash::NONE));
    let number = last_number.saturating_add(1);
    let hashes: Vec<EntryHash> = entries.iter().map(|entry| entry.hash).collect();
    let hash = seal(last_hash, house, number, &hashes);
    let count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    let sql = "insert into seal (house, number, hash, entry_count, recorded_at) values ($1, $2, $3, $4, $5)";
    let params = [house.0.into(), number.into(), hash.as_bytes().as_slice().into(), count.into(), now.into()];
    tx.execute_exactly(sql, &params, 1)?;
    Ok(number)
}
