use super::place_top_up::CODE_SENT_WITHIN;
use super::{Moment, Outcome, Refusal};
use crate::books::Books;
use crate::id::PaymentId;
use crate::payment::{Payment, PaymentState};
use crate::time::Timestamp;

/// A provider's answer to a new payment: how the payer gets there. Where he shows a code, that it is about to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordHandOver {
    /// Which payment.
    pub payment: PaymentId,
    /// The text of the QR code, or an address; empty where the payer shows a code.
    pub hand_over: String,
}

/// Writes down how the payer gets to the provider. When the payment has ended meanwhile there is nothing to do.
///
/// Where the payer shows a code this is written before it is sent, and says yes once: whoever is told that there is nothing to
/// do must not send it.
pub(super) fn record_hand_over(books: &mut Books, command: &RecordHandOver, at: &Moment) -> Result<Outcome, Refusal> {
    let mut payment = books.payment(command.payment).ok_or(Refusal::PaymentUnknown)?.clone();
    if payment.tender.is_by_code() && !may_send_code(&payment, at.now) {
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

fn may_send_code(payment: &Payment, now: Timestamp) -> bool {
    match payment.state {
        PaymentState::Created => now < payment.created_at.plus(CODE_SENT_WITHIN),
        PaymentState::Pending { .. } | PaymentState::Captured(_) | PaymentState::Abandoned { .. } => false,
    }
}
