//! The product and the promotions of a world.

use ringup_core::money::{Amount, AmountError, Unit};
use ringup_core::product::{Name, NumberFormat, Product, ProductId};
use ringup_core::promotion::{Gift, Promotion, PromotionId};
use ringup_core::time::{Span, Timestamp};

use super::Offer;

/// What its cards hold.
pub const UNIT: Unit = Unit::Cny;

/// What each card held when it came.
pub const OPENING_MINOR: u64 = 1_000;

/// What top-ups are bought for, one as often as the others.
pub const OFFERED_MINOR: [u64; 3] = [5_000, 10_000, 20_000];

/// A card may be drawn many times, and must never be refused for what it holds.
const BALANCE_MAX_MINOR: u64 = 1_000_000_000_000;
const DISCOUNT_MINOR: u64 = 500;
const BONUS_MINOR: u64 = 1_000;

pub fn product() -> Result<Product, AmountError> {
    Ok(Product {
        id: ProductId(1),
        code: "talk".to_owned(),
        name: Name { en: "Talk".to_owned(), zh_hans: "畅听卡".to_owned() },
        unit: UNIT,
        format: NumberFormat { prefix: "622588".to_owned(), digits: 16, pin_digits: 6 },
        validity: Span::days(365),
        added_per_top_up: Span::days(90),
        grace: Span::days(90),
        offered: OFFERED_MINOR.into_iter().map(|minor| Amount::new(minor, UNIT)).collect::<Result<_, _>>()?,
        other_amounts: None,
        balance_min: Amount::zero(UNIT),
        balance_max: Amount::new(BALANCE_MAX_MINOR, UNIT)?,
    })
}

pub fn promotions(offer: Offer) -> Result<Vec<Promotion>, AmountError> {
    let gifts = match offer {
        Offer::Plain => return Ok(Vec::new()),
        Offer::Promoted => [
            (1, "5 off", Gift::Discount(Amount::new(DISCOUNT_MINOR, UNIT)?)),
            (2, "10 on top", Gift::Bonus { amount: Amount::new(BONUS_MINOR, UNIT)?, lasts: Span::days(30) }),
        ],
    };
    let spend_at_least = Amount::new(OFFERED_MINOR.into_iter().min().unwrap_or_default(), UNIT)?;
    let promotion = |(id, name, gives): (u32, &str, Gift)| Promotion {
        id: PromotionId(id),
        product: ProductId(1),
        name: Name { en: name.to_owned(), zh_hans: name.to_owned() },
        starts_at: Timestamp::from_seconds(1_735_689_600),
        ends_at: Timestamp::from_seconds(4_102_444_800),
        spend_at_least,
        gives,
    };
    Ok(gifts.into_iter().map(promotion).collect())
}
