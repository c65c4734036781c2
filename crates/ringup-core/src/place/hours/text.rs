//! Hours as a text: a part of the form that OpenStreetMap uses for `opening_hours`, with whole dates.
//!
//! `Mo-Fr 09:00-12:30,13:30-21:00; Sa 10:00-02:00; 2026-10-01/2026-10-07 off`, or `24/7`. A day that is not named is
//! closed; a rule for dates goes before the week's; a time that is not after the one before it is the next day's.

use std::fmt;
use std::str::FromStr;

use super::{EXCEPTIONS_MAX, Hours, INTERVALS_MAX, Interval};
use crate::place::local::{LocalDate, MINUTES_PER_DAY, Weekday, parse_minutes};

/// Why a text says no hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseHoursError {
    /// A rule does not begin with days or a date.
    #[error("{0:?} is no day: Mo-Fr, Sa,Su, 2026-10-01 or 2026-10-01/2026-10-07 is expected")]
    Days(String),
    /// Times cannot be read.
    #[error("{0:?} is no time: 09:00-21:00 or off is expected, {INTERVALS_MAX} times a day at most")]
    Times(String),
    /// Times of one day overlap, or are not in order.
    #[error("the times {0:?} overlap or are not in order")]
    Order(String),
    /// Two rules are about the same day.
    #[error("{0} is said twice")]
    Twice(String),
    /// Too many days are exceptions.
    #[error("more than {EXCEPTIONS_MAX} days are exceptions")]
    TooMany,
    /// It says nothing.
    #[error("hours are needed: Mo-Su 09:00-21:00 or 24/7")]
    Empty,
}

const NAMES: [(&str, Weekday); 7] = [
    ("Mo", Weekday::Monday),
    ("Tu", Weekday::Tuesday),
    ("We", Weekday::Wednesday),
    ("Th", Weekday::Thursday),
    ("Fr", Weekday::Friday),
    ("Sa", Weekday::Saturday),
    ("Su", Weekday::Sunday),
];

const ALWAYS: &str = "24/7";
const OFF: &str = "off";

impl FromStr for Hours {
    type Err = ParseHoursError;

    fn from_str(text: &str) -> Result<Self, ParseHoursError> {
        let mut hours = Self::default();
        let mut said = [false; 7];
        let rules: Vec<&str> = text.split(';').map(str::trim).filter(|rule| !rule.is_empty()).collect();
        if rules.is_empty() {
            return Err(ParseHoursError::Empty);
        }
        for rule in rules {
            let (days, times) = match rule.split_once(' ') {
                None if rule == ALWAYS => ("Mo-Su", "00:00-24:00"),
                None => return Err(ParseHoursError::Times(cut(rule))),
                Some((days, times)) => (days, times.trim()),
            };
            let intervals = parse_times(times)?;
            if days.starts_with(|c: char| c.is_ascii_digit()) {
                hours.except(days, &intervals)?;
                continue;
            }
            for nth in parse_weekdays(days)? {
                let (Some(day), Some(said)) = (hours.week.get_mut(nth), said.get_mut(nth)) else { continue };
                if std::mem::replace(said, true) {
                    return Err(ParseHoursError::Twice(NAMES.get(nth).map_or("", |(name, _)| name).to_owned()));
                }
                day.clone_from(&intervals);
            }
        }
        Ok(hours)
    }
}

impl Hours {
    fn except(&mut self, days: &str, intervals: &[Interval]) -> Result<(), ParseHoursError> {
        let (first, last) = days.split_once('/').unwrap_or((days, days));
        let date = |text: &str| text.parse::<LocalDate>().map_err(|_| ParseHoursError::Days(cut(days)));
        let (first, last) = (date(first)?, date(last)?);
        let count = usize::try_from(last.days_since(first)).map_err(|_| ParseHoursError::Days(cut(days)))?;
        if count.saturating_add(self.exceptions.len()) >= EXCEPTIONS_MAX {
            return Err(ParseHoursError::TooMany);
        }
        let mut date = first;
        while date <= last {
            if self.exceptions.insert(date, intervals.to_vec()).is_some() {
                return Err(ParseHoursError::Twice(date.to_string()));
            }
            date = date.plus_days(1);
        }
        Ok(())
    }
}

/// The days of the week that `Mo-Fr`, `Sa,Su` or `Fr-Mo` names, from Monday on.
fn parse_weekdays(text: &str) -> Result<Vec<usize>, ParseHoursError> {
    let wrong = || ParseHoursError::Days(cut(text));
    let day = |name: &str| NAMES.iter().position(|(known, _)| *known == name).ok_or_else(wrong);
    let mut days = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (mut nth, last) = (day(first)?, day(last)?);
        days.push(nth);
        while nth != last {
            nth = nth.saturating_add(1).rem_euclid(NAMES.len());
            days.push(nth);
        }
    }
    Ok(days)
}

fn parse_times(text: &str) -> Result<Vec<Interval>, ParseHoursError> {
    if text == OFF {
        return Ok(Vec::new());
    }
    let wrong = || ParseHoursError::Times(cut(text));
    let mut intervals: Vec<Interval> = Vec::new();
    for part in text.split(',') {
        let (from, to) = part.trim().split_once('-').ok_or_else(wrong)?;
        let (from, to) = (parse_minutes(from).ok_or_else(wrong)?, parse_minutes(to).ok_or_else(wrong)?);
        let to = if to <= from { to.saturating_add(MINUTES_PER_DAY) } else { to };
        let interval = Interval::new(from, to).ok_or_else(wrong)?;
        if intervals.last().is_some_and(|last| last.to > interval.from) {
            return Err(ParseHoursError::Order(cut(text)));
        }
        intervals.push(interval);
    }
    if intervals.len() > INTERVALS_MAX { Err(wrong()) } else { Ok(intervals) }
}

/// What is wrong is repeated, but not a megabyte of it.
fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The same hours always give the same text, and the text gives the hours back.
impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::always() {
            return f.write_str(ALWAYS);
        }
        let mut rules: Vec<String> = Vec::new();
        let mut days = NAMES.iter().zip(&self.week).peekable();
        while let Some(((first, _), intervals)) = days.next() {
            let mut last = first;
            while let Some(((next, _), _)) = days.next_if(|(_, next)| *next == intervals) {
                last = next;
            }
            // A closed day is said by not saying it, but for a week that is all closed.
            if !intervals.is_empty() || self.week.iter().all(Vec::is_empty) {
                let named = if first == last { (*first).to_owned() } else { format!("{first}-{last}") };
                rules.push(format!("{named} {}", times(intervals)));
            }
        }
        let mut exceptions = self.exceptions.iter().peekable();
        while let Some((first, intervals)) = exceptions.next() {
            let mut last = *first;
            while let Some((next, _)) =
                exceptions.next_if(|(next, others)| *others == intervals && next.days_since(last) == 1)
            {
                last = *next;
            }
            let named = if *first == last { first.to_string() } else { format!("{first}/{last}") };
            rules.push(format!("{named} {}", times(intervals)));
        }
        f.write_str(&rules.join("; "))
    }
}

fn times(intervals: &[Interval]) -> String {
    if intervals.is_empty() {
        return OFF.to_owned();
    }
    let clock = |minutes: u16| {
        let of_day = if minutes > MINUTES_PER_DAY { minutes.saturating_sub(MINUTES_PER_DAY) } else { minutes };
        format!("{:02}:{:02}", of_day.div_euclid(60), of_day.rem_euclid(60))
    };
    let shown: Vec<String> =
        intervals.iter().map(|interval| format!("{}-{}", clock(interval.from), clock(interval.to))).collect();
    shown.join(",")
}
