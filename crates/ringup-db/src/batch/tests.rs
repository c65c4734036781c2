use ringup_core::books::PinHash;
use ringup_core::card::CardState;
use ringup_core::id::BatchId;
use ringup_core::product::ProductId;
use ringup_core::time::Span;

use super::{Batch, BatchKind, change_batch_state, find_batch, insert_batch, recent_batches, set_batch_count};
use crate::card::{NewCard, find_card, insert_cards};
use crate::testing::{card_number, given_a_database, start};

#[test]
fn the_cards_of_a_batch_are_moved_together_and_become_valid() {
    let test = given_a_database();
    let id = BatchId::from_u64(7);
    let state = CardState::Generated;
    let batch = Batch { id, product: ProductId(1), kind: BatchKind::Issued, card_count: 0, state, created_at: start() };
    test.write(|tx| {
        insert_batch(tx, &batch)?;
        let cards = [1, 2].map(|n| NewCard { number: card_number(n), pin: PinHash([0; 16]) });
        insert_cards(tx, &cards, ProductId(1), id, state)?;
        Ok(set_batch_count(tx, id, 2)?)
    });
    let suspended = "update card set state = 'suspended' where number = (select max(number) from card)";
    let valid = (start(), Span::days(10));
    test.write(|tx| {
        assert_eq!(change_batch_state(tx, id, CardState::InStock, valid)?, 2);
        tx.batch(suspended)?;
        assert_eq!(change_batch_state(tx, id, CardState::Active, valid)?, 1);
        Ok(())
    });
    let card = test.read(|tx| find_card(tx, card_number(1))).unwrap();
    assert_eq!((card.state, card.expires_at, card.version), (CardState::Active, Some(start().plus(Span::days(10))), 2));
    let card = test.read(|tx| find_card(tx, card_number(2))).unwrap();
    assert_eq!((card.state, card.expires_at), (CardState::Suspended, None));
    let found = Batch { state: CardState::Active, card_count: 2, ..batch };
    assert_eq!(test.read(|tx| find_batch(tx, id)), Some(found.clone()));
    assert_eq!(test.read(|tx| recent_batches(tx, 5)), [found]);
}
