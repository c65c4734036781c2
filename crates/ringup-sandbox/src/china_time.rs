//! Times as both providers write them: always in Chinese time, which is UTC+8 without summer time.

use jiff::{
    Timestamp, ZonedDateTime,
    tz::{TimeZone, offset},
};

fn zoned(micros: i64) -> ZonedDateTime {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned_datetime(TimeZone::fixed(offset(8)))
}

/// `2026-11-23 14:02:09`, as Alipay writes times.
pub fn plain(micros: i64) -> String {
    zoned(micros).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// `2026-11-23T14:02:09+08:00`, as WeChat Pay writes times.
pub fn rfc3339(micros: i64) -> String {
    zoned(micros).strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string()
}

/// `20261123`, the first part of a provider's own numbers.
pub fn compact_date(micros: i64) -> String {
    zoned(micros).strftime("%Y%m%d").to_string()
}

/// Reads `2026-11-23 14:02:09` as Chinese time.
pub fn parse_plain(text: &str) -> Option<i64> {
    let exact = text.len() == 19;
    let parsed = Timestamp::strptime("%Y-%m-%d %H:%M:%S%z", format!("{text}+0800")).ok()?;
    exact.then(|| parsed.as_microsecond())
}

/// Reads an RFC 3339 time with any offset.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(|time| time.as_microsecond())
}

#[cfg(test)]
mod tests;
