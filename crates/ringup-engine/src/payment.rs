//! Payments at their providers: begun, asked about, followed to their end.

mod by_code;

pub use by_code::{CodeAnswer, PayByCodeError, pay_by_code, standing_by_code};

use ringup_core::apply::{Command, Outcome, RecordHandOver};
use ringup_core::id::PaymentId;
use ringup_core::job::Next;
use ringup_core::job::follow::{self, AfterWord, Beginning, Ending, Failure};
use ringup_core::money::Language;
use ringup_core::payment::{
    PayMethod, Payment, PaymentState, PaymentWord, Provider, ProviderReport, ReportSource, Tender,
};
use ringup_core::time::Span;
use ringup_core::top_up::TopUp;
use ringup_gateways::{Closed, CreatePayment, Created, GatewayError};

use crate::Engine;
use crate::error::{SubmitError, Unavailable};

/// Why a provider's word could not be had and booked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// The provider does not answer, or not in a way that can be believed.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// It could not be booked.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for AskError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

impl From<&AskError> for Failure {
    fn from(error: &AskError) -> Self {
        let why = error.to_string();
        match error {
            AskError::Submit(SubmitError::Refused(_)) => Self::Refused { why },
            AskError::Gateway(_) | AskError::Submit(_) => Self::NoAnswer { why },
        }
    }
}

/// Has the provider make its order, and writes down how the payer gets there.
///
/// Does nothing for a payment that has got that far, nor for one whose payer shows a code: only [`pay_by_code`] has that. The order's number is the payment's, so that asking twice makes
/// one order. A provider that does not answer is no failure of the top-up: its page and its job try again.
pub async fn begin(engine: &Engine, id: PaymentId, payer_ip: Option<String>) {
    if let Err(error) = try_begin(engine, id, payer_ip).await {
        tracing::warn!(payment = %id, %error, "the payment could not be begun at its provider");
    }
}

async fn try_begin(engine: &Engine, id: PaymentId, payer_ip: Option<String>) -> Result<(), AskError> {
    let Some((payment, top_up)) = find(engine, id).await? else { return Ok(()) };
    let Tender::Provider { provider, method } = payment.tender else { return Ok(()) };
    if method == PayMethod::Code {
        return Ok(());
    }
    match payment.state {
        PaymentState::Created => {}
        PaymentState::Pending { .. } | PaymentState::Captured(_) | PaymentState::Abandoned { .. } => return Ok(()),
    }
    let now = engine.now();
    if now >= payment.expires_at {
        return Ok(());
    }
    let public_url = &engine.settings().public_url;
    let order = CreatePayment {
        order: id.into(),
        method,
        amount: payment.amount,
        subject: subject(engine, &top_up),
        notify_url: format!("{public_url}/notifications/{provider}"),
        return_url: format!("{public_url}/top-ups/{}", top_up.code),
        expires_at: payment.expires_at,
        payer_ip,
        openid: None,
    };
    let hand_over = match engine.gateways().create(provider, &order, now, &engine.nonce()).await? {
        Created::HandOver(text) => text,
        Created::AlreadyPaid => {
            ask(engine, id).await?;
            return Ok(());
        }
        // Needs the payer's number at the app, which no page of ours asks for.
        Created::InApp(_) => return Err(GatewayError::Unsupported.into()),
    };
    engine.submit(Command::RecordHandOver(RecordHandOver { payment: id, hand_over })).await?;
    Ok(())
}

/// What the payer reads in the provider's app: which card, by its last four digits.
fn subject(engine: &Engine, top_up: &TopUp) -> String {
    let last_four = top_up.card().last_four();
    match top_up.language {
        Language::En => format!("{} top-up, card ending {last_four}", engine.settings().subject),
        Language::ZhHans => format!("{} 充值（卡号尾号 {last_four}）", engine.settings().subject),
    }
}

/// Asks the provider, and books its answer by the same function that books its notifications.
///
/// # Errors
/// [`AskError`].
pub async fn ask(engine: &Engine, id: PaymentId) -> Result<Outcome, AskError> {
    let Some((payment, _)) = find(engine, id).await? else { return Ok(Outcome::NothingToDo) };
    let Some(provider) = payment.tender.provider() else { return Ok(Outcome::NothingToDo) };
    let word = query(engine, provider, &payment).await?;
    record(engine, provider, id, word).await
}

