//! Selling from float.

use ringup_core::apply::{self, Again, Command, Outcome, Refusal, Repeated, SoldBy};
use ringup_core::card::CardNumber;
use ringup_core::id::TopUpId;
use ringup_core::money::{Amount, Language};
use ringup_core::quote::{Quote, QuoteRefusal};
use ringup_core::top_up::{TopUp, TopUpCode};

use super::{Seller, Standing, standing};
use crate::Engine;
use crate::error::{SubmitError, Unavailable};
use crate::quote::{self, QuoteError, QuoteToken};
use crate::top_up::{IdempotencyKey, TopUpView, unexpected};

/// A sale from float.
#[derive(Clone, Debug)]
pub struct Sell {
    /// The agent's key: one for each sale.
    pub key: IdempotencyKey,
    /// The card.
    pub card: CardNumber,
    /// What it shall get.
    pub amount: Amount,
    /// The sealed quote that he was shown; without one it is sold at what it costs now.
    pub quote: Option<String>,
    /// The language of the receipt.
    pub language: Language,
    /// Whether he has said that this is another one.
    pub again: Again,
}

/// What was sold.
#[derive(Clone, Debug)]
pub struct Sold {
    /// The top-up.
    pub top_up: TopUp,
    /// Whether it had been sold before, with the same key.
    pub repeated: Repeated,
}

/// Why nothing was sold. No money has moved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SellError {
    /// The agent may not sell now.
    #[error("the agent may not sell: he is {}", .0.name())]
    NotSelling(Standing),
    /// The quote is damaged, changed, or not ours.
    #[error("this is no quote of ours")]
    QuoteUnreadable,
    /// The quote is of another card or amount.
    #[error("this is the quote of something else")]
    QuoteOfSomethingElse,
    /// There is no price for it.
    #[error(transparent)]
    Quote(#[from] QuoteError),
    /// It costs or gives something else than what was agreed.
    #[error("it costs or gives something else by now")]
    PriceDiffers,
    /// The books say no, or the database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for SellError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

impl SellError {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotSelling(Standing::Applied | Standing::Approved) => "agent_not_approved",
            Self::NotSelling(Standing::Suspended) => "agent_suspended",
            Self::NotSelling(Standing::Expired) => "agent_licence_expired",
            Self::QuoteUnreadable => "quote_unreadable",
            Self::QuoteOfSomethingElse => "quote_of_something_else",
            Self::Quote(error) => error.code(),
            Self::PriceDiffers => "price_differs",
            Self::Submit(error) => error.code(),
        }
    }
}

/// Sells a top-up from the agent's float. What was sold before with the same key is told again, whatever has become of the agent,
/// the price or the card meanwhile.
///
/// # Errors
/// [`SellError`], in its order.
pub async fn sell(engine: &Engine, seller: &Seller, request: Sell) -> Result<Sold, SellError> {
    sell_as_agreed(engine, seller, request, |_| true).await
}

/// The same, where what it costs and gives now must be what was agreed.
pub(super) async fn sell_as_agreed(
    engine: &Engine,
    seller: &Seller,
    request: Sell,
    is_agreed: impl FnOnce(&Quote) -> bool,
) -> Result<Sold, SellError> {
    let purpose = format!("agent_sale {}", seller.agent.id);
    // Not what it costs: without a quote that may be another amount the second time.
    let key = request.key.used_for(&purpose, &format!("{} {}", request.card.as_u64(), request.amount));
    let found = engine.read(move |tx| ringup_db::idempotency_key::find_key(tx, &key.key)).await?;
    if let Some(used) = found {
        if used.fingerprint != key.fingerprint {
            return Err(SubmitError::Refused(Refusal::KeyUsedForSomethingElse).into());
        }
        return sold(engine, TopUpId::from_u64(used.result), Repeated::Yes).await;
    }
    match standing(&seller.agent, engine.now()) {
        Standing::Approved => {}
        other => return Err(SellError::NotSelling(other)),
    }
    let quote = price(engine, &request).await?;
    if !is_agreed(&quote) {
        return Err(SellError::PriceDiffers);
    }
    let unit = seller.business.unit;
    if quote.you_pay.unit() != unit {
        return Err(SellError::Quote(QuoteError::Refused(QuoteRefusal::WrongUnit(unit))));
    }
    let command = apply::Sell {
        key,
        channel: seller.channel,
        sold_by: SoldBy { purse: seller.business.float, credit_at: None },
        quote,
        cash_given: None,
        language: request.language,
        again: request.again,
    };
    match engine.submit(Command::Sell(command)).await? {
        Outcome::Placed { top_up, repeated, .. } => sold(engine, top_up, repeated).await,
        other => Err(unexpected(&other).into()),
    }
}

async fn price(engine: &Engine, request: &Sell) -> Result<Quote, SellError> {
    let Some(sealed) = &request.quote else {
        return Ok(quote::make(engine, request.card, request.amount).await?.quote);
    };
    let quote = QuoteToken::open(engine.keys(), sealed).map_err(|_| SellError::QuoteUnreadable)?;
    if (quote.card, quote.card_gets) == (request.card, request.amount) {
        Ok(quote)
    } else {
        Err(SellError::QuoteOfSomethingElse)
    }
}

async fn sold(engine: &Engine, id: TopUpId, repeated: Repeated) -> Result<Sold, SellError> {
    let top_up = engine.read(move |tx| ringup_db::top_up::find_top_up(tx, id)).await?;
    match top_up {
        Some(top_up) => Ok(Sold { top_up, repeated }),
        None => Err(SubmitError::Refused(Refusal::TopUpUnknown).into()),
    }
}

/// The last sales of an agent, the newest first, those before `before` when that is given.
///
/// # Errors
/// [`Unavailable`].
pub async fn recent_sales(
    engine: &Engine,
    seller: &Seller,
    before: Option<TopUpId>,
    limit: u32,
) -> Result<Vec<TopUp>, Unavailable> {
    let float = seller.business.float;
    engine.read(move |tx| ringup_db::top_up::sold_by(tx, float, before, limit)).await
}

/// A sale of this agent by its code; nothing when it is none of his.
///
/// # Errors
/// [`Unavailable`].
pub async fn find_sale(engine: &Engine, seller: &Seller, code: TopUpCode) -> Result<Option<TopUpView>, Unavailable> {
    let view = crate::top_up::view(engine, code).await?;
    Ok(view.filter(|view| view.top_up.sale.is_some_and(|sale| sale.purse == seller.business.float)))
}
