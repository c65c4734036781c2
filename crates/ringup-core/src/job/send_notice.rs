//! Sending a receipt to a holder: how often it is tried, and how it ends.
//!
//! It never becomes a matter for a person: the receipt is on its page all the same, and the page tells how the mail ended.

use crate::notice::NoticeState;
use crate::time::{Span, Timestamp};

/// For so long it is tried.
pub const TRIED_FOR: Span = Span::hours(24);

/// What a try came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameTo {
    /// The mail server has taken it.
    Taken,
    /// The mail server will never take it.
    NeverTaken,
    /// It was not taken, or there was no answer.
    NotTaken {
        /// Why.
        why: String,
    },
    /// What was to be sent cannot be read any more: its key is gone.
    Unreadable,
}

/// What becomes of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It has ended so.
    Ended(NoticeState),
    /// It is to be tried again.
    Again {
        /// When.
        at: Timestamp,
        /// Why it has not been taken.
        why: String,
    },
}

/// What becomes of a notice that was asked for at `asked_at`, when this attempt came to this; the first attempt is 1.
///
/// Ten seconds at first, then twice as long each time, an hour at most, for a day. A mail whose server did not answer at the end
/// may have been taken: it is sent again with the same number, by which a mail program knows it.
#[must_use]
pub fn ends_with(came_to: CameTo, asked_at: Timestamp, attempt: u32, now: Timestamp) -> Ending {
    let why = match came_to {
        CameTo::Taken => return Ending::Ended(NoticeState::Delivered),
        CameTo::NeverTaken => return Ending::Ended(NoticeState::Refused),
        CameTo::Unreadable => return Ending::Ended(NoticeState::GivenUp),
        CameTo::NotTaken { why } => why,
    };
    let seconds = 10_i64.saturating_mul(1 << attempt.saturating_sub(1).min(9)).min(3_600);
    let at = now.plus(Span::seconds(seconds));
    if at > asked_at.plus(TRIED_FOR) { Ending::Ended(NoticeState::GivenUp) } else { Ending::Again { at, why } }
}

#[cfg(test)]
mod tests;
