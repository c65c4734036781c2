//! Top-ups, with what was promised for them.

mod adjustment;

use ringup_core::card::CardNumber;
use ringup_core::id::{CaptureId, EventId, GrantId, PaymentId, PurseId, ReceiptId, RefundId, TopUpId};
use ringup_core::money::{Amount, Unit};
use ringup_core::product::ProductId;
use ringup_core::quote::{Bonus, Quote};
use ringup_core::shard::Shard;
use ringup_core::time::{Span, Timestamp};
use ringup_core::top_up::{Channel, Given, Newest, RefundReason, Sale, TopUp, TopUpCode, TopUpState};

use crate::card::read_u32;
use crate::column::{self, coded, needed, opt_coded};
use crate::dialect::{Lookup, Table, blob, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value};

pub(crate) static TOP_UP: Table = Table::new(
    "top_up",
    &[int("shard"), int("id")],
    &[
        blob("code"),
        int("channel"),
        text("language"),
        int("card_number"),
        int("product_id"),
        int("gets_minor"),
        int("pay_minor"),
        text("unit"),
        int("bonus_minor"),
        text("bonus_unit"),
        int("bonus_lasts_us"),
        text("adjustments"),
        int("card_valid_until"),
        int("quoted_at"),
        int("placed_at"),
        int("sold_by"),
        int("credit_at"),
    ],
    &[
        text("state"),
        int("state_at"),
        int("receipt_id"),
        int("refund_reason"),
        int("paid_by"),
        int("grant_id"),
        int("refunded_minor"),
        int("main_undone_minor"),
        int("bonus_undone_minor"),
        int("newest_event_id"),
        int("newest_payment_id"),
        int("newest_capture_id"),
        int("newest_refund_id"),
        int("receipt_number"),
        blob("room"),
        int("version"),
    ],
);

pub(crate) static TOP_UP_BY_ID: Lookup = Lookup::new(&TOP_UP, &[int("shard"), int("id")], "", "");
static TOP_UP_BY_CODE: Lookup = Lookup::new(&TOP_UP, &[blob("code")], "", "");
static SOLD_BY: Lookup = Lookup::new(&TOP_UP, &[int("sold_by")], "and id < $2", "order by id desc limit $3");
static RECENT_TOP_UPS: Lookup =
    Lookup::new(&TOP_UP, &[int("shard"), int("card_number")], "", "order by id desc limit $3");

/// A top-up.
///
/// # Errors
/// What the database says.
pub fn find_top_up(tx: &mut impl Read, id: TopUpId) -> Result<Option<TopUp>, DbError> {
    TOP_UP_BY_ID.find_one(tx, &[id.shard().0.into(), id.as_u64().into()], read_top_up)
}

/// The top-up that a receipt code opens.
///
/// # Errors
/// What the database says.
pub fn find_top_up_by_code(tx: &mut impl Read, code: &TopUpCode) -> Result<Option<TopUp>, DbError> {
    TOP_UP_BY_CODE.find_one(tx, &[code.as_bytes().as_slice().into()], read_top_up)
}

/// The last top-ups placed for a card, the newest first, `limit` at most.
///
/// # Errors
/// What the database says.
pub fn recent_top_ups(tx: &mut impl Read, card: CardNumber, limit: u32) -> Result<Vec<TopUp>, DbError> {
    let key = [Shard::of_card(card).0.into(), card.as_u64().into(), limit.into()];
    RECENT_TOP_UPS.find(tx, &key, read_top_up)
}

/// The last top-ups that a drawer, cash box or float sold, the newest first, `limit` at most; those before `before` when that is given.
///
/// # Errors
/// What the database says.
pub fn sold_by(tx: &mut impl Read, purse: PurseId, before: Option<TopUpId>, limit: u32) -> Result<Vec<TopUp>, DbError> {
    let before = before.map_or(i64::MAX.unsigned_abs(), TopUpId::as_u64);
    SOLD_BY.find(tx, &[purse.as_u64().into(), before.into(), limit.into()], read_top_up)
}

