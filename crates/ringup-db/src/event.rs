//! What happened to a top-up.

use ringup_core::event::{Event, EventKind};
use ringup_core::id::{EventId, PaymentId, TopUpId};
use ringup_core::top_up::TopUp;

use crate::column::{self, coded};
use crate::dialect::{Chained, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value};
use crate::top_up::OF_ONE_TOP_UP_MAX;

pub(crate) static EVENT: Table = Table::new(
    "event",
    &[int("shard"), int("id")],
    &[
        int("top_up_id"),
        int("previous_id"),
        int("kind"),
        int("payment_id"),
        int("amount_minor"),
        text("unit"),
        int("happened_at"),
    ],
    &[],
);

static EVENTS_OF_TOP_UP: Chained = Chained::new(&EVENT);

/// What happened to a top-up, in order.
///
/// # Errors
/// What the database says.
pub fn events_of(tx: &mut impl Read, top_up: &TopUp) -> Result<Vec<Event>, DbError> {
    let Some(newest) = top_up.newest.event else { return Ok(Vec::new()) };
    let mut events = EVENTS_OF_TOP_UP.find(tx, (newest.shard(), newest.as_u64()), OF_ONE_TOP_UP_MAX, read_event)?;
    events.reverse();
    Ok(events)
}

pub(crate) fn push_event(out: &mut Vec<Value<'_>>, event: &Event) {
    out.extend([
        event.top_up.shard().0.into(),
        event.id.as_u64().into(),
        event.top_up.as_u64().into(),
        event.previous.map(EventId::as_u64).into(),
        event.kind.code().into(),
        event.payment.map(PaymentId::as_u64).into(),
        event.amount.map(ringup_core::money::Amount::minor).into(),
        event.amount.map(|amount| amount.unit().code()).into(),
        event.happened_at.into(),
    ]);
}

fn read_event(fields: &mut Fields<'_>) -> Result<Event, DbError> {
    fields.int()?; // the shard is in the top-up's id
    let id = EventId::from_u64(fields.bits()?);
    let top_up = TopUpId::from_u64(fields.bits()?);
    let previous = fields.opt_bits()?.map(EventId::from_u64);
    let kind = coded(fields, EventKind::from_code)?;
    let payment = fields.opt_bits()?.map(PaymentId::from_u64);
    let amount = column::opt_amount_and_unit(fields)?;
    Ok(Event { id, top_up, previous, kind, payment, amount, happened_at: fields.time()? })
}
