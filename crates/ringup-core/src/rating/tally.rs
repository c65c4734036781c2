use super::Stars;

/// How many ratings a place has, for each number of stars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// From one star to five.
    counts: [u64; 5],
}

impl Tally {
    /// Counts so many more ratings with these stars.
    pub fn add(&mut self, stars: Stars, more: u64) {
        let [one, two, three, four, five] = &mut self.counts;
        let count = match stars {
            Stars::One => one,
            Stars::Two => two,
            Stars::Three => three,
            Stars::Four => four,
            Stars::Five => five,
        };
        *count = count.saturating_add(more);
    }

    /// How many with each number of stars, from one to five.
    #[must_use]
    pub const fn counts(&self) -> [u64; 5] {
        self.counts
    }

    /// How many in all.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The average in tenths of a star, the half rounded up: 46 is 4.6. Nothing while there are no ratings.
    #[must_use]
    pub fn average_tenths(&self) -> Option<u64> {
        let count = u128::from(self.count());
        let stars = self.counts.iter().zip(1_u128..);
        let sum =
            stars.fold(0_u128, |sum, (count, stars)| sum.saturating_add(u128::from(*count).saturating_mul(stars)));
        let doubled = sum.saturating_mul(20).saturating_add(count);
        doubled.checked_div(count.saturating_mul(2)).and_then(|tenths| u64::try_from(tenths).ok())
    }

    /// How many of a hundred have these stars, rounded down: as long as a bar is drawn.
    #[must_use]
    pub fn percent(&self, count: u64) -> u64 {
        u128::from(count)
            .saturating_mul(100)
            .checked_div(u128::from(self.count()))
            .and_then(|percent| u64::try_from(percent).ok())
            .unwrap_or(0)
    }
}
