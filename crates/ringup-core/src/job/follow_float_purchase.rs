//! Following float that an agent buys: what is asked of its provider, when the order is closed, and when nobody asks any more.
//!
//! The timetable is that of [payments](super::follow).

use super::Next;
use super::follow::{Failure, next_query_of};
use crate::float_purchase::{FloatPurchase, FloatPurchaseState};
use crate::payment::PaymentWord;
use crate::time::{Span, Timestamp};

/// How soon what is paid is booked again when the books did not take it.
pub const BOOKED_AGAIN_AFTER: Span = Span::seconds(10);

/// What a run does first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// It is paid and on the float.
    Nothing,
    /// It is paid, and may not be on the float yet: book it. Nobody needs to be asked.
    Book,
    /// The order may not have been made yet: have it made, then ask about it.
    MakeAndAsk,
    /// Ask.
    Ask,
}

/// What a run has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameTo {
    /// The money is on the float.
    OnFloat,
    /// Nobody has paid so far.
    NotPaid,
    /// Nothing was found out.
    Failed(Failure),
}

/// How a run begins for a purchase that stands so.
#[must_use]
pub fn begins_with(purchase: &FloatPurchase, now: Timestamp) -> Beginning {
    match &purchase.state {
        FloatPurchaseState::Paid(paid) if paid.booked_at.is_some() => Beginning::Nothing,
        FloatPurchaseState::Paid(_) => Beginning::Book,
        FloatPurchaseState::Created if now < purchase.expires_at => Beginning::MakeAndAsk,
        FloatPurchaseState::Created | FloatPurchaseState::Pending { .. } | FloatPurchaseState::Abandoned { .. } => {
            Beginning::Ask
        }
    }
}

/// Whether the order is to be closed after this word, because the payer's time is over.
#[must_use]
pub fn closes_after(purchase: &FloatPurchase, word: &PaymentWord, now: Timestamp) -> bool {
    match word {
        PaymentWord::Paid { .. } | PaymentWord::Closed | PaymentWord::GivenBack { .. } => false,
        PaymentWord::NotFound | PaymentWord::Waiting | PaymentWord::Declined => now >= purchase.expires_at,
    }
}

/// What becomes of the job. `purchase` is how it stands after the run.
#[must_use]
pub fn ends_with(purchase: &FloatPurchase, came_to: CameTo, now: Timestamp) -> Next {
    let (why, is_refused) = match came_to {
        CameTo::OnFloat => return Next::Done,
        CameTo::NotPaid => ("the payer has not paid".to_owned(), false),
        CameTo::Failed(Failure::NoAnswer { why }) => (why, false),
        CameTo::Failed(Failure::Refused { why }) => (why, true),
    };
    let next_query = next_query_of((purchase.created_at, purchase.expires_at), now);
    match (&purchase.state, next_query) {
        // The money is there, and only our own books are waited for.
        (FloatPurchaseState::Paid(_), _) if !is_refused => Next::Again { at: now.plus(BOOKED_AGAIN_AFTER), why },
        (_, Some(at)) => Next::Again { at, why },
        // The provider may have money that is not on the float, whatever we know of it.
        (_, None) if is_refused => Next::GiveUp { why },
        (FloatPurchaseState::Abandoned { .. }, None) => Next::Done,
        (FloatPurchaseState::Paid(_) | FloatPurchaseState::Created | FloatPurchaseState::Pending { .. }, None) => {
            Next::GiveUp { why }
        }
    }
}

#[cfg(test)]
mod tests;
