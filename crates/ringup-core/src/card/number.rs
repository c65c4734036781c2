use std::fmt;
use std::str::FromStr;

use crate::shard::Shard;

/// A card's public number: 10 to 18 digits, the first not zero, the last a Luhn check digit
/// (ISO/IEC 7812-1, annex B).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CardNumber(u64);

/// Why a text is no card number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseCardNumberError {
    /// There is nothing in it.
    #[error("no card number was given")]
    Empty,
    /// It has something else than digits, spaces and hyphens.
    #[error("a card number has digits only")]
    NotDigits,
    /// It is shorter than 10 or longer than 18 digits, or begins with a zero.
    #[error(
        "a card number has {} to {} digits and does not begin with 0",
        CardNumber::DIGITS_MIN,
        CardNumber::DIGITS_MAX
    )]
    Length,
    /// The check digit does not fit: there is a typing error.
    #[error("the check digit does not fit")]
    CheckDigit,
}

impl CardNumber {
    /// The fewest digits.
    pub const DIGITS_MIN: usize = 10;
    /// The most digits: what a 63-bit column holds.
    pub const DIGITS_MAX: usize = 18;

    /// The number without its last digit, completed by its check digit.
    ///
    /// # Errors
    /// [`ParseCardNumberError::Length`].
    pub fn with_check_digit(payload: u64) -> Result<Self, ParseCardNumberError> {
        let check = luhn_check_digit(payload);
        let number = payload.checked_mul(10).and_then(|n| n.checked_add(check)).ok_or(ParseCardNumberError::Length)?;
        Self::from_u64(number)
    }

    /// The card number with these digits, as columns keep it.
    ///
    /// # Errors
    /// [`ParseCardNumberError::Length`], [`ParseCardNumberError::CheckDigit`].
    pub fn from_u64(number: u64) -> Result<Self, ParseCardNumberError> {
        let digits = number.checked_ilog10().unwrap_or(0).saturating_add(1);
        let digits = usize::try_from(digits).unwrap_or(0);
        if !(Self::DIGITS_MIN..=Self::DIGITS_MAX).contains(&digits) {
            return Err(ParseCardNumberError::Length);
        }
        let payload = number.checked_div(10).unwrap_or(0);
        if number.checked_rem(10) != Some(luhn_check_digit(payload)) {
            return Err(ParseCardNumberError::CheckDigit);
        }
        Ok(Self(number))
    }

    /// All its digits as one number, as columns keep it.
    #[must_use]
    pub const fn as_u64(self) -> u64 {
        self.0
    }

    /// The last four digits, which may be shown to anyone who has the receipt.
    #[must_use]
    pub fn last_four(self) -> String {
        format!("{:04}", self.0.checked_rem(10_000).unwrap_or(0))
    }

    /// In groups of four from the left, as it is printed on the card.
    #[must_use]
    pub fn grouped(self) -> String {
        let mut out = String::new();
        for (position, digit) in self.0.to_string().chars().enumerate() {
            if position > 0 && position.checked_rem(4) == Some(0) {
                out.push(' ');
            }
            out.push(digit);
        }
        out
    }
}

/// All digits, without spaces.
impl fmt::Display for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Only the last four digits, so that a log never holds a whole number by accident.
impl fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardNumber(···{})", self.last_four())
    }
}

/// Reads what a person typed or pasted: spaces, hyphens and full-width digits are forgiven.
impl FromStr for CardNumber {
    type Err = ParseCardNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut number: u64 = 0;
        let mut digits: usize = 0;
        for c in text.chars() {
            let digit = match c {
                '0'..='9' => c.to_digit(10),
                '０'..='９' => u32::from(c).checked_sub(u32::from('０')),
                '-' | '‐' | '–' | '·' | '\u{feff}' | '\u{200b}' => continue,
                c if c.is_whitespace() => continue,
                _ => None,
            };
            let digit = digit.ok_or(ParseCardNumberError::NotDigits)?;
            digits = digits.saturating_add(1);
            if digits > Self::DIGITS_MAX || (digits == 1 && digit == 0) {
                return Err(ParseCardNumberError::Length);
            }
            number = number
                .checked_mul(10)
                .and_then(|n| n.checked_add(u64::from(digit)))
                .ok_or(ParseCardNumberError::Length)?;
        }
        if digits == 0 {
            return Err(ParseCardNumberError::Empty);
        }
        Self::from_u64(number)
    }
}

impl Shard {
    /// The shard of a card and of everything that is about it.
    ///
    /// Numbers of one batch differ only in some middle digits, so they are mixed first
    /// (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014: the finaliser of
    /// SplitMix64). This function is for ever: changing it would lose every row.
    #[must_use]
    pub fn of_card(number: CardNumber) -> Self {
        let mut z = number.as_u64();
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        let [low, ..] = z.to_le_bytes();
        Self(low)
    }
}

/// The digit that makes the whole number pass Luhn's test.
fn luhn_check_digit(payload: u64) -> u64 {
    let mut rest = payload;
    let mut sum: u64 = 0;
    let mut doubled = true;
    while rest > 0 {
        let digit = rest.checked_rem(10).unwrap_or(0);
        let value = if doubled { digit.saturating_mul(2) } else { digit };
        sum = sum.saturating_add(if value > 9 { value.saturating_sub(9) } else { value });
        doubled = !doubled;
        rest = rest.checked_div(10).unwrap_or(0);
    }
    let last = sum.checked_rem(10).unwrap_or(0);
    if last == 0 { 0 } else { 10_u64.saturating_sub(last) }
}
