//! Refunds: decided by staff or by rule, sent by a job.

use ringup_core::apply::{Command, Outcome, RecordRefund, RefundHowMuch, Repeated, RequestRefund, SpentMeanwhile};
use ringup_core::id::{RefundId, TopUpId};
use ringup_core::job::Next;
use ringup_core::job::send_refund::{self, Beginning, Progress};
use ringup_core::money::Amount;
use ringup_core::payment::{Capture, Payment, PaymentState, Provider, RefundWord, Tender};
use ringup_core::refund::{Refund, RefundState};
use ringup_gateways::{GatewayError, RefundOrder};

use crate::Engine;
use crate::error::{SubmitError, Unavailable};
use crate::payment::AskError;
use crate::top_up::{IdempotencyKey, TopUpView, unexpected};

/// Takes a top-up off its card, wholly or in part, and has the money sent back.
///
/// # Errors
/// [`SubmitError::Refused`] when it cannot be refunded, or the card has spent it; [`SubmitError`] otherwise.
pub async fn request(
    engine: &Engine,
    key: &IdempotencyKey,
    top_up: TopUpId,
    how_much: RefundHowMuch,
    spent: SpentMeanwhile,
) -> Result<(RefundId, Repeated), SubmitError> {
    // What is to be done about a loss is no part of what is asked: a refusal is repeated with the loss accepted.
    let asked = match how_much {
        RefundHowMuch::Whole => format!("{top_up} whole"),
        RefundHowMuch::Part(amount) => format!("{top_up} {amount}"),
    };
    let key = key.used_for("refund", &asked);
    match engine.submit(Command::RequestRefund(RequestRefund { key, top_up, how_much, spent })).await? {
        Outcome::RefundRequested { refund, repeated } => Ok((refund, repeated)),
        other => Err(unexpected(&other)),
    }
}

/// One step of sending a refund: have the provider send it, or find out whether it has.
///
/// After the first time the provider is asked before it is told again; its number of the refund is ours, so that telling
/// it twice sends the money once.
pub(crate) async fn send(engine: &Engine, id: RefundId, attempt: u32) -> Next {
    let came_to = step(engine, id, attempt).await.map_err(|error| error.to_string());
    send_refund::ends_with(came_to, attempt, engine.now())
}

async fn step(engine: &Engine, id: RefundId, attempt: u32) -> Result<Progress, AskError> {
    let Some((refund, payment)) = find(engine, id).await? else { return Ok(Progress::Ended) };
    let beginning = send_refund::begins_with(&refund, &payment, attempt);
    if beginning == Beginning::Nothing {
        return Ok(Progress::Ended);
    }
    let PaymentState::Captured(Capture { amount: total, .. }) = payment.state else { return Ok(Progress::Ended) };
    let Some(provider) = payment.tender.provider() else { return Ok(Progress::Uncollected) };
    match beginning {
        Beginning::Nothing | Beginning::Send => {}
        Beginning::Uncollected => return Ok(Progress::Uncollected),
        Beginning::AskFirst => {
            let (now, nonce) = (engine.now(), engine.nonce());
            let word = engine.gateways().query_refund(provider, id, payment.id, now, &nonce).await?;
            if word != RefundWord::NotFound {
                return record(engine, id, word).await;
            }
        }
    }
    let order = order(engine, &refund, (provider, total));
    match engine.gateways().refund(provider, &order, engine.now(), &engine.nonce()).await {
        Ok(word) => record(engine, id, word).await,
        Err(GatewayError::Refused { code, message }) => {
            record(engine, id, RefundWord::Failed { reason: format!("{code}: {message}") }).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn record(engine: &Engine, refund: RefundId, word: RefundWord) -> Result<Progress, AskError> {
    let progress = send_refund::after_word(&word);
    engine.submit(Command::RecordRefund(RecordRefund { refund, word })).await?;
    Ok(progress)
}

fn order(engine: &Engine, refund: &Refund, (provider, total): (Provider, Amount)) -> RefundOrder {
    RefundOrder {
        refund: refund.id,
        payment: refund.payment,
        amount: refund.amount,
        total,
        reason: engine.settings().subject.clone(),
        notify_url: format!("{}/notifications/{provider}", engine.settings().public_url),
    }
}

async fn find(engine: &Engine, id: RefundId) -> Result<Option<(Refund, Payment)>, Unavailable> {
    engine
        .read(move |tx| {
            let Some(refund) = ringup_db::refund::find_refund(tx, id)? else { return Ok(None) };
            let payment = ringup_db::payment::find_payment(tx, refund.payment)?;
            Ok(payment.map(|payment| (refund, payment)))
        })
        .await
}

/// The refund of a top-up that waits to be handed over in cash, if one does.
#[must_use]
pub fn to_hand_over(view: &TopUpView) -> Option<&Refund> {
    view.refunds.iter().find(|refund| {
        let payment = view.payments.iter().find(|payment| payment.id == refund.payment);
        let is_cash = payment.is_some_and(|payment| matches!(payment.tender, Tender::Purse { .. }));
        is_cash && !matches!(refund.state, RefundState::Succeeded { .. })
    })
}

/// The top-up that a refund is of.
///
/// # Errors
/// [`Unavailable`].
pub async fn top_up_of(engine: &Engine, id: RefundId) -> Result<Option<TopUpView>, Unavailable> {
    engine
        .read(move |tx| {
            let Some(refund) = ringup_db::refund::find_refund(tx, id)? else { return Ok(None) };
            let top_up = ringup_db::top_up::find_top_up(tx, refund.top_up)?;
            top_up.map(|top_up| TopUpView::read(tx, top_up)).transpose()
        })
        .await
}
