//! Opening hours: what a week looks like, and the days that are otherwise.

mod text;

use std::collections::BTreeMap;

pub use text::ParseHoursError;

use super::local::{LocalDate, LocalMoment, MINUTES_PER_DAY, Weekday};

/// When a place is open. What begins on a day may end after the next midnight; it ends so even when the next day is an exception.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Hours {
    /// From Monday to Sunday, each in order; none on a closed day.
    week: [Vec<Interval>; 7],
    /// What holds on a day in place of its week's hours.
    exceptions: BTreeMap<LocalDate, Vec<Interval>>,
}

/// From a minute after a day's midnight to a later one: 24 hours at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    from: u16,
    to: u16,
}

/// Whether a place is within its hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenState {
    /// It is.
    Open {
        /// Until when; nothing when it does not close within two weeks.
        until: Option<LocalMoment>,
    },
    /// It is not.
    Shut {
        /// When it opens; nothing when it does not within a year.
        opens: Option<LocalMoment>,
    },
}

/// So many intervals a day may have.
pub const INTERVALS_MAX: usize = 8;
/// So many days may be exceptions.
pub const EXCEPTIONS_MAX: usize = 400;

/// Who does not close for so long never closes, as far as anybody cares who stands before the door.
const CLOSES_WITHIN_DAYS: i32 = 14;
const OPENS_WITHIN_DAYS: i32 = 366;

impl Interval {
    /// From a minute of a day to a later one: past 1,440 it is the next day's.
    #[must_use]
    pub fn new(from: u16, to: u16) -> Option<Self> {
        let is_interval = from < MINUTES_PER_DAY && to > from && to.saturating_sub(from) <= MINUTES_PER_DAY;
        is_interval.then_some(Self { from, to })
    }

    /// The minute of its day with which it begins.
    #[must_use]
    pub const fn from(self) -> u16 {
        self.from
    }

    /// The minute after its day's midnight with which it is over.
    #[must_use]
    pub const fn to(self) -> u16 {
        self.to
    }
}

impl Hours {
    /// Open day and night.
    #[must_use]
    pub fn always() -> Self {
        let day = vec![Interval { from: 0, to: MINUTES_PER_DAY }];
        Self { week: std::array::from_fn(|_| day.clone()), exceptions: BTreeMap::new() }
    }

    /// What begins on a day, in order.
    #[must_use]
    pub fn on(&self, date: LocalDate) -> &[Interval] {
        match self.exceptions.get(&date) {
            Some(intervals) => intervals,
            None => self.of_weekday(date.weekday()),
        }
    }

    /// What begins on this day of a usual week, in order.
    #[must_use]
    pub fn of_weekday(&self, weekday: Weekday) -> &[Interval] {
        let nth = Weekday::ALL.iter().position(|day| *day == weekday).unwrap_or(0);
        self.week.get(nth).map(Vec::as_slice).unwrap_or_default()
    }

    /// The days that are otherwise, in order.
    pub fn exceptions(&self) -> impl Iterator<Item = (LocalDate, &[Interval])> {
        self.exceptions.iter().map(|(date, intervals)| (*date, intervals.as_slice()))
    }

    /// Whether it is open when its clock shows this.
    #[must_use]
    pub fn is_open_at(&self, local: LocalMoment) -> bool {
        let minute = local.clock.minutes();
        let holds = |interval: &Interval, minute: u16| interval.from <= minute && minute < interval.to;
        let since_yesterday = minute.saturating_add(MINUTES_PER_DAY);
        self.on(local.date).iter().any(|interval| holds(interval, minute))
            || self.on(local.date.plus_days(-1)).iter().any(|interval| holds(interval, since_yesterday))
    }

    /// Whether it is open when its clock shows this, until when, or from when on.
    #[must_use]
    pub fn state_at(&self, local: LocalMoment) -> OpenState {
        if self.is_open_at(local) {
            OpenState::Open { until: self.closes_after(local) }
        } else {
            OpenState::Shut { opens: self.opens_after(local) }
        }
    }

    /// The first moment after this one at which it is not open. What touches or overlaps is one time of being open.
    fn closes_after(&self, local: LocalMoment) -> Option<LocalMoment> {
        let limit = local.date.plus_days(CLOSES_WITHIN_DAYS);
        let mut end = local;
        while end.date < limit {
            let ends = [-1, 0].into_iter().flat_map(|days| {
                let date = end.date.plus_days(days);
                self.on(date).iter().map(move |interval| Self::bounds(date, *interval))
            });
            // Whatever is open at the end so far goes on to its own end.
            match ends.filter(|(from, to)| *from <= end && *to > end).map(|(_, to)| to).max() {
                Some(later) => end = later,
                None => return Some(end),
            }
        }
        None
    }

    fn opens_after(&self, local: LocalMoment) -> Option<LocalMoment> {
        (0..=OPENS_WITHIN_DAYS).find_map(|days| {
            let date = local.date.plus_days(days);
            self.on(date).iter().map(|interval| Self::bounds(date, *interval).0).find(|from| *from > local)
        })
    }

    fn bounds(date: LocalDate, interval: Interval) -> (LocalMoment, LocalMoment) {
        let at = |minutes: u16| LocalMoment::after_midnight(date, minutes.into());
        (at(interval.from), at(interval.to))
    }
}