async fn query(engine: &Engine, provider: Provider, payment: &Payment) -> Result<PaymentWord, GatewayError> {
    let (gateways, now, nonce) = (engine.gateways(), engine.now(), engine.nonce());
    if payment.tender.is_by_code() {
        let word = gateways.query_by_code(provider, payment.id, now, &nonce).await?;
        by_code::keep_if_declined(engine, payment, &word).await;
        Ok(word)
    } else {
        gateways.query(provider, payment.id, now, &nonce).await
    }
}

async fn record(
    engine: &Engine,
    provider: Provider,
    payment: PaymentId,
    word: PaymentWord,
) -> Result<Outcome, AskError> {
    let report = ProviderReport { provider, payment, source: ReportSource::Query, word };
    Ok(engine.submit(Command::RecordPayment(report)).await?)
}

/// One step of following a payment: ask, and close its order at the provider when its time is over.
pub(crate) async fn follow(engine: &Engine, id: PaymentId) -> Next {
    let found = match find(engine, id).await {
        Ok(found) => found,
        Err(error) => return Next::Again { at: engine.now().plus(Span::seconds(10)), why: error.to_string() },
    };
    let Some((payment, _)) = found else { return Next::Done };
    let beginning = follow::begins_with(&payment, engine.now());
    if beginning == Beginning::Nothing {
        return Next::Done;
    }
    let came_to = step(engine, &payment, beginning).await;
    let came_to = came_to.as_ref().map_err(Failure::from);
    match follow::ends_with(&payment, came_to, engine.now()) {
        Ending::Next(next) => next,
        Ending::LastLook { .. } if is_settled(engine, id).await => Next::Done,
        Ending::LastLook { why } => Next::GiveUp { why },
    }
}

async fn step(engine: &Engine, payment: &Payment, beginning: Beginning) -> Result<Outcome, AskError> {
    let (id, now) = (payment.id, engine.now());
    let Some(provider) = payment.tender.provider() else { return Ok(Outcome::NothingToDo) };
    match beginning {
        Beginning::Nothing => return Ok(Outcome::NothingToDo),
        Beginning::NotYet => return Ok(Outcome::StillWaiting),
        Beginning::NeverBegun => return record(engine, provider, id, PaymentWord::Closed).await,
        Beginning::MakeAndAsk => begin(engine, id, None).await,
        Beginning::Ask => {}
    }
    let word = query(engine, provider, payment).await?;
    match follow::after_word(payment, &word, now) {
        AfterWord::Book => record(engine, provider, id, word).await,
        AfterWord::Wait => Ok(Outcome::StillWaiting),
        AfterWord::Close if payment.tender.is_by_code() => by_code::cancel(engine, provider, id).await,
        AfterWord::Close => close(engine, provider, id).await,
    }
}

/// Closes the order of a payment whose time is over, so that nobody can pay it any more.
async fn close(engine: &Engine, provider: Provider, payment: PaymentId) -> Result<Outcome, AskError> {
    match engine.gateways().close(provider, payment, engine.now(), &engine.nonce()).await? {
        // Unknown there: never made, or made and not scanned, and then its QR code has expired with it.
        Closed::Done | Closed::NotFound => record(engine, provider, payment, PaymentWord::Closed).await,
        Closed::AlreadyPaid => ask(engine, payment).await,
    }
}

async fn is_settled(engine: &Engine, id: PaymentId) -> bool {
    match find(engine, id).await {
        Ok(found) => found.is_none_or(|(payment, _)| follow::is_settled(&payment)),
        Err(_) => false,
    }
}

async fn find(engine: &Engine, id: PaymentId) -> Result<Option<(Payment, TopUp)>, Unavailable> {
    engine
        .read(move |tx| {
            let Some(payment) = ringup_db::payment::find_payment(tx, id)? else { return Ok(None) };
            let top_up = ringup_db::top_up::find_top_up(tx, payment.top_up)?;
            Ok(top_up.map(|top_up| (payment, top_up)))
        })
        .await
}
