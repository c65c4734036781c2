use super::place_top_up::CODE_SENT_WITHIN;
use super::{Moment, Outcome, Refusal};
use crate::books::Books;
use crate::id::PaymentId;
use crate::payment::{Payment, PaymentState};
use crate::time::Timestamp;

/// A provider's answer to a new payment: how the payer gets there. Where he shows a code, that it is about to be sent, and then
/// that it was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordHandOver {
    /// Which payment.
    pub payment: PaymentId,
    /// The text of the QR code, or an address. Where the payer shows a code: empty before it is sent, then the code of its
    /// refusal.
    pub hand_over: String,
}

/// Writes down how the payer gets to the provider. When the payment has ended meanwhile there is nothing to do.
///
/// Where the payer shows a code this is written before it is sent, and says yes once: whoever is told that there is nothing to
/// do must not send it. A refusal is written once too.
pub(super) fn record_hand_over(books: &mut Books, command: &RecordHandOver, at: &Moment) -> Result<Outcome, Refusal> {
    let mut payment = books.payment(command.payment).ok_or(Refusal::PaymentUnknown)?.clone();
    if payment.tender.is_by_code() && !is_next_of_code(&payment, &command.hand_over, at.now) {
        return Ok(Outcome::NothingToDo);
    }
    match payment.state.clone().hand_over(command.hand_over.clone()) {
        Ok(state) => {
            payment.state = state;
            books.put_payment(payment);
            Ok(Outcome::HandedOver)
        }
        Err(_) => Ok(Outcome::NothingToDo),
    }
}

fn is_next_of_code(payment: &Payment, hand_over: &str, now: Timestamp) -> bool {
    match &payment.state {
        PaymentState::Created => hand_over.is_empty() && now < payment.created_at.plus(CODE_SENT_WITHIN),
        PaymentState::Pending { hand_over: was } => was.is_empty() && !hand_over.is_empty(),
        PaymentState::Captured(_) | PaymentState::Abandoned { .. } => false,
    }
}
