//! Float bought through a provider: placed, handed over, and put on the float by the provider's word, once.
//!
//! What is believed is written down first ([`FloatPurchase::told`]) and booked then, under a key that is the purchase's own. What is
//! cut off between the two is booked by the next word, or by the job. Nothing here looks at how the agent stands once he has placed
//! an order: money that was paid is his, and a float can always take it.

mod place;

use ringup_core::apply::{CashMove, Command, Difference, MoveCash, Outcome, Refusal};
use ringup_core::float_purchase::{FloatPaid, FloatPurchase, FloatPurchaseState, FloatReport};
use ringup_core::id::FloatPurchaseId;
use ringup_core::job::Next;
use ringup_core::job::follow::Failure;
use ringup_core::job::follow_float_purchase::{self, Beginning, CameTo};
use ringup_core::payment::{PaymentWord, ReportSource};
use ringup_core::time::Span;
use ringup_db::float_purchase as rows;
use ringup_gateways::Closed;

pub use place::{BuyError, BuyFloat, buy};

use super::Seller;
use crate::Engine;
use crate::error::{SubmitError, Unavailable};
use crate::payment::AskError;
use crate::top_up::{IdempotencyKey, unexpected};

/// A purchase of this agent; nothing when it is none of his.
///
/// # Errors
/// [`Unavailable`].
pub async fn find_purchase(
    engine: &Engine,
    seller: &Seller,
    id: FloatPurchaseId,
) -> Result<Option<FloatPurchase>, Unavailable> {
    Ok(find(engine, id).await?.filter(|purchase| purchase.agent == seller.agent.id))
}

/// "I have paid, look now": asks the provider about a purchase of this agent, once in some seconds. Tells whether there is one.
///
/// # Errors
/// [`Unavailable`]; a provider that does not answer is no error here, its order is asked about again later.
pub async fn look_at_purchase(
    engine: &Engine,
    seller: &Seller,
    id: FloatPurchaseId,
    payer_ip: Option<String>,
) -> Result<bool, Unavailable> {
    let Some(purchase) = find_purchase(engine, seller, id).await? else { return Ok(false) };
    if !engine.may_ask_about(id) {
        return Ok(true);
    }
    let asked = match purchase.state {
        FloatPurchaseState::Created => {
            place::begin(engine, id, payer_ip).await;
            Ok(())
        }
        FloatPurchaseState::Pending { .. } | FloatPurchaseState::Abandoned { .. } => {
            ask(engine, &purchase).await.map(drop)
        }
        FloatPurchaseState::Paid(paid) if paid.booked_at.is_none() => book(engine, id).await.map_err(AskError::from),
        FloatPurchaseState::Paid(_) => Ok(()),
    };
    if let Err(error) = asked {
        tracing::info!(purchase = %id, %error, "the provider was asked in vain");
    }
    Ok(true)
}

/// Hears a provider's word, and puts the money on the float when there is some. May be told the same any number of times.
pub(crate) async fn hear(engine: &Engine, report: &FloatReport) -> Result<FloatPurchase, SubmitError> {
    let told = write_down(engine, report).await?;
    match told.paid() {
        Some(paid) if paid.booked_at.is_none() => {
            book(engine, told.id).await?;
            Ok(find(engine, told.id).await?.unwrap_or(told))
        }
        Some(_) | None => Ok(told),
    }
}

/// Writes down what is believed of it, in one transaction with the row that it is about.
async fn write_down(engine: &Engine, report: &FloatReport) -> Result<FloatPurchase, SubmitError> {
    let (report, now) = (report.clone(), engine.now());
    let decided = engine
        .write_decided(move |tx| {
            let Some(before) = rows::find_float_purchase(tx, report.purchase)? else {
                return Ok(Err(Refusal::PaymentUnknown));
            };
            let told = match before.clone().told(&report, now) {
                Ok(told) => told,
                Err(refusal) => return Ok(Err(refusal)),
            };
            if told == before {
                return Ok(Ok(told));
            }
            if let Some(FloatPaid { transaction, .. }) = told.paid() {
                let of_top_up = rows::payment_of_transaction(tx, told.provider, transaction)?.is_some();
                let of_other = rows::float_purchase_of_transaction(tx, told.provider, transaction)?.is_some();
                if of_top_up || of_other {
                    return Ok(Err(Refusal::ReportDiffers(Difference::Transaction)));
                }
            }
            rows::update_float_purchase(tx, &told)?;
            Ok(Ok(FloatPurchase { version: told.version.saturating_add(1), ..told }))
        })
        .await?;
    Ok(decided?)
}

