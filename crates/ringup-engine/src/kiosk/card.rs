//! Before the first note: may this card be topped up, how much at most, and what do promotions make of it.

use ringup_core::card::CardNumber;
use ringup_core::money::Amount;
use ringup_core::promotion::Promotion;
use ringup_core::quote::{self, QuoteRefusal};
use ringup_core::time::Timestamp;
use ringup_db::kiosk::Kiosk;

use crate::Engine;
use crate::quote::QuoteError;

/// What may be put in for a card.
#[derive(Clone, Debug)]
pub struct MayTopUp {
    /// The card.
    pub card: CardNumber,
    /// The most.
    pub most: Amount,
    /// The tiles of its product that it has room for: what is sold by QR code.
    pub offered: Vec<Amount>,
    /// The promotions that run now.
    pub promotions: Vec<Promotion>,
    /// Until when the card would be valid.
    pub card_valid_until: Timestamp,
}

/// Asks before a note is taken that could not be credited.
///
/// # Errors
/// [`QuoteError`], in its order. A card that may not hold the smallest note more is refused as full.
pub async fn may_top_up(engine: &Engine, kiosk: &Kiosk, card: CardNumber) -> Result<MayTopUp, QuoteError> {
    let now = engine.now();
    let found = engine.read(move |tx| {
        let Some(card) = ringup_db::card::find_card(tx, card)? else { return Ok(None) };
        let Some(product) = ringup_db::product::find_product(tx, card.product)? else { return Ok(None) };
        let promotions = ringup_db::promotion::promotions_of(tx, product.id, now)?;
        let balance = ringup_db::account::card_balance(tx, card.number, product.unit)?.available(product.unit);
        Ok(Some((card, product, promotions, balance)))
    });
    let (card, product, promotions, balance) = found.await?.ok_or(QuoteError::CardUnknown)?;
    match quote::may_be_topped_up(card.standing(&product, now)) {
        // As everywhere, so that numbers cannot be fished for.
        Err(QuoteRefusal::CardNotActive) => return Err(QuoteError::CardUnknown),
        standing => standing?,
    }
    if product.unit != kiosk.unit {
        return Err(QuoteRefusal::WrongUnit(product.unit).into());
    }
    let room = product.balance_max.minus(balance).unwrap_or(Amount::zero(product.unit));
    let most = room.at_most(kiosk.visit_max).map_err(QuoteRefusal::from)?;
    if kiosk.notes.first().is_none_or(|smallest| smallest.minor() > most.minor()) {
        return Err(QuoteRefusal::BalanceTooHigh { balance_max: product.balance_max }.into());
    }
    let card_valid_until = card.expiry_after_top_up(&product, now);
    let fits = |amount: &Amount| amount.exceeds(room) == Ok(false);
    let offered = product.offered.iter().copied().filter(fits).collect();
    Ok(MayTopUp { card: card.number, most, offered, promotions, card_valid_until })
}
