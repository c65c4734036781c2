//! Top-ups by the online door: placed, paid, looked at.

mod key;
mod view;

pub use key::{IdempotencyKey, ParseIdempotencyKeyError};
pub use view::TopUpView;

use ringup_core::apply::{AddPayment, Again, Command, KeyUse, Outcome, PlaceTopUp, Repeated};
use ringup_core::id::{PaymentId, TopUpId};
use ringup_core::money::Language;
use ringup_core::payment::{PayMethod, PaymentState, Provider};
use ringup_core::top_up::{Channel, TopUpCode};

use crate::Engine;
use crate::error::{SubmitError, Unavailable};
use crate::payment;
use crate::quote::QuoteToken;

/// A top-up to be placed.
#[derive(Clone, Debug)]
pub struct Place {
    /// The caller's key: one for each intent.
    pub key: IdempotencyKey,
    /// The sealed quote that he was shown.
    pub quote: String,
    /// How it is to be paid.
    pub pay: PayBy,
    /// The language of his page.
    pub language: Language,
    /// Whether he has said that this is another one.
    pub again: Again,
}

/// How a payment is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayBy {
    /// Who takes it.
    pub provider: Provider,
    /// How the payer gets there.
    pub method: PayMethod,
    /// The payer's network address, which WeChat Pay wants to know on a phone.
    pub payer_ip: Option<String>,
}

/// A top-up that has been placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its id.
    pub id: TopUpId,
    /// The code of its page.
    pub code: TopUpCode,
    /// Whether it had been placed before, with the same key.
    pub repeated: Repeated,
}

/// Why a top-up was not placed. No money has moved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// The quote is damaged, changed, or not ours.
    #[error("this is no quote of ours")]
    QuoteUnreadable,
    /// The provider is not set up here.
    #[error("this provider is not offered here")]
    ProviderNotOffered,
    /// No such top-up, for another payment.
    #[error("there is no such top-up")]
    TopUpUnknown,
    /// The books say no, or the database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for PlaceError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

impl PlaceError {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::QuoteUnreadable => "quote_unreadable",
            Self::ProviderNotOffered => "provider_not_offered",
            Self::TopUpUnknown => "top_up_unknown",
            Self::Submit(error) => error.code(),
        }
    }
}

/// Places a top-up and begins its first payment.
///
/// When the provider does not answer, the top-up is placed all the same: its page asks the provider again.
///
/// # Errors
/// [`PlaceError`], in its order.
pub async fn place(engine: &Engine, request: Place) -> Result<Placed, PlaceError> {
    place_by(engine, Channel::Online, request).await
}

/// The same by another door: on a kiosk's screen.
///
/// # Errors
/// [`PlaceError`], in its order.
pub async fn place_by(engine: &Engine, channel: Channel, request: Place) -> Result<Placed, PlaceError> {
    let quote = QuoteToken::open(engine.keys(), &request.quote).map_err(|_| PlaceError::QuoteUnreadable)?;
    if !engine.gateways().offers(request.pay.provider) {
        return Err(PlaceError::ProviderNotOffered);
    }
    let asked = format!("{} {} {}", QuoteToken::content(&quote), request.pay.provider, request.pay.method);
    let command = PlaceTopUp {
        key: request.key.used_for("place", &asked),
        channel,
        sold_by: None,
        quote,
        provider: request.pay.provider,
        method: request.pay.method,
        language: request.language,
        again: request.again,
    };
    match engine.submit(Command::PlaceTopUp(command)).await? {
        Outcome::Placed { top_up, code, payment, repeated } => {
            payment::begin(engine, payment, request.pay.payer_ip).await;
            Ok(Placed { id: top_up, code, repeated })
        }
        other => Err(unexpected(&other).into()),
    }
}

/// Begins another payment for a top-up that nobody has paid yet.
///
/// # Errors
/// [`PlaceError::ProviderNotOffered`], [`PlaceError::TopUpUnknown`], [`PlaceError::Submit`].
pub async fn pay_otherwise(
    engine: &Engine,
    code: TopUpCode,
    key: &IdempotencyKey,
    pay: PayBy,
) -> Result<PaymentId, PlaceError> {
    if !engine.gateways().offers(pay.provider) {
        return Err(PlaceError::ProviderNotOffered);
    }
    let top_up = engine.read(move |tx| ringup_db::top_up::find_top_up_by_code(tx, &code)).await?;
    let top_up = top_up.ok_or(PlaceError::TopUpUnknown)?.id;
    let key: KeyUse = key.used_for("pay", &format!("{top_up} {} {}", pay.provider, pay.method));
    let command = AddPayment { key, top_up, provider: pay.provider, method: pay.method };
    match engine.submit(Command::AddPayment(command)).await? {
        Outcome::PaymentAdded { payment, .. } => {
            payment::begin(engine, payment, pay.payer_ip).await;
            Ok(payment)
        }
        other => Err(unexpected(&other).into()),
    }
}

/// A top-up with everything that its pages show; nothing when there is none with this code.
///
/// # Errors
/// [`Unavailable`].
pub async fn view(engine: &Engine, code: TopUpCode) -> Result<Option<TopUpView>, Unavailable> {
    engine
        .read(move |tx| {
            let top_up = ringup_db::top_up::find_top_up_by_code(tx, &code)?;
            top_up.map(|top_up| TopUpView::read(tx, top_up)).transpose()
        })
        .await
}

/// "I have paid, look now": asks the provider about every payment of this top-up that may still be taken, but about
/// each of them once in three seconds only. A payment that its provider has not answered yet is begun again, and
/// WeChat Pay wants to know the payer's network address for that.
///
/// # Errors
/// [`Unavailable`]; a provider that does not answer is no error here, its payment is asked about again later.
pub async fn look_now(engine: &Engine, code: TopUpCode, payer_ip: Option<String>) -> Result<(), Unavailable> {
    let Some(view) = view(engine, code).await? else { return Ok(()) };
    for payment in view.payments.into_iter().filter(|payment| engine.may_ask_about(payment.id)) {
        match payment.state {
            PaymentState::Created => payment::begin(engine, payment.id, payer_ip.clone()).await,
            PaymentState::Pending { .. } | PaymentState::Abandoned { .. } => {
                if let Err(error) = payment::ask(engine, payment.id).await {
                    tracing::info!(payment = %payment.id, %error, "the provider was asked in vain");
                }
            }
            PaymentState::Captured(_) => {}
        }
    }
    Ok(())
}

/// A command answered with another command's outcome: a bug, and said so.
pub(crate) fn unexpected(outcome: &Outcome) -> SubmitError {
    tracing::error!(?outcome, "a command had another command's outcome");
    SubmitError::Unknown
}
