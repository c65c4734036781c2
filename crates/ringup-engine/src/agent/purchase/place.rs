//! Placing a purchase, and handing the payer over to the provider.

use ringup_core::apply::{PAYABLE_FOR, Refusal};
use ringup_core::float_purchase::{FloatPurchase, FloatPurchaseState};
use ringup_core::id::{FloatPurchaseId, JobId};
use ringup_core::job::{FIRST_QUERY_AFTER, JobKind, NewJob};
use ringup_core::money::{Amount, Language};
use ringup_core::payment::PayMethod;
use ringup_db::float_purchase as rows;
use ringup_gateways::{CreatePayment, Created, GatewayError};

use super::super::{Seller, Standing, standing};
use super::{ask, find};
use crate::error::{SubmitError, Unavailable};
use crate::payment::AskError;
use crate::top_up::{IdempotencyKey, PayBy};
use crate::{Engine, limits};

/// Float to be bought through a provider.
#[derive(Clone, Debug)]
pub struct BuyFloat {
    /// The agent's key: one for each purchase.
    pub key: IdempotencyKey,
    /// How much.
    pub amount: Amount,
    /// How it is to be paid.
    pub pay: PayBy,
}

/// Why float was not bought. No money has moved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuyError {
    /// The agent may not sell now, so nothing new is taken from him.
    #[error("the agent may not buy: he is {}", .0.name())]
    NotSelling(Standing),
    /// The amount is too small, too large, or in another currency than the float.
    #[error("between {least} and {most} can be bought at once")]
    Amount {
        /// So much at least.
        least: Amount,
        /// So much at most.
        most: Amount,
    },
    /// The provider is not set up here, or not reached in this way.
    #[error("this provider is not offered here")]
    ProviderNotOffered,
    /// Too many of his purchases wait for their payer.
    #[error("too many purchases wait to be paid")]
    TooManyWaiting,
    /// The key was used for something else, or the database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for BuyError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

/// Writes down a purchase with the job that follows it, and has the provider make its order. The same key again is the same purchase.
///
/// When the provider does not answer, the purchase is placed all the same: its page asks the provider again.
///
/// # Errors
/// [`BuyError`], in its order.
pub async fn buy(engine: &Engine, seller: &Seller, request: BuyFloat) -> Result<FloatPurchase, BuyError> {
    let (agent, BuyFloat { key, amount, pay }) = (seller.agent.id, request);
    let key = key.used_for("float_purchase", "").key;
    let placed = engine.read(move |tx| rows::find_float_purchase_by_key(tx, agent, &key)).await?;
    if let Some(placed) = placed {
        return same(placed, amount, &pay);
    }
    check(engine, seller, amount, &pay)?;
    let now = engine.now();
    let shard = seller.business.float.shard();
    let wanted = FloatPurchase {
        id: FloatPurchaseId::from_u64(engine.ids().one(shard, now)),
        agent,
        float: seller.business.float,
        amount,
        provider: pay.provider,
        method: pay.method,
        state: FloatPurchaseState::Created,
        created_at: now,
        expires_at: now.plus(PAYABLE_FOR),
        version: 0,
    };
    let job = NewJob {
        id: JobId::from_u64(engine.ids().one(shard, now)),
        shard,
        kind: JobKind::FollowFloatPurchase,
        subject: wanted.id.as_u64(),
        run_at: now.plus(FIRST_QUERY_AFTER),
    };
    let placed = engine
        .write(move |tx| {
            if let Some(placed) = rows::find_float_purchase_by_key(tx, agent, &key)? {
                return Ok(Some(placed));
            }
            if rows::count_waiting_float_purchases(tx, agent)? >= limits::FLOAT_PURCHASES_WAITING_MAX {
                return Ok(None);
            }
            rows::insert_float_purchase(tx, &wanted, &key)?;
            ringup_db::job::insert_job(tx, &job)?;
            Ok(Some(wanted))
        })
        .await?;
    let placed = same(placed.ok_or(BuyError::TooManyWaiting)?, amount, &pay)?;
    begin(engine, placed.id, pay.payer_ip).await;
    Ok(placed)
}

