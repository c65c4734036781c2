//! Lists of top-ups that agents upload, and their rows.

mod row;

pub use row::{
    Progress, Right, RowEnd, RowState, SaleListRow, end_rows, for_each_row, progress, rows_in, sold_before,
    sold_references, taken_references,
};

use ringup_core::id::{AgentId, SaleListId};
use ringup_core::money::{Amount, Language};
use ringup_core::time::Timestamp;

use crate::column;
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Query, Read, Value, WriteTx};

static LIST: Table = Table::new(
    "sale_list",
    &[int("id")],
    &[
        int("agent_id"),
        text("unit"),
        text("language"),
        int("rows_count"),
        int("right_count"),
        int("pay_minor"),
        int("made_at"),
    ],
    &[int("confirmed_at"), text("stopped"), int("ended_at")],
);

static LIST_BY_ID: Lookup = Lookup::new(&LIST, &[int("id")], "", "");
static LISTS_OF_AGENT: Lookup = Lookup::new(&LIST, &[int("agent_id")], "", "order by id desc limit 50");

/// A list of top-ups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleList {
    /// Its id.
    pub id: SaleListId,
    /// Whose.
    pub agent: AgentId,
    /// The language of its receipts.
    pub language: Language,
    /// How many rows it has.
    pub rows: u64,
    /// How many were right when it was checked.
    pub right: u64,
    /// What those come to.
    pub pay: Amount,
    /// When it was checked.
    pub made_at: Timestamp,
    /// When the agent confirmed it.
    pub confirmed_at: Option<Timestamp>,
    /// Why the rest is not sold now: a stable code.
    pub stopped: Option<String>,
    /// When the last row was looked at.
    pub ended_at: Option<Timestamp>,
}

/// Writes down a list with its rows. Those that the agent never confirmed make room: the newest `kept` stay.
///
/// # Errors
/// What the database says.
pub fn insert_sale_list(tx: &mut WriteTx<'_>, list: &SaleList, rows: &[SaleListRow], kept: u32) -> Result<(), DbError> {
    let sql = "select id from sale_list where agent_id = $1 and confirmed_at is null order by id desc";
    let unconfirmed = tx.query(sql, &[list.agent.as_u64().into()], |fields| fields.int())?;
    let kept = usize::try_from(kept).unwrap_or(usize::MAX).saturating_sub(1);
    for old in unconfirmed.into_iter().skip(kept) {
        tx.execute("delete from sale_list_row where list_id = $1", &[old.into()])?;
        tx.execute("delete from sale_list where id = $1", &[old.into()])?;
    }
    let values: Vec<Value<'_>> = vec![
        list.id.as_u64().into(),
        list.agent.as_u64().into(),
        list.pay.unit().code().into(),
        column::language_code(list.language).into(),
        list.rows.into(),
        list.right.into(),
        list.pay.minor().into(),
        list.made_at.into(),
        list.confirmed_at.into(),
        list.stopped.as_deref().into(),
        list.ended_at.into(),
    ];
    LIST.insert_all(tx, values)?;
    row::insert_rows(tx, list, rows)
}

/// The list with this id.
///
/// # Errors
/// What the database says.
pub fn find_sale_list(tx: &mut impl Read, id: SaleListId) -> Result<Option<SaleList>, DbError> {
    LIST_BY_ID.find_one(tx, &[id.as_u64().into()], read_list)
}

/// The last lists of an agent, the newest first, 50 at most.
///
/// # Errors
/// What the database says.
pub fn sale_lists_of(tx: &mut impl Read, agent: AgentId) -> Result<Vec<SaleList>, DbError> {
    LISTS_OF_AGENT.find(tx, &[agent.as_u64().into()], read_list)
}

/// Has a list sold, or the rest of one that stopped; answers whether it was not being sold already, nor at its end.
///
/// # Errors
/// What the database says.
pub fn start_sale_list(tx: &mut WriteTx<'_>, id: SaleListId, now: Timestamp) -> Result<bool, DbError> {
    let sql = "update sale_list set confirmed_at = coalesce(confirmed_at, $2), stopped = null
        where id = $1 and ended_at is null and (confirmed_at is null or stopped is not null)";
    Ok(tx.execute(sql, &[id.as_u64().into(), now.into()])? > 0)
}

/// Leaves the rest of a list as it is, until the agent wants to go on.
///
/// # Errors
/// What the database says.
pub fn stop_sale_list(tx: &mut WriteTx<'_>, id: SaleListId, reason: &str) -> Result<(), DbError> {
    let sql = "update sale_list set stopped = $2
        where id = $1 and confirmed_at is not null and ended_at is null and stopped is null";
    tx.execute(sql, &[id.as_u64().into(), reason.into()]).map(drop)
}

/// Every row has been looked at.
///
/// # Errors
/// What the database says.
pub fn end_sale_list(tx: &mut WriteTx<'_>, id: SaleListId, now: Timestamp) -> Result<(), DbError> {
    let sql = "update sale_list set ended_at = $2 where id = $1 and ended_at is null and stopped is null";
    tx.execute(sql, &[id.as_u64().into(), now.into()]).map(drop)
}

fn read_list(fields: &mut Fields<'_>) -> Result<SaleList, DbError> {
    let id = SaleListId::from_u64(fields.bits()?);
    let agent = AgentId::from_u64(fields.bits()?);
    let unit = column::unit(fields)?;
    Ok(SaleList {
        id,
        agent,
        language: column::language(fields)?,
        rows: fields.count()?,
        right: fields.count()?,
        pay: column::amount(fields.count()?, unit)?,
        made_at: fields.time()?,
        confirmed_at: fields.opt_time()?,
        stopped: fields.opt_text()?.map(str::to_owned),
        ended_at: fields.opt_time()?,
    })
}
