//! Of each server a moment that none of its ids is after: where its mint begins when it is started again.

use ringup_core::id::Node;
use ringup_core::time::Timestamp;

use crate::error::DbError;
use crate::seam::{Query, Read, WriteTx};

/// The mark that a server kept last; none, when it has made no ids yet.
///
/// # Errors
/// What the database says.
pub fn find_mark(tx: &mut impl Read, node: Node) -> Result<Option<Timestamp>, DbError> {
    let sql = "select ids_until from id_mark where node = $1";
    tx.query_first(sql, &[node.number().into()], |fields| fields.time())
}

/// Keeps a mark. One that is later already stays.
///
/// # Errors
/// What the database says.
pub fn keep_mark(tx: &mut WriteTx<'_>, node: Node, mark: Timestamp) -> Result<(), DbError> {
    let sql = "insert into id_mark (node, ids_until) values ($1, $2)
        on conflict (node) do update set ids_until = excluded.ids_until where id_mark.ids_until < excluded.ids_until";
    tx.execute(sql, &[node.number().into(), mark.into()]).map(drop)
}

#[cfg(test)]
mod tests;