/// The purchase, when it is what is asked for now.
fn same(placed: FloatPurchase, amount: Amount, pay: &PayBy) -> Result<FloatPurchase, BuyError> {
    if (placed.amount, placed.provider, placed.method) == (amount, pay.provider, pay.method) {
        Ok(placed)
    } else {
        Err(SubmitError::Refused(Refusal::KeyUsedForSomethingElse).into())
    }
}

fn check(engine: &Engine, seller: &Seller, amount: Amount, pay: &PayBy) -> Result<(), BuyError> {
    match standing(&seller.agent, engine.now()) {
        Standing::Approved => {}
        other => return Err(BuyError::NotSelling(other)),
    }
    let unit = seller.business.unit;
    let bound = |minor| Amount::new(minor, unit).unwrap_or(Amount::zero(unit));
    let fits = (limits::FLOAT_PURCHASE_MINOR_MIN..=limits::FLOAT_PURCHASE_MINOR_MAX).contains(&amount.minor());
    if amount.unit() != unit || !fits {
        let (least, most) = (bound(limits::FLOAT_PURCHASE_MINOR_MIN), bound(limits::FLOAT_PURCHASE_MINOR_MAX));
        return Err(BuyError::Amount { least, most });
    }
    let reachable = match pay.method {
        PayMethod::Qr | PayMethod::Page | PayMethod::Mobile => true,
        PayMethod::InApp | PayMethod::Code => false,
    };
    if reachable && engine.gateways().offers(pay.provider) { Ok(()) } else { Err(BuyError::ProviderNotOffered) }
}

/// Has the provider make its order, and writes down how the payer gets there. The order's number is the purchase's, so that asking
/// twice makes one order.
pub(super) async fn begin(engine: &Engine, id: FloatPurchaseId, payer_ip: Option<String>) {
    if let Err(error) = try_begin(engine, id, payer_ip).await {
        tracing::warn!(purchase = %id, %error, "the float purchase could not be begun at its provider");
    }
}

async fn try_begin(engine: &Engine, id: FloatPurchaseId, payer_ip: Option<String>) -> Result<(), AskError> {
    let Some(purchase) = find(engine, id).await? else { return Ok(()) };
    let now = engine.now();
    if purchase.state != FloatPurchaseState::Created || now >= purchase.expires_at {
        return Ok(());
    }
    let (public_url, provider) = (&engine.settings().public_url, purchase.provider);
    let order = CreatePayment {
        order: id.into(),
        method: purchase.method,
        amount: purchase.amount,
        subject: subject(engine, Language::ZhHans),
        notify_url: format!("{public_url}/notifications/{provider}"),
        return_url: format!("{public_url}/agent/float/purchases/{id}"),
        expires_at: purchase.expires_at,
        payer_ip,
        openid: None,
    };
    let hand_over = match engine.gateways().create(provider, &order, now, &engine.nonce()).await? {
        Created::HandOver(text) => text,
        Created::AlreadyPaid => return ask(engine, &purchase).await.map(drop),
        // Needs the payer's number at the app, which no page of ours asks for.
        Created::InApp(_) => return Err(GatewayError::Unsupported.into()),
    };
    engine
        .write(move |tx| {
            let Some(purchase) = rows::find_float_purchase(tx, id)? else { return Ok(()) };
            match purchase.state.hand_over(hand_over) {
                Ok(state) => rows::update_float_purchase(tx, &FloatPurchase { state, ..purchase }),
                Err(_) => Ok(()), // it has ended meanwhile
            }
        })
        .await?;
    Ok(())
}

/// What the payer reads in the provider's app.
fn subject(engine: &Engine, language: Language) -> String {
    let subject = &engine.settings().subject;
    match language {
        Language::En => format!("{subject} float"),
        Language::ZhHans => format!("{subject} 代理商预存款"),
    }
}
