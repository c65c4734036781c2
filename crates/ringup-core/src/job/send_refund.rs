//! Sending a refund: what a provider is told and asked, and when a person must look.

use super::Next;
use crate::payment::{Payment, PaymentState, RefundWord, Tender};
use crate::refund::{Refund, RefundState};
use crate::time::{Span, Timestamp};

/// How often a refund is tried before a person looks at it.
pub const ATTEMPTS_MAX: u32 = 40;

/// How a run begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// It has ended, or there is nothing to give back.
    Nothing,
    /// It is to be handed over in cash, and nobody has come for it: a person must see to it.
    Uncollected,
    /// Have it sent.
    Send,
    /// It may have been sent: ask, and have it sent only when the provider knows nothing of it. Its number is ours, so that
    /// telling the provider twice sends the money once.
    AskFirst,
}

/// Whether a provider's word ends the sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It has been sent, or never will be.
    Ended,
    /// The provider is at work.
    UnderWay,
    /// It is to be handed over in cash, and nobody has come for it.
    Uncollected,
}

/// How a run begins for a refund that stands so; the first attempt is 1.
#[must_use]
pub const fn begins_with(refund: &Refund, payment: &Payment, attempt: u32) -> Beginning {
    match (&refund.state, &payment.state) {
        (RefundState::Succeeded { .. } | RefundState::Failed { .. }, _)
        | (
            RefundState::Requested,
            PaymentState::Created | PaymentState::Pending { .. } | PaymentState::Abandoned { .. },
        ) => Beginning::Nothing,
        (RefundState::Requested, PaymentState::Captured(_)) => match payment.tender {
            Tender::Purse { .. } => Beginning::Uncollected,
            Tender::Provider { .. } if attempt > 1 => Beginning::AskFirst,
            Tender::Provider { .. } => Beginning::Send,
        },
    }
}

/// Whether this word ends it.
#[must_use]
pub const fn after_word(word: &RefundWord) -> Progress {
    match word {
        RefundWord::Succeeded { .. } | RefundWord::Failed { .. } => Progress::Ended,
        RefundWord::NotFound | RefundWord::Processing => Progress::UnderWay,
    }
}

/// What becomes of the job when its run came to this; `Err` says what failed.
///
/// Ten seconds at first, then twice as long each time, an hour at most.
#[must_use]
pub fn ends_with(came_to: Result<Progress, String>, attempt: u32, now: Timestamp) -> Next {
    let why = match came_to {
        Ok(Progress::Ended) => return Next::Done,
        Ok(Progress::Uncollected) => return Next::GiveUp { why: "nobody has come for the cash".to_owned() },
        Ok(Progress::UnderWay) => "the provider is at work".to_owned(),
        Err(why) => why,
    };
    if attempt >= ATTEMPTS_MAX {
        return Next::GiveUp { why };
    }
    let seconds = 10_i64.saturating_mul(1 << attempt.saturating_sub(1).min(9)).min(3_600);
    Next::Again { at: now.plus(Span::seconds(seconds)), why }
}

#[cfg(test)]
mod tests;
