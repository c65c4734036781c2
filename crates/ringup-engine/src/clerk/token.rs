use std::str::FromStr;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ringup_core::secret::Secret;

/// What a till's browser has of a clerk who is signed in: 256 random bits.
#[derive(Clone, Debug)]
pub struct SessionToken(Secret<[u8; 32]>);

/// The text is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no token of ours")]
pub struct ParseSessionTokenError;

impl SessionToken {
    pub(super) fn draw() -> Self {
        Self(Secret::new(crate::chance::bytes()))
    }

    /// As a cookie carries it.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.reveal())
    }

    /// What is kept of it.
    pub(super) fn hash(&self) -> [u8; 32] {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, self.0.reveal()).as_ref());
        hash
    }
}

impl FromStr for SessionToken {
    type Err = ParseSessionTokenError;

    fn from_str(text: &str) -> Result<Self, ParseSessionTokenError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ParseSessionTokenError)?;
        bytes.try_into().map(|bytes| Self(Secret::new(bytes))).map_err(|_| ParseSessionTokenError)
    }
}
