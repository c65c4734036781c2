//! Cards of known numbers and PINs.

use std::fmt::Write as _;

use ringup_core::card::CardNumber;

use crate::rig::dice::Dice;
use crate::rig::failure::Failure;

/// What a card was sold as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// Gets what is paid.
    Plain,
    /// At 100.00 it costs 5.00 less and brings 10.00 bonus.
    Gifts,
}

impl Product {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Plain, Self::Gifts];

    /// As the catalogue calls it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gifts => "gifts",
        }
    }

    /// The first of its numbers, without the check digit.
    const fn first_number(self) -> u64 {
        match self {
            Self::Plain => 622_588_000_000_000,
            Self::Gifts => 622_599_000_000_000,
        }
    }
}

/// A card in the hands of a holder.
#[derive(Clone, Debug)]
pub struct Card {
    /// Its number.
    pub number: CardNumber,
    /// Its PIN.
    pub pin: String,
    /// What it was sold as.
    pub product: Product,
}

/// So many cards of each product, scattered over the shards.
pub(super) fn draw(dice: &mut Dice, count: u64) -> Result<Vec<Card>, Failure> {
    let mut cards = Vec::new();
    for product in Product::ALL {
        // One of a million numbers each, so that no two are equal.
        for position in 0..count.min(1_000) {
            let serial = position.wrapping_mul(1_000_000).wrapping_add(dice.below(1_000_000));
            let payload = product.first_number().wrapping_add(serial);
            let number = CardNumber::with_check_digit(payload).map_err(Failure::doing("drawing a card"))?;
            cards.push(Card { number, pin: format!("{:06}", dice.below(1_000_000)), product });
        }
    }
    Ok(cards)
}

/// The cards of a product, as `ringup card import` takes them.
pub(super) fn import_file(cards: &[Card], product: Product) -> String {
    let mut text = String::from("number,pin,balance,expiry\n");
    for card in cards.iter().filter(|card| card.product == product) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{},{},0.00,2099-12-31", card.number, card.pin);
    }
    text
}
