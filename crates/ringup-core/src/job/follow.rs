//! Following a payment: what is asked of its provider, when the order is closed, and when nobody asks any more.
//!
//! One run asks once: [`begins_with`] says how, [`after_word`] what the answer leads to, [`ends_with`] what becomes of the job.

use super::Next;
use crate::apply::Outcome;
use crate::payment::{Payment, PaymentState, PaymentWord};
use crate::time::{Span, Timestamp};

/// How a run begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// There is nothing to find out.
    Nothing,
    /// The order may not have been made yet: have it made, then ask about it.
    MakeAndAsk,
    /// Ask.
    Ask,
}

/// What a provider's word leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterWord {
    /// It is booked.
    Book,
    /// The payer still has time.
    Wait,
    /// His time is over: the order is closed at the provider, so that nobody can pay it any more.
    Close,
}

/// Why a run has found out nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There was no answer, or no database to book it.
    NoAnswer {
        /// Why.
        why: String,
    },
    /// The provider has an answer that the books refuse, such as a transaction number that is another payment's.
    Refused {
        /// Why.
        why: String,
    },
}

/// How a run ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// So.
    Next(Next),
    /// Nobody will ask again: done when the payment has [ended](is_settled), else a person must look.
    LastLook {
        /// Why the run has not ended it.
        why: String,
    },
}

/// How a run begins for a payment that stands so.
#[must_use]
pub fn begins_with(payment: &Payment, now: Timestamp) -> Beginning {
    match payment.state {
        PaymentState::Captured(_) => Beginning::Nothing,
        PaymentState::Created if now < payment.expires_at => Beginning::MakeAndAsk,
        PaymentState::Created | PaymentState::Pending { .. } | PaymentState::Abandoned { .. } => Beginning::Ask,
    }
}

/// What the provider's answer leads to.
#[must_use]
pub fn after_word(payment: &Payment, word: &PaymentWord, now: Timestamp) -> AfterWord {
    match word {
        PaymentWord::Paid { .. } | PaymentWord::Closed => AfterWord::Book,
        PaymentWord::NotFound | PaymentWord::Waiting if now < payment.expires_at => AfterWord::Wait,
        PaymentWord::NotFound | PaymentWord::Waiting => AfterWord::Close,
    }
}

/// What becomes of the job when its run came to this.
#[must_use]
pub fn ends_with(payment: &Payment, came_to: Result<&Outcome, Failure>, now: Timestamp) -> Ending {
    let (why, is_refused) = match came_to {
        Ok(Outcome::StillWaiting | Outcome::PaymentAbandoned | Outcome::AlreadyRecorded) => {
            ("the payer has not paid".to_owned(), false)
        }
        Ok(_) => return Ending::Next(Next::Done),
        Err(Failure::NoAnswer { why }) => (why, false),
        Err(Failure::Refused { why }) => (why, true),
    };
    match next_query(payment, now) {
        Some(at) => Ending::Next(Next::Again { at, why }),
        // The provider may have money that the books cannot take, whatever they know of the payment.
        None if is_refused => Ending::Next(Next::GiveUp { why }),
        None => Ending::LastLook { why },
    }
}

/// Whether it is known what became of a payment.
#[must_use]
pub const fn is_settled(payment: &Payment) -> bool {
    match payment.state {
        PaymentState::Captured(_) | PaymentState::Abandoned { .. } => true,
        PaymentState::Created | PaymentState::Pending { .. } => false,
    }
}

/// When the provider is asked next; nothing a day after the payment's time is over.
///
/// While it can be paid at most 40 seconds pass between two questions, so that a top-up whose notification never comes
/// is credited within a minute of its payment. Then ever more rarely.
#[must_use]
pub fn next_query(payment: &Payment, now: Timestamp) -> Option<Timestamp> {
    let since_created = [Span::seconds(10), Span::seconds(30)].map(|span| payment.created_at.plus(span));
    let closing = payment.expires_at.plus(Span::seconds(5));
    let after_closing =
        [Span::minutes(1), Span::minutes(5), Span::minutes(30), Span::hours(2), Span::hours(6), Span::hours(24)]
            .map(|span| payment.expires_at.plus(span));
    if now < closing {
        let soon = since_created.into_iter().find(|at| now < *at).unwrap_or(now.plus(Span::seconds(40)));
        return Some(soon.min(closing));
    }
    after_closing.into_iter().find(|at| now < *at)
}

#[cfg(test)]
mod tests;
