use super::*;

#[test]
fn both_forms_are_in_china_standard_time_and_read_back() {
    let at = Timestamp::from_seconds(1_795_436_646);
    assert_eq!(to_alipay(at), "2026-11-23 20:24:06");
    assert_eq!(to_rfc3339(at), "2026-11-23T20:24:06+08:00");
    assert_eq!(from_alipay("2026-11-23 20:24:06"), Some(at));
    assert_eq!(from_rfc3339("2026-11-23T20:24:06+08:00"), Some(at));
    assert_eq!(from_rfc3339("2026-11-23T12:24:06Z"), Some(at));
}

#[test]
fn a_fraction_of_a_second_is_kept() {
    // The example of `gmt_refund` in <https://opendocs.alipay.com/open/203/105286>.
    let at = from_alipay("2015-04-28 15:45:57.320");
    assert_eq!(at, Some(Timestamp::from_micros(1_430_207_157_320_000)));
}

#[test]
fn what_is_no_moment_is_none() {
    for text in ["", "2026-11-23", "2026-13-01 00:00:00", "2026-11-23 20:24:06 ", "yesterday"] {
        assert_eq!(from_alipay(text), None, "{text:?}");
        assert_eq!(from_rfc3339(text), None, "{text:?}");
    }
    assert_eq!(to_alipay(Timestamp::from_micros(i64::MAX)), "");
}
