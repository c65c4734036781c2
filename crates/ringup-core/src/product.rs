//! Products: what kinds of card the issuer sells, and their rules.

use crate::money::{Amount, Unit};
use crate::time::Span;

/// A product, by the number the issuer gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductId(pub u32);

/// A name in the two languages of the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// In English.
    pub en: String,
    /// In simplified Chinese.
    pub zh_hans: String,
}

/// How the numbers of a product's cards look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    /// The issuer's digits in front; the first is not zero.
    pub prefix: String,
    /// All digits, the check digit included: 10 to 18.
    pub digits: u32,
    /// How many digits a PIN has: 4 to 12.
    pub pin_digits: u32,
}

/// A kind of card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Its number.
    pub id: ProductId,
    /// A short text that commands and files name it by.
    pub code: String,
    /// What pages call it.
    pub name: Name,
    /// What its cards hold.
    pub unit: Unit,
    /// How its numbers look.
    pub format: NumberFormat,
    /// How long a card is valid from its activation.
    pub validity: Span,
    /// How long a card is valid from a top-up, at least.
    pub added_per_top_up: Span,
    /// How long after its date a top-up still brings a card back.
    pub grace: Span,
    /// The amounts on the tiles.
    pub offered: Vec<Amount>,
    /// Other amounts, from and to, in whole steps of the unit; nothing when only the tiles are sold.
    pub other_amounts: Option<(Amount, Amount)>,
    /// A card can be spent down to this.
    pub balance_min: Amount,
    /// A top-up may not lift a card above this.
    pub balance_max: Amount,
}

impl Product {
    /// Whether a top-up of this amount is sold.
    #[must_use]
    pub fn offers(&self, amount: Amount) -> bool {
        let within = |(least, most): (Amount, Amount)| {
            amount.unit() == least.unit() && amount.minor() >= least.minor() && amount.minor() <= most.minor()
        };
        !amount.is_zero() && (self.offered.contains(&amount) || self.other_amounts.is_some_and(within))
    }
}
