//! Cards: made, taken over from elsewhere, activated, suspended, closed.

pub mod batch;
pub mod bulk;
pub mod draw;
pub mod import;
pub mod issue;

use ringup_core::apply::{ChangeCardState, Command, Outcome};
use ringup_core::card::{CardNumber, CardState};

use crate::Engine;
use crate::error::SubmitError;

/// Changes what the issuer decided about a card.
///
/// # Errors
/// [`SubmitError`]; a state that it is in already is no error.
pub async fn change_state(engine: &Engine, card: CardNumber, to: CardState) -> Result<Outcome, SubmitError> {
    engine.submit(Command::ChangeCardState(ChangeCardState { card, to })).await
}

#[cfg(test)]
mod tests;
