//! Sending a receipt to a holder: how often it is tried, and how it ends.
//!
//! It never becomes a matter for a person: the receipt is on its page all the same, and the page tells how it ended.

use crate::notice::NoticeState;
use crate::time::{Span, Timestamp};

/// So often a text message is handed to an SMS centre that does not answer. Whoever gets it twice is annoyed, whoever gets none has no receipt;
/// but each may have been sent and is paid for.
pub const UNANSWERED_MAX: u32 = 3;

/// For so long it is tried.
pub const TRIED_FOR: Span = Span::hours(24);

/// What a try came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameTo {
    /// The mail server has taken it.
    Taken,
    /// The SMS centre has taken it, and may say later what became of it.
    Accepted,
    /// The mail server or the SMS centre will never take it.
    NeverTaken,
    /// It was not taken, or there was no answer.
    NotTaken {
        /// Why.
        why: String,
    },
    /// It was handed to the SMS centre and no answer came: it may have been sent.
    Unanswered {
        /// Why.
        why: String,
        /// How often this has happened, this time among them.
        times: u32,
    },
    /// What was to be sent cannot be read any more, its key is gone; or it is longer than a text message can be.
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
    let (why, given_up) = match came_to {
        CameTo::Taken => return Ending::Ended(NoticeState::Delivered),
        CameTo::NeverTaken => return Ending::Ended(NoticeState::Refused),
        CameTo::Accepted => return Ending::Ended(NoticeState::Accepted),
        CameTo::Unreadable => return Ending::Ended(NoticeState::GivenUp),
        CameTo::Unanswered { times, .. } if times >= UNANSWERED_MAX => return Ending::Ended(NoticeState::Unanswered),
        CameTo::Unanswered { why, .. } => (why, NoticeState::Unanswered),
        CameTo::NotTaken { why } => (why, NoticeState::GivenUp),
    };
    let seconds = 10_i64.saturating_mul(1 << attempt.saturating_sub(1).min(9)).min(3_600);
    let at = now.plus(Span::seconds(seconds));
    if at > asked_at.plus(TRIED_FOR) { Ending::Ended(given_up) } else { Ending::Again { at, why } }
}

#[cfg(test)]
mod tests;
