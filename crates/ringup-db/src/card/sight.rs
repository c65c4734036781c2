//! What a holder is shown of his card, and what his PIN is compared with: for many cards at once, because holders ask all
//! the time and mostly at the same time.

use std::collections::{BTreeMap, BTreeSet};

use ringup_core::books::PinHash;
use ringup_core::card::{Card, CardNumber};
use ringup_core::money::Amount;
use ringup_core::product::{Product, ProductId};
use ringup_core::top_up::Grant;

use super::{CARD_BY_NUMBER, key, read_card_and_pin};
use crate::error::DbError;
use crate::grant::{OPEN_GRANTS_OF_CARD, read_grant_and_rest};
use crate::seam::Read;

/// A card with what is on it.
#[derive(Clone, Debug)]
pub struct CardSight {
    /// The card, with its own money.
    pub card: Card,
    /// The keyed hash of its PIN.
    pub pin: PinHash,
    /// What kind of card it is.
    pub product: Product,
    /// Its bonuses that have not lapsed, with what is left of each; the one that lapses soonest first.
    pub bonuses: Vec<(Grant, Amount)>,
}

/// Looks at cards; those that are not there are left out, and take as long.
///
/// # Errors
/// What the database says; [`DbError::Damaged`] when a card is of no product.
pub fn look_at_cards(
    tx: &mut impl Read,
    numbers: &BTreeSet<CardNumber>,
) -> Result<BTreeMap<CardNumber, CardSight>, DbError> {
    let keys = || numbers.iter().copied().flat_map(key).collect();
    let mut cards = Vec::with_capacity(numbers.len());
    CARD_BY_NUMBER.find_all(tx, keys(), &mut |fields| {
        cards.push(read_card_and_pin(fields)?);
        Ok(())
    })?;
    let mut bonuses: BTreeMap<CardNumber, Vec<(Grant, Amount)>> = BTreeMap::new();
    OPEN_GRANTS_OF_CARD.find_all(tx, keys(), &mut |fields| {
        let (grant, left) = read_grant_and_rest(fields)?;
        bonuses.entry(grant.card).or_default().push((grant, left));
        Ok(())
    })?;
    let mut products: BTreeMap<ProductId, Product> = BTreeMap::new();
    let mut sights = BTreeMap::new();
    for (card, pin) in cards {
        let product = match products.get(&card.product) {
            Some(product) => product.clone(),
            None => {
                let missing = || DbError::Damaged(format!("product {} is missing", card.product.0));
                let product = crate::product::find_product(tx, card.product)?.ok_or_else(missing)?;
                products.insert(card.product, product.clone());
                product
            }
        };
        let mut bonuses = bonuses.remove(&card.number).unwrap_or_default();
        bonuses.sort_by_key(|(grant, _)| (grant.expires_at, grant.id));
        sights.insert(card.number, CardSight { card, pin, product, bonuses });
    }
    Ok(sights)
}
