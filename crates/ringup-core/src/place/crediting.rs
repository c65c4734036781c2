use std::fmt;
use std::str::FromStr;

use super::local::{Clock, LocalMoment};

/// When a top-up that is sold at a place is credited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Crediting {
    /// In the moment it is paid.
    AtOnce,
    /// At stated times of each day, by the place's clock: in order, and at least one.
    AtTimes(Vec<Clock>),
}

/// So many times of a day may be stated.
pub const TIMES_MAX: usize = 24;

/// Why a text states no times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a list of 1 to {TIMES_MAX} times of the day in order, such as 12:00,18:00, or nothing for \"at once\"")]
pub struct ParseCreditingError;

impl Crediting {
    /// When a sale made now is credited: now, or at the next stated time.
    ///
    /// A stated time takes what was sold before it. What is sold in its own minute waits for the next one, so that nobody is
    /// promised a moment that is over.
    #[must_use]
    pub fn credited_at(&self, sold_at: LocalMoment) -> LocalMoment {
        let Self::AtTimes(times) = self else { return sold_at };
        let today = times.iter().find(|time| **time > sold_at.clock);
        match (today, times.first()) {
            (Some(time), _) => LocalMoment { date: sold_at.date, clock: *time },
            (None, Some(first)) => LocalMoment { date: sold_at.date.plus_days(1), clock: *first },
            (None, None) => sold_at,
        }
    }

    /// The stated times; none when it is at once.
    #[must_use]
    pub fn times(&self) -> &[Clock] {
        match self {
            Self::AtOnce => &[],
            Self::AtTimes(times) => times,
        }
    }
}

/// Nothing for "at once", else `12:00,18:00`.
impl fmt::Display for Crediting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, time) in self.times().iter().enumerate() {
            let comma = if nth == 0 { "" } else { "," };
            write!(f, "{comma}{time}")?;
        }
        Ok(())
    }
}

impl FromStr for Crediting {
    type Err = ParseCreditingError;

    fn from_str(text: &str) -> Result<Self, ParseCreditingError> {
        if text.trim().is_empty() {
            return Ok(Self::AtOnce);
        }
        let times: Option<Vec<Clock>> = text.split(',').map(|time| Clock::parse(time.trim())).collect();
        match times {
            Some(times) if times.len() <= TIMES_MAX && times.is_sorted_by(|earlier, later| earlier < later) => {
                Ok(Self::AtTimes(times))
            }
            _ => Err(ParseCreditingError),
        }
    }
}
