//! Selling over a counter.

use ringup_core::apply::{self, Again, Command, Outcome, Refusal, Repeated, SoldBy};
use ringup_core::card::CardNumber;
use ringup_core::id::{PurseId, TopUpId};
use ringup_core::money::{Amount, Language};
use ringup_core::quote::Quote;
use ringup_core::time::Timestamp;
use ringup_core::top_up::{Channel, TopUp, TopUpCode};

use super::identity::{self, IdentityReason};
use super::{Counter, drawer};
use crate::error::{SubmitError, Unavailable};
use crate::quote::{QuoteError, QuoteToken, Quoted};
use crate::top_up::{IdempotencyKey, unexpected};
use crate::{Engine, place};

/// A sale for cash.
#[derive(Clone, Debug)]
pub struct Sell {
    /// The till's key: one for each sale.
    pub key: IdempotencyKey,
    /// The card that was typed.
    pub card: CardNumber,
    /// What the card shall get.
    pub amount: Amount,
    /// The sealed quote that the buyer was told.
    pub quote: String,
    /// The cash that was handed over; as much as is to be paid, when nothing was typed.
    pub cash_given: Option<Amount>,
    /// The language of the receipt.
    pub language: Language,
    /// Whether it was said that this is another one.
    pub again: Again,
}

/// What was sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sold {
    /// The top-up.
    pub id: TopUpId,
    /// The code of its receipt.
    pub code: TopUpCode,
    /// What is given back to the buyer.
    pub change: Amount,
    /// When the card gets its value, where that is not at once.
    pub credit_at: Option<Timestamp>,
    /// Whether it had been sold before, with the same key.
    pub repeated: Repeated,
}

/// Why nothing was sold. No money has moved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SellError {
    /// The quote is damaged, changed, or not ours.
    #[error("this is no quote of ours")]
    QuoteUnreadable,
    /// The quote is of another card or amount than what was typed: the price on the screen was late.
    #[error("this is the quote of something else")]
    QuoteOfSomethingElse,
    /// The clerk has no drawer open.
    #[error("no drawer is open")]
    DrawerClosed,
    /// More than the store may sell at once.
    #[error("{most} is the most that may be sold here at once")]
    AboveStoreLimit {
        /// The most.
        most: Amount,
    },
    /// The buyer must show who he is first.
    #[error("the buyer must show who he is")]
    IdentityNeeded(IdentityReason),
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
            Self::QuoteUnreadable => "quote_unreadable",
            Self::QuoteOfSomethingElse => "quote_of_something_else",
            Self::DrawerClosed => "drawer_closed",
            Self::AboveStoreLimit { .. } => "above_store_limit",
            Self::IdentityNeeded(_) => "identity_needed",
            Self::Submit(error) => error.code(),
        }
    }
}

/// Quotes a top-up at a counter.
///
/// # Errors
/// [`QuoteError`], in its order.
pub async fn quote(engine: &Engine, card: CardNumber, amount: Amount) -> Result<Quoted, QuoteError> {
    crate::quote::make(engine, card, amount).await
}

/// Sells a top-up for cash: into the clerk's drawer, and on the card at once or at the store's next stated time.
///
/// # Errors
/// [`SellError`], in its order.
pub async fn sell(engine: &Engine, counter: &Counter, request: Sell) -> Result<Sold, SellError> {
    let quote = open_quote(engine, &request.quote, (request.card, request.amount))?;
    let asked = quote.you_pay;
    let given = request.cash_given.unwrap_or(asked);
    let used = request.key.used_for("sell", &format!("{} {given}", QuoteToken::content(&quote)));
    if let Some(sold) = sold_before(engine, &request.key, given).await?.filter(|sold| sold.1 == quote) {
        return Ok(sold.0);
    }
    let open = drawer(engine, counter).await?.ok_or(SellError::DrawerClosed)?;
    check(engine, counter, &quote).await?;
    let credit_at = credit_at(engine, counter);
    let command = apply::Sell {
        key: used,
        channel: Channel::Store,
        sold_by: SoldBy { purse: open.purse.id, credit_at },
        quote,
        cash_given: Some(given),
        language: request.language,
        again: request.again,
    };
    match engine.submit(Command::Sell(command)).await? {
        Outcome::Placed { top_up, code, repeated, .. } => {
            let change = given.minus(asked).unwrap_or(Amount::zero(asked.unit()));
            Ok(Sold { id: top_up, code, change, credit_at, repeated })
        }
        other => Err(unexpected(&other).into()),
    }
}

