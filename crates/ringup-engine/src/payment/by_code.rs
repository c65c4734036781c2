//! Payments whose payer shows a code at a till: the code is sent once, what is not known is asked, and what nobody confirms is
//! cancelled.

use ringup_core::apply::{Command, Outcome, RecordHandOver};
use ringup_core::id::PaymentId;
use ringup_core::job::JobKind;
use ringup_core::job::follow::CODE_ASKED_EVERY;
use ringup_core::payment::{CodeRefusal, Payment, PaymentCode, PaymentState, PaymentWord, Provider, Tender};
use ringup_core::top_up::TopUp;
use ringup_gateways::{Cancelled, CodeTaken, GatewayError, PayByCode};

use super::{AskError, find, record, subject};
use crate::Engine;
use crate::error::{SubmitError, Unavailable};

/// How a payment stands after its payer's code was brought to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeAnswer {
    /// The provider has the money. What came of it is in the top-up.
    Paid,
    /// The payer must confirm, or it is not known yet: look at the top-up again, and have the provider asked by
    /// [`look_now`](crate::top_up::look_now).
    Waiting,
    /// No money was taken.
    Refused(CodeRefusal),
}

/// Why a code was not brought to a provider.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayByCodeError {
    /// No such payment, or one that is made otherwise.
    #[error("there is no such payment by code")]
    PaymentUnknown,
    /// The books say no, or the database does not serve. Nothing was sent.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for PayByCodeError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

impl PayByCodeError {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PaymentUnknown => "payment_unknown",
            Self::Submit(error) => error.code(),
        }
    }
}

/// Brings a payer's code to the provider of a payment that was begun a moment ago.
///
/// That it is sent is written down first, and only whoever wrote it sends: so a code is sent once, whatever is repeated, and
/// whoever comes later is told how the payment stands, refusals included. A refusal ends nothing yet: the job cancels the payment when its time is
/// over, and until then another payment can be begun for the same top-up.
///
/// # Errors
/// [`PayByCodeError`], in its order.
pub async fn pay_by_code(engine: &Engine, id: PaymentId, code: &PaymentCode) -> Result<CodeAnswer, PayByCodeError> {
    let (payment, top_up) = find(engine, id).await?.ok_or(PayByCodeError::PaymentUnknown)?;
    let provider = match payment.tender {
        Tender::Provider { provider, .. } if payment.tender.is_by_code() => provider,
        Tender::Provider { .. } | Tender::Purse { .. } => return Err(PayByCodeError::PaymentUnknown),
    };
    if payment.state != PaymentState::Created {
        return Ok(standing_by_code(&payment));
    }
    if provider != code.provider() {
        return Ok(CodeAnswer::Refused(CodeRefusal::OtherProvider));
    }
    if !engine.gateways().offers(provider) {
        return Ok(CodeAnswer::Refused(CodeRefusal::NotOffered));
    }
    let about_to_send = RecordHandOver { payment: id, hand_over: String::new() };
    match engine.submit(Command::RecordHandOver(about_to_send)).await? {
        Outcome::HandedOver => {}
        _ => {
            let stands = find(engine, id).await?;
            return Ok(stands.map_or(CodeAnswer::Waiting, |(payment, _)| standing_by_code(&payment)));
        }
    }
    look_soon(engine, id).await;
    let order = order(engine, &payment, &top_up, (provider, code));
    let taken = engine.gateways().pay_by_code(provider, &order, engine.now(), &engine.nonce()).await;
    Ok(answer(engine, (provider, id), taken).await)
}

/// How a payment by code stands, for whoever does not send its code now: a page that is shown again.
#[must_use]
pub fn standing_by_code(payment: &Payment) -> CodeAnswer {
    match &payment.state {
        PaymentState::Created => CodeAnswer::Refused(CodeRefusal::TooLate),
        PaymentState::Pending { hand_over } => {
            CodeRefusal::from_code(hand_over).map_or(CodeAnswer::Waiting, CodeAnswer::Refused)
        }
        PaymentState::Captured(_) => CodeAnswer::Paid,
        PaymentState::Abandoned { .. } => CodeAnswer::Refused(CodeRefusal::Cancelled),
    }
}

