use proptest::prelude::*;

use super::*;

fn cny(minor: u64) -> Option<Amount> {
    Some(Amount::new(minor, Unit::Cny).unwrap())
}

/// A setup at version 6: three kinds of note, the last one in another currency.
fn setup() -> Vec<u8> {
    let mut answer = vec![OK, 0];
    answer.extend(b"0110CNY");
    answer.extend([0, 0, 0, 3, 0, 0, 0, 2, 2, 2, 0, 0, 100, 6]);
    answer.extend(b"CNYCNYHKD");
    answer.extend([10, 0, 0, 0, 100, 0, 0, 0, 20, 0, 0, 0]);
    answer
}

#[test]
fn a_setup_says_what_each_kind_of_note_is_worth() {
    let notes = read_setup(&setup(), Unit::Cny).unwrap();
    assert_eq!(notes, [cny(1_000), cny(10_000), None]);
    assert_eq!(inhibits(&notes), [0b11, 0]);
    assert_eq!(inhibits(&[cny(1); 16]), [0xFF, 0xFF]);
}

#[test]
fn a_setup_that_breaks_off_or_is_a_payout_units_is_refused() {
    let setup = setup();
    for length in 0..setup.len() {
        assert_eq!(read_setup(&setup[..length], Unit::Cny), Err(SetupError::Short), "{length} bytes");
    }
    let mut payout = setup;
    payout[1] = 6;
    assert_eq!(read_setup(&payout, Unit::Cny), Err(SetupError::UnitType(6)));
}

#[test]
fn notices_are_read_one_behind_the_other_until_one_is_not_known() {
    let answer = [OK, 0xEE, 4, 0xEB, 0xEF, 2, 0xE3, 0x99, 0xEE, 1];
    let notices = [
        Notice::Credit(4),
        Notice::Other,
        Notice::Read(2),
        Notice::BoxRemoved,
        Notice::Unreadable, // and nothing behind it
    ];
    assert_eq!(read_notices(&answer), notices);
    assert_eq!(read_notices(&[OK]), []);
    // The manual shows a reset without the OK before it.
    assert_eq!(read_notices(&[0xF1]), [Notice::Reset]);
    // A credit that breaks off credits nothing.
    assert_eq!(read_notices(&[OK, 0xEE]), [Notice::Unreadable]);
}

proptest! {
    #[test]
    fn no_bytes_break_the_reading(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_setup(&bytes, Unit::Cny);
        prop_assert!(read_notices(&bytes).len() <= bytes.len());
    }
}
