//! Payments, each with what came of it.

use ringup_core::id::{Node, PaymentId, PurseId, TopUpId, compose};
use ringup_core::payment::{PayMethod, Payment, PaymentState, Provider, Tender, TransactionId};
use ringup_core::purse::PurseKind;
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;
use ringup_core::top_up::TopUp;

use crate::capture::{self, CaptureRow, captures_of, read_capture};
use crate::card::CARD;
use crate::column::{self, needed, opt_coded};
use crate::dialect::{Chained, Lookup, Path, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Query, Read, Value};
use crate::top_up::{OF_ONE_TOP_UP_MAX, TOP_UP, find_top_up};

pub(crate) static PAYMENT: Table = Table::new(
    "payment",
    &[int("shard"), int("id")],
    &[
        int("top_up_id"),
        int("previous_id"),
        int("provider"),
        int("method"),
        int("purse_kind"),
        int("purse_id"),
        int("amount_minor"),
        text("unit"),
        int("created_at"),
        int("expires_at"),
    ],
    &[text("state"), text("hand_over"), int("state_at"), int("version")],
);

pub(crate) static PAYMENT_BY_ID: Lookup = Lookup::new(&PAYMENT, &[int("shard"), int("id")], "", "");
/// A payment with its top-up and its card.
pub(crate) static PAYMENT_PATH: Path = Path::new(
    &PAYMENT,
    &[int("shard"), int("id")],
    &[
        (&TOP_UP, "u", "u.shard = t.shard and u.id = t.top_up_id"),
        (&CARD, "c", "c.shard = u.shard and c.number = u.card_number"),
    ],
);
static PAYMENTS_OF_TOP_UP: Chained = Chained::new(&PAYMENT);

/// A payment.
///
/// # Errors
/// What the database says.
pub fn find_payment(tx: &mut impl Read, id: PaymentId) -> Result<Option<Payment>, DbError> {
    let Some(payment) = PAYMENT_BY_ID.find_one(tx, &[id.shard().0.into(), id.as_u64().into()], read_payment)? else {
        return Ok(None);
    };
    let captures = match find_top_up(tx, payment.top_up)? {
        Some(top_up) => captures_of(tx, &top_up)?,
        None => Vec::new(),
    };
    Ok(Some(with_its_capture(payment, &captures)))
}

/// The payment with the provider's own number.
///
/// # Errors
/// What the database says.
pub fn find_payment_by_transaction(
    tx: &mut impl Read,
    provider: Provider,
    transaction: &TransactionId,
) -> Result<Option<Payment>, DbError> {
    match capture::payment_of_transaction(tx, provider, transaction)? {
        Some(id) => find_payment(tx, id),
        None => Ok(None),
    }
}

/// All payments of a top-up, the oldest first.
///
/// # Errors
/// What the database says.
pub fn payments_of(tx: &mut impl Read, top_up: &TopUp) -> Result<Vec<Payment>, DbError> {
    let Some(newest) = top_up.newest.payment else { return Ok(Vec::new()) };
    let mut payments =
        PAYMENTS_OF_TOP_UP.find(tx, (newest.shard(), newest.as_u64()), OF_ONE_TOP_UP_MAX, read_payment)?;
    payments.reverse();
    let captures = captures_of(tx, top_up)?;
    Ok(payments.into_iter().map(|payment| with_its_capture(payment, &captures)).collect())
}

fn with_its_capture(payment: Payment, captures: &[CaptureRow]) -> Payment {
    match captures.iter().find(|row| row.payment == payment.id) {
        Some(row) => row.of(payment),
        None => payment,
    }
}

/// Payments that a provider captured before `captured_before` and that are neither on the card nor owed back: whose top-up
/// has not ended, or that have money left that is not on a card. The oldest first.
///
/// Looks at the payments that were made since `made_since` only: ids grow with time, so that is a short part of each shard.
///
/// # Errors
/// What the database says.
pub fn paid_but_not_settled(
    tx: &mut impl Read,
    made_since: Timestamp,
    captured_before: Timestamp,
    limit: u32,
) -> Result<Vec<Payment>, DbError> {
    // The smallest id of that millisecond in any shard.
    let first_id = Node::new(0).map_or(0, |node| compose(made_since.millis(), Shard(0), node, 0));
    let params = [first_id.into(), captured_before.into(), limit.into()];
    tx.query(include_str!("payment/paid_but_not_settled.sql"), &params, |fields| {
        let payment = read_payment(fields)?;
        Ok(read_capture(fields)?.of(payment))
    })
}

