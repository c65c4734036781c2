use std::fmt;

use crate::secret::Secret;

/// ITU-T E.164: the longest number, its country code among it.
const DIGITS_MAX: usize = 15;
/// No country's mobile numbers are shorter.
const DIGITS_MIN: usize = 7;
/// So many of its last digits pages may show.
const SHOWN: usize = 4;

/// A mobile number in the form of E.164: `+8613800138000`. It shows itself to nobody: pages get [`Self::masked`].
///
/// Whether there can be such a number, and whether a phone can be behind it, is for the numbering plans to say: the gateways know them.
#[derive(Clone)]
pub struct MobileNumber(Secret<String>);

/// What was typed is no number that a text message can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseMobileError {
    /// There is none.
    #[error("there is no mobile number")]
    Missing,
    /// There is no such number.
    #[error("there is no such mobile number: it has the form +8613800138000")]
    Form,
    /// It is a landline, or a service.
    #[error("the number is no mobile number")]
    NotMobile,
    /// It is of a country that texts are not sent to from here.
    #[error("no text messages are sent to that country from here")]
    Country,
}

impl ParseMobileError {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "mobile_missing",
            Self::Form => "mobile_malformed",
            Self::NotMobile => "mobile_not_mobile",
            Self::Country => "mobile_country",
        }
    }
}

impl MobileNumber {
    /// Reads a number in the form of E.164, with its `+` and nothing but digits behind it.
    ///
    /// # Errors
    /// [`ParseMobileError::Missing`], [`ParseMobileError::Form`].
    pub fn from_e164(text: &str) -> Result<Self, ParseMobileError> {
        if text.is_empty() {
            return Err(ParseMobileError::Missing);
        }
        let digits = text.strip_prefix('+').ok_or(ParseMobileError::Form)?;
        let fits = (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) && !digits.starts_with('0');
        if !fits || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ParseMobileError::Form);
        }
        Ok(Self(Secret::new(text.to_owned())))
    }

    /// The number itself, with its `+`: for the text message, and for sealing.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }

    /// As pages show it to whoever has the receipt's code: `···8000`.
    #[must_use]
    pub fn masked(&self) -> String {
        let hidden = self.reveal().chars().count().saturating_sub(SHOWN);
        let shown: String = self.reveal().chars().skip(hidden).collect();
        format!("···{shown}")
    }
}

impl fmt::Debug for MobileNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MobileNumber(***)")
    }
}

#[cfg(test)]
mod tests;
