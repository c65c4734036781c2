use std::str::FromStr;

use ringup_core::books::PinHash;
use ringup_core::secret::Secret;
use ringup_core::top_up::{ParseTopUpCodeError, TopUpCode};

use crate::pin::PinKey;

/// What a badge says when it is scanned: 128 random bits, written like a receipt's code.
#[derive(Clone, Debug)]
pub struct Badge(Secret<TopUpCode>);

impl Badge {
    pub(super) fn draw() -> Self {
        Self(Secret::new(TopUpCode::from_bytes(crate::chance::bytes())))
    }

    /// What is printed on it.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.0.reveal().to_string()
    }

    pub(super) fn hash(&self, key: &PinKey) -> PinHash {
        key.hash_for("ringup badge 1", 0, self.0.reveal().as_bytes())
    }
}

impl FromStr for Badge {
    type Err = ParseTopUpCodeError;

    fn from_str(text: &str) -> Result<Self, ParseTopUpCodeError> {
        text.parse().map(|code| Self(Secret::new(code)))
    }
}
