//! The one home of the clock in a kiosk, and moments as the server writes them.

use ringup_core::time::Timestamp;

/// Now, by the machine's clock.
#[must_use]
pub fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the clock in a kiosk")]
    let now = std::time::SystemTime::now();
    let since = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// RFC 3339 in UTC, by seconds.
#[must_use]
pub fn iso(moment: Timestamp) -> String {
    jiff::Timestamp::from_second(moment.seconds()).map_or_else(|_| String::new(), |moment| moment.to_string())
}

/// Reads RFC 3339.
#[must_use]
pub fn read_iso(text: &str) -> Option<Timestamp> {
    let moment: jiff::Timestamp = text.trim().parse().ok()?;
    Some(Timestamp::from_micros(moment.as_microsecond()))
}

/// As a holder at the machine reads it: day and time by the clock on the wall there.
#[must_use]
pub fn on_the_wall(moment: Timestamp, zone: &str) -> Option<String> {
    let moment = jiff::Timestamp::from_microsecond(moment.micros()).ok()?;
    let zoned = moment.in_tz(zone).ok()?;
    Some(zoned.strftime("%Y-%m-%d %H:%M").to_string())
}
