//! Whole batches: activated when they are sold to a shop, suspended or closed when a box of them is lost.

use ringup_core::card::CardState;
use ringup_core::id::BatchId;
use ringup_db::error::{Stop, WriteError};

use super::bulk::Bulk;

/// Why a batch was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// No such batch.
    #[error("there is no such batch")]
    Unknown,
    /// A batch in this state cannot get into that one.
    #[error("a batch that is {} cannot become {}", from.name(), to.name())]
    State {
        /// Its state.
        from: CardState,
        /// What was asked for.
        to: CardState,
    },
    /// The database does not serve. Asking again does no harm: a batch that has moved is not moved twice.
    #[error("{0}")]
    Database(String),
}

/// Moves the cards of a batch that are where the batch is; answers how many were moved. A card that was moved by itself
/// meanwhile, such as one that its holder reported lost, stays as it is.
///
/// # Errors
/// [`BatchError`]; a batch that is in the state already is no error, and none of its cards is moved.
pub fn change_state(bulk: &mut Bulk, batch: BatchId, to: CardState) -> Result<u64, BatchError> {
    let now = bulk.clock.now();
    let changed = bulk.writer.write(|tx| {
        let found = ringup_db::batch::find_batch(tx, batch)?.ok_or(Stop::Refused(BatchError::Unknown))?;
        if found.state == to {
            return Ok(0);
        }
        if !found.state.may_become().contains(&to) {
            return Err(Stop::Refused(BatchError::State { from: found.state, to }));
        }
        let product = ringup_db::product::find_product(tx, found.product)?;
        let product = product.ok_or(Stop::Refused(BatchError::Unknown))?;
        Ok(ringup_db::batch::change_batch_state(tx, batch, to, (now, product.validity))?)
    });
    changed.map_err(|error| match error {
        WriteError::Refused(refused) => refused,
        other => BatchError::Database(other.to_string()),
    })
}

#[cfg(test)]
mod tests;
