//! Idempotency keys, PINs and providers' transaction numbers: short texts that are stored, hashed or compared.

use ringup_core::card::CardNumber;
use ringup_core::payment::TransactionId;
use ringup_engine::pin::{Pin, PinKey};
use ringup_engine::top_up::IdempotencyKey;

use crate::bytes;
use crate::verdict::{Checked, Reached, holds, same};
use crate::{Broken, Check, Target};

/// Keys, PINs and transaction numbers.
pub const TARGET: Target = Target {
    name: "key_and_pin",
    claims: "keys and transaction numbers are taken as they are, of visible ASCII and a bounded length; equal digits are equal PINs",
    bytes_max: 200,
    prepare: || Ok(Box::new(check) as Box<dyn Check>),
};

fn check(data: &[u8]) -> Checked {
    let Some(text) = bytes::text(data) else { return Ok(Reached::Refused) };
    let mut reached = Reached::Refused;
    if let Ok(key) = IdempotencyKey::parse(text) {
        same("the key", &key.as_str(), &text)?;
        is_visible("a key", text, 8, 128)?;
        reached = Reached::Accepted;
    }
    if let Ok(transaction) = TransactionId::parse(text) {
        same("the transaction number", &transaction.as_str(), &text)?;
        is_visible("a transaction number", text, 1, 64)?;
        reached = Reached::Accepted;
    }
    if let Ok(pin) = Pin::parse(text) {
        pin_is_its_digits(text, &pin)?;
        reached = Reached::Accepted;
    }
    Ok(reached)
}

fn is_visible(what: &str, text: &str, least: usize, most: usize) -> Result<(), Broken> {
    let fits = (least..=most).contains(&text.len()) && text.chars().all(|c| ('!'..='~').contains(&c));
    holds(fits, || format!("{text:?} was taken as {what}"))
}

fn pin_is_its_digits(text: &str, pin: &Pin) -> Result<(), Broken> {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| {
            "０１２３４５６７８９".chars().zip('0'..='9').find(|(wide, _)| *wide == c).map_or(c, |(_, digit)| digit)
        })
        .collect();
    let plain = digits.len() >= 4 && digits.len() <= 12 && digits.bytes().all(|byte| byte.is_ascii_digit());
    holds(plain, || format!("{text:?} was taken as a PIN"))?;
    let key = PinKey::new(&[7; 32]);
    let card = |payload| CardNumber::with_check_digit(payload).map_err(Broken::doing("a card number"));
    let (this, other) = (card(622_588_000_000_001)?, card(622_588_000_000_002)?);
    let hash = pin.hash(&key, this);
    same("the hash", &hash, &key.hash(this, digits.as_bytes()))?;
    holds(hash != pin.hash(&key, other), || "two cards have the same hash of a PIN".to_owned())?;
    let shown = format!("{pin:?}");
    holds(!shown.contains(&digits), || format!("a log would hold the PIN: {shown}"))
}
