//! Refunds.

use ringup_core::id::{PaymentId, RefundId, TopUpId};
use ringup_core::refund::{Refund, RefundState};
use ringup_core::time::Timestamp;
use ringup_core::top_up::{RefundReason, TopUp};

use crate::column::{self, coded, needed};
use crate::dialect::{Chained, Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value};
use crate::top_up::OF_ONE_TOP_UP_MAX;

pub(crate) static REFUND: Table = Table::new(
    "refund",
    &[int("shard"), int("id")],
    &[
        int("payment_id"),
        int("top_up_id"),
        int("previous_id"),
        int("amount_minor"),
        text("unit"),
        int("reason"),
        int("requested_at"),
    ],
    &[text("state"), int("state_at"), text("failure"), int("version")],
);

pub(crate) static REFUND_BY_ID: Lookup = Lookup::new(&REFUND, &[int("shard"), int("id")], "", "");
static REFUNDS_OF_TOP_UP: Chained = Chained::new(&REFUND);

/// A refund.
///
/// # Errors
/// What the database says.
pub fn find_refund(tx: &mut impl Read, id: RefundId) -> Result<Option<Refund>, DbError> {
    REFUND_BY_ID.find_one(tx, &[id.shard().0.into(), id.as_u64().into()], read_refund)
}

/// All refunds of a top-up, the oldest first.
///
/// # Errors
/// What the database says.
pub fn refunds_of(tx: &mut impl Read, top_up: &TopUp) -> Result<Vec<Refund>, DbError> {
    let Some(newest) = top_up.newest.refund else { return Ok(Vec::new()) };
    let mut refunds = REFUNDS_OF_TOP_UP.find(tx, (newest.shard(), newest.as_u64()), OF_ONE_TOP_UP_MAX, read_refund)?;
    refunds.reverse();
    Ok(refunds)
}

pub(crate) fn push_refund<'a>(out: &mut Vec<Value<'a>>, refund: &'a Refund) {
    out.extend([
        refund.id.shard().0.into(),
        refund.id.as_u64().into(),
        refund.payment.as_u64().into(),
        refund.top_up.as_u64().into(),
        refund.previous.map(RefundId::as_u64).into(),
        refund.amount.minor().into(),
        refund.amount.unit().code().into(),
        refund.reason.code().into(),
        refund.requested_at.into(),
    ]);
    push_changing(out, refund, refund.version);
}

pub(crate) fn push_refund_update<'a>(out: &mut Vec<Value<'a>>, was: &Refund, now: &'a Refund) {
    out.extend([now.id.shard().0.into(), now.id.as_u64().into()]);
    push_changing(out, now, was.version.saturating_add(1));
    out.push(was.version.into());
}

fn push_changing<'a>(out: &mut Vec<Value<'a>>, refund: &'a Refund, version: u64) {
    let (state_at, failure): (Option<Timestamp>, Option<&str>) = match &refund.state {
        RefundState::Requested => (None, None),
        RefundState::Succeeded { succeeded_at } => (Some(*succeeded_at), None),
        RefundState::Failed { failed_at, reason } => (Some(*failed_at), Some(reason)),
    };
    out.extend([refund.state.name().into(), state_at.into(), failure.into(), version.into()]);
}

pub(crate) fn read_refund(fields: &mut Fields<'_>) -> Result<Refund, DbError> {
    fields.int()?; // the shard is in the id
    let id = RefundId::from_u64(fields.bits()?);
    let payment = PaymentId::from_u64(fields.bits()?);
    let top_up = TopUpId::from_u64(fields.bits()?);
    let previous = fields.opt_bits()?.map(RefundId::from_u64);
    let amount = column::amount_and_unit(fields)?;
    let reason = coded(fields, RefundReason::from_code)?;
    let requested_at = fields.time()?;
    let state = read_state(fields)?;
    Ok(Refund { id, payment, top_up, previous, amount, reason, state, requested_at, version: fields.count()? })
}

fn read_state(fields: &mut Fields<'_>) -> Result<RefundState, DbError> {
    let name = fields.text()?;
    let state_at = fields.opt_time()?;
    let failure = fields.opt_text()?;
    match name {
        "requested" => Ok(RefundState::Requested),
        "succeeded" => Ok(RefundState::Succeeded { succeeded_at: needed(state_at, "the time of a refund")? }),
        "failed" => Ok(RefundState::Failed {
            failed_at: needed(state_at, "the time of a refund's failure")?,
            reason: needed(failure, "the reason of a refund's failure")?.to_owned(),
        }),
        other => Err(DbError::Damaged(format!("{other:?} is no state of a refund"))),
    }
}