/// Puts what was paid on the float. Who is paid for, by whom and how much stands in the row, which names it once.
async fn book(engine: &Engine, id: FloatPurchaseId) -> Result<(), SubmitError> {
    let Some(purchase) = find(engine, id).await? else { return Ok(()) };
    let Some(paid) = purchase.paid().filter(|paid| paid.booked_at.is_none()) else { return Ok(()) };
    let how = CashMove::FloatPaid { provider: purchase.provider, amount: paid.amount };
    // Ours, made of the purchase: once for each. Keys are forgotten one day; by then the row says that it is booked.
    let key = IdempotencyKey::of_our_own(&format!("float purchase {id}"));
    let key = key.used_for("move_cash", &format!("{id} {how:?} {}", paid.transaction.as_str()));
    match engine.submit(Command::MoveCash(MoveCash { key, purse: purchase.float, how })).await? {
        Outcome::CashMoved { .. } => {}
        other => return Err(unexpected(&other)),
    }
    let now = engine.now();
    engine.write(move |tx| rows::book_float_purchase(tx, id, now)).await
}

/// Asks the provider, and hears its answer as its notifications are heard.
async fn ask(engine: &Engine, purchase: &FloatPurchase) -> Result<FloatPurchase, AskError> {
    let (id, provider, now) = (purchase.id, purchase.provider, engine.now());
    let word = engine.gateways().query(provider, id, now, &engine.nonce()).await?;
    if !follow_float_purchase::closes_after(purchase, &word, now) {
        return say(engine, purchase, word).await;
    }
    // The time is over: the order is closed there, so that nobody can pay it any more.
    match engine.gateways().close(provider, id, now, &engine.nonce()).await? {
        Closed::Done | Closed::NotFound => say(engine, purchase, PaymentWord::Closed).await,
        Closed::AlreadyPaid => {
            let word = engine.gateways().query(provider, id, now, &engine.nonce()).await?;
            say(engine, purchase, word).await
        }
    }
}

async fn say(engine: &Engine, purchase: &FloatPurchase, word: PaymentWord) -> Result<FloatPurchase, AskError> {
    let (provider, id) = (purchase.provider, purchase.id);
    let report = FloatReport { provider, purchase: id, source: ReportSource::Query, word };
    Ok(hear(engine, &report).await?)
}

/// One step of following a purchase.
pub(crate) async fn follow(engine: &Engine, id: FloatPurchaseId) -> Next {
    let again = |error: &Unavailable| Next::Again { at: engine.now().plus(Span::seconds(10)), why: error.to_string() };
    let purchase = match find(engine, id).await {
        Ok(Some(purchase)) => purchase,
        Ok(None) => return Next::Done,
        Err(error) => return again(&error),
    };
    let came_to = match step(engine, &purchase).await {
        Ok(came_to) => came_to,
        Err(error) => CameTo::Failed(Failure::from(&error)),
    };
    match find(engine, id).await {
        Ok(after) => follow_float_purchase::ends_with(&after.unwrap_or(purchase), came_to, engine.now()),
        Err(error) => again(&error),
    }
}

async fn step(engine: &Engine, purchase: &FloatPurchase) -> Result<CameTo, AskError> {
    let id = purchase.id;
    match follow_float_purchase::begins_with(purchase, engine.now()) {
        Beginning::Nothing => return Ok(CameTo::OnFloat),
        Beginning::Book => {
            book(engine, id).await?;
            return Ok(CameTo::OnFloat);
        }
        Beginning::MakeAndAsk => place::begin(engine, id, None).await,
        Beginning::Ask => {}
    }
    let told = ask(engine, purchase).await?;
    let is_on_float = told.paid().is_some_and(|paid| paid.booked_at.is_some());
    Ok(if is_on_float { CameTo::OnFloat } else { CameTo::NotPaid })
}

async fn find(engine: &Engine, id: FloatPurchaseId) -> Result<Option<FloatPurchase>, Unavailable> {
    engine.read(move |tx| rows::find_float_purchase(tx, id)).await
}
