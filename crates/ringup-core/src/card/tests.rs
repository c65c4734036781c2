use proptest::prelude::*;

use super::*;
use crate::shard::Shard;

#[test]
fn people_type_card_numbers_in_many_ways() {
    let number = CardNumber::with_check_digit(799_273_987_100_001).unwrap();
    for typed in [
        number.to_string(),
        number.grouped(),
        format!("  {} ", number.grouped().replace(' ', "-")),
        number.to_string().chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect(),
    ] {
        assert_eq!(typed.parse(), Ok(number), "{typed}");
    }
}

#[test]
fn what_is_no_card_number_is_refused_with_its_reason() {
    use ParseCardNumberError::*;
    // 79927398713 is the worked example of Luhn's patent family and of ISO/IEC 7812-1.
    assert!("79927398713".parse::<CardNumber>().is_ok());
    for (typed, reason) in [
        ("", Empty),
        ("   ", Empty),
        ("79927398710", CheckDigit),
        ("799273987I3", NotDigits),
        ("123456782", Length),
        ("1234567890123456789", Length),
        ("0000000000000000", Length),
        // Written with a zero before it, a number is not that number.
        ("079927398713", Length),
    ] {
        assert_eq!(typed.parse::<CardNumber>(), Err(reason), "{typed:?}");
    }
}

#[test]
fn the_shortest_and_the_longest_number_are_numbers() {
    for typed in ["1234567897", "900000001234567898"] {
        assert_eq!(typed.parse::<CardNumber>().unwrap().to_string(), typed);
    }
}

/// Worked out by another program: where a card's rows lie must never change.
#[test]
fn the_shard_of_a_card_is_for_ever() {
    let shard = |typed: &str| Shard::of_card(typed.parse().unwrap()).0;
    let numbers = ["1234567897", "6225880000000019", "8661000000079197", "900000001234567898"];
    assert_eq!(numbers.map(shard), [38, 137, 217, 42]);
}

#[test]
fn a_number_is_shown_whole_only_on_purpose() {
    let number: CardNumber = "79927398713".parse().unwrap();
    assert_eq!(format!("{number:?}"), "CardNumber(···8713)");
    assert_eq!(number.grouped(), "7992 7398 713");
}

proptest! {
    #[test]
    fn one_wrong_digit_is_always_noticed(payload in 100_000_000_u64..10_000_000_000_000_000, at in 0..16_usize, by in 1..10_u32) {
        let number = CardNumber::with_check_digit(payload).unwrap().to_string();
        let at = at % number.len();
        let wrong: String = number
            .chars()
            .enumerate()
            .map(|(i, c)| if i == at { char::from_digit((c.to_digit(10).unwrap() + by) % 10, 10).unwrap() } else { c })
            .collect();
        prop_assert!(wrong.parse::<CardNumber>().is_err());
    }
}
