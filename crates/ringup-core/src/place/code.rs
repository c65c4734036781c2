use std::fmt;
use std::str::FromStr;

const LENGTH_MAX: usize = 20;

/// What lists and people name a place by: `BJ-S001`. Always in capitals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceCode(String);

/// Why a text is no place's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a place's code has 1 to {LENGTH_MAX} letters, digits and hyphens, and begins with a letter or digit")]
pub struct ParsePlaceCodeError;

impl PlaceCode {
    /// The code as a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PlaceCode {
    type Err = ParsePlaceCodeError;

    fn from_str(text: &str) -> Result<Self, ParsePlaceCodeError> {
        let code = text.trim().to_ascii_uppercase();
        let is_code = !code.is_empty()
            && code.len() <= LENGTH_MAX
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !code.starts_with('-');
        if is_code { Ok(Self(code)) } else { Err(ParsePlaceCodeError) }
    }
}
