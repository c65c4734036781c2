//! The leave to look at one card, as a cookie carries it.

use ringup_core::card::CardNumber;
use ringup_core::time::{Span, Timestamp};
use ringup_engine::balance::CardPass;
use ringup_engine::keys::Keys;
use ringup_engine::quote::QuoteToken;

use super::nothing_else_is_taken;
use crate::cursor::Cursor;
use crate::verdict::{Broken, Checked, Reached, holds, same};
use crate::{Check, Target};

/// Card passes.
pub const TARGET: Target = Target {
    name: "card_pass",
    claims: "a pass opens until its time is over, for its card; nothing made up or changed opens",
    bytes_max: 256,
    prepare: || Ok(Box::new(check) as Box<dyn Check>),
};

fn check(data: &[u8]) -> Checked {
    // New keys for each input: a pass of an earlier one is as genuine as this one's.
    let keys = &Keys::ephemeral().map_err(Broken::doing("keys"))?;
    let mut cursor = Cursor::new(data);
    let payload = 100_000_000 + cursor.long() % 9_000_000_000_000_000;
    let card = CardNumber::with_check_digit(payload).map_err(Broken::doing("a card number"))?;
    let pass = CardPass { card, until: Timestamp::from_micros(cursor.signed()) };
    let sealed = pass.seal(keys);
    let before = pass.until.minus(Span::micros(1));
    // Nothing is before the first moment that can be counted.
    if before < pass.until {
        same("before its time is over", &CardPass::open(keys, &sealed, before), &Some(pass))?;
        nothing_else_is_taken(&sealed, data, |text| CardPass::open(keys, text, before).is_some())?;
    }
    same("when its time is over", &CardPass::open(keys, &sealed, pass.until), &None)?;
    // Sealed by the same key, for another purpose.
    holds(QuoteToken::open(keys, &sealed).is_err(), || "a pass was taken for a quote".to_owned())?;
    Ok(Reached::Accepted)
}