/// How many events, payments, captures or refunds of one top-up are read: more than one can have, so that damage ends somewhere.
pub(crate) const OF_ONE_TOP_UP_MAX: u32 = 10_000;

/// # Errors
/// [`DbError::Damaged`] when it is counted in two units, which no quote is.
pub(crate) fn push_top_up<'a>(out: &mut Vec<Value<'a>>, top_up: &'a TopUp) -> Result<(), DbError> {
    let quote = &top_up.quote;
    if quote.card_gets.unit() != quote.you_pay.unit() {
        return Err(DbError::Damaged("a quote in two units".to_owned()));
    }
    out.extend([
        top_up.id.shard().0.into(),
        top_up.id.as_u64().into(),
        top_up.code.as_bytes().as_slice().into(),
        top_up.channel.code().into(),
        column::language_code(top_up.language).into(),
        quote.card.as_u64().into(),
        quote.product.0.into(),
        quote.card_gets.minor().into(),
        quote.you_pay.minor().into(),
        quote.you_pay.unit().code().into(),
        quote.bonus.map(|bonus| bonus.amount.minor()).into(),
        quote.bonus.map(|bonus| bonus.amount.unit().code()).into(),
        quote.bonus.map(|bonus| bonus.lasts.as_micros()).into(),
        adjustment::to_text(&quote.adjustments)?.into(),
        quote.card_valid_until.into(),
        quote.quoted_at.into(),
        top_up.placed_at.into(),
        top_up.sale.map(|sale| sale.purse.as_u64()).into(),
        top_up.sale.and_then(|sale| sale.credit_at).into(),
    ]);
    push_changing(out, top_up, top_up.version);
    Ok(())
}

pub(crate) fn push_top_up_update<'a>(out: &mut Vec<Value<'a>>, was: &TopUp, now: &'a TopUp) {
    out.extend([now.id.shard().0.into(), now.id.as_u64().into()]);
    push_changing(out, now, was.version.saturating_add(1));
    out.push(was.version.into());
}

fn push_changing(out: &mut Vec<Value<'_>>, top_up: &TopUp, version: u64) {
    let (state_at, reason): (Option<Timestamp>, Option<RefundReason>) = match &top_up.state {
        TopUpState::Placed => (None, None),
        TopUpState::Deferred { since } => (Some(*since), None),
        TopUpState::Abandoned { abandoned_at } => (Some(*abandoned_at), None),
        TopUpState::Credited { credited_at, .. } => (Some(*credited_at), None),
        TopUpState::Refunding { since, reason, .. } => (Some(*since), Some(*reason)),
        TopUpState::Refunded { refunded_at, reason, .. } => (Some(*refunded_at), Some(*reason)),
    };
    let given = &top_up.given;
    out.extend([
        top_up.state.name().into(),
        state_at.into(),
        top_up.state.receipt().map(ReceiptId::as_u64).into(),
        reason.map(RefundReason::code).into(),
        given.payment.map(PaymentId::as_u64).into(),
        given.grant.map(GrantId::as_u64).into(),
        given.refunded.minor().into(),
        given.main_undone.minor().into(),
        given.bonus_undone.minor().into(),
        top_up.newest.event.map(EventId::as_u64).into(),
        top_up.newest.payment.map(PaymentId::as_u64).into(),
        top_up.newest.capture.map(CaptureId::as_u64).into(),
        top_up.newest.refund.map(RefundId::as_u64).into(),
        top_up.sale.and_then(|sale| sale.number).into(),
        column::room(room_for(top_up)),
        version.into(),
    ]);
}

/// A top-up's row grows when it is credited: by the time, the receipt, the payment, its capture and the bonus's grant.
const fn room_for(top_up: &TopUp) -> usize {
    match (&top_up.state, top_up.quote.bonus) {
        (TopUpState::Placed, None) => 34,
        (TopUpState::Placed, Some(_)) => 42,
        (_, _) => 0,
    }
}

