//! Slips: the first one of a sale, and those that must say that they are reprints.

use ringup_core::id::TopUpId;

use crate::Engine;
use crate::error::{SubmitError, Unavailable};

/// Whether a sale's slip has been given out before.
///
/// # Errors
/// [`Unavailable`].
pub async fn slip_was_given_out(engine: &Engine, top_up: TopUpId) -> Result<bool, Unavailable> {
    engine.read(move |tx| ringup_db::slip::was_given_out(tx, top_up)).await
}

/// A sale's slip is given out: on paper, or shown to be printed.
///
/// # Errors
/// [`SubmitError`] when the database does not serve.
pub async fn note_slip_given_out(engine: &Engine, top_up: TopUpId) -> Result<(), SubmitError> {
    let now = engine.now();
    engine.write(move |tx| ringup_db::slip::note_given_out(tx, top_up, now)).await
}
