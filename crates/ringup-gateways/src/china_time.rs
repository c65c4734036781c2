//! Moments as Alipay and WeChat Pay write them: always in China Standard Time, eight hours ahead of UTC.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use ringup_core::time::Timestamp;

/// China has had one offset and no daylight saving time since 1991, so no time zone database is asked.
const CHINA: Offset = Offset::constant(8);

/// `2026-11-23 20:24:06`: the form of Alipay's gateway. Empty for a moment that no calendar has.
pub fn to_alipay(at: Timestamp) -> String {
    civil(at).map_or_else(String::new, |civil| civil.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// `2026-11-23T20:24:06+08:00`: the form of WeChat Pay. Empty for a moment that no calendar has.
pub fn to_rfc3339(at: Timestamp) -> String {
    civil(at).map_or_else(String::new, |civil| civil.strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string())
}

/// Reads Alipay's form, with or without a fraction: `gmt_refund` has milliseconds, the others have none.
pub fn from_alipay(text: &str) -> Option<Timestamp> {
    let civil = DateTime::strptime("%Y-%m-%d %H:%M:%S%.f", text).ok()?;
    let timestamp = CHINA.to_timestamp(civil).ok()?;
    Some(Timestamp::from_micros(timestamp.as_microsecond()))
}

/// Reads WeChat Pay's form; any offset will do, as it names the same moment.
pub fn from_rfc3339(text: &str) -> Option<Timestamp> {
    let timestamp: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_micros(timestamp.as_microsecond()))
}

fn civil(at: Timestamp) -> Option<DateTime> {
    jiff::Timestamp::from_microsecond(at.micros()).ok().map(|timestamp| CHINA.to_datetime(timestamp))
}

#[cfg(test)]
mod tests;
