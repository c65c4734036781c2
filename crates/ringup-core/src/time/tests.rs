use super::*;

/// 2026-11-22 14:02:03.000456 in Beijing, which is 06:02:03 UTC.
const AFTERNOON: Timestamp = Timestamp::from_micros(1_795_327_323_000_456);

#[test]
fn a_moment_is_told_in_the_unit_asked_for() {
    assert_eq!(AFTERNOON.micros(), 1_795_327_323_000_456);
    assert_eq!(AFTERNOON.millis(), 1_795_327_323_000);
    assert_eq!(AFTERNOON.seconds(), 1_795_327_323);
    assert_eq!(Timestamp::from_seconds(1_795_327_323).micros(), 1_795_327_323_000_000);
    assert_eq!(AFTERNOON.to_string(), "1795327323000456us");
}

#[test]
fn before_1970_moments_are_rounded_down_too() {
    let just_before = Timestamp::from_micros(-1);
    assert_eq!((just_before.millis(), just_before.seconds()), (-1, -1));
    assert_eq!(Span::micros(-1).as_seconds(), -1);
}

#[test]
fn a_day_begins_at_midnight_in_china() {
    // 2026-11-22T16:00:00Z, counted by `date -d 2026-11-22T16:00Z +%s`: midnight of the 23rd in Beijing.
    let midnight = Timestamp::from_seconds(1_795_363_200);
    assert_eq!(AFTERNOON.china_day(), 20_779);
    assert_eq!(midnight.minus(Span::micros(1)).china_day(), 20_779);
    assert_eq!(midnight.china_day(), 20_780);
    assert_eq!(Timestamp::from_seconds(0).china_day(), 0);
}

#[test]
fn spans_are_whole_minutes_hours_and_days() {
    let micros =
        [Span::micros(7), Span::seconds(7), Span::minutes(7), Span::hours(7), Span::days(7)].map(Span::as_micros);
    assert_eq!(micros, [7, 7_000_000, 420_000_000, 25_200_000_000, 604_800_000_000]);
    assert_eq!(Span::minutes(7).as_seconds(), 420);
}

#[test]
fn moments_and_spans_add_up_and_stop_at_the_ends_of_time() {
    let later = AFTERNOON.plus(Span::days(1));
    assert_eq!(later.since(AFTERNOON), Span::days(1));
    assert_eq!(AFTERNOON.since(later), Span::days(-1));
    assert_eq!(later.minus(Span::days(1)), AFTERNOON);
    let (last, first) = (Timestamp::from_micros(i64::MAX), Timestamp::from_micros(i64::MIN));
    assert_eq!(last.plus(Span::days(1)), last);
    assert_eq!(first.minus(Span::days(1)), first);
}
