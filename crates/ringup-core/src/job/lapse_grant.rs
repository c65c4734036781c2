//! Ending a bonus: what becomes of the job.

use super::Next;
use crate::apply::Outcome;

/// What becomes of the job when its command came to this.
#[must_use]
pub fn ends_with(outcome: &Outcome) -> Next {
    match outcome {
        // The clock went back between the taking of the job and its command: were it done, the bonus would never lapse.
        Outcome::NotDue { until } => Next::Again { at: *until, why: "its date has not come".to_owned() },
        _ => Next::Done,
    }
}

#[cfg(test)]
mod tests;