pub(crate) fn read_top_up(fields: &mut Fields<'_>) -> Result<TopUp, DbError> {
    fields.int()?; // the shard is in the id
    let id = TopUpId::from_u64(fields.bits()?);
    let code = TopUpCode::from_bytes(fields.bytes()?);
    let channel = coded(fields, Channel::from_code)?;
    let language = column::language(fields)?;
    let quote = read_quote(fields)?;
    let placed_at = fields.time()?;
    let (sold_by, credit_at) = (fields.opt_bits()?.map(PurseId::from_u64), fields.opt_time()?);
    let state = read_state(fields)?;
    let unit = quote.you_pay.unit();
    let bonus_unit = quote.bonus.map_or(unit, |bonus| bonus.amount.unit());
    let given = read_given(fields, unit, bonus_unit)?;
    let newest = Newest {
        event: fields.opt_bits()?.map(EventId::from_u64),
        payment: fields.opt_bits()?.map(PaymentId::from_u64),
        capture: fields.opt_bits()?.map(CaptureId::from_u64),
        refund: fields.opt_bits()?.map(RefundId::from_u64),
    };
    let number = fields.opt_bits()?;
    let sale = sold_by.map(|purse| Sale { purse, number, credit_at });
    fields.opt_blob()?; // the room
    let version = fields.count()?;
    Ok(TopUp { id, code, channel, sale, quote, language, state, placed_at, given, newest, version })
}

fn read_quote(fields: &mut Fields<'_>) -> Result<Quote, DbError> {
    let card = column::card_number(fields)?;
    let product = ProductId(read_u32(fields)?);
    let (gets_minor, pay_minor) = (fields.count()?, fields.count()?);
    let unit = column::unit(fields)?;
    let bonus_amount = column::opt_amount_and_unit(fields)?;
    let bonus = match (bonus_amount, fields.opt_int()?) {
        (Some(amount), Some(lasts)) => Some(Bonus { amount, lasts: Span::micros(lasts) }),
        (Some(_), None) | (None, _) => None,
    };
    let adjustments = adjustment::from_text(fields.opt_text()?)?;
    Ok(Quote {
        card,
        product,
        card_gets: column::amount(gets_minor, unit)?,
        you_pay: column::amount(pay_minor, unit)?,
        bonus,
        adjustments,
        card_valid_until: fields.time()?,
        quoted_at: fields.time()?,
    })
}

fn read_state(fields: &mut Fields<'_>) -> Result<TopUpState, DbError> {
    let name = fields.text()?;
    let state_at = fields.opt_time()?;
    let receipt = fields.opt_bits()?.map(ReceiptId::from_u64);
    let reason = opt_coded(fields, RefundReason::from_code)?;
    let at = || needed(state_at, "the time of a top-up's state");
    let why = || needed(reason, "the reason of a refund");
    match name {
        "placed" => Ok(TopUpState::Placed),
        "deferred" => Ok(TopUpState::Deferred { since: at()? }),
        "abandoned" => Ok(TopUpState::Abandoned { abandoned_at: at()? }),
        "credited" => Ok(TopUpState::Credited { credited_at: at()?, receipt: needed(receipt, "a receipt's number")? }),
        "refunding" => Ok(TopUpState::Refunding { since: at()?, reason: why()?, receipt }),
        "refunded" => Ok(TopUpState::Refunded { refunded_at: at()?, reason: why()?, receipt }),
        other => Err(DbError::Damaged(format!("{other:?} is no state of a top-up"))),
    }
}

fn read_given(fields: &mut Fields<'_>, unit: Unit, bonus_unit: Unit) -> Result<Given, DbError> {
    let amount = |minor: u64, unit: Unit| -> Result<Amount, DbError> { column::amount(minor, unit) };
    Ok(Given {
        payment: fields.opt_bits()?.map(PaymentId::from_u64),
        grant: fields.opt_bits()?.map(GrantId::from_u64),
        refunded: amount(fields.count()?, unit)?,
        main_undone: amount(fields.count()?, unit)?,
        bonus_undone: amount(fields.count()?, bonus_unit)?,
    })
}

#[cfg(test)]
mod tests;
