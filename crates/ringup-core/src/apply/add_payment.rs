use super::place_top_up::{append_event, begin_payment, follow_payment};
use super::{KeyUse, Moment, Outcome, Refusal, Repeated};
use crate::books::{Books, UsedKey};
use crate::event::EventKind;
use crate::id::{PaymentId, TopUpId};
use crate::payment::{PayMethod, Provider, Tender};
use crate::top_up::TopUpState;

/// Another payment for a top-up: the payer chose another provider, or another way to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddPayment {
    /// The caller's key.
    pub key: KeyUse,
    /// For which top-up.
    pub top_up: TopUpId,
    /// Who is to take the payment.
    pub provider: Provider,
    /// How the payer gets there.
    pub method: PayMethod,
}

/// Begins another payment. The earlier ones stay payable: whichever comes first is credited, the others go back.
pub(super) fn add_payment(books: &mut Books, command: &AddPayment, at: &mut Moment) -> Result<Outcome, Refusal> {
    if let Some(used) = books.key(command.key.key) {
        if used.fingerprint != command.key.fingerprint {
            return Err(Refusal::KeyUsedForSomethingElse);
        }
        let payment = PaymentId::from_u64(used.result);
        return Ok(Outcome::PaymentAdded { payment, repeated: Repeated::Yes });
    }
    let top_up = books.top_up(command.top_up).ok_or(Refusal::TopUpUnknown)?;
    match top_up.state {
        TopUpState::Placed => {}
        TopUpState::Deferred { .. }
        | TopUpState::Abandoned { .. }
        | TopUpState::Credited { .. }
        | TopUpState::Refunding { .. }
        | TopUpState::Refunded { .. } => return Err(Refusal::NotPayable { state: top_up.state.name() }),
    }
    if at.now >= top_up.quote.valid_until() {
        return Err(Refusal::QuoteExpired);
    }
    let (id, amount) = (top_up.id, top_up.quote.you_pay);
    let tender = Tender::Provider { provider: command.provider, method: command.method };
    let payment = begin_payment(books, id, tender, amount, at)?;
    follow_payment(books, payment, at)?;
    append_event(books, id, (EventKind::PaymentBegun, Some(payment), Some(amount)), at.now, at)?;
    let used = UsedKey { fingerprint: command.key.fingerprint, result: payment.as_u64(), used_at: at.now };
    books.put_key(command.key.key, used);
    Ok(Outcome::PaymentAdded { payment, repeated: Repeated::No })
}