/// The quote that was told, if it is of what was typed.
pub(super) fn open_quote(
    engine: &Engine,
    sealed: &str,
    (card, amount): (CardNumber, Amount),
) -> Result<Quote, SellError> {
    let quote = QuoteToken::open(engine.keys(), sealed).map_err(|_| SellError::QuoteUnreadable)?;
    if (quote.card, quote.card_gets) == (card, amount) { Ok(quote) } else { Err(SellError::QuoteOfSomethingElse) }
}

/// What the store allows, and what it must ask before it sells.
pub(super) async fn check(engine: &Engine, counter: &Counter, quote: &Quote) -> Result<(), SellError> {
    let most = counter.store.sale_max;
    if quote.card_gets.exceeds(most).map_err(|_| SellError::AboveStoreLimit { most })? {
        return Err(SellError::AboveStoreLimit { most });
    }
    match identity::needed(engine, counter, quote.card, quote.card_gets).await? {
        Some(reason) => Err(SellError::IdentityNeeded(reason)),
        None => Ok(()),
    }
}

/// When a sale made now is credited; nothing when at once.
pub(super) fn credit_at(engine: &Engine, counter: &Counter) -> Option<Timestamp> {
    let now = engine.now();
    Some(place::credited_at(&counter.place, now)).filter(|at| now < *at)
}

/// What came of a till's key: for a till whose line was down when the answer came. Nothing when nothing was sold with it.
///
/// # Errors
/// [`Unavailable`].
pub async fn find_by_key(
    engine: &Engine,
    counter: &Counter,
    key: &IdempotencyKey,
) -> Result<Option<TopUp>, Unavailable> {
    let hash = key.used_for("sell", "").key;
    let place = counter.store.place;
    engine
        .read(move |tx| {
            let Some(used) = ringup_db::idempotency_key::find_key(tx, &hash)? else { return Ok(None) };
            let top_up = ringup_db::top_up::find_top_up(tx, TopUpId::from_u64(used.result))?;
            let Some(top_up) = top_up else { return Ok(None) };
            // What another store has sold is no business of this one.
            let purse: Option<PurseId> = top_up.sale.map(|sale| sale.purse);
            let session = match purse {
                Some(purse) => ringup_db::till_session::find_till_session(tx, purse)?,
                None => None,
            };
            Ok(session.filter(|session| session.place == place).map(|_| top_up))
        })
        .await
}

/// A sale that was made before with this key: told again although the drawer was closed, or the buyer's leave has run out
/// meanwhile.
async fn sold_before(engine: &Engine, key: &IdempotencyKey, given: Amount) -> Result<Option<(Sold, Quote)>, SellError> {
    let hash = key.used_for("sell", "").key;
    let found = engine
        .read(move |tx| {
            let Some(used) = ringup_db::idempotency_key::find_key(tx, &hash)? else { return Ok(None) };
            let top_up = ringup_db::top_up::find_top_up(tx, TopUpId::from_u64(used.result))?;
            Ok(top_up.map(|top_up| (used, top_up)))
        })
        .await?;
    let Some((used, top_up)) = found else { return Ok(None) };
    let quote = top_up.quote;
    let again = key.used_for("sell", &format!("{} {given}", QuoteToken::content(&quote)));
    if again.fingerprint != used.fingerprint {
        return Err(SubmitError::Refused(Refusal::KeyUsedForSomethingElse).into());
    }
    let change = given.minus(quote.you_pay).unwrap_or(Amount::zero(quote.you_pay.unit()));
    let credit_at = top_up.sale.and_then(|sale| sale.credit_at);
    Ok(Some((Sold { id: top_up.id, code: top_up.code, change, credit_at, repeated: Repeated::Yes }, quote)))
}
