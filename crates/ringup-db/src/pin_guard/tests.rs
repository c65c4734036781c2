use ringup_core::time::Span;

use super::{PinScope, clear_pin_failures, forget_old_failures, lock_pin, pin_state, record_pin_failure};
use crate::testing::{card_number, given_a_database, start};

#[test]
fn wrong_pins_are_counted_for_each_scope_until_the_right_one_comes() {
    let test = given_a_database();
    let (card, address) = (PinScope::Card(card_number(1)), PinScope::Address([9; 16]));
    let window_from = start().minus(Span::hours(1));
    test.write(|tx| {
        for expected in 1..=3 {
            assert_eq!(record_pin_failure(tx, &card, start(), window_from)?, expected);
        }
        assert_eq!(record_pin_failure(tx, &address, start(), window_from)?, 1);
        assert_eq!(record_pin_failure(tx, &PinScope::All, start(), window_from)?, 1);
        Ok(lock_pin(tx, &card, start().plus(Span::minutes(5)))?)
    });
    let state = test.read(|tx| pin_state(tx, &card)).unwrap();
    assert_eq!((state.failures, state.locked_until), (3, Some(start().plus(Span::minutes(5)))));
    assert_eq!(test.read(|tx| pin_state(tx, &address)).unwrap().locked_until, None);
    assert_eq!(test.read(|tx| pin_state(tx, &PinScope::Card(card_number(2)))), None);
    test.write(|tx| Ok(clear_pin_failures(tx, &card)?));
    assert_eq!(test.read(|tx| pin_state(tx, &card)), None);
}

#[test]
fn a_window_that_is_over_begins_anew_and_is_forgotten() {
    let test = given_a_database();
    let later = start().plus(Span::hours(2));
    test.write(|tx| {
        record_pin_failure(tx, &PinScope::All, start(), start())?;
        assert_eq!(record_pin_failure(tx, &PinScope::All, later, later.minus(Span::hours(1)))?, 1);
        assert_eq!(forget_old_failures(tx, later, later)?, 0);
        assert_eq!(forget_old_failures(tx, later, later.plus(Span::seconds(1)))?, 1);
        Ok(())
    });
}
