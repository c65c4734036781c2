//! Numbers as they are dialled from abroad, and how they begin.

use std::fmt;

/// A number has this many digits at most, its country code included: ITU-T E.164, section 6.
const DIGITS_MAX: usize = 15;

/// Country codes of two digits; 1 and 7 have one, all others three (ITU-T E.164, annexed list of assigned codes).
const TWO_DIGITS: [&str; 44] = [
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51",
    "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90",
    "91", "92", "93", "94", "95", "98",
];

/// Country codes behind which a number may begin with 0: Italy and what dials like it, Ivory Coast, Gabon, Congo.
/// Everywhere else the 0 is dialled only inside the country.
const ZERO_BELONGS: [&str; 6] = ["39", "378", "379", "225", "241", "242"];

/// How the numbers of a destination begin: country code first, without a `+`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix(String);

/// Why a text is no prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a prefix has 1 to {DIGITS_MAX} digits, the country code first, without + and not beginning with 0")]
pub struct ParsePrefixError;

impl Prefix {
    /// Reads a prefix: digits, and nothing else.
    ///
    /// # Errors
    /// [`ParsePrefixError`].
    pub fn parse(text: &str) -> Result<Self, ParsePrefixError> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = (1..=DIGITS_MAX).contains(&text.len()) && !text.starts_with('0');
        if digits && fits { Ok(Self(text.to_owned())) } else { Err(ParsePrefixError) }
    }

    /// Its digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A number, or its first digits, as it is dialled from anywhere: country code first, without a `+`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialled(String);

/// Why a text is no number that can be dialled from anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseDialledError {
    /// Something in it is no digit.
    #[error("a number has only digits")]
    NotDigits,
    /// It has no country code.
    #[error("a number begins with + or 00 and the country code")]
    NotInternational,
    /// It has more digits than any number.
    #[error("a number has {DIGITS_MAX} digits at most")]
    TooLong,
    /// It has the 0 that is dialled only inside the country: with it, another price could come out.
    #[error("the 0 after the country code is not dialled from abroad")]
    TrunkZero,
}

impl Dialled {
    /// Whether a text is meant as a number, and not as a name.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        let mut characters = text.chars().map(narrow);
        let begins = text.trim_start().chars().next().map(narrow);
        !text.chars().any(char::is_alphabetic) && (begins == Some('+') || characters.any(|c| c.is_ascii_digit()))
    }

    /// Reads what a person typed: `+44 20 7946 0000`, `0044 (0)20 7946 0000`, or only how the number begins.
    ///
    /// # Errors
    /// [`ParseDialledError`].
    pub fn parse(text: &str) -> Result<Self, ParseDialledError> {
        let text: String = text.chars().map(narrow).filter(|c| !c.is_whitespace()).collect();
        let text = text.replace("(0)", "");
        let text: String = text.chars().filter(|c| !is_ornament(*c)).collect();
        let (begins, digits) = match (text.strip_prefix('+'), text.strip_prefix("00")) {
            (Some(digits), _) | (None, Some(digits)) => (true, digits),
            (None, None) => (false, text.as_str()),
        };
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ParseDialledError::NotDigits);
        }
        if !begins || digits.is_empty() || digits.starts_with('0') {
            return Err(ParseDialledError::NotInternational);
        }
        if digits.len() > DIGITS_MAX {
            return Err(ParseDialledError::TooLong);
        }
        let code = country_code(digits);
        let rest = digits.strip_prefix(code).unwrap_or_default();
        if rest.starts_with('0') && !ZERO_BELONGS.contains(&code) {
            return Err(ParseDialledError::TrunkZero);
        }
        Ok(Self(digits.to_owned()))
    }

    /// Whether it begins so.
    #[must_use]
    pub fn begins_with(&self, prefix: &Prefix) -> bool {
        self.0.starts_with(prefix.as_str())
    }

    /// Whether more digits could make it begin so.
    #[must_use]
    pub fn may_become(&self, prefix: &Prefix) -> bool {
        prefix.as_str().len() > self.0.len() && prefix.as_str().starts_with(&self.0)
    }

    /// Its digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The country code that a number begins with.
fn country_code(digits: &str) -> &str {
    if digits.starts_with(['1', '7']) {
        return digits.get(..1).unwrap_or(digits);
    }
    match digits.get(..2) {
        Some(two) if TWO_DIGITS.contains(&two) => two,
        Some(_) | None => digits.get(..3).unwrap_or(digits),
    }
}

/// Full-width characters as their plain ones.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '＋' | '（' | '）' | '－' | '．' | '／' => {
            u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c)
        }
        other => other,
    }
}

/// What people write between the digits.
const fn is_ornament(c: char) -> bool {
    matches!(c, '-' | '.' | '/' | '(' | ')' | '\u{2010}'..='\u{2015}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
}

#[cfg(test)]
mod tests;
