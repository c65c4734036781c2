//! Selling over a counter to somebody who shows a code of his payment app.

use ringup_core::apply::{Again, Command, Outcome, PlaceTopUp, SoldBy};
use ringup_core::card::CardNumber;
use ringup_core::money::{Amount, Language};
use ringup_core::payment::{PayMethod, PaymentCode};
use ringup_core::top_up::{Channel, TopUpCode};

use super::sale::{SellError, check, credit_at, open_quote};
use super::{Counter, drawer};
use crate::Engine;
use crate::error::SubmitError;
use crate::payment::{CodeAnswer, PayByCodeError, pay_by_code};
use crate::quote::QuoteToken;
use crate::top_up::{IdempotencyKey, unexpected};

/// A sale whose buyer has shown a code.
#[derive(Clone, Debug)]
pub struct SellByCode {
    /// The till's key: one for each sale, however it is paid.
    pub key: IdempotencyKey,
    /// The card that was typed.
    pub card: CardNumber,
    /// What the card shall get.
    pub amount: Amount,
    /// The sealed quote that the buyer was told.
    pub quote: String,
    /// The code that was scanned.
    pub code: PaymentCode,
    /// The language of the receipt.
    pub language: Language,
    /// Whether it was said that this is another one.
    pub again: Again,
}

/// What a scan came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scanned {
    /// The code of the top-up.
    pub top_up: TopUpCode,
    /// How its payment stands.
    pub answer: CodeAnswer,
}

/// Sells a top-up to somebody who pays by the code of his app. The money goes to the provider; the drawer only says where it was sold.
///
/// # Errors
/// [`SellError`], in its order. That the provider takes no money is no error, it is an answer.
pub async fn sell_by_code(engine: &Engine, counter: &Counter, request: SellByCode) -> Result<Scanned, SellError> {
    let quote = open_quote(engine, &request.quote, (request.card, request.amount))?;
    let provider = request.code.provider();
    // The purpose is that of a sale for cash, so that one key never sells both.
    let used = request.key.used_for("sell", &format!("{} code {provider}", QuoteToken::content(&quote)));
    let open = drawer(engine, counter).await?.ok_or(SellError::DrawerClosed)?;
    check(engine, counter, &quote).await?;
    let place = PlaceTopUp {
        key: used,
        channel: Channel::Store,
        sold_by: Some(SoldBy { purse: open.purse.id, credit_at: credit_at(engine, counter) }),
        quote,
        provider,
        method: PayMethod::Code,
        language: request.language,
        again: request.again,
    };
    let (top_up, payment) = match engine.submit(Command::PlaceTopUp(place)).await? {
        Outcome::Placed { code, payment, .. } => (code, payment),
        other => return Err(unexpected(&other).into()),
    };
    match pay_by_code(engine, payment, &request.code).await {
        Ok(answer) => Ok(Scanned { top_up, answer }),
        Err(PayByCodeError::Submit(error)) => Err(error.into()),
        Err(PayByCodeError::PaymentUnknown) => Err(SubmitError::Unknown.into()),
    }
}
