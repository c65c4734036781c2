use ringup_core::card::CardNumber;
use ringup_core::time::Span;

use super::*;
use crate::card::issue::{IssueCards, issue};
use crate::card::tests::Shop;

/// A batch of twenty cards, and the cards in it.
fn given_a_batch(shop: &mut Shop) -> (BatchId, Vec<CardNumber>) {
    let identity = age::x25519::Identity::generate();
    let request = IssueCards {
        product: "classic".to_owned(),
        count: 20,
        out: shop.folder.path().join("cards.age"),
        recipient: identity.to_public().to_string(),
    };
    let batch = issue(&mut shop.bulk, &request).unwrap().batch;
    let encrypted = std::fs::read(&request.out).unwrap();
    let text = String::from_utf8(age::decrypt(&identity, &encrypted).unwrap()).unwrap();
    let numbers = text.lines().skip(1).map(|line| line.split(',').next().unwrap().parse().unwrap());
    (batch, numbers.collect())
}

#[test]
fn a_batch_is_activated_and_each_card_is_valid_from_then_on() {
    let mut shop = Shop::open();
    let (batch, cards) = given_a_batch(&mut shop);
    assert_eq!(change_state(&mut shop.bulk, batch, CardState::InStock), Ok(20));
    shop.clock.advance(Span::days(40));
    assert_eq!(change_state(&mut shop.bulk, batch, CardState::Active), Ok(20));
    for card in cards {
        let card = shop.card(card).unwrap();
        let expires_at = shop.clock.now().plus(Span::days(365));
        assert_eq!((card.state, card.expires_at), (CardState::Active, Some(expires_at)));
    }
}

#[test]
fn a_batch_that_has_moved_is_not_moved_twice() {
    let mut shop = Shop::open();
    let (batch, cards) = given_a_batch(&mut shop);
    assert_eq!(change_state(&mut shop.bulk, batch, CardState::Active), Ok(20));
    let before = shop.card(cards[0]).unwrap();
    shop.clock.advance(Span::days(1));
    assert_eq!(change_state(&mut shop.bulk, batch, CardState::Active), Ok(0));
    assert_eq!(shop.card(cards[0]).unwrap(), before);
}

#[test]
fn suspending_and_activating_again_keeps_the_expiry() {
    let mut shop = Shop::open();
    let (batch, cards) = given_a_batch(&mut shop);
    change_state(&mut shop.bulk, batch, CardState::Active).unwrap();
    let expires_at = shop.card(cards[0]).unwrap().expires_at;
    shop.clock.advance(Span::days(9));
    assert_eq!(change_state(&mut shop.bulk, batch, CardState::Suspended), Ok(20));
    assert_eq!(change_state(&mut shop.bulk, batch, CardState::Active), Ok(20));
    assert_eq!(shop.card(cards[0]).unwrap().expires_at, expires_at);
}

#[test]
fn a_move_that_a_card_could_not_make_is_refused() {
    let mut shop = Shop::open();
    let (batch, cards) = given_a_batch(&mut shop);
    let suspended = change_state(&mut shop.bulk, batch, CardState::Suspended);
    assert_eq!(suspended, Err(BatchError::State { from: CardState::Generated, to: CardState::Suspended }));
    assert_eq!(suspended.unwrap_err().to_string(), "a batch that is generated cannot become suspended");
    assert_eq!(change_state(&mut shop.bulk, batch, CardState::Closed), Ok(20));
    let revived = change_state(&mut shop.bulk, batch, CardState::Active);
    assert_eq!(revived, Err(BatchError::State { from: CardState::Closed, to: CardState::Active }));
    assert_eq!(shop.card(cards[0]).unwrap().state, CardState::Closed);
}

#[test]
fn an_unknown_batch_is_named_so() {
    let mut shop = Shop::open();
    let unknown = change_state(&mut shop.bulk, BatchId::from_u64(1), CardState::Active);
    assert_eq!(unknown, Err(BatchError::Unknown));
}
