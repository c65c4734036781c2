//! Putting on a card what was paid for it before: what becomes of the job.

use super::Next;
use crate::apply::Outcome;

/// What becomes of the job when its command came to this.
#[must_use]
pub fn ends_with(outcome: &Outcome) -> Next {
    match outcome {
        Outcome::NotDue { until } => Next::Again { at: *until, why: "its time has not come".to_owned() },
        _ => Next::Done,
    }
}

#[cfg(test)]
mod tests;