/// The job that follows the payment comes in seconds. When this cannot be written it comes by its own time.
async fn look_soon(engine: &Engine, id: PaymentId) {
    let at = engine.now().plus(CODE_ASKED_EVERY);
    let hurry = engine.write(move |tx| ringup_db::job::hurry_job(tx, JobKind::FollowPayment, id.as_u64(), at)).await;
    if let Err(error) = hurry {
        tracing::warn!(payment = %id, %error, "the job of a payment by code could not be hurried");
    }
}

fn order(engine: &Engine, payment: &Payment, top_up: &TopUp, (provider, code): (Provider, &PaymentCode)) -> PayByCode {
    PayByCode {
        payment: payment.id,
        amount: payment.amount,
        subject: subject(engine, top_up),
        notify_url: format!("{}/notifications/{provider}", engine.settings().public_url),
        till: top_up.sale.map_or_else(|| top_up.id.to_reference(), |sale| sale.purse.to_reference()),
        code: code.clone(),
    }
}

/// What a provider's answer to a code means. Whatever cannot be believed or booked now is found out by the job.
async fn answer(
    engine: &Engine,
    (provider, id): (Provider, PaymentId),
    taken: Result<CodeTaken, GatewayError>,
) -> CodeAnswer {
    match taken {
        Ok(CodeTaken::Said(word @ PaymentWord::Paid { .. })) => match record(engine, provider, id, word).await {
            Ok(_) => CodeAnswer::Paid,
            Err(error) => {
                tracing::warn!(payment = %id, %error, "a payment by code could not be booked at once");
                CodeAnswer::Waiting
            }
        },
        Ok(CodeTaken::Said(_)) => CodeAnswer::Waiting,
        Ok(CodeTaken::Refused { why, said }) => {
            tracing::info!(payment = %id, why = why.code(), said, "the provider refused a payment by code");
            refuse(engine, id, why).await
        }
        Err(GatewayError::Unsupported) => refuse(engine, id, CodeRefusal::NotOffered).await,
        Err(GatewayError::NotSent(error)) => {
            tracing::warn!(payment = %id, error, "a payment by code could not be sent");
            refuse(engine, id, CodeRefusal::NotSent).await
        }
        Err(error @ (GatewayError::Unknown(_) | GatewayError::Refused { .. })) => {
            tracing::warn!(payment = %id, %error, "what came of a payment by code is not known");
            CodeAnswer::Waiting
        }
    }
}

/// A payer who was asked to confirm may say no, and a provider may tell.
pub(super) async fn keep_if_declined(engine: &Engine, payment: &Payment, word: &PaymentWord) {
    if *word == PaymentWord::Declined && standing_by_code(payment) == CodeAnswer::Waiting {
        refuse(engine, payment.id, CodeRefusal::Declined).await;
    }
}

/// Writes a refusal down, so that whoever asks again hears it again.
async fn refuse(engine: &Engine, id: PaymentId, why: CodeRefusal) -> CodeAnswer {
    let refused = RecordHandOver { payment: id, hand_over: why.code().to_owned() };
    if let Err(error) = engine.submit(Command::RecordHandOver(refused)).await {
        tracing::warn!(payment = %id, %error, "the refusal of a payment by code could not be written down");
    }
    CodeAnswer::Refused(why)
}

/// Cancels a payment that nobody has confirmed in time.
pub(super) async fn cancel(engine: &Engine, provider: Provider, id: PaymentId) -> Result<Outcome, AskError> {
    // It may have been paid, and told to us, since it was asked about: cancelling would give back what is on the card.
    if let Some((payment, _)) = find(engine, id).await?
        && let PaymentState::Captured(_) = payment.state
    {
        return Ok(Outcome::AlreadyRecorded);
    }
    match engine.gateways().cancel(provider, id, engine.now(), &engine.nonce()).await? {
        Cancelled::Done | Cancelled::NotFound => record(engine, provider, id, PaymentWord::Closed).await,
        Cancelled::Ask => {
            match engine.gateways().query_cancelled(provider, id, engine.now(), &engine.nonce()).await? {
                // Not believed a moment after the provider took it back: the next question tells.
                PaymentWord::Paid { .. } => {
                    Err(GatewayError::Unknown("it was cancelled, and is said to be paid".to_owned()).into())
                }
                word => record(engine, provider, id, word).await,
            }
        }
    }
}
