//! PINs: low in entropy, and there are millions of them, so they are hashed with a key that is not in the database.

use aws_lc_rs::{constant_time, hmac};
use ringup_core::books::PinHash;
use ringup_core::card::CardNumber;
use ringup_core::secret::Secret;

use crate::keys::first_128_bits;

/// A PIN as a person typed it: 4 to 12 digits.
#[derive(Clone, Debug)]
pub struct Pin(Secret<String>);

/// The text is no PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a PIN has 4 to 12 digits")]
pub struct ParsePinError;

impl Pin {
    /// Reads a PIN; spaces and full-width digits are forgiven.
    ///
    /// # Errors
    /// [`ParsePinError`].
    pub fn parse(text: &str) -> Result<Self, ParsePinError> {
        let mut digits = String::with_capacity(12);
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            let c = match c {
                '０'..='９' => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
                other => other,
            };
            if !c.is_ascii_digit() {
                return Err(ParsePinError);
            }
            digits.push(c);
        }
        if (4..=12).contains(&digits.len()) { Ok(Self(Secret::new(digits))) } else { Err(ParsePinError) }
    }

    /// Its keyed hash. The card's number is hashed with it, so that equal PINs have different hashes.
    #[must_use]
    pub fn hash(&self, key: &PinKey, card: CardNumber) -> PinHash {
        key.hash(card, self.0.reveal().as_bytes())
    }
}

/// The key that PINs are hashed with. It never stands in the database.
#[derive(Clone, Debug)]
pub struct PinKey(hmac::Key);

impl PinKey {
    /// The key of these bytes.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// The keyed hash of a PIN's digits, for a card that is being made.
    #[must_use]
    pub fn hash(&self, card: CardNumber, digits: &[u8]) -> PinHash {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(b"ringup pin 1");
        context.update(&card.as_u64().to_be_bytes());
        context.update(digits);
        PinHash(first_128_bits(context.sign().as_ref()))
    }
}

impl PinKey {
    /// The keyed hash of another short secret, such as a clerk's PIN or the number of a document, each purpose for itself.
    #[must_use]
    pub(crate) fn hash_for(&self, purpose: &str, subject: u64, secret: &[u8]) -> PinHash {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(purpose.as_bytes());
        context.update(b"\n");
        context.update(&subject.to_be_bytes());
        context.update(secret);
        PinHash(first_128_bits(context.sign().as_ref()))
    }
}

impl Pin {
    /// Its digits, for another keyed hash than a card's.
    pub(crate) fn digits(&self) -> &[u8] {
        self.0.reveal().as_bytes()
    }

    /// A PIN of six digits that nobody has chosen.
    #[must_use]
    pub fn draw() -> Self {
        // 2^32 is no multiple of a million: what is above the largest one is drawn again.
        let number = loop {
            let drawn = u32::from_be_bytes(crate::chance::bytes());
            if drawn < u32::MAX - u32::MAX % 1_000_000 {
                break drawn % 1_000_000;
            }
        };
        Self(Secret::new(format!("{number:06}")))
    }

    /// Its digits, to be handed to whom it is for: once, and never kept.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// Whether two hashes are the same, in a time that does not tell where they differ.
#[must_use]
pub fn is_same(left: PinHash, right: PinHash) -> bool {
    constant_time::verify_slices_are_equal(&left.0, &right.0).is_ok()
}
