use ringup_core::money::{Amount, Unit};
use ringup_core::product::{Name, NumberFormat, Product, ProductId};
use ringup_core::promotion::{Gift, Promotion, PromotionId};
use ringup_core::quote::Deal;
use ringup_core::time::{Span, Timestamp};
use ringup_engine::quote::Offer;

use super::{certain_offer_for, deadline, offer_for, on_tile, short_money, table_without_card, taken_off};
use crate::web::i18n::{Locale, Words};

const NOW: Timestamp = Timestamp::from_seconds(1_795_327_351); // 2026-11-22T14:02:31+08:00
const EN: Words = Words::of(Locale::En);

fn yuan(yuan: u64) -> Amount {
    Amount::new(yuan * 100, Unit::Cny).unwrap()
}

fn product(id: u32, prefix: &str) -> Product {
    Product {
        id: ProductId(id),
        code: format!("p{id}"),
        name: Name { en: String::new(), zh_hans: String::new() },
        unit: Unit::Cny,
        format: NumberFormat { prefix: prefix.to_owned(), digits: 16, pin_digits: 6 },
        validity: Span::days(180),
        added_per_top_up: Span::days(180),
        grace: Span::days(90),
        offered: vec![yuan(50), yuan(100)],
        other_amounts: None,
        balance_min: yuan(0),
        balance_max: yuan(1_000),
    }
}

fn promotion(id: u32, spend_at_least: u64, gives: Gift) -> Promotion {
    Promotion {
        id: PromotionId(id),
        product: ProductId(1),
        name: Name { en: format!("promotion {id}"), zh_hans: format!("优惠 {id}") },
        starts_at: NOW.minus(Span::days(1)),
        ends_at: NOW.plus(Span::days(1)),
        spend_at_least: yuan(spend_at_least),
        gives,
    }
}

fn offer() -> Offer {
    let bonus = |yuan_given| Gift::Bonus { amount: yuan(yuan_given), lasts: Span::days(30) };
    let promotions = vec![
        promotion(1, 100, Gift::Discount(yuan(5))),
        promotion(2, 100, Gift::Discount(yuan(3))),
        promotion(3, 50, bonus(2)),
        promotion(4, 100, bonus(10)),
    ];
    Offer { product: product(1, "622588"), promotions }
}

fn deal(offer: &Offer, amount: u64, now: Timestamp) -> Deal<'_> {
    Deal::of(offer.product.id, &offer.promotions, yuan(amount), now).unwrap()
}

#[test]
fn a_tile_tells_the_discount_first_and_a_bonus_where_there_is_none() {
    let offer = offer();
    let on_tile = |amount| on_tile(EN, &deal(&offer, amount, NOW));
    assert_eq!(on_tile(100).as_deref(), Some("Pay ¥95"));
    assert_eq!(on_tile(50).as_deref(), Some("+¥2 bonus"));
    assert_eq!(on_tile(20), None);
}

#[test]
fn without_a_card_the_table_shows_what_the_promotions_say_and_no_validity() {
    let offer = offer();
    let table = table_without_card(EN, &deal(&offer, 100, NOW), yuan(100), NOW);
    assert_eq!((table.pays.as_str(), table.gets.as_str()), ("¥95.00", "¥100.00"));
    assert_eq!(table.discounts[0].amount, "−¥5.00");
    assert_eq!(table.bonuses[0].amount, "+¥10.00");
    assert_eq!(table.bonuses[0].note.as_deref(), Some("Use it by 22 December 2026."));
    assert_eq!(table.valid_until, None);
}

#[test]
fn a_promotion_that_is_over_is_not_shown() {
    let offer = offer();
    assert_eq!(on_tile(EN, &deal(&offer, 100, NOW.plus(Span::days(1)))), None);
}

#[test]
fn the_typed_digits_choose_the_product_and_tell_nothing_about_a_card() {
    let offers = [offer(), Offer { product: product(2, "622599"), promotions: Vec::new() }];
    let chosen = |typed| offer_for(&offers, typed).unwrap().product.id;
    assert_eq!(chosen("6225 9912 3456 7890"), ProductId(2));
    assert_eq!(chosen("6225 88"), ProductId(1));
    assert_eq!(chosen("4111"), ProductId(1));
    assert_eq!(chosen(""), ProductId(1));
    assert!(offer_for(&[], "6225").is_none());
}

#[test]
fn no_promotion_is_promised_before_it_is_certain_which_product_the_card_is_of() {
    let offers = [offer(), Offer { product: product(2, "622599"), promotions: Vec::new() }];
    let certain = |typed| certain_offer_for(&offers, typed).map(|offer| offer.product.id);
    assert_eq!(certain(""), None);
    assert_eq!(certain("6225"), None);
    assert_eq!(certain("622588"), Some(ProductId(1)));
    let only = certain_offer_for(&offers[..1], "").map(|offer| offer.product.id);
    assert_eq!(only, Some(ProductId(1)), "where there is one product only, it is certain from the start");
}

#[test]
fn decimals_that_say_nothing_are_left_out_where_space_is_short() {
    assert_eq!(short_money(EN, yuan(100)), "¥100");
    assert_eq!(short_money(EN, Amount::new(1_050, Unit::Cny).unwrap()), "¥10.50");
    assert_eq!(taken_off(EN, yuan(5)), "−¥5.00");
}

#[test]
fn a_deadline_that_is_over_has_no_seconds_left() {
    assert_eq!(deadline(EN, NOW.plus(Span::minutes(15)), NOW).seconds_left, 900);
    assert_eq!(deadline(EN, NOW, NOW.plus(Span::minutes(1))).seconds_left, 0);
}
