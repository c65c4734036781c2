use ringup_core::books::PinHash;
use ringup_core::card::CardState;
use ringup_core::id::BatchId;
use ringup_core::product::ProductId;

use super::{NewCard, find_card, find_pin, insert_cards};
use crate::testing::{TestDatabase, card_number, given_a_database};

fn insert(test: &TestDatabase, numbers: &[u64]) -> Vec<u64> {
    let cards: Vec<NewCard> = numbers
        .iter()
        .map(|n| NewCard { number: card_number(*n), pin: PinHash([u8::try_from(n % 256).unwrap(); 16]) })
        .collect();
    let taken =
        test.write(|tx| Ok(insert_cards(tx, &cards, ProductId(1), BatchId::from_u64(7), CardState::Generated)?));
    let mut taken: Vec<u64> =
        taken.iter().map(|number| numbers.iter().copied().find(|n| card_number(*n) == *number).unwrap()).collect();
    taken.sort_unstable();
    taken
}

#[test]
fn inserted_cards_are_found_with_their_pins() {
    let test = given_a_database();
    assert_eq!(insert(&test, &[1, 2, 3]), Vec::<u64>::new());
    let card = test.read(|tx| find_card(tx, card_number(2))).unwrap();
    assert_eq!((card.number, card.state, card.batch), (card_number(2), CardState::Generated, BatchId::from_u64(7)));
    assert_eq!((card.expires_at, card.chain.length, card.version), (None, 0, 0));
    assert_eq!(test.read(|tx| find_pin(tx, card_number(2))), Some(PinHash([2; 16])));
    assert_eq!(test.read(|tx| find_card(tx, card_number(9))), None);
    assert_eq!(test.read(|tx| find_pin(tx, card_number(9))), None);
}

#[test]
fn numbers_that_are_taken_are_answered_and_their_cards_left_alone() {
    let test = given_a_database();
    insert(&test, &[1, 2]);
    assert_eq!(insert(&test, &[5, 2, 3, 1]), [1, 2]);
    assert_eq!(insert(&test, &[8, 9, 8]), [8], "a number given twice is inserted once");
    assert_eq!(test.read(|tx| find_pin(tx, card_number(1))), Some(PinHash([1; 16])));
    assert!(test.read(|tx| find_card(tx, card_number(5))).is_some());
}

#[test]
fn more_cards_than_are_written_at_once_are_all_written() {
    let test = given_a_database();
    let numbers: Vec<u64> = (0..super::INSERTED_AT_ONCE as u64 + 100).collect();
    assert_eq!(insert(&test, &numbers), Vec::<u64>::new());
    assert_eq!(insert(&test, &numbers).len(), numbers.len());
}
