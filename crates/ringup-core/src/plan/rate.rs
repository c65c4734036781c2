//! What a call costs by the minute.

use std::fmt;

use super::destination::DestinationId;
use crate::money::{Amount, AmountError, ParseAmountError, Unit};
use crate::product::ProductId;

/// A rate is counted in thousandths of a minor unit.
const THOUSANDTHS: u32 = 3;

/// The largest rate, in thousandths of a minor unit: a million fen a minute. It keeps every product of it countable.
const RATE_MAX: u64 = 1_000_000_000;

/// What a minute costs, in thousandths of a minor unit: a rate may be below one fen, and `0.00001` yuan can still be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MinuteRate {
    thousandths: u64,
    unit: Unit,
}

impl MinuteRate {
    /// So many thousandths of a minor unit a minute.
    ///
    /// # Errors
    /// [`AmountError::TooLarge`] above a million minor units.
    pub fn new(thousandths: u64, unit: Unit) -> Result<Self, AmountError> {
        if thousandths > RATE_MAX { Err(AmountError::TooLarge) } else { Ok(Self { thousandths, unit }) }
    }

    /// Reads a plain figure of this unit: `0.0085`.
    ///
    /// # Errors
    /// [`ParseAmountError`]; the decimals may be three more than the unit has.
    pub fn parse(text: &str, unit: Unit) -> Result<Self, ParseAmountError> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let digits = unit.minor_digits().saturating_add(THOUSANDTHS);
        if whole.is_empty() && decimals.is_empty() {
            return Err(ParseAmountError::Empty);
        }
        if text.starts_with('-') {
            return Err(ParseAmountError::Negative);
        }
        if !whole.bytes().chain(decimals.bytes()).all(|byte| byte.is_ascii_digit()) {
            return Err(ParseAmountError::NotANumber);
        }
        let decimals = decimals.trim_end_matches('0');
        let places = u32::try_from(decimals.len()).map_err(|_| ParseAmountError::TooLarge)?;
        let missing = digits.checked_sub(places).ok_or(ParseAmountError::TooManyDecimals { unit, digits })?;
        let figure: u64 = format!("0{whole}{decimals}").parse().map_err(|_| ParseAmountError::TooLarge)?;
        let scale = 10_u64.checked_pow(missing).ok_or(ParseAmountError::TooLarge)?;
        let thousandths = figure.checked_mul(scale).ok_or(ParseAmountError::TooLarge)?;
        Self::new(thousandths, unit).map_err(|_| ParseAmountError::TooLarge)
    }

    /// The number of thousandths of a minor unit.
    #[must_use]
    pub const fn thousandths(self) -> u64 {
        self.thousandths
    }

    /// What it is counted in.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// The plain figure, with the decimals of the unit at least: `0.0085`, `0.30`.
    #[must_use]
    pub fn to_decimal(self) -> String {
        let kept = usize::try_from(self.unit.minor_digits()).unwrap_or(0);
        let places = kept.saturating_add(3);
        let scale = 10_u64.saturating_pow(self.unit.minor_digits().saturating_add(THOUSANDTHS));
        let whole = self.thousandths.checked_div(scale).unwrap_or(0);
        let rest = self.thousandths.checked_rem(scale).unwrap_or(0);
        let decimals = format!("{rest:0places$}");
        let (always, more) = decimals.split_at_checked(kept).unwrap_or((decimals.as_str(), ""));
        let more = more.trim_end_matches('0');
        let point = if always.is_empty() && more.is_empty() { "" } else { "." };
        format!("{whole}{point}{always}{more}")
    }

    /// As a page shows it: `¥0.0085`.
    #[must_use]
    pub fn to_text(self) -> String {
        format!("{}{}", self.unit.sign(), self.to_decimal())
    }

    /// What so many seconds cost, rounded up to the minor unit.
    fn of_seconds(self, seconds: u64) -> Result<Amount, AmountError> {
        let product = u128::from(seconds).checked_mul(u128::from(self.thousandths)).ok_or(AmountError::TooLarge)?;
        let minor = u64::try_from(product.div_ceil(60_000)).map_err(|_| AmountError::TooLarge)?;
        Amount::new(minor, self.unit)
    }
}

/// `0.0085 CNY`: for the API and for logs.
impl fmt::Display for MinuteRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.unit)
    }
}

/// In which steps the seconds of a call are counted: once the first, then the next again and again, each begun one whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Increment {
    first_seconds: u32,
    next_seconds: u32,
}

impl Increment {
    /// A step has this many seconds at most.
    pub const SECONDS_MAX: u32 = 3_600;

    /// These steps; nothing when one of them is 0 or above [`Increment::SECONDS_MAX`].
    #[must_use]
    pub fn new(first_seconds: u32, next_seconds: u32) -> Option<Self> {
        let fits = |seconds| (1..=Self::SECONDS_MAX).contains(&seconds);
        (fits(first_seconds) && fits(next_seconds)).then_some(Self { first_seconds, next_seconds })
    }

    /// The first step, in seconds.
    #[must_use]
    pub const fn first_seconds(self) -> u32 {
        self.first_seconds
    }

    /// Each step after it, in seconds.
    #[must_use]
    pub const fn next_seconds(self) -> u32 {
        self.next_seconds
    }

    /// How many steps come after the first in a call of this length.
    fn steps_after_first(self, call_seconds: u32) -> u64 {
        u64::from(call_seconds.saturating_sub(self.first_seconds).div_ceil(self.next_seconds))
    }
}

/// What a card of a product pays for calls to a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Whose cards.
    pub product: ProductId,
    /// Where to.
    pub destination: DestinationId,
    /// For a minute.
    pub per_minute: MinuteRate,
    /// Once for each call that is answered.
    pub connection_fee: Amount,
    /// How its seconds are counted.
    pub increment: Increment,
}

/// What one call costs, step by step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallPrice {
    /// How many steps are counted after the first.
    pub steps_after_first: u64,
    /// How many seconds are counted in all.
    pub counted_seconds: u64,
    /// What they cost, rounded up to the minor unit.
    pub talk: Amount,
    /// The connection fee.
    pub fee: Amount,
    /// Both together.
    pub sum: Amount,
}

impl Rate {
    /// What a call of this length costs.
    ///
    /// # Errors
    /// [`AmountError`] when the fee is in another unit, or the sum cannot be counted.
    pub fn price(&self, call_seconds: u32) -> Result<CallPrice, AmountError> {
        let steps_after_first = self.increment.steps_after_first(call_seconds);
        let counted_seconds = steps_after_first
            .checked_mul(u64::from(self.increment.next_seconds))
            .and_then(|seconds| seconds.checked_add(u64::from(self.increment.first_seconds)))
            .ok_or(AmountError::TooLarge)?;
        let talk = self.per_minute.of_seconds(counted_seconds)?;
        let sum = talk.plus(self.connection_fee)?;
        Ok(CallPrice { steps_after_first, counted_seconds, talk, fee: self.connection_fee, sum })
    }
}

#[cfg(test)]
mod tests;
