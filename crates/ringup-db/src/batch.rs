//! Batches: cards that were made or imported together.

use ringup_core::card::CardState;
use ringup_core::id::BatchId;
use ringup_core::product::ProductId;
use ringup_core::time::{Span, Timestamp};

use crate::card::read_u32;
use crate::column::needed;
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

static BATCH: Table = Table::new(
    "batch",
    &[int("id")],
    &[int("product_id"), text("kind")],
    &[int("card_count"), text("state"), int("created_at")],
);

static BATCH_BY_ID: Lookup = Lookup::new(&BATCH, &[int("id")], "", "");
static BATCHES: Lookup = Lookup::new(&BATCH, &[], "true", "order by id desc limit $1");

/// Where the cards of a batch come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchKind {
    /// Made here.
    Issued,
    /// From another system.
    Imported,
}

/// Cards that were made or imported together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// What kind of card they are.
    pub product: ProductId,
    /// Where they come from.
    pub kind: BatchKind,
    /// How many.
    pub card_count: u64,
    /// The state that all of them were last moved to.
    pub state: CardState,
    /// When it was made.
    pub created_at: Timestamp,
}

impl BatchKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Imported => "imported",
        }
    }
}

/// A batch.
///
/// # Errors
/// What the database says.
pub fn find_batch(tx: &mut impl Read, id: BatchId) -> Result<Option<Batch>, DbError> {
    BATCH_BY_ID.find_one(tx, &[id.as_u64().into()], read_batch)
}

/// The latest batches, the newest first.
///
/// # Errors
/// What the database says.
pub fn recent_batches(tx: &mut impl Read, limit: u32) -> Result<Vec<Batch>, DbError> {
    BATCHES.find(tx, &[limit.into()], read_batch)
}

/// Writes down a batch, before its cards.
///
/// # Errors
/// [`DbError::Conflict`] when there is one with this id.
pub fn insert_batch(tx: &mut WriteTx<'_>, batch: &Batch) -> Result<(), DbError> {
    let values: Vec<Value<'_>> = vec![
        batch.id.as_u64().into(),
        batch.product.0.into(),
        batch.kind.name().into(),
        batch.card_count.into(),
        batch.state.name().into(),
        batch.created_at.into(),
    ];
    BATCH.insert_all(tx, values)
}

/// Writes down how many cards a batch has after all.
///
/// # Errors
/// [`DbError::Conflict`] when there is no such batch.
pub fn set_batch_count(tx: &mut WriteTx<'_>, id: BatchId, card_count: u64) -> Result<(), DbError> {
    tx.execute_exactly("update batch set card_count = $2 where id = $1", &[id.as_u64().into(), card_count.into()], 1)
}

/// Moves the cards of a batch from the state they were made or last moved to; answers how many were moved.
///
/// A card that was moved by itself meanwhile, such as a suspended one, stays as it is. When the cards become active, their
/// validity begins now. Looks at every card: a matter for staff, not for a page.
///
/// # Errors
/// [`DbError::Conflict`] when there is no such batch.
pub fn change_batch_state(
    tx: &mut WriteTx<'_>,
    id: BatchId,
    to: CardState,
    (now, validity): (Timestamp, Span),
) -> Result<u64, DbError> {
    let Some(batch) = find_batch(tx, id)? else { return tx.refuse(DbError::Conflict) };
    let expires_at = (to == CardState::Active).then_some(now.plus(validity));
    let sql = "update card set state = $3, expires_at = coalesce(expires_at, $4), version = version + 1
        where batch_id = $1 and state = $2";
    let params = [id.as_u64().into(), batch.state.name().into(), to.name().into(), expires_at.into()];
    let moved = tx.execute(sql, &params)?;
    tx.execute_exactly("update batch set state = $2 where id = $1", &[id.as_u64().into(), to.name().into()], 1)?;
    Ok(moved)
}

fn read_batch(fields: &mut Fields<'_>) -> Result<Batch, DbError> {
    let id = BatchId::from_u64(fields.bits()?);
    let product = ProductId(read_u32(fields)?);
    let kind = match fields.text()? {
        "issued" => BatchKind::Issued,
        "imported" => BatchKind::Imported,
        other => return Err(DbError::Damaged(format!("{other:?} is no kind of batch"))),
    };
    let card_count = fields.count()?;
    let state = needed(CardState::from_name(fields.text()?), "a batch's state")?;
    Ok(Batch { id, product, kind, card_count, state, created_at: fields.time()? })
}

#[cfg(test)]
mod tests;
