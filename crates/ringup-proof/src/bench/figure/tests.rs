use super::{Figure, Spread, Unit, per_second, percentile, quotient, shown};

#[test]
fn the_median_is_the_one_in_the_middle_or_between_the_two() {
    assert_eq!(Spread::of(&[9, 1, 5]), Some(Spread { min: 1, median: 5, max: 9 }));
    assert_eq!(Spread::of(&[4, 8]), Some(Spread { min: 4, median: 6, max: 8 }));
    assert_eq!(Spread::of(&[7]), Some(Spread::single(7)));
    assert_eq!(Spread::of(&[]), None);
}

#[test]
fn ninety_nine_of_a_hundred_do_not_exceed_the_percentile() {
    let mut values: Vec<u32> = (1..=100).rev().collect();
    assert_eq!(percentile(&mut values, 990), Some(99));
    assert_eq!(percentile(&mut values, 500), Some(50));
    assert_eq!(percentile(&mut values, 1_000), Some(100));
    assert_eq!(percentile(&mut [3], 990), Some(3));
    assert_eq!(percentile(&mut [], 990), None);
}

#[test]
fn rates_and_ratios_are_in_thousandths() {
    assert_eq!(per_second(30_000, 1_500_000), 20_000_000);
    assert_eq!(per_second(1, 0), 0);
    assert_eq!(quotient(15, 20), 750);
    assert_eq!(quotient(0, 0), 0);
    let figure = |name: &str, value| Figure::new(name.to_owned(), Unit::PerSecond, Spread::single(value));
    let compared = figure("ours", 12_000_000).against(&figure("theirs", 2_000_000));
    assert_eq!(compared.ratio.map(|ratio| (ratio.to, ratio.milli)), Some(("theirs".to_owned(), 6_000)));
}

#[test]
fn numbers_are_shown_with_the_digits_that_count() {
    assert_eq!(shown(745), "0.74");
    assert_eq!(shown(12_345), "12.3");
    assert_eq!(shown(999_999), "999");
    assert_eq!(shown(23_456_789), "23,456");
    assert_eq!(shown(1_234_567_000), "1,234,567");
}
