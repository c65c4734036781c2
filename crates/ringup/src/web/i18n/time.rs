//! Moments as a reader in either language expects them, always in Beijing time.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use ringup_core::commission::Month;
use ringup_core::place::LocalDate;

use super::{Locale, Words};

/// The time zone of the issuer, whose clocks the holder goes by.
static BEIJING: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("Asia/Shanghai").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(8))));

/// `22 November 2026, 14:02 (Beijing time)`, `2026年11月22日 14:02（北京时间）`.
#[must_use]
pub fn date_time(words: Words, micros: i64) -> String {
    match words.locale() {
        Locale::En => show(micros, "%-d %B %Y, %H:%M (Beijing time)"),
        Locale::ZhHans => show(micros, "%Y年%-m月%-d日 %H:%M（北京时间）"),
    }
}

/// `22 November 2026`, `2026年11月22日`.
#[must_use]
pub fn date(words: Words, micros: i64) -> String {
    match words.locale() {
        Locale::En => show(micros, "%-d %B %Y"),
        Locale::ZhHans => show(micros, "%Y年%-m月%-d日"),
    }
}

/// `November 2026`, `2026年11月`.
#[must_use]
pub fn month(words: Words, month: Month) -> String {
    let noon = i64::from(month.begins().days_since(LocalDate::from_days(0))).saturating_mul(86_400);
    let micros = noon.saturating_add(4 * 3_600).saturating_mul(1_000_000);
    match words.locale() {
        Locale::En => show(micros, "%B %Y"),
        Locale::ZhHans => show(micros, "%Y年%-m月"),
    }
}

/// A day of some calendar, wherever that hangs.
#[must_use]
pub fn day(words: Words, day: LocalDate) -> String {
    let noon = i64::from(day.days_since(LocalDate::from_days(0))).saturating_mul(86_400).saturating_add(4 * 3_600);
    date(words, noon.saturating_mul(1_000_000))
}

/// `22 Nov 2026, 14:02`, `2026年11月22日 14:02`: for tables, whose head names the zone.
#[must_use]
pub fn short_date_time(words: Words, micros: i64) -> String {
    match words.locale() {
        Locale::En => show(micros, "%-d %b %Y, %H:%M"),
        Locale::ZhHans => show(micros, "%Y年%-m月%-d日 %H:%M"),
    }
}

/// `7 October`, `10月7日`: a day of a calendar, in whichever zone, where the year is plain.
#[must_use]
pub fn day_without_year(words: Words, date: LocalDate) -> String {
    let (year, month, day) = date.ymd();
    let part = |number: u8| i8::try_from(number).unwrap_or(0);
    let date = Date::new(i16::try_from(year).unwrap_or(0), part(month), part(day));
    let format = match words.locale() {
        Locale::En => "%-d %B",
        Locale::ZhHans => "%-m月%-d日",
    };
    date.map_or_else(|_| "–".to_owned(), |date| date.strftime(format).to_string())
}

/// `14:02`: where the day is plain.
#[must_use]
pub fn clock(micros: i64) -> String {
    show(micros, "%H:%M")
}

/// `14:02:31`: where seconds are waited for.
#[must_use]
pub fn clock_with_seconds(micros: i64) -> String {
    show(micros, "%H:%M:%S")
}

/// The time of day when it is the same Beijing day as `now`, else the date too.
#[must_use]
pub fn moment(words: Words, micros: i64, now_micros: i64) -> String {
    match (zoned(micros), zoned(now_micros)) {
        (Some(then), Some(now)) if then.date() == now.date() => clock(micros),
        _ => short_date_time(words, micros),
    }
}

/// `2026-11-22T14:02:31+08:00`: for machines, in the `datetime` of a `<time>` and in signed texts.
#[must_use]
pub fn iso(micros: i64) -> String {
    show(micros, "%Y-%m-%dT%H:%M:%S%:z")
}

fn show(micros: i64, format: &str) -> String {
    zoned(micros).map_or_else(|| "–".to_owned(), |zoned| zoned.strftime(format).to_string())
}

fn zoned(micros: i64) -> Option<ZonedDateTime> {
    Timestamp::from_microsecond(micros).ok().map(|timestamp| timestamp.to_zoned_datetime(BEIJING.clone()))
}
