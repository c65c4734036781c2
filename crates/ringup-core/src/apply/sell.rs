use super::place_top_up::{
    Again, Order, SoldBy, append_event, begin_payment, placed_before, selling_purse, write_top_up,
};
use super::record_payment::capture;
use super::{Inconsistency, KeyUse, Moment, Outcome, Refusal, Repeated};
use crate::books::{Books, UsedKey};
use crate::event::EventKind;
use crate::money::{Amount, Language};
use crate::payment::Tender;
use crate::purse::PurseKind;
use crate::quote::Quote;
use crate::top_up::Channel;

/// A top-up that is paid as it is sold: in cash into a drawer or cash box, or off a float.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sell {
    /// The caller's key.
    pub key: KeyUse,
    /// The door.
    pub channel: Channel,
    /// Who sells it.
    pub sold_by: SoldBy,
    /// What was promised; the engine has checked that the promise is its own.
    pub quote: Quote,
    /// The cash that was handed over, where the seller gives change; nothing for a float.
    pub cash_given: Option<Amount>,
    /// The language of the receipt.
    pub language: Language,
    /// Whether a repeat has been confirmed.
    pub again: Again,
}

/// Writes down a top-up and its payment, which is there already, and puts it on the card: at once, or at the stated time.
pub(super) fn sell(books: &mut Books, command: &Sell, at: &mut Moment) -> Result<Outcome, Refusal> {
    if let Some(used) = books.key(command.key.key) {
        return placed_before(books, command.key, *used);
    }
    let (quote, asked) = (&command.quote, command.quote.you_pay);
    let sold_by = Some(command.sold_by);
    let order = Order { channel: command.channel, sold_by, quote, language: command.language, again: command.again };
    let (id, code) = write_top_up(books, &order, at)?;
    let purse = selling_purse(books, command.sold_by.purse, command.channel)?;
    if purse.unit != asked.unit() {
        return Err(Refusal::PurseUnsuited);
    }
    let tender = Tender::Purse { kind: purse.kind, purse: purse.id };
    if purse.kind == PurseKind::Float {
        let available = purse.available();
        if asked.exceeds(available)? {
            return Err(Refusal::FloatInsufficient { available });
        }
    }
    if let Some(given) = command.cash_given
        && (given.unit() != asked.unit() || asked.exceeds(given)?)
    {
        return Err(Refusal::CashTooLittle { asked });
    }
    let payment = begin_payment(books, id, tender, asked, at)?;
    append_event(books, id, (EventKind::Placed, Some(payment), Some(asked)), at.now, at)?;
    if command.cash_given.is_some() {
        append_event(books, id, (EventKind::CashGiven, Some(payment), command.cash_given), at.now, at)?;
    }
    let begun = books.payment(payment).ok_or(Inconsistency::Missing("the payment that was begun"))?.clone();
    capture(books, begun, (None, asked, at.now), at)?;
    let used = UsedKey { fingerprint: command.key.fingerprint, result: id.as_u64(), used_at: at.now };
    books.put_key(command.key.key, used);
    Ok(Outcome::Placed { top_up: id, code, payment, repeated: Repeated::No })
}
