use super::{Outcome, Refusal};
use crate::books::Books;
use crate::id::PaymentId;

/// A provider's answer to a new payment: how the payer gets there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordHandOver {
    /// Which payment.
    pub payment: PaymentId,
    /// The text of the QR code, or an address.
    pub hand_over: String,
}

/// Writes down how the payer gets to the provider. When the payment has ended meanwhile there is nothing to do.
pub(super) fn record_hand_over(books: &mut Books, command: &RecordHandOver) -> Result<Outcome, Refusal> {
    let mut payment = books.payment(command.payment).ok_or(Refusal::PaymentUnknown)?.clone();
    match payment.state.clone().hand_over(command.hand_over.clone()) {
        Ok(state) => {
            payment.state = state;
            books.put_payment(payment);
            Ok(Outcome::HandedOver)
        }
        Err(_) => Ok(Outcome::NothingToDo),
    }
}
