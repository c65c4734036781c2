use ringup_core::money::Amount;
use serde::{Deserialize, Serialize};

use super::{SlipAnswer, opt_text, text};

/// What a top-up would cost and give.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Quote {
    /// To be sent back with the top-up.
    pub quote: String,
    /// What is paid.
    #[serde(deserialize_with = "text")]
    pub you_pay: Amount,
    /// What the card gets.
    #[serde(deserialize_with = "text")]
    pub card_gets: Amount,
    /// What it gets on top.
    #[serde(default, deserialize_with = "opt_text")]
    pub bonus: Option<Amount>,
    /// Which promotions that comes from.
    #[serde(default)]
    pub adjustments: Vec<Adjustment>,
}

/// What a promotion makes of a price.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Adjustment {
    /// `discount` or `bonus`.
    pub kind: String,
    /// By how much.
    #[serde(deserialize_with = "text")]
    pub amount: Amount,
    /// What it is called, in English.
    pub name_en: String,
    /// What it is called, in simplified Chinese.
    pub name_zh_hans: String,
}

/// A top-up by QR code to be placed.
#[derive(Clone, Debug, Serialize)]
pub struct TopUpBody<'a> {
    /// The quote that is taken.
    pub quote: &'a str,
    /// Who takes the payment.
    pub provider: &'a str,
    /// The language of the slip.
    pub language: &'a str,
    /// The holder has said that this is another one.
    pub another_one: bool,
}

/// A top-up that has been placed.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Placed {
    /// The code of its page and its receipt.
    pub code: String,
    /// Its page, for the holder's phone.
    pub page_url: String,
}

/// How a top-up stands.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct TopUpStatus {
    /// Where it stands.
    pub state: TopUpState,
    /// What is or was paid.
    #[serde(deserialize_with = "text")]
    pub you_pay: Amount,
    /// What the card gets or got.
    #[serde(deserialize_with = "text")]
    pub card_gets: Amount,
    /// What it gets or got on top.
    #[serde(default, deserialize_with = "opt_text")]
    pub bonus: Option<Amount>,
    /// Its payments, the oldest first.
    #[serde(default)]
    pub payments: Vec<Payment>,
    /// What is to be printed once it is credited.
    #[serde(default)]
    pub slip: Option<SlipAnswer>,
}

/// Where a top-up stands.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum TopUpState {
    /// Nobody has paid, as far as it is known.
    Placed,
    /// Paid, and not on the card yet.
    Deferred,
    /// Nobody has paid in time.
    Abandoned,
    /// On the card.
    Credited,
    /// Paid, and on its way back to the payer.
    Refunding,
    /// Paid, and given back.
    Refunded,
}

impl TopUpState {
    /// Whether the server has said what became of it. What is paid after the time was over it credits or gives back by itself.
    #[must_use]
    pub const fn is_end(self) -> bool {
        match self {
            Self::Placed | Self::Deferred => false,
            Self::Abandoned | Self::Credited | Self::Refunding | Self::Refunded => true,
        }
    }
}

/// How its payment stands.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Payment {
    /// `created`, `pending`, `captured` or `abandoned`.
    pub state: String,
    /// The text of the QR code, while it can be paid.
    #[serde(default)]
    pub hand_over: Option<String>,
    /// Until when it can be paid.
    pub expires_at: String,
}
