//! Payments.

use ringup_core::id::{Node, PaymentId, TopUpId, compose};
use ringup_core::money::{Amount, Unit};
use ringup_core::payment::{PayMethod, Payment, PaymentState, Provider, TransactionId};
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;
use ringup_core::top_up::TopUp;

use crate::card::CARD;
use crate::column::{self, coded, needed};
use crate::dialect::{Chained, Lookup, Path, Table, blob, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Query, Read, Value};
use crate::top_up::{OF_ONE_TOP_UP_MAX, TOP_UP};

pub(crate) static PAYMENT: Table = Table::new(
    "payment",
    &[int("shard"), int("id")],
    &[
        int("top_up_id"),
        int("previous_id"),
        int("provider"),
        int("method"),
        int("amount_minor"),
        text("unit"),
        int("created_at"),
        int("expires_at"),
    ],
    &[
        text("state"),
        text("hand_over"),
        int("state_at"),
        text("transaction_id"),
        int("captured_minor"),
        int("unallocated_minor"),
        int("unallocated_version"),
        blob("room"),
        int("version"),
    ],
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
    PAYMENT_BY_ID.find_one(tx, &[id.shard().0.into(), id.as_u64().into()], read_payment)
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
    let sql = "select id from payment where provider = $1 and transaction_id = $2";
    let key = [provider.code().into(), transaction.as_str().into()];
    match tx.query_first(sql, &key, |fields| fields.bits().map(PaymentId::from_u64))? {
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
    Ok(payments)
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
    tx.query(include_str!("payment/paid_but_not_settled.sql"), &params, read_payment)
}

pub(crate) fn push_payment<'a>(out: &mut Vec<Value<'a>>, payment: &'a Payment) {
    out.extend([
        payment.id.shard().0.into(),
        payment.id.as_u64().into(),
        payment.top_up.as_u64().into(),
        payment.previous.map(PaymentId::as_u64).into(),
        payment.provider.code().into(),
        payment.method.code().into(),
        payment.amount.minor().into(),
        payment.amount.unit().code().into(),
        payment.created_at.into(),
        payment.expires_at.into(),
    ]);
    push_changing(out, payment, payment.version);
}

pub(crate) fn push_payment_update<'a>(out: &mut Vec<Value<'a>>, was: &Payment, now: &'a Payment) {
    out.extend([now.id.shard().0.into(), now.id.as_u64().into()]);
    push_changing(out, now, was.version.saturating_add(1));
    out.push(was.version.into());
}

fn push_changing<'a>(out: &mut Vec<Value<'a>>, payment: &'a Payment, version: u64) {
    let (hand_over, state_at, transaction, captured): (Option<&str>, Option<Timestamp>, Option<&str>, Option<u64>) =
        match &payment.state {
            PaymentState::Created => (None, None, None, None),
            PaymentState::Pending { hand_over } => (Some(hand_over), None, None, None),
            PaymentState::Captured { captured_at, transaction, amount } => {
                (None, Some(*captured_at), Some(transaction.as_str()), Some(amount.minor()))
            }
            PaymentState::Abandoned { abandoned_at } => (None, Some(*abandoned_at), None, None),
        };
    out.extend([
        payment.state.name().into(),
        hand_over.into(),
        state_at.into(),
        transaction.into(),
        captured.into(),
        payment.unallocated.map(|held| held.balance.minor()).into(),
        payment.unallocated.map(|held| held.version).into(),
        column::room(room_for(payment)),
        version.into(),
    ]);
}

/// A payment's row grows when it is captured, by the time, the provider's number, the amount and the account; what brought the payer
/// to the provider goes then.
fn room_for(payment: &Payment) -> usize {
    let captured = 8 + TRANSACTION_ID_LENGTH + 3 + 2;
    match &payment.state {
        PaymentState::Created => captured,
        PaymentState::Pending { hand_over } => captured.saturating_sub(hand_over.len()),
        PaymentState::Captured { .. } | PaymentState::Abandoned { .. } => 0,
    }
}

/// How long most providers' numbers are: 28 characters at Alipay and at WeChat Pay.
const TRANSACTION_ID_LENGTH: usize = 28;

pub(crate) fn read_payment(fields: &mut Fields<'_>) -> Result<Payment, DbError> {
    fields.int()?; // the shard is in the id
    let id = PaymentId::from_u64(fields.bits()?);
    let top_up = TopUpId::from_u64(fields.bits()?);
    let previous = fields.opt_bits()?.map(PaymentId::from_u64);
    let provider = coded(fields, Provider::from_code)?;
    let method = coded(fields, PayMethod::from_code)?;
    let amount = column::amount_and_unit(fields)?;
    let created_at = fields.time()?;
    let expires_at = fields.time()?;
    // What is captured is in the unit that was asked for: another one is never believed.
    let state = read_state(fields, amount.unit())?;
    let unallocated = column::holding(fields, amount.unit())?;
    fields.opt_blob()?; // the room
    let version = fields.count()?;
    Ok(Payment { id, top_up, previous, provider, method, amount, state, created_at, expires_at, unallocated, version })
}

fn read_state(fields: &mut Fields<'_>, unit: Unit) -> Result<PaymentState, DbError> {
    let name = fields.text()?;
    let hand_over = fields.opt_text()?;
    let state_at = fields.opt_time()?;
    let transaction = fields.opt_text()?;
    let captured = fields.opt_bits()?;
    match name {
        "created" => Ok(PaymentState::Created),
        "pending" => Ok(PaymentState::Pending { hand_over: needed(hand_over, "the way to the provider")?.to_owned() }),
        "captured" => {
            let transaction = needed(transaction, "a transaction number")?;
            let minor = needed(captured, "the amount that was captured")?;
            Ok(PaymentState::Captured {
                captured_at: needed(state_at, "the time of a capture")?,
                transaction: TransactionId::parse(transaction).map_err(|error| DbError::Damaged(error.to_string()))?,
                amount: Amount::new(minor, unit).map_err(|error| DbError::Damaged(error.to_string()))?,
            })
        }
        "abandoned" => Ok(PaymentState::Abandoned { abandoned_at: needed(state_at, "the end of a payment")? }),
        other => Err(DbError::Damaged(format!("{other:?} is no state of a payment"))),
    }
}
