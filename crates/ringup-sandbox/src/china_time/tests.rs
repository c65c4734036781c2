use super::{compact_date, parse_plain, parse_rfc3339, plain, rfc3339};

#[test]
fn times_are_written_and_read_in_chinese_time() {
    let micros = 1_795_413_729_000_000; // 2026-11-23T06:02:09Z
    assert_eq!(plain(micros), "2026-11-23 14:02:09");
    assert_eq!(rfc3339(micros), "2026-11-23T14:02:09+08:00");
    assert_eq!(compact_date(micros), "20261123");
    assert_eq!(parse_plain("2026-11-23 14:02:09"), Some(micros));
    assert_eq!(parse_rfc3339("2026-11-23T14:02:09+08:00"), Some(micros));
}

#[test]
fn a_time_in_another_shape_is_refused() {
    for text in ["", "2026-11-23", "2026-11-23T14:02:09", "2026-13-23 14:02:09", "2026-11-23 14:02:9"] {
        assert_eq!(parse_plain(text), None, "{text}");
    }
}
