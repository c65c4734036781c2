//! Commission: what an agent earns by what he has sold in a month.
//!
//! It is counted over the whole month at once and rounded once, and a scheme cannot be written down in which many small sales earn
//! more than one large one: so splitting a sale earns nothing more. What was given back has not been sold.

use std::fmt;
use std::str::FromStr;

use crate::coded::coded_enum;
use crate::money::BasisPoints;
use crate::place::LocalDate;

/// A scheme has so many tiers at most.
pub const TIERS_MAX: usize = 20;

coded_enum! {
    /// What the tiers of a scheme look at.
    Counted {
        /// The size of each sale.
        PerSale = 1, "sale";
        /// What was sold in the whole month; each tier's rate is for what is in that tier.
        PerMonth = 2, "month";
    }
}

/// From so many minor units on, this rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// From how many minor units on.
    pub from_minor: u64,
    /// What is earned then.
    pub rate: BasisPoints,
}

/// What is earned by sales of one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    counted: Counted,
    tiers: Vec<Tier>,
}

/// Why there is no such scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemeError {
    /// There are no tiers, too many, or two that begin alike.
    #[error("a scheme has 1 to {TIERS_MAX} tiers that begin at different amounts")]
    Tiers,
    /// More than the whole.
    #[error("a rate is 100 % at most")]
    Rate,
    /// A larger sale would earn a lower rate: whoever splits it would earn more.
    #[error("a rate per sale must not fall with the size of the sale")]
    RateFalls,
}

impl Scheme {
    /// A scheme of these tiers.
    ///
    /// # Errors
    /// [`SchemeError`], in its order.
    pub fn new(counted: Counted, tiers: Vec<Tier>) -> Result<Self, SchemeError> {
        let mut tiers = tiers;
        tiers.sort_by_key(|tier| tier.from_minor);
        let alike = tiers.windows(2).any(|pair| matches!(pair, [a, b] if a.from_minor == b.from_minor));
        if tiers.is_empty() || tiers.len() > TIERS_MAX || alike {
            return Err(SchemeError::Tiers);
        }
        if tiers.iter().any(|tier| tier.rate > BasisPoints::WHOLE) {
            return Err(SchemeError::Rate);
        }
        let falls = tiers.windows(2).any(|pair| matches!(pair, [a, b] if a.rate > b.rate));
        if counted == Counted::PerSale && falls {
            return Err(SchemeError::RateFalls);
        }
        Ok(Self { counted, tiers })
    }

    /// What its tiers look at.
    #[must_use]
    pub const fn counted(&self) -> Counted {
        self.counted
    }

    /// Its tiers, the lowest first.
    #[must_use]
    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }
}

/// Counts what a month's sales of one product earn.
#[derive(Clone, Debug)]
pub struct Earnings<'a> {
    scheme: &'a Scheme,
    sold: u128,
    /// Minor units times basis points.
    weighed: u128,
}

impl<'a> Earnings<'a> {
    /// Nothing has been sold yet.
    #[must_use]
    pub const fn new(scheme: &'a Scheme) -> Self {
        Self { scheme, sold: 0, weighed: 0 }
    }

    /// Counts a sale of so many minor units, less what was given back of it.
    pub fn count(&mut self, minor: u64) {
        self.sold = self.sold.saturating_add(minor.into());
        if self.scheme.counted == Counted::PerSale {
            let tier = self.scheme.tiers.iter().rfind(|tier| tier.from_minor <= minor);
            let rate = tier.map_or(0, |tier| tier.rate.0);
            self.weighed = self.weighed.saturating_add(weigh(minor.into(), rate));
        }
    }

    /// What was earned, in minor units: rounded down, once.
    #[must_use]
    pub fn earned_minor(&self) -> u64 {
        let weighed = match self.scheme.counted {
            Counted::PerSale => self.weighed,
            Counted::PerMonth => self.weighed_by_month(),
        };
        let earned = weighed.checked_div(u128::from(BasisPoints::WHOLE.0)).unwrap_or(0);
        u64::try_from(earned).unwrap_or(u64::MAX)
    }

    fn weighed_by_month(&self) -> u128 {
        let mut weighed: u128 = 0;
        let mut until = self.sold;
        for tier in self.scheme.tiers.iter().rev() {
            let part = until.saturating_sub(tier.from_minor.into());
            weighed = weighed.saturating_add(weigh(part, tier.rate.0));
            until = until.saturating_sub(part);
        }
        weighed
    }
}

fn weigh(minor: u128, rate: u32) -> u128 {
    minor.saturating_mul(rate.into())
}

/// A month of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(u32);

/// The text is no month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a month is written 2026-11")]
pub struct ParseMonthError;

impl Month {
    /// The month with this number, such as 202611; nothing when there is none.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self(number).first_day().map(|_| Self(number))
    }

    /// The month that a day is in.
    #[must_use]
    pub fn of(day: LocalDate) -> Self {
        let (year, month, _) = day.ymd();
        Self(u32::try_from(year).unwrap_or(0).saturating_mul(100).saturating_add(month.into()))
    }

    /// Its number, such as 202611.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    fn first_day(self) -> Option<LocalDate> {
        let (year, month) = (self.0.div_euclid(100), self.0.rem_euclid(100));
        LocalDate::from_ymd(i32::try_from(year).ok()?, u8::try_from(month).ok()?, 1)
    }

    /// Its first day.
    #[must_use]
    pub fn begins(self) -> LocalDate {
        self.first_day().unwrap_or(LocalDate::from_days(0))
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self::of(self.begins().plus_days(31))
    }

    /// The month before it.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::of(self.begins().plus_days(-1))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(100), self.0.rem_euclid(100))
    }
}

impl FromStr for Month {
    type Err = ParseMonthError;

    fn from_str(text: &str) -> Result<Self, ParseMonthError> {
        let day: LocalDate = format!("{}-01", text.trim()).parse().map_err(|_| ParseMonthError)?;
        Ok(Self::of(day))
    }
}

#[cfg(test)]
mod tests;
