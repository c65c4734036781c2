//! Money: an unsigned number of minor units and the unit they are counted in.
//!
//! There is no floating point and no unchecked arithmetic here, and no amount can be negative: the
//! direction of money is said by debit and credit, never by a sign.

mod percent;
mod text;
mod unit;

pub use percent::BasisPoints;
pub use text::{Language, ParseAmountError};
pub use unit::{Unit, UnknownUnit};

/// The largest amount, in minor units: what a signed 64-bit column can hold.
pub const MINOR_MAX: u64 = 9_223_372_036_854_775_807;

/// So many minor units (fen, cents, seconds) of one unit.
///
/// Never negative and never above [`MINOR_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    minor: u64,
    unit: Unit,
}

/// Why two amounts have no sum, difference or share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// The two are counted in different units.
    #[error("{left} and {right} are different units")]
    UnitsDiffer {
        /// The unit of the left-hand amount.
        left: Unit,
        /// The unit of the right-hand amount.
        right: Unit,
    },
    /// The result is above [`MINOR_MAX`].
    #[error("the result is above {MINOR_MAX} minor units")]
    TooLarge,
    /// The result would be below zero.
    #[error("the result would be below zero")]
    BelowZero,
    /// There is nobody to share with.
    #[error("an amount cannot be shared by weights that add up to zero")]
    NoWeights,
}

impl Amount {
    /// So many minor units.
    ///
    /// # Errors
    /// [`AmountError::TooLarge`] above [`MINOR_MAX`].
    pub fn new(minor: u64, unit: Unit) -> Result<Self, AmountError> {
        if minor > MINOR_MAX {
            return Err(AmountError::TooLarge);
        }
        Ok(Self { minor, unit })
    }

    /// Nothing, in this unit.
    #[must_use]
    pub const fn zero(unit: Unit) -> Self {
        Self { minor: 0, unit }
    }

    /// The number of minor units.
    #[must_use]
    pub const fn minor(self) -> u64 {
        self.minor
    }

    /// The same number, signed: always zero or above.
    #[must_use]
    pub fn minor_signed(self) -> i64 {
        i64::try_from(self.minor).unwrap_or(i64::MAX)
    }

    /// What it is counted in.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`AmountError::UnitsDiffer`], [`AmountError::TooLarge`].
    pub fn plus(self, other: Self) -> Result<Self, AmountError> {
        self.same_unit(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(AmountError::TooLarge)?;
        Self::new(minor, self.unit)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`AmountError::UnitsDiffer`], [`AmountError::BelowZero`].
    pub fn minus(self, other: Self) -> Result<Self, AmountError> {
        self.same_unit(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(AmountError::BelowZero)?;
        Ok(Self { minor, unit: self.unit })
    }

    /// The smaller of the two.
    ///
    /// # Errors
    /// [`AmountError::UnitsDiffer`].
    pub fn at_most(self, other: Self) -> Result<Self, AmountError> {
        self.same_unit(other)?;
        Ok(if other.minor < self.minor { other } else { self })
    }

    /// Whether it is more than the other.
    ///
    /// # Errors
    /// [`AmountError::UnitsDiffer`].
    pub fn exceeds(self, other: Self) -> Result<bool, AmountError> {
        self.same_unit(other)?;
        Ok(self.minor > other.minor)
    }

    /// Splits by weights and loses nothing: the parts always add up to the whole.
    ///
    /// The minor units that do not divide evenly go to the largest remainders, the earlier part first
    /// among equals.
    ///
    /// # Errors
    /// [`AmountError::NoWeights`] when the weights add up to zero; [`AmountError::TooLarge`] when
    /// their sum cannot be counted.
    pub fn allocate(self, weights: &[u64]) -> Result<Vec<Self>, AmountError> {
        let mut total: u128 = 0;
        for weight in weights {
            total = total.checked_add(u128::from(*weight)).ok_or(AmountError::TooLarge)?;
        }
        let mut parts = Vec::with_capacity(weights.len());
        let mut given: u64 = 0;
        for (position, weight) in weights.iter().enumerate() {
            let product = u128::from(self.minor).checked_mul(u128::from(*weight)).ok_or(AmountError::TooLarge)?;
            let share = product.checked_div(total).ok_or(AmountError::NoWeights)?;
            let rest = product.checked_rem(total).ok_or(AmountError::NoWeights)?;
            let share = u64::try_from(share).map_err(|_| AmountError::TooLarge)?;
            given = given.checked_add(share).ok_or(AmountError::TooLarge)?;
            parts.push((position, share, rest));
        }
        if parts.is_empty() {
            return Err(AmountError::NoWeights);
        }
        let left_over = self.minor.checked_sub(given).ok_or(AmountError::BelowZero)?;
        parts.sort_by(|a, b| b.2.cmp(&a.2).then(a.0.cmp(&b.0)));
        let mut left_over = left_over;
        for part in &mut parts {
            if left_over == 0 {
                break;
            }
            part.1 = part.1.checked_add(1).ok_or(AmountError::TooLarge)?;
            left_over = left_over.saturating_sub(1);
        }
        parts.sort_by_key(|part| part.0);
        parts.into_iter().map(|part| Self::new(part.1, self.unit)).collect()
    }

    fn same_unit(self, other: Self) -> Result<(), AmountError> {
        if self.unit == other.unit {
            Ok(())
        } else {
            Err(AmountError::UnitsDiffer { left: self.unit, right: other.unit })
        }
    }
}

#[cfg(test)]
mod tests;
