//! What happened to a top-up.

use ringup_core::event::{Event, EventKind};
use ringup_core::id::{EventId, PaymentId, TopUpId};

use crate::column::{self, coded};
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value};

pub(crate) static EVENT: Table = Table::new(
    "event",
    &[int("shard"), int("top_up_id"), int("id")],
    &[int("kind"), int("payment_id"), int("amount_minor"), text("unit"), int("happened_at")],
    &[],
);

static EVENTS_OF_TOP_UP: Lookup = Lookup::new(&EVENT, &[int("shard"), int("top_up_id")], "", "order by id");

/// What happened to a top-up, in order.
///
/// # Errors
/// What the database says.
pub fn events_of(tx: &mut impl Read, top_up: TopUpId) -> Result<Vec<Event>, DbError> {
    EVENTS_OF_TOP_UP.find(tx, &[top_up.shard().0.into(), top_up.as_u64().into()], read_event)
}

pub(crate) fn push_event(out: &mut Vec<Value<'_>>, event: &Event) {
    out.extend([
        event.top_up.shard().0.into(),
        event.top_up.as_u64().into(),
        event.id.as_u64().into(),
        event.kind.code().into(),
        event.payment.map(PaymentId::as_u64).into(),
        event.amount.map(ringup_core::money::Amount::minor).into(),
        event.amount.map(|amount| amount.unit().code()).into(),
        event.happened_at.into(),
    ]);
}

fn read_event(fields: &mut Fields<'_>) -> Result<Event, DbError> {
    fields.int()?; // the shard is in the top-up's id
    let top_up = TopUpId::from_u64(fields.bits()?);
    let id = EventId::from_u64(fields.bits()?);
    let kind = coded(fields, EventKind::from_code)?;
    let payment = fields.opt_bits()?.map(PaymentId::from_u64);
    let amount = column::opt_amount_and_unit(fields)?;
    Ok(Event { id, top_up, kind, payment, amount, happened_at: fields.time()? })
}
