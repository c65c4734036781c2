//! The calls of a question, laid out over its days, and taken off by what pays for them.

use super::AskedCalls;

/// Calls that nobody has paid yet: for each destination, how many on each day.
#[derive(Clone, Debug)]
pub(super) struct Days(Vec<Vec<u64>>);

impl Days {
    /// Spreads calls evenly: by the end of each day, its share of them has been made, rounded down.
    pub(super) fn spread(calls: &[AskedCalls], days: u16) -> Self {
        let total = u64::from(days).max(1);
        let until = |calls: u64, day: u64| calls.saturating_mul(day).checked_div(total).unwrap_or(0);
        let spread = |asked: &AskedCalls| {
            let day = |day: u64| until(asked.calls, day.saturating_add(1)).saturating_sub(until(asked.calls, day));
            (0..total).map(day).collect()
        };
        Self(calls.iter().map(spread).collect())
    }

    /// How many calls of one destination are in a stretch of days.
    pub(super) fn count(&self, position: usize, from: usize, until: usize) -> u64 {
        self.stretch(position, from, until).iter().fold(0, |sum, calls| sum.saturating_add(*calls))
    }

    /// How many calls of one destination are left in all.
    pub(super) fn left(&self, position: usize) -> u64 {
        self.count(position, 0, usize::MAX)
    }

    /// Takes calls off a stretch of days, the earliest first; as many as there are.
    pub(super) fn take(&mut self, position: usize, from: usize, until: usize, calls: u64) {
        let mut to_take = calls;
        let days = self.0.get_mut(position).into_iter().flatten();
        for day in days.skip(from).take(until.saturating_sub(from)) {
            let taken = to_take.min(*day);
            *day = day.saturating_sub(taken);
            to_take = to_take.saturating_sub(taken);
        }
    }

    fn stretch(&self, position: usize, from: usize, until: usize) -> &[u64] {
        let days = self.0.get(position).map(Vec::as_slice).unwrap_or_default();
        days.get(from..until.min(days.len())).unwrap_or_default()
    }
}
