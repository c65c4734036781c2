//! Bank transfers with which agents bought float.

use ringup_core::id::{AgentId, PurseId};
use ringup_core::money::Amount;
use ringup_core::time::Timestamp;

use crate::column;
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

static TRANSFER: Table = Table::new(
    "float_transfer",
    &[text("reference")],
    &[int("agent_id"), int("float_id"), int("amount_minor"), text("unit"), int("confirmed_at")],
    &[int("booked_at")],
);

static TRANSFER_BY_REFERENCE: Lookup = Lookup::new(&TRANSFER, &[text("reference")], "", "");
static TRANSFERS_OF_AGENT: Lookup =
    Lookup::new(&TRANSFER, &[int("agent_id")], "", "order by confirmed_at desc, reference limit $2");

/// A transfer that the office has confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FloatTransfer {
    /// The bank's reference.
    pub reference: String,
    /// Who bought.
    pub agent: AgentId,
    /// His float.
    pub float: PurseId,
    /// How much.
    pub amount: Amount,
    /// When the office confirmed it.
    pub confirmed_at: Timestamp,
    /// When it was on the float.
    pub booked_at: Option<Timestamp>,
}

/// The transfer with this reference.
///
/// # Errors
/// What the database says.
pub fn find_float_transfer(tx: &mut impl Read, reference: &str) -> Result<Option<FloatTransfer>, DbError> {
    TRANSFER_BY_REFERENCE.find_one(tx, &[reference.into()], read_transfer)
}

/// The last transfers of an agent, the newest first, `limit` at most.
///
/// # Errors
/// What the database says.
pub fn float_transfers(tx: &mut impl Read, agent: AgentId, limit: u32) -> Result<Vec<FloatTransfer>, DbError> {
    TRANSFERS_OF_AGENT.find(tx, &[agent.as_u64().into(), limit.into()], read_transfer)
}

/// Writes down a transfer, before it is booked.
///
/// # Errors
/// [`DbError::Conflict`] when there is one with this reference.
pub fn insert_float_transfer(tx: &mut WriteTx<'_>, transfer: &FloatTransfer) -> Result<(), DbError> {
    let values: Vec<Value<'_>> = vec![
        transfer.reference.as_str().into(),
        transfer.agent.as_u64().into(),
        transfer.float.as_u64().into(),
        transfer.amount.minor().into(),
        transfer.amount.unit().code().into(),
        transfer.confirmed_at.into(),
        transfer.booked_at.into(),
    ];
    TRANSFER.insert_all(tx, values)
}

/// A transfer is on its float.
///
/// # Errors
/// What the database says.
pub fn book_float_transfer(tx: &mut WriteTx<'_>, reference: &str, now: Timestamp) -> Result<(), DbError> {
    let sql = "update float_transfer set booked_at = $2 where reference = $1 and booked_at is null";
    tx.execute(sql, &[reference.into(), now.into()]).map(drop)
}

fn read_transfer(fields: &mut Fields<'_>) -> Result<FloatTransfer, DbError> {
    Ok(FloatTransfer {
        reference: fields.text()?.to_owned(),
        agent: AgentId::from_u64(fields.bits()?),
        float: PurseId::from_u64(fields.bits()?),
        amount: column::amount_and_unit(fields)?,
        confirmed_at: fields.time()?,
        booked_at: fields.opt_time()?,
    })
}
