use super::{Amount, AmountError};

/// Hundredths of a percent: 250 is 2.5 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BasisPoints(pub u32);

impl BasisPoints {
    /// The whole.
    pub const WHOLE: Self = Self(10_000);

    /// This share of an amount, rounded down to a minor unit.
    ///
    /// # Errors
    /// [`AmountError::TooLarge`] when the result cannot be counted.
    pub fn of(self, amount: Amount) -> Result<Amount, AmountError> {
        let product = u128::from(amount.minor()).checked_mul(u128::from(self.0)).ok_or(AmountError::TooLarge)?;
        let share = product.checked_div(u128::from(Self::WHOLE.0)).ok_or(AmountError::TooLarge)?;
        Amount::new(u64::try_from(share).map_err(|_| AmountError::TooLarge)?, amount.unit())
    }
}
