use proptest::prelude::*;

use super::*;
use crate::plan::tests::{LANDLINE, rate, yuan};

#[test]
fn a_rate_is_read_and_shown_with_the_decimals_that_it_has() {
    for (text, thousandths, shown) in [
        ("0.20", 20_000, "0.20"),
        ("0.2", 20_000, "0.20"),
        ("3", 300_000, "3.00"),
        ("0.0085", 850, "0.0085"),
        ("0.00001", 1, "0.00001"),
        (".5", 50_000, "0.50"),
        ("0", 0, "0.00"),
        ("0.000010", 1, "0.00001"),
    ] {
        let rate = MinuteRate::parse(text, Unit::Cny).unwrap();
        assert_eq!((rate.thousandths(), rate.to_decimal()), (thousandths, shown.to_owned()), "{text}");
    }
    assert_eq!(MinuteRate::parse("1.5", Unit::Jpy).unwrap().to_string(), "1.5 JPY");
    assert_eq!(MinuteRate::parse("2", Unit::Jpy).unwrap().to_text(), "JP¥2");
}

#[test]
fn what_is_no_rate_is_refused() {
    use ParseAmountError as Error;
    for (text, error) in [
        ("", Error::Empty),
        (".", Error::Empty),
        ("-0.2", Error::Negative),
        ("0.000001", Error::TooManyDecimals { unit: Unit::Cny, digits: 5 }),
        ("0,2", Error::NotANumber),
        ("0.2 CNY", Error::NotANumber),
        ("１", Error::NotANumber),
        ("10000.01", Error::TooLarge),
        ("99999999999999999999", Error::TooLarge),
    ] {
        assert_eq!(MinuteRate::parse(text, Unit::Cny), Err(error), "{text}");
    }
}

#[test]
fn a_call_is_counted_in_its_steps_and_rounded_up_once() {
    let check = |per_minute, fee, steps, seconds, counted, after, sum| {
        let price = rate(LANDLINE, per_minute, fee, steps).price(seconds).unwrap();
        assert_eq!(
            (price.counted_seconds, price.steps_after_first, price.sum),
            (counted, after, yuan(sum)),
            "{per_minute} {fee} {steps:?} {seconds} s"
        );
    };
    check("0.20", "0", (60, 60), 1, 60, 0, "0.20");
    check("0.20", "0", (60, 60), 60, 60, 0, "0.20");
    check("0.20", "0", (60, 60), 61, 120, 1, "0.40");
    check("0.90", "0.10", (30, 6), 1, 30, 0, "0.55");
    check("0.90", "0.10", (30, 6), 31, 36, 1, "0.64");
    check("0.0085", "0", (1, 1), 1, 1, 0, "0.01");
    check("0.0085", "0", (1, 1), 300, 300, 299, "0.05");
    // 60 s at 0.85 fen a minute are 0.85 fen, and 10 of them 8.5: rounded up once for the call.
    check("0.0085", "0", (60, 60), 600, 600, 9, "0.09");
    check("0", "0", (60, 60), 600, 600, 9, "0");
}

#[test]
fn a_step_has_a_length() {
    assert_eq!(Increment::new(0, 60), None);
    assert_eq!(Increment::new(60, 0), None);
    assert_eq!(Increment::new(3_601, 60), None);
    assert!(Increment::new(3_600, 1).is_some());
}

proptest! {
    #[test]
    fn a_longer_call_never_costs_less_and_counts_all_its_seconds(
        thousandths in 0..=RATE_MAX, fee in 0..10_000_u64, first in 1..=3_600_u32, next in 1..=3_600_u32, seconds in 1..14_400_u32,
    ) {
        let mut rate = rate(LANDLINE, "1", "0", (1, 1));
        rate.per_minute = MinuteRate::new(thousandths, Unit::Cny).unwrap();
        rate.connection_fee = Amount::new(fee, Unit::Cny).unwrap();
        rate.increment = Increment::new(first, next).unwrap();
        let (price, longer) = (rate.price(seconds).unwrap(), rate.price(seconds + 1).unwrap());
        prop_assert!(price.sum.minor() <= longer.sum.minor());
        prop_assert!(price.counted_seconds >= u64::from(seconds));
        prop_assert!(price.counted_seconds < u64::from(seconds) + u64::from(first.max(next)));
        // Rounded up, and by less than one minor unit.
        let exact = u128::from(price.counted_seconds) * u128::from(thousandths);
        let rounded = u128::from(price.talk.minor()) * 60_000;
        prop_assert!(rounded >= exact && rounded - exact < 60_000);
    }

    #[test]
    fn a_rate_comes_back_from_its_text(thousandths in 0..=RATE_MAX) {
        let rate = MinuteRate::new(thousandths, Unit::Cny).unwrap();
        prop_assert_eq!(MinuteRate::parse(&rate.to_decimal(), Unit::Cny), Ok(rate));
    }
}
