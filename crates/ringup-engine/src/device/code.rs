use std::str::FromStr;

use aws_lc_rs::digest;
use ringup_core::secret::Secret;
use ringup_core::top_up::TopUpCode;

/// The code that enrols one device, or opens a kiosk for one person: 128 random bits, written like a receipt's code.
#[derive(Clone, Debug)]
pub struct EnrolCode(Secret<TopUpCode>);

/// The text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a code has 26 letters and digits")]
pub struct ParseEnrolCodeError;

impl EnrolCode {
    pub(crate) fn draw() -> Self {
        Self(Secret::new(TopUpCode::from_bytes(crate::chance::bytes())))
    }

    /// In groups of four, to be read out and typed.
    #[must_use]
    pub fn grouped(&self) -> String {
        self.0.reveal().grouped()
    }

    /// What is kept of it. With 128 bits nothing can be found by trying.
    pub(crate) fn hash(&self) -> [u8; 32] {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, self.0.reveal().as_bytes()).as_ref());
        hash
    }
}

/// Reads what a person typed, as forgiving as a receipt's code.
impl FromStr for EnrolCode {
    type Err = ParseEnrolCodeError;

    fn from_str(text: &str) -> Result<Self, ParseEnrolCodeError> {
        text.parse().map(|code| Self(Secret::new(code))).map_err(|_| ParseEnrolCodeError)
    }
}
