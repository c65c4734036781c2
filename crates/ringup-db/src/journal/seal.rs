//! Seals: one for each batch of entries that a node wrote.

use ringup_core::id::Node;
use ringup_core::ledger::{Entry, EntryHash, seal};
use ringup_core::time::Timestamp;

use crate::error::DbError;
use crate::seam::{Query, WriteTx};

/// Writes the next seal of a node over these entries, in their order; answers its number.
///
/// # Errors
/// [`DbError::Conflict`] when another process writes as the same node.
pub(crate) fn write_seal(tx: &mut WriteTx<'_>, node: Node, entries: &[Entry], now: Timestamp) -> Result<u64, DbError> {
    let sql = "select number, hash from seal where node = $1 order by number desc limit 1";
    let last = tx.query_first(sql, &[node.number().into()], |fields| {
        Ok((fields.count()?, EntryHash::from_bytes(fields.bytes()?)))
    })?;
    let (last_number, last_hash) = last.unwrap_or((0, EntryHash::NONE));
    let number = last_number.saturating_add(1);
    let hashes: Vec<EntryHash> = entries.iter().map(|entry| entry.hash).collect();
    let hash = seal(last_hash, node, number, &hashes);
    let count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    let sql = "insert into seal (node, number, hash, entry_count, recorded_at) values ($1, $2, $3, $4, $5)";
    let params = [node.number().into(), number.into(), hash.as_bytes().as_slice().into(), count.into(), now.into()];
    tx.execute_exactly(sql, &params, 1)?;
    Ok(number)
}
