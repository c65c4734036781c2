//! Money that a provider took and has given back of its own, because we cancelled the payment in the second in which the payer
//! confirmed it. Both are booked, as they happened: it came, it was owed back, it is back.

use super::record_payment::book_capture;
use super::record_refund::succeed;
use super::request_refund::reverse_credited;
use super::settle::owe_back;
use super::{Inconsistency, Moment, Outcome, Refusal};
use crate::books::Books;
use crate::id::RefundId;
use crate::money::Amount;
use crate::payment::{Payment, PaymentState, TransactionId};
use crate::refund::RefundState;
use crate::time::Timestamp;
use crate::top_up::{RefundReason, TopUpState};

/// Books it, whatever was known of the payment. May be told the same any number of times.
pub(super) fn record_given_back(
    books: &mut Books,
    payment: Payment,
    (transaction, amount, paid_at): (&TransactionId, Amount, Timestamp),
    at: &mut Moment,
) -> Result<Outcome, Refusal> {
    match payment.state {
        PaymentState::Captured(_) => undo(books, &payment, amount, at),
        PaymentState::Created | PaymentState::Pending { .. } | PaymentState::Abandoned { .. } => {
            let captured = book_capture(books, payment, (Some(transaction), amount, paid_at), at)?;
            let payment = captured.ok_or(Inconsistency::Missing("an uncaptured payment"))?;
            come_and_gone(books, &payment, amount, at)
        }
    }
}

/// It was not known that the money had come: it goes on no card.
fn come_and_gone(books: &mut Books, payment: &Payment, amount: Amount, at: &mut Moment) -> Result<Outcome, Refusal> {
    let mut top_up = books.top_up(payment.top_up).ok_or(Refusal::TopUpUnknown)?.clone();
    let reason = match top_up.state {
        TopUpState::Placed | TopUpState::Abandoned { .. } => RefundReason::Cancelled,
        TopUpState::Deferred { .. }
        | TopUpState::Credited { .. }
        | TopUpState::Refunding { .. }
        | TopUpState::Refunded { .. } => RefundReason::PaidTwice,
    };
    if reason == RefundReason::Cancelled
        && let Ok(state) = top_up.state.clone().refund(at.now, reason)
    {
        top_up.state = state;
        books.put_top_up(top_up);
    }
    let refund = owe_back(books, payment, (amount, reason), at)?;
    sent(books, payment, refund, at)
}

/// It was known that the money had come, and it was dealt with. What is owed back already is back by this; the rest is taken
/// off the card again, or is not put on it. What the card has spent is the issuer's loss: the money is gone either way.
fn undo(books: &mut Books, payment: &Payment, amount: Amount, at: &mut Moment) -> Result<Outcome, Refusal> {
    let of_payment = books.refunds_of(payment.top_up).filter(|refund| refund.payment == payment.id);
    let refunds: Vec<_> = of_payment.cloned().collect();
    let mut outcome = Outcome::AlreadyRecorded;
    let mut back = Amount::zero(amount.unit());
    for refund in refunds {
        back = back.plus(refund.amount)?;
        match refund.state {
            RefundState::Requested | RefundState::Failed { .. } => outcome = sent(books, payment, refund.id, at)?,
            RefundState::Succeeded { .. } => {}
        }
    }
    if !amount.exceeds(back)? {
        return Ok(outcome);
    }
    let mut top_up = books.top_up(payment.top_up).ok_or(Refusal::TopUpUnknown)?.clone();
    let refund = match top_up.state {
        TopUpState::Credited { .. } => reverse_credited(books, top_up, RefundReason::Cancelled, at)?,
        TopUpState::Deferred { .. } => {
            let refundable = top_up.refundable()?;
            if let Ok(state) = top_up.state.clone().refund(at.now, RefundReason::Cancelled) {
                top_up.state = state;
            }
            top_up.given.refunded = refundable;
            books.put_top_up(top_up);
            owe_back(books, payment, (refundable, RefundReason::Cancelled), at)?
        }
        TopUpState::Placed
        | TopUpState::Abandoned { .. }
        | TopUpState::Refunding { .. }
        | TopUpState::Refunded { .. } => return Err(Inconsistency::Missing("what became of a captured payment").into()),
    };
    sent(books, payment, refund, at)
}

fn sent(books: &mut Books, payment: &Payment, refund: RefundId, at: &mut Moment) -> Result<Outcome, Refusal> {
    let refund = books.refund(refund).ok_or(Refusal::RefundUnknown)?.clone();
    succeed(books, refund, (payment.tender.account(), at.now), at)
}
