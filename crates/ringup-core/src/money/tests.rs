use proptest::prelude::*;

use super::*;

fn cny(minor: u64) -> Amount {
    Amount::new(minor, Unit::Cny).unwrap()
}

#[test]
fn minor_digits_are_those_of_iso_4217() {
    let digits: Vec<(&str, u32)> = Unit::ALL.into_iter().map(|unit| (unit.code(), unit.minor_digits())).collect();
    let expected = [("CNY", 2), ("USD", 2), ("EUR", 2), ("PHP", 2), ("HKD", 2), ("JPY", 0), ("SEC", 0)];
    assert_eq!(digits, expected);
}

#[test]
fn people_type_amounts_in_many_ways() {
    for (typed, minor) in [
        ("100", 10_000),
        ("100.5", 10_050),
        ("¥100.00", 10_000),
        ("￥１００．５０", 10_050),
        ("1,000", 100_000),
        (" 100 元", 10_000),
        ("100 CNY", 10_000),
        ("0.01", 1),
        ("100.100", 10_010),
        (".5", 50),
    ] {
        assert_eq!(Amount::parse(typed, Unit::Cny), Ok(cny(minor)), "{typed}");
    }
}

#[test]
fn a_text_that_is_no_amount_is_refused_with_its_reason() {
    use ParseAmountError::*;
    for (typed, reason) in [
        ("", Empty),
        ("  ", Empty),
        ("-5", Negative),
        ("1.234", TooManyDecimals { unit: Unit::Cny, digits: 2 }),
        ("99999999999999999999", TooLarge),
        ("US$100", WrongUnit(Unit::Cny)),
        ("100 USD", WrongUnit(Unit::Cny)),
        ("ten", NotANumber),
        ("1,00", NotANumber),
        (",100", NotANumber),
        ("1234,567", NotANumber),
        ("1e5", NotANumber),
        (".", NotANumber),
        ("1.2.3", NotANumber),
    ] {
        assert_eq!(Amount::parse(typed, Unit::Cny), Err(reason), "{typed:?}");
    }
}

#[test]
fn pages_show_amounts_with_sign_groups_and_decimals() {
    assert_eq!(cny(123_456_789).to_text(Language::En), "¥1,234,567.89");
    assert_eq!(cny(12_345_600).to_text(Language::En), "¥123,456.00");
    assert_eq!(cny(5).to_text(Language::ZhHans), "¥0.05");
    let call = Amount::new(630, Unit::Sec).unwrap();
    assert_eq!(call.to_text(Language::En), "10 min 30 s");
    assert_eq!(call.to_text(Language::ZhHans), "10 分 30 秒");
    assert_eq!(Amount::new(1_500, Unit::Jpy).unwrap().to_text(Language::En), "JP¥1,500");
}

#[test]
fn different_units_never_mix() {
    let usd = Amount::new(1, Unit::Usd).unwrap();
    assert_eq!(cny(1).plus(usd), Err(AmountError::UnitsDiffer { left: Unit::Cny, right: Unit::Usd }));
    assert_eq!(cny(1).minus(cny(2)), Err(AmountError::BelowZero));
    assert_eq!(cny(MINOR_MAX).plus(cny(1)), Err(AmountError::TooLarge));
}

#[test]
fn a_share_in_basis_points_is_rounded_down() {
    assert_eq!(BasisPoints(250).of(cny(9_999)), Ok(cny(249)));
    assert_eq!(BasisPoints::WHOLE.of(cny(9_999)), Ok(cny(9_999)));
}

#[test]
fn what_does_not_divide_goes_to_the_largest_remainders() {
    assert_eq!(cny(100).allocate(&[1, 1, 1]), Ok(vec![cny(34), cny(33), cny(33)]));
    assert_eq!(cny(10).allocate(&[1, 2, 0]), Ok(vec![cny(3), cny(7), cny(0)]));
    assert_eq!(cny(10).allocate(&[]), Err(AmountError::NoWeights));
    assert_eq!(cny(10).allocate(&[0, 0]), Err(AmountError::NoWeights));
}

proptest! {
    #[test]
    fn allocation_loses_no_fen(minor in 0..MINOR_MAX, weights in prop::collection::vec(0..1_000_000_u64, 1..20)) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let parts = cny(minor).allocate(&weights).unwrap();
        let sum = parts.iter().map(|part| u128::from(part.minor())).sum::<u128>();
        prop_assert_eq!(sum, u128::from(minor));
    }

    #[test]
    fn what_is_printed_reads_back(minor in 0..MINOR_MAX, which in 0..Unit::ALL.len()) {
        let amount = Amount::new(minor, Unit::ALL[which]).unwrap();
        prop_assert_eq!(amount.to_string().parse(), Ok(amount));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}") {
        let _ = Amount::parse(&text, Unit::Cny);
    }
}
