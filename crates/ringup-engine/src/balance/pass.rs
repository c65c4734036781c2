use aws_lc_rs::aead::{Aad, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ringup_core::card::CardNumber;
use ringup_core::time::Timestamp;

use crate::chance;
use crate::keys::Keys;

const NONCE_LENGTH: usize = 12;
const PURPOSE: &[u8] = b"ringup card pass 1";

/// Leave to look at one card for some minutes, given by its PIN; sealed, for a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardPass {
    /// Which card.
    pub card: CardNumber,
    /// Until when.
    pub until: Timestamp,
}

impl CardPass {
    /// Seals it for a cookie.
    #[must_use]
    pub fn seal(&self, keys: &Keys) -> String {
        let nonce: [u8; NONCE_LENGTH] = chance::bytes();
        let mut sealed = self.card.as_u64().to_be_bytes().to_vec();
        sealed.extend(self.until.micros().to_be_bytes());
        let nonce_used = Nonce::assume_unique_for_key(nonce);
        if keys.quotes().seal_in_place_append_tag(nonce_used, Aad::from(PURPOSE), &mut sealed).is_err() {
            return String::new();
        }
        let mut bytes = nonce.to_vec();
        bytes.append(&mut sealed);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Opens what came back from a browser; nothing when it is not ours or its time is over.
    #[must_use]
    pub fn open(keys: &Keys, text: &str, now: Timestamp) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LENGTH)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        let opened = keys.quotes().open_in_place(nonce, Aad::from(PURPOSE), &mut sealed).ok()?;
        let (card, until) = opened.split_at_checked(8)?;
        let card = CardNumber::from_u64(u64::from_be_bytes(card.try_into().ok()?)).ok()?;
        let until = Timestamp::from_micros(i64::from_be_bytes(until.try_into().ok()?));
        (now < until).then_some(Self { card, until })
    }
}

#[cfg(test)]
mod tests;
