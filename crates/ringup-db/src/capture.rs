//! Captures: what providers took for payments.
//!
//! A payment's row is written where it was begun, among those begun at the same time, and payments are paid in any order. So
//! what came of one is a row of its own, at the end of its table, found from the top-up: see
//! docs/decisions/0017-captures-apart.md.

use ringup_core::id::{CaptureId, PaymentId, TopUpId};
use ringup_core::ledger::Holding;
use ringup_core::payment::{Capture, Payment, PaymentState, Provider, TransactionId};
use ringup_core::top_up::TopUp;

use crate::column::{self, opt_coded};
use crate::dialect::{Chained, Lookup, Path, Table, int, text};
use crate::error::DbError;
use crate::payment::PAYMENT;
use crate::seam::{Fields, Query, Read, Value};
use crate::top_up::OF_ONE_TOP_UP_MAX;

pub(crate) static CAPTURE: Table = Table::new(
    "capture",
    &[int("shard"), int("id")],
    &[
        int("payment_id"),
        int("top_up_id"),
        int("previous_id"),
        int("provider"),
        text("transaction_id"),
        int("captured_at"),
        int("amount_minor"),
        text("unit"),
    ],
    &[int("unallocated_minor"), int("unallocated_version"), int("version")],
);

pub(crate) static CAPTURE_BY_ID: Lookup = Lookup::new(&CAPTURE, &[int("shard"), int("id")], "", "");
/// The captures of a range of shards, each with its payment.
pub(crate) static CAPTURES_WITH_PAYMENTS: Path = Path::of_all(
    &CAPTURE,
    "t.shard between $1 and $2",
    &[(&PAYMENT, "p", "p.shard = t.shard and p.id = t.payment_id")],
);
static CAPTURES_OF_TOP_UP: Chained = Chained::new(&CAPTURE);

/// A row of the table: what is in it of a payment.
#[derive(Clone, Debug)]
pub(crate) struct CaptureRow {
    pub(crate) payment: PaymentId,
    pub(crate) top_up: TopUpId,
    pub(crate) provider: Option<Provider>,
    pub(crate) capture: Capture,
    unallocated: Option<Holding>,
    version: u64,
}

impl CaptureRow {
    /// The payment, captured: from then on its version is that of this row.
    pub(crate) fn of(&self, payment: Payment) -> Payment {
        let state = PaymentState::Captured(self.capture.clone());
        Payment { state, unallocated: self.unallocated, version: self.version, ..payment }
    }
}

/// The captures of a top-up, the newest first: almost always one.
pub(crate) fn captures_of(tx: &mut impl Read, top_up: &TopUp) -> Result<Vec<CaptureRow>, DbError> {
    let Some(newest) = top_up.newest.capture else { return Ok(Vec::new()) };
    CAPTURES_OF_TOP_UP.find(tx, (newest.shard(), newest.as_u64()), OF_ONE_TOP_UP_MAX, read_capture)
}

/// Which payment a provider's number is of.
pub(crate) fn payment_of_transaction(
    tx: &mut impl Read,
    provider: Provider,
    transaction: &TransactionId,
) -> Result<Option<PaymentId>, DbError> {
    let sql = "select payment_id from capture where provider = $1 and transaction_id = $2";
    let key = [provider.code().into(), transaction.as_str().into()];
    tx.query_first(sql, &key, |fields| fields.bits().map(PaymentId::from_u64))
}

/// Nothing of a payment that has not been captured.
pub(crate) fn push_capture<'a>(out: &mut Vec<Value<'a>>, payment: &'a Payment) {
    let PaymentState::Captured(capture) = &payment.state else { return };
    out.extend([
        capture.id.shard().0.into(),
        capture.id.as_u64().into(),
        payment.id.as_u64().into(),
        payment.top_up.as_u64().into(),
        capture.previous.map(CaptureId::as_u64).into(),
        payment.tender.provider().map(Provider::code).into(),
        capture.transaction.as_ref().map(TransactionId::as_str).into(),
        capture.captured_at.into(),
        capture.amount.minor().into(),
        capture.amount.unit().code().into(),
    ]);
    push_changing(out, payment, 0);
}

/// Nothing of a payment that has not been captured.
pub(crate) fn push_capture_update<'a>(out: &mut Vec<Value<'a>>, was: &Payment, now: &'a Payment) {
    let PaymentState::Captured(capture) = &now.state else { return };
    out.extend([capture.id.shard().0.into(), capture.id.as_u64().into()]);
    push_changing(out, now, was.version.saturating_add(1));
    out.push(was.version.into());
}

fn push_changing(out: &mut Vec<Value<'_>>, payment: &Payment, version: u64) {
    out.extend([
        payment.unallocated.map(|held| held.balance.minor()).into(),
        payment.unallocated.map(|held| held.version).into(),
        version.into(),
    ]);
}

pub(crate) fn read_capture(fields: &mut Fields<'_>) -> Result<CaptureRow, DbError> {
    fields.int()?; // the shard is in the id
    let id = CaptureId::from_u64(fields.bits()?);
    let payment = PaymentId::from_u64(fields.bits()?);
    let top_up = TopUpId::from_u64(fields.bits()?);
    let previous = fields.opt_bits()?.map(CaptureId::from_u64);
    let provider = opt_coded(fields, Provider::from_code)?;
    let transaction = fields.opt_text()?.map(TransactionId::parse).transpose();
    let transaction = transaction.map_err(|error| DbError::Damaged(error.to_string()))?;
    let captured_at = fields.time()?;
    let amount = column::amount_and_unit(fields)?;
    let unallocated = column::holding(fields, amount.unit())?;
    let capture = Capture { id, previous, captured_at, transaction, amount };
    Ok(CaptureRow { payment, top_up, provider, capture, unallocated, version: fields.count()? })
}
