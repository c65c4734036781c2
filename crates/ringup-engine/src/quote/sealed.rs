//! A quote as a token: encrypted, so that a card number stands in no address, and sealed, so that no price can be changed.
//!
//! No row is written for a quote: most are never taken.

use ringup_core::card::CardNumber;
use ringup_core::money::Amount;
use ringup_core::product::{Name, ProductId};
use ringup_core::promotion::PromotionId;
use ringup_core::quote::{Adjustment, AdjustmentKind, Bonus, Quote};
use ringup_core::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::keys::Keys;
use crate::seal;

const PURPOSE: &[u8] = b"ringup quote 1";

/// A sealed quote, as a form or an address carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuoteToken(String);

/// The text is no quote of ours: damaged, changed, or sealed with another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no quote of ours")]
pub struct NotOurQuote;

impl QuoteToken {
    /// Seals a quote.
    #[must_use]
    pub fn seal(keys: &Keys, quote: &Quote) -> Self {
        Self(seal::seal(keys.quotes(), PURPOSE, Self::content(quote).into_bytes()))
    }

    /// As a form or an address carries it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a quote says, in a form that is the same for ever: part of the fingerprint of what was asked.
    pub(crate) fn content(quote: &Quote) -> String {
        // Writing plain fields as JSON cannot fail.
        serde_json::to_string(&Wire::from(quote)).unwrap_or_default()
    }

    /// Opens what came back from a browser.
    ///
    /// # Errors
    /// [`NotOurQuote`].
    pub fn open(keys: &Keys, text: &str) -> Result<Quote, NotOurQuote> {
        let opened = seal::open(keys.quotes(), PURPOSE, text).ok_or(NotOurQuote)?;
        let wire: Wire = serde_json::from_slice(&opened).map_err(|_| NotOurQuote)?;
        wire.try_into()
    }
}

#[derive(Serialize, Deserialize)]
struct Wire {
    card: u64,
    product: u32,
    card_gets: String,
    you_pay: String,
    bonus: Option<(String, i64)>,
    adjustments: Vec<WireAdjustment>,
    card_valid_until: i64,
    quoted_at: i64,
}

#[derive(Serialize, Deserialize)]
struct WireAdjustment {
    promotion: u32,
    en: String,
    zh_hans: String,
    kind: String,
    amount: String,
}

impl From<&Quote> for Wire {
    fn from(quote: &Quote) -> Self {
        let adjustments = quote.adjustments.iter().map(|adjustment| WireAdjustment {
            promotion: adjustment.promotion.0,
            en: adjustment.name.en.clone(),
            zh_hans: adjustment.name.zh_hans.clone(),
            kind: adjustment.kind.name().to_owned(),
            amount: adjustment.amount.to_string(),
        });
        Self {
            card: quote.card.as_u64(),
            product: quote.product.0,
            card_gets: quote.card_gets.to_string(),
            you_pay: quote.you_pay.to_string(),
            bonus: quote.bonus.map(|bonus| (bonus.amount.to_string(), bonus.lasts.as_micros())),
            adjustments: adjustments.collect(),
            card_valid_until: quote.card_valid_until.micros(),
            quoted_at: quote.quoted_at.micros(),
        }
    }
}

impl TryFrom<Wire> for Quote {
    type Error = NotOurQuote;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        let amount = |text: &str| text.parse::<Amount>().map_err(|_| NotOurQuote);
        let bonus = match &wire.bonus {
            Some((text, lasts)) => Some(Bonus { amount: amount(text)?, lasts: Span::micros(*lasts) }),
            None => None,
        };
        let adjustments = wire.adjustments.iter().map(|adjustment| {
            Ok(Adjustment {
                promotion: PromotionId(adjustment.promotion),
                name: Name { en: adjustment.en.clone(), zh_hans: adjustment.zh_hans.clone() },
                kind: AdjustmentKind::from_name(&adjustment.kind).ok_or(NotOurQuote)?,
                amount: amount(&adjustment.amount)?,
            })
        });
        Ok(Self {
            card: CardNumber::from_u64(wire.card).map_err(|_| NotOurQuote)?,
            product: ProductId(wire.product),
            card_gets: amount(&wire.card_gets)?,
            you_pay: amount(&wire.you_pay)?,
            bonus,
            adjustments: adjustments.collect::<Result<_, _>>()?,
            card_valid_until: Timestamp::from_micros(wire.card_valid_until),
            quoted_at: Timestamp::from_micros(wire.quoted_at),
        })
    }
}

#[cfg(test)]
mod tests;
