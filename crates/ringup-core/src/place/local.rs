use std::fmt;
use std::str::FromStr;

/// A day of the calendar, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDate(i32);

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// What a place's clock shows, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalMoment {
    /// The day.
    pub date: LocalDate,
    /// The time of that day.
    pub clock: Clock,
}

/// A time of day, to the minute: 00:00 to 23:59.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock(u16);

/// Why a text is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a day is written 2026-10-01")]
pub struct ParseDateError;

pub(super) const MINUTES_PER_DAY: u16 = 1_440;

impl Weekday {
    /// All of them, from Monday on.
    pub const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];
}

impl LocalDate {
    /// The day so many days after 1970-01-01.
    #[must_use]
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// The day with this number in a month, from 1 on, of a year from 1 to 9999; nothing when there is none.
    #[must_use]
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        if !(1..=9_999).contains(&year) {
            return None;
        }
        let date = Self::count(year, month.into(), day.into());
        // A day that there is comes back as it was.
        (date.ymd() == (year, month, day)).then_some(date)
    }

    /// Days from civil (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"): years begin in March, so that the
    /// odd day of a leap year is the last.
    fn count(year: i32, month: i32, day: i32) -> Self {
        let year = if month <= 2 { year.saturating_sub(1) } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let from_march = month.saturating_add(9).rem_euclid(12);
        let of_year =
            from_march.saturating_mul(153).saturating_add(2).div_euclid(5).saturating_add(day).saturating_sub(1);
        let leaps = of_era.div_euclid(4).saturating_sub(of_era.div_euclid(100));
        let day_of_era = of_era.saturating_mul(365).saturating_add(leaps).saturating_add(of_year);
        Self(era.saturating_mul(146_097).saturating_add(day_of_era).saturating_sub(719_468))
    }

    /// Its year, month and day.
    #[must_use]
    pub fn ymd(self) -> (i32, u8, u8) {
        let shifted = self.0.saturating_add(719_468);
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = day_of_era
            .saturating_sub(day_of_era.div_euclid(1_460))
            .saturating_add(day_of_era.div_euclid(36_524))
            .saturating_sub(day_of_era.div_euclid(146_096))
            .div_euclid(365);
        let leaps = year_of_era.div_euclid(4).saturating_sub(year_of_era.div_euclid(100));
        let day_of_year = day_of_era.saturating_sub(year_of_era.saturating_mul(365).saturating_add(leaps));
        let from_march = day_of_year.saturating_mul(5).saturating_add(2).div_euclid(153);
        let before = from_march.saturating_mul(153).saturating_add(2).div_euclid(5);
        let day = day_of_year.saturating_sub(before).saturating_add(1);
        let month = from_march.saturating_add(2).rem_euclid(12).saturating_add(1);
        let year = year_of_era.saturating_add(era.saturating_mul(400));
        let year = if month <= 2 { year.saturating_add(1) } else { year };
        (year, u8::try_from(month).unwrap_or(0), u8::try_from(day).unwrap_or(0))
    }

    /// The day so many days later, or earlier.
    #[must_use]
    pub const fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// How many days it is after another.
    #[must_use]
    pub const fn days_since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// Its day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        let from_monday = usize::try_from(self.0.saturating_add(3).rem_euclid(7)).unwrap_or(0);
        Weekday::ALL.get(from_monday).copied().unwrap_or(Weekday::Monday)
    }
}

/// `2026-10-01`.
impl fmt::Display for LocalDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for LocalDate {
    type Err = ParseDateError;

    fn from_str(text: &str) -> Result<Self, ParseDateError> {
        let mut parts = text.split('-');
        let mut next = |length: usize| {
            let part = parts.next().filter(|part| part.len() == length)?;
            part.bytes().all(|byte| byte.is_ascii_digit()).then_some(part)
        };
        let (Some(year), Some(month), Some(day)) = (next(4), next(2), next(2)) else { return Err(ParseDateError) };
        let number = |part: &str| part.parse::<u8>().map_err(|_| ParseDateError);
        let year: i32 = year.parse().map_err(|_| ParseDateError)?;
        let date = Self::from_ymd(year, number(month)?, number(day)?).ok_or(ParseDateError)?;
        if parts.next().is_none() { Ok(date) } else { Err(ParseDateError) }
    }
}

impl Clock {
    /// Midnight, with which a day begins.
    pub const MIDNIGHT: Self = Self(0);

    /// So many minutes after midnight; nothing from 24:00 on.
    #[must_use]
    pub fn from_minutes(minutes: u16) -> Option<Self> {
        (minutes < MINUTES_PER_DAY).then_some(Self(minutes))
    }

    /// So many minutes after midnight.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }

    /// Reads `09:30`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        parse_minutes(text).and_then(Self::from_minutes)
    }
}

/// `09:30`.
impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.div_euclid(60), self.0.rem_euclid(60))
    }
}

impl LocalMoment {
    /// So many minutes after the midnight with which a day begins: the day itself, or a later one.
    pub(super) fn after_midnight(date: LocalDate, minutes: u32) -> Self {
        let day = u32::from(MINUTES_PER_DAY);
        let days = i32::try_from(minutes.div_euclid(day)).unwrap_or(i32::MAX);
        let clock = u16::try_from(minutes.rem_euclid(day)).unwrap_or(0);
        Self { date: date.plus_days(days), clock: Clock(clock) }
    }
}

/// `2026-10-01 09:30`.
impl fmt::Display for LocalMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.date, self.clock)
    }
}

/// Reads `00:00` to `24:00` as minutes.
pub(super) fn parse_minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |part: &str| {
        let is_number = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { part.parse::<u16>().ok() } else { None }
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let total = hours.checked_mul(60)?.checked_add(minutes)?;
    (minutes < 60 && total <= MINUTES_PER_DAY).then_some(total)
}
