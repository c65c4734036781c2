use ringup_core::card::CardNumber;
use ringup_core::time::Timestamp;

use crate::keys::Keys;
use crate::seal;

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
        let mut content = self.card.as_u64().to_be_bytes().to_vec();
        content.extend(self.until.micros().to_be_bytes());
        seal::seal(keys.quotes(), PURPOSE, content)
    }

    /// Opens what came back from a browser; nothing when it is not ours or its time is over.
    #[must_use]
    pub fn open(keys: &Keys, text: &str, now: Timestamp) -> Option<Self> {
        let opened = seal::open(keys.quotes(), PURPOSE, text)?;
        let (card, until) = opened.split_at_checked(8)?;
        let card = CardNumber::from_u64(u64::from_be_bytes(card.try_into().ok()?)).ok()?;
        let until = Timestamp::from_micros(i64::from_be_bytes(until.try_into().ok()?));
        (now < until).then_some(Self { card, until })
    }
}

#[cfg(test)]
mod tests;
