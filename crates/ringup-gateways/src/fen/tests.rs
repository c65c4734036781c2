use proptest::prelude::*;

use super::*;

fn fen(minor: u64) -> Option<Amount> {
    Amount::new(minor, Unit::Cny).ok()
}

fn json(text: &str) -> Option<Amount> {
    from_json(&RawValue::from_string(text.to_owned()).unwrap())
}

#[test]
fn yuan_become_fen_exactly_or_not_at_all() {
    assert_eq!(from_yuan("88.88"), fen(8_888));
    assert_eq!(from_yuan("0.01"), fen(1));
    assert_eq!(from_yuan("100"), fen(10_000));
    assert_eq!(from_yuan("100.5"), fen(10_050));
    for text in ["", ".", "1.", ".5", "-1.00", "+1.00", "1,000.00", "¥1.00", "1.001", "1e2", "１.００", " 1.00", "NaN"]
    {
        assert_eq!(from_yuan(text), None, "{text:?}");
    }
    assert_eq!(from_yuan("99999999999999999999.00"), None);
}

#[test]
fn only_a_whole_json_number_is_fen() {
    assert_eq!(json("8888"), fen(8_888));
    assert_eq!(json("0"), fen(0));
    for text in ["8888.0", "\"8888\"", "-1", "1e3", "null", "18446744073709551615"] {
        assert_eq!(json(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn every_amount_reads_back(minor in 0..=10_000_000_000_u64) {
        let amount = fen(minor).unwrap();
        prop_assert_eq!(from_yuan(&amount.to_decimal()), Some(amount));
    }
}
