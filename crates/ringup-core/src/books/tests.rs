use super::*;
use crate::apply::tests::support::{World, money};

#[test]
fn a_log_holds_no_pin_hash() {
    assert_eq!(format!("{:?}", PinHash([0xab; 16])), "PinHash(***)");
}

#[test]
fn a_key_lives_in_the_shard_of_its_first_byte() {
    let mut hash = [7; 16];
    hash[0] = 200;
    assert_eq!(KeyHash(hash).shard(), Shard(200));
    assert_eq!(Shard(200).to_string(), "200");
}

#[test]
fn the_books_name_their_cards_in_order() {
    let mut world = World::new();
    let mut cards: Vec<_> = (0..3).map(|_| world.given_a_card("1.00 CNY")).collect();
    cards.sort();
    assert_eq!(world.books.cards().collect::<Vec<_>>(), cards);
}

#[test]
fn money_of_one_unit_is_none_of_another() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    assert_eq!(world.books.card_main(card, Unit::Cny), money("20.00 CNY"));
    assert_eq!(world.books.card_main(card, Unit::Usd), Amount::zero(Unit::Usd));
}
