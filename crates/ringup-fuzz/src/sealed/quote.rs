//! Quotes as tokens.

use ringup_core::card::CardNumber;
use ringup_core::money::{Amount, MINOR_MAX, Unit};
use ringup_core::product::{Name, ProductId};
use ringup_core::promotion::PromotionId;
use ringup_core::quote::{Adjustment, AdjustmentKind, Bonus, Quote};
use ringup_core::time::{Span, Timestamp};
use ringup_engine::keys::Keys;
use ringup_engine::quote::QuoteToken;

use super::nothing_else_is_taken;
use crate::cursor::Cursor;
use crate::verdict::{Broken, Checked, Reached, holds, same};
use crate::{Check, Target};

/// Sealed quotes.
pub const TARGET: Target = Target {
    name: "quote_token",
    claims: "any quote opens as it was sealed; nothing made up or changed opens, nor anything with another key",
    bytes_max: 512,
    prepare: || Ok(Box::new(check) as Box<dyn Check>),
};

fn check(data: &[u8]) -> Checked {
    // New keys for each input: libFuzzer sees what is compared with what, and would send tokens of earlier inputs, which are
    // as genuine as this one's.
    let keys = Keys::ephemeral().map_err(Broken::doing("keys"))?;
    let others = Keys::ephemeral().map_err(Broken::doing("keys"))?;
    let quote = drawn(&mut Cursor::new(data))?;
    let token = QuoteToken::seal(&keys, &quote);
    same("an opened quote", &QuoteToken::open(&keys, token.as_str()), &Ok(quote))?;
    holds(QuoteToken::open(&others, token.as_str()).is_err(), || "another key opened it".to_owned())?;
    let in_an_address = token.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    holds(in_an_address, || format!("{} does not go into an address as it is", token.as_str()))?;
    nothing_else_is_taken(token.as_str(), data, |text| QuoteToken::open(&keys, text).is_ok())?;
    Ok(Reached::Accepted)
}

/// Any quote, sound or not: sealing carries what it is given.
fn drawn(cursor: &mut Cursor<'_>) -> Result<Quote, Broken> {
    let payload = 100_000_000 + cursor.long() % 9_000_000_000_000_000;
    let adjustments = usize::from(cursor.byte() % 4);
    Ok(Quote {
        card: CardNumber::with_check_digit(payload).map_err(Broken::doing("a card number"))?,
        product: ProductId(u32::from(cursor.short())),
        card_gets: amount(cursor)?,
        you_pay: amount(cursor)?,
        bonus: if cursor.byte() % 2 == 1 {
            Some(Bonus { amount: amount(cursor)?, lasts: Span::micros(cursor.signed()) })
        } else {
            None
        },
        card_valid_until: Timestamp::from_micros(cursor.signed()),
        quoted_at: Timestamp::from_micros(cursor.signed()),
        adjustments: (0..adjustments).map(|_| adjustment(cursor)).collect::<Result<_, _>>()?,
    })
}

fn adjustment(cursor: &mut Cursor<'_>) -> Result<Adjustment, Broken> {
    Ok(Adjustment {
        promotion: PromotionId(u32::from(cursor.short())),
        name: Name { en: cursor.text(), zh_hans: cursor.text() },
        kind: if cursor.byte() % 2 == 1 { AdjustmentKind::Discount } else { AdjustmentKind::Bonus },
        amount: amount(cursor)?,
    })
}

fn amount(cursor: &mut Cursor<'_>) -> Result<Amount, Broken> {
    let unit = Unit::ALL.into_iter().cycle().nth(usize::from(cursor.byte())).unwrap_or(Unit::Cny);
    Amount::new(cursor.long() & MINOR_MAX, unit).map_err(Broken::doing("an amount"))
}
