//! Receipts: the signed proof of a top-up, which anyone who has it can check.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ringup_core::id::ReceiptId;
use ringup_core::money::Amount;
use ringup_core::payment::Tender;
use ringup_core::quote::Bonus;
use ringup_core::time::Timestamp;
use ringup_core::top_up::{Sale, TopUpCode, TopUpState};

use crate::Engine;
use crate::error::Unavailable;
use crate::keys::Keys;
use crate::top_up::{self, TopUpView};

/// What a receipt says. Nothing in it tells who the holder is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its number.
    pub id: ReceiptId,
    /// The code that opens it.
    pub code: TopUpCode,
    /// The last four digits of the card.
    pub card_last_four: String,
    /// What was paid.
    pub paid: Amount,
    /// With what.
    pub tender: Tender,
    /// Who sold it, and its number there; nothing for one that the holder bought online.
    pub sale: Option<Sale>,
    /// What the card got.
    pub card_got: Amount,
    /// What came as bonus.
    pub bonus: Option<Bonus>,
    /// When the card got it.
    pub credited_at: Timestamp,
}

/// A receipt with the issuer's signature over [`Receipt::signed_text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedReceipt {
    /// What it says.
    pub receipt: Receipt,
    /// Which key signed it, as `/.well-known/ringup/keys.json` names it.
    pub key_id: String,
    /// Ed25519 over the text, in base64url without padding.
    pub signature: String,
    /// How much of it has been given back since, or is on its way back.
    pub refunded: Amount,
}

impl Receipt {
    /// The text that is signed: one fact a line, in a form that never changes. Form 2 has one line more: who sold it.
    #[must_use]
    pub fn signed_text(&self) -> String {
        let bonus = self.bonus.map_or_else(|| "none".to_owned(), |bonus| bonus.amount.to_string());
        let sold = match self.sale {
            Some(Sale { purse, number: Some(number), .. }) => format!("sold by {purse} as number {number}\n"),
            Some(Sale { number: None, .. }) | None => String::new(),
        };
        let form = if sold.is_empty() { 1 } else { 2 };
        format!(
            "ringup receipt {form}\nreceipt {}\ncode {}\ncard ends {}\npaid {} by {}\ncard got {}\nbonus {bonus}\n\
             credited at {} microseconds since 1970-01-01T00:00:00Z\n{sold}",
            self.id,
            self.code,
            self.card_last_four,
            self.paid,
            self.tender.name(),
            self.card_got,
            self.credited_at.micros(),
        )
    }

    /// Signs it. The same receipt always has the same signature.
    #[must_use]
    pub fn sign(self, keys: &Keys, refunded: Amount) -> SignedReceipt {
        let signature = keys.receipts().sign(self.signed_text().as_bytes());
        SignedReceipt {
            key_id: keys.receipt_key_id().to_owned(),
            signature: URL_SAFE_NO_PAD.encode(signature.as_ref()),
            receipt: self,
            refunded,
        }
    }
}

/// Whether a signature is that of this public key over this text: what anyone can do with what a receipt shows.
#[must_use]
pub fn is_genuine(public_key: &[u8], signed_text: &str, signature: &str) -> bool {
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
    UnparsedPublicKey::new(&ED25519, public_key).verify(signed_text.as_bytes(), &signature).is_ok()
}

/// The receipt of a top-up that has been credited.
#[must_use]
pub fn of(keys: &Keys, view: &TopUpView) -> Option<SignedReceipt> {
    let id = view.top_up.state.receipt()?;
    let quote = &view.top_up.quote;
    let tender = view.payments.iter().find(|payment| Some(payment.id) == view.top_up.given.payment)?.tender;
    let credited_at = match view.top_up.state {
        TopUpState::Credited { credited_at, .. } => credited_at,
        // Later states have not the moment, but its id and its timeline have.
        TopUpState::Refunding { .. } | TopUpState::Refunded { .. } => view.credited_at()?,
        TopUpState::Placed | TopUpState::Deferred { .. } | TopUpState::Abandoned { .. } => return None,
    };
    let receipt = Receipt {
        id,
        code: view.top_up.code,
        card_last_four: view.top_up.card().last_four(),
        paid: quote.you_pay,
        tender,
        sale: view.top_up.sale,
        card_got: quote.card_gets,
        bonus: quote.bonus,
        credited_at,
    };
    Some(receipt.sign(keys, view.top_up.given.refunded))
}

/// The receipt with this code; nothing when there is none, or its top-up has not been credited.
///
/// # Errors
/// [`Unavailable`].
pub async fn find(engine: &Engine, code: TopUpCode) -> Result<Option<SignedReceipt>, Unavailable> {
    Ok(top_up::view(engine, code).await?.and_then(|view| of(engine.keys(), &view)))
}

#[cfg(test)]
mod tests;
