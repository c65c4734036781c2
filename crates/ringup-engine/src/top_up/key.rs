use aws_lc_rs::digest;
use ringup_core::apply::KeyUse;
use ringup_core::books::{Fingerprint, KeyHash};

use crate::keys::first_128_bits;
use crate::limits;

/// A caller's idempotency key: made by him for one intent, kept, then sent, and sent again with every repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// The text is no idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 8 to {} visible ASCII characters", limits::IDEMPOTENCY_KEY_MAX)]
pub struct ParseIdempotencyKeyError;

impl IdempotencyKey {
    /// Reads a key.
    ///
    /// # Errors
    /// [`ParseIdempotencyKeyError`].
    pub fn parse(text: &str) -> Result<Self, ParseIdempotencyKeyError> {
        let fits = (8..=limits::IDEMPOTENCY_KEY_MAX).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseIdempotencyKeyError)
        }
    }

    /// A new key of 128 random bits, for a form that is being shown.
    #[must_use]
    pub fn draw() -> Self {
        Self(crate::keys::hex(&crate::chance::bytes::<16>()))
    }

    /// Our own key for what we do by ourselves, made of what it is about: done twice, it is done once.
    #[must_use]
    pub(crate) fn of_our_own(subject: &str) -> Self {
        Self(format!("ringup {subject}"))
    }

    /// As a form carries it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key for one kind of request, with the fingerprint of what is asked.
    #[must_use]
    pub(crate) fn used_for(&self, purpose: &str, asked: &str) -> KeyUse {
        let key = hash(&[purpose.as_bytes(), b"\n", self.0.as_bytes()]);
        KeyUse { key: KeyHash(key), fingerprint: Fingerprint(hash(&[purpose.as_bytes(), b"\n", asked.as_bytes()])) }
    }
}

fn hash(parts: &[&[u8]]) -> [u8; 16] {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    first_128_bits(context.finish().as_ref())
}