pub(crate) fn push_payment<'a>(out: &mut Vec<Value<'a>>, payment: &'a Payment) {
    out.extend([
        payment.id.shard().0.into(),
        payment.id.as_u64().into(),
        payment.top_up.as_u64().into(),
        payment.previous.map(PaymentId::as_u64).into(),
    ]);
    push_tender(out, payment.tender);
    out.extend([
        payment.amount.minor().into(),
        payment.amount.unit().code().into(),
        payment.created_at.into(),
        payment.expires_at.into(),
    ]);
    push_changing(out, payment, payment.version);
}

fn push_tender(out: &mut Vec<Value<'_>>, tender: Tender) {
    match tender {
        Tender::Provider { provider, method } => {
            out.extend([provider.code().into(), method.code().into(), None::<i64>.into(), None::<i64>.into()]);
        }
        Tender::Purse { kind, purse } => {
            out.extend([None::<i64>.into(), None::<i64>.into(), kind.code().into(), purse.as_u64().into()]);
        }
    }
}

fn read_tender(fields: &mut Fields<'_>) -> Result<Tender, DbError> {
    let provider = opt_coded(fields, Provider::from_code)?;
    let method = opt_coded(fields, PayMethod::from_code)?;
    let kind = opt_coded(fields, PurseKind::from_code)?;
    let purse = fields.opt_bits()?.map(PurseId::from_u64);
    match (provider, method, kind, purse) {
        (Some(provider), Some(method), None, None) => Ok(Tender::Provider { provider, method }),
        (None, None, Some(kind), Some(purse)) => Ok(Tender::Purse { kind, purse }),
        (_, _, _, _) => Err(DbError::Damaged("a payment by a provider and a purse, or by neither".to_owned())),
    }
}

pub(crate) fn push_payment_update<'a>(out: &mut Vec<Value<'a>>, was: &Payment, now: &'a Payment) {
    out.extend([now.id.shard().0.into(), now.id.as_u64().into()]);
    push_changing(out, now, was.version.saturating_add(1));
    out.push(was.version.into());
}

fn push_changing<'a>(out: &mut Vec<Value<'a>>, payment: &'a Payment, version: u64) {
    let (state, hand_over, state_at): (&str, Option<&str>, Option<Timestamp>) = match &payment.state {
        // It was captured in the batch that made it: its capture says so.
        PaymentState::Created | PaymentState::Captured(_) => ("created", None, None),
        PaymentState::Pending { hand_over } => ("pending", Some(hand_over), None),
        PaymentState::Abandoned { abandoned_at } => ("abandoned", None, Some(*abandoned_at)),
    };
    out.extend([state.into(), hand_over.into(), state_at.into(), version.into()]);
}

/// A payment as its own row has it: whether it was captured is not there.
pub(crate) fn read_payment(fields: &mut Fields<'_>) -> Result<Payment, DbError> {
    fields.int()?; // the shard is in the id
    let id = PaymentId::from_u64(fields.bits()?);
    let top_up = TopUpId::from_u64(fields.bits()?);
    let previous = fields.opt_bits()?.map(PaymentId::from_u64);
    let tender = read_tender(fields)?;
    let amount = column::amount_and_unit(fields)?;
    let created_at = fields.time()?;
    let expires_at = fields.time()?;
    let state = read_state(fields)?;
    let version = fields.count()?;
    let unallocated = None;
    Ok(Payment { id, top_up, previous, tender, amount, state, created_at, expires_at, unallocated, version })
}

fn read_state(fields: &mut Fields<'_>) -> Result<PaymentState, DbError> {
    let name = fields.text()?;
    let hand_over = fields.opt_text()?;
    let state_at = fields.opt_time()?;
    match name {
        "created" => Ok(PaymentState::Created),
        "pending" => Ok(PaymentState::Pending { hand_over: needed(hand_over, "the way to the provider")?.to_owned() }),
        "abandoned" => Ok(PaymentState::Abandoned { abandoned_at: needed(state_at, "the end of a payment")? }),
        other => Err(DbError::Damaged(format!("{other:?} is no state of a payment"))),
    }
}
