//! Catalogue files.

use ringup_core::card::{Card, CardNumber, CardState};
use ringup_core::id::BatchId;
use ringup_core::ledger::ChainHead;
use ringup_core::money::Amount;
use ringup_core::product::Product;
use ringup_core::promotion::{Gift, Promotion};
use ringup_core::quote::{AdjustmentKind, Quote, QuoteFor, QuoteRefusal};
use ringup_core::time::{Span, Timestamp};
use ringup_engine::catalogue::Catalogue;

use super::plans;
use crate::bytes;
use crate::verdict::{Broken, Checked, Reached, holds, same};
use crate::{Check, Target};

/// Catalogues.
pub const TARGET: Target = Target {
    name: "catalogue",
    claims: "a catalogue that is taken sells only what it says, every amount on offer can be quoted, for more than nothing, and its plans can be advised on",
    bytes_max: 8_192,
    prepare: || Ok(Box::new(check) as Box<dyn Check>),
};

fn check(data: &[u8]) -> Checked {
    let Some(text) = bytes::text(data) else { return Ok(Reached::Refused) };
    let Ok(catalogue) = Catalogue::parse(text) else { return Ok(Reached::Refused) };
    let again = Catalogue::parse(text).map_err(Broken::doing("read once, refused the second time"))?;
    same("read twice", &again, &catalogue)?;
    for product in &catalogue.products {
        is_sound(product)?;
        can_be_quoted(product, &catalogue.promotions)?;
    }
    for promotion in &catalogue.promotions {
        let known = catalogue.products.iter().any(|product| product.id == promotion.product);
        holds(known, || format!("{promotion:?} is for no product"))?;
        holds(promotion.starts_at < promotion.ends_at, || format!("{promotion:?} never runs"))?;
        if let Gift::Discount(off) = promotion.gives {
            let less = off.exceeds(promotion.spend_at_least) == Ok(false) && off != promotion.spend_at_least;
            holds(less, || format!("{promotion:?} leaves nothing to pay"))?;
        }
    }
    if let Some(plans) = &catalogue.plans {
        plans::are_sound(plans, &catalogue.products)?;
    }
    same("products of one number or code", &repeated(&catalogue), &None)?;
    Ok(if catalogue.products.is_empty() { Reached::Refused } else { Reached::Accepted })
}

/// Two entries of which the second would take the place of the first.
fn repeated(catalogue: &Catalogue) -> Option<String> {
    let products = &catalogue.products;
    let twice = products
        .iter()
        .enumerate()
        .find(|(at, one)| products.iter().take(*at).any(|other| other.id == one.id || other.code == one.code));
    let promotions = &catalogue.promotions;
    let promotion_twice =
        promotions.iter().enumerate().find(|(at, one)| promotions.iter().take(*at).any(|other| other.id == one.id));
    twice
        .map(|(_, product)| format!("product {:?}", product.code))
        .or_else(|| promotion_twice.map(|(_, promotion)| format!("promotion {:?}", promotion.id)))
}

fn is_sound(product: &Product) -> Result<(), Broken> {
    holds(!product.offered.is_empty(), || format!("{} sells nothing", product.code))?;
    for amount in &product.offered {
        same("the unit of an amount", &amount.unit(), &product.unit)?;
        holds(product.offers(*amount), || format!("{} does not sell the {amount} on its tile", product.code))?;
    }
    if let Some((least, most)) = product.other_amounts {
        same("the units of other amounts", &(least.unit(), most.unit()), &(product.unit, product.unit))?;
        let sold = product.offers(most) && (least.is_zero() || product.offers(least));
        holds(sold, || format!("{} sells nothing from {least} to {most}", product.code))?;
    }
    same("the units of the balance", &product.balance_min.unit(), &product.balance_max.unit())?;
    let format = &product.format;
    let digits = usize::try_from(format.digits).unwrap_or(0);
    let numbers = (CardNumber::DIGITS_MIN..=CardNumber::DIGITS_MAX).contains(&digits);
    holds(numbers && format.prefix.len() < digits, || format!("{format:?} makes no card numbers"))?;
    let spans = [product.validity, product.added_per_top_up, product.grace];
    holds(spans.iter().all(|span| *span >= Span::micros(0)), || format!("{spans:?} go back in time"))
}

/// A sound card can buy whatever is on a tile, at any time that a promotion runs.
fn can_be_quoted(product: &Product, promotions: &[Promotion]) -> Result<(), Broken> {
    let card = card(product)?;
    let moments = promotions.iter().flat_map(|promotion| [promotion.starts_at, promotion.ends_at]);
    for now in moments.chain([Timestamp::from_seconds(1_795_436_646)]).take(16) {
        for amount in product.offered.iter().take(16) {
            let balance = Amount::zero(product.unit);
            let made = Quote::make(QuoteFor { card: &card, product, balance, promotions }, *amount, now);
            match made {
                Ok(quote) => adds_up(&quote, *amount)?,
                Err(QuoteRefusal::BalanceTooHigh { .. }) => {
                    let fits = amount.exceeds(product.balance_max) == Ok(false);
                    holds(!fits, || format!("{amount} is too much for an empty card of {}", product.code))?;
                }
                Err(refusal) => return Err(Broken(format!("{amount} of {}: {refusal}", product.code))),
            }
        }
    }
    Ok(())
}

fn adds_up(quote: &Quote, amount: Amount) -> Result<(), Broken> {
    same("what the card gets", &quote.card_gets, &amount)?;
    holds(!quote.you_pay.is_zero(), || format!("{amount} for nothing"))?;
    let mut paid = amount.minor();
    for adjustment in &quote.adjustments {
        match adjustment.kind {
            AdjustmentKind::Discount => paid = paid.saturating_sub(adjustment.amount.minor()),
            AdjustmentKind::Bonus => {
                same("the bonus", &quote.bonus.map(|bonus| bonus.amount), &Some(adjustment.amount))?;
            }
        }
    }
    same("what is paid", &quote.you_pay.minor(), &paid)
}

fn card(product: &Product) -> Result<Card, Broken> {
    Ok(Card {
        number: CardNumber::with_check_digit(622_588_000_000_001).map_err(Broken::doing("a card number"))?,
        product: product.id,
        batch: BatchId::from_u64(1),
        state: CardState::Active,
        expires_at: None,
        main: None,
        last_credit: None,
        chain: ChainHead::EMPTY,
        version: 1,
    })
}
