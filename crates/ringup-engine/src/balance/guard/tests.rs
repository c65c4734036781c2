use super::*;

#[test]
fn every_fifth_wrong_pin_locks_a_card_twice_as_long_as_the_time_before_and_a_day_at_most() {
    let locks: Vec<(u32, i64)> =
        (1..=20).filter_map(|failures| Some((failures, locked_for(&CARD, failures)?.as_seconds()))).collect();
    assert_eq!(locks, [(5, 60), (10, 120), (15, 240), (20, 480)]);
    assert_eq!(locked_for(&CARD, 500), Some(Span::hours(24)));
}
