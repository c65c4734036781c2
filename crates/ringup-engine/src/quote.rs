//! Quotes: made from what the card, its product and the promotions are now, and sealed on their way through a browser.

mod sealed;

pub use sealed::QuoteToken;

use ringup_core::card::CardNumber;
use ringup_core::money::Amount;
use ringup_core::product::Product;
use ringup_core::promotion::Promotion;
use ringup_core::quote::{Quote, QuoteFor, QuoteRefusal};
use ringup_core::time::Timestamp;
use ringup_db::error::DbError;
use ringup_db::seam::ReadTx;

use crate::Engine;
use crate::error::Unavailable;

/// Why there is no quote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// No such card, or it has not been issued yet: the two look the same, so that numbers cannot be fished for.
    #[error("there is no such card")]
    CardUnknown,
    /// The card cannot be topped up, or not by this amount.
    #[error(transparent)]
    Refused(#[from] QuoteRefusal),
    /// The database does not serve.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl QuoteError {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CardUnknown => "card_unknown",
            Self::Refused(refusal) => refusal.code(),
            Self::Unavailable(_) => "unavailable",
        }
    }
}

/// A quote with what carries it through a browser.
#[derive(Clone, Debug)]
pub struct Quoted {
    /// What was quoted.
    pub quote: Quote,
    /// The same, sealed.
    pub token: QuoteToken,
}

/// What can be bought before a card is named: a product, and what each of its amounts would cost and give.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The product.
    pub product: Product,
    /// Its promotions that run now.
    pub promotions: Vec<Promotion>,
}

/// Quotes a top-up of this card.
///
/// # Errors
/// [`QuoteError`], in its order.
pub async fn make(engine: &Engine, card: CardNumber, amount: Amount) -> Result<Quoted, QuoteError> {
    let now = engine.now();
    let result = engine.read(move |tx| quote(tx, card, amount, now)).await?;
    let quote = match result.ok_or(QuoteError::CardUnknown)? {
        Err(QuoteRefusal::CardNotActive) => return Err(QuoteError::CardUnknown),
        quoted => quoted?,
    };
    let token = QuoteToken::seal(engine.keys(), &quote);
    Ok(Quoted { quote, token })
}

/// What is offered now, the first product first.
///
/// # Errors
/// [`Unavailable`].
pub async fn offers(engine: &Engine) -> Result<Vec<Offer>, Unavailable> {
    let now = engine.now();
    engine
        .read(move |tx| {
            let products = ringup_db::product::products(tx)?;
            products
                .into_iter()
                .map(|product| {
                    let promotions = ringup_db::promotion::promotions_of(tx, product.id, now)?;
                    Ok(Offer { product, promotions })
                })
                .collect()
        })
        .await
}

fn quote(
    tx: &mut ReadTx<'_>,
    card: CardNumber,
    amount: Amount,
    now: Timestamp,
) -> Result<Option<Result<Quote, QuoteRefusal>>, DbError> {
    let Some(card) = ringup_db::card::find_card(tx, card)? else { return Ok(None) };
    let Some(product) = ringup_db::product::find_product(tx, card.product)? else { return Ok(None) };
    let promotions = ringup_db::promotion::promotions_of(tx, product.id, now)?;
    let balance = ringup_db::account::card_balance(tx, card.number, product.unit)?.available(product.unit);
    let made_for = QuoteFor { card: &card, product: &product, balance, promotions: &promotions };
    Ok(Some(Quote::make(made_for, amount, now)))
}
