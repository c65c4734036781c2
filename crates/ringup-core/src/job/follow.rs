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
    /// The payer's code has not been sent yet: the provider knows of nothing.
    NotYet,
    /// The payer's code was never sent and will not be any more: nobody paid.
    NeverBegun,
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
    /// His time is over: the order is closed at the provider, so that nobody can pay it any more; where he showed a code, it is
    /// cancelled there.
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
    let is_by_code = payment.tender.is_by_code();
    match payment.state {
        // It may have been cancelled in the second in which it was paid: then the money went back, and the run that
        // cancelled it may have been cut off before it could book that.
        PaymentState::Captured(_) if is_by_code && now >= payment.expires_at => Beginning::Ask,
        PaymentState::Captured(_) => Beginning::Nothing,
        PaymentState::Created if is_by_code && now < payment.expires_at => Beginning::NotYet,
        PaymentState::Created if is_by_code => Beginning::NeverBegun,
        PaymentState::Created if now < payment.expires_at => Beginning::MakeAndAsk,
        PaymentState::Created | PaymentState::Pending { .. } | PaymentState::Abandoned { .. } => Beginning::Ask,
    }
}

/// What the provider's answer leads to.
#[must_use]
pub fn after_word(payment: &Payment, word: &PaymentWord, now: Timestamp) -> AfterWord {
    match word {
        PaymentWord::Paid { .. } | PaymentWord::Closed | PaymentWord::GivenBack { .. } => AfterWord::Book,
        // A stale answer: cancelling now would give back what is on the card.
        PaymentWord::NotFound | PaymentWord::Waiting | PaymentWord::Declined if is_captured(payment) => AfterWord::Wait,
        PaymentWord::NotFound | PaymentWord::Waiting | PaymentWord::Declined if now < payment.expires_at => {
            AfterWord::Wait
        }
        PaymentWord::NotFound | PaymentWord::Waiting | PaymentWord::Declined => AfterWord::Close,
    }
}

/// What becomes of the job when its run came to this.
#[must_use]
pub fn ends_with(payment: &Payment, came_to: Result<&Outcome, Failure>, now: Timestamp) -> Ending {
    let (why, is_refused) = match came_to {
        Ok(Outcome::AlreadyRecorded) if is_captured(payment) => return Ending::Next(Next::Done),
        Ok(Outcome::StillWaiting | Outcome::PaymentAbandoned | Outcome::AlreadyRecorded) => {
            ("the payer has not paid".to_owned(), false)
        }
        // Cancelling and paying may have crossed: one more look tells whether the money stayed.
        Ok(_) if payment.tender.is_by_code() && !is_captured(payment) && now >= payment.expires_at => {
            ("it was paid as its time ended".to_owned(), false)
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

const fn is_captured(payment: &Payment) -> bool {
    match payment.state {
        PaymentState::Captured(_) => true,
        PaymentState::Created | PaymentState::Pending { .. } | PaymentState::Abandoned { .. } => false,
    }
}

/// How often a provider is asked about a payment whose payer has shown a code and stands at the till.
pub const CODE_ASKED_EVERY: Span = Span::seconds(4);

/// When the provider is asked next; nothing a day after the payment's time is over.
///
/// While it can be paid at most 40 seconds pass between two questions, so that a top-up whose notification never comes
/// is credited within a minute of its payment. Then ever more rarely. Where the payer stands at a till it is seconds, and
/// cancelling is tried again soon.
#[must_use]
pub fn next_query(payment: &Payment, now: Timestamp) -> Option<Timestamp> {
    if payment.tender.is_by_code() {
        return next_query_by_code(payment, now);
    }
    next_query_of((payment.created_at, payment.expires_at), now)
}

/// The same for any order that a provider has from us, from when until when it can be paid.
pub(super) fn next_query_of((created_at, expires_at): (Timestamp, Timestamp), now: Timestamp) -> Option<Timestamp> {
    let since_created = [Span::seconds(10), Span::seconds(30)].map(|span| created_at.plus(span));
    let closing = expires_at.plus(Span::seconds(5));
    let after_closing =
        [Span::minutes(1), Span::minutes(5), Span::minutes(30), Span::hours(2), Span::hours(6), Span::hours(24)]
            .map(|span| expires_at.plus(span));
    if now < closing {
        let soon = since_created.into_iter().find(|at| now < *at).unwrap_or(now.plus(Span::seconds(40)));
        return Some(soon.min(closing));
    }
    after_closing.into_iter().find(|at| now < *at)
}

fn next_query_by_code(payment: &Payment, now: Timestamp) -> Option<Timestamp> {
    if now < payment.expires_at {
        return Some(now.plus(CODE_ASKED_EVERY).min(payment.expires_at));
    }
    let after_cancelling = [
        Span::seconds(5),
        Span::seconds(15),
        Span::seconds(30),
        Span::minutes(1),
        Span::minutes(5),
        Span::minutes(30),
        Span::hours(2),
        Span::hours(6),
        Span::hours(24),
    ];
    after_cancelling.map(|span| payment.expires_at.plus(span)).into_iter().find(|at| now < *at)
}

#[cfg(test)]
mod tests;
