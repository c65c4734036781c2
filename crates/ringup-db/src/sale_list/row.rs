use std::collections::HashSet;

use ringup_core::card::CardNumber;
use ringup_core::id::{AgentId, SaleListId};
use ringup_core::money::{Amount, Unit};

use super::SaleList;
use crate::column::{self, needed};
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Query, Read, Value, WriteTx};

static ROW: Table = Table::new(
    "sale_list_row",
    &[int("list_id"), int("number")],
    &[
        int("agent_id"),
        int("line"),
        text("reference"),
        int("card_number"),
        int("amount_minor"),
        int("pay_minor"),
        text("bonus"),
        int("other_line"),
    ],
    &[text("state"), text("reason"), text("top_up_code")],
);

static SOLD_BY_REFERENCE: Lookup = Lookup::new(&ROW, &[int("agent_id"), text("reference")], "and state = 'sold'", "");
static WAITING_BY_REFERENCE: Lookup = Lookup::new(
    &ROW,
    &[int("agent_id"), text("reference")],
    "and state = 'checked' and exists (select 1 from sale_list as l where l.id = t.list_id and l.confirmed_at is not null)",
    "",
);

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowState {
    /// It has a price, and waits to be sold.
    Checked,
    /// It cannot be sold as it stands in the list. Final.
    Wrong,
    /// It was sold. Final.
    Sold,
    /// It could not be sold any more when its turn came. Final.
    Refused,
}

impl RowState {
    /// Its name, in a column and in texts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Checked => "checked",
            Self::Wrong => "wrong",
            Self::Sold => "sold",
            Self::Refused => "refused",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Checked, Self::Wrong, Self::Sold, Self::Refused].into_iter().find(|state| state.name() == name)
    }
}

/// What a right row asks for, and its price as it was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// The card.
    pub card: CardNumber,
    /// What it shall get.
    pub amount: Amount,
    /// What that costs.
    pub pay: Amount,
    /// The bonus that it gets besides, as a text with its unit.
    pub bonus: Option<String>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleListRow {
    /// Its number in the list, from 1.
    pub number: u64,
    /// Its first line in the file, from 1.
    pub line: u64,
    /// The agent's own reference; empty where it cannot be read.
    pub reference: String,
    /// What it asks for; nothing when it is wrong.
    pub right: Option<Right>,
    /// The line that says the same, where that is what is wrong.
    pub other_line: Option<u64>,
    /// Where it stands.
    pub state: RowState,
    /// Why it is wrong or was refused: a stable code.
    pub reason: Option<String>,
    /// The code of what was sold.
    pub top_up_code: Option<String>,
}

/// How a row ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowEnd {
    /// It was sold: the code of its top-up.
    Sold(String),
    /// It was not: why, as a stable code.
    Refused(String),
}

/// How many rows are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows that wait.
    pub waiting: u64,
    /// Rows that are wrong.
    pub wrong: u64,
    /// Rows that were sold.
    pub sold: u64,
    /// Rows that could not be sold any more.
    pub refused: u64,
    /// What the sold rows cost, in minor units.
    pub sold_minor: u64,
    /// What the waiting rows cost.
    pub waiting_minor: u64,
}

pub(super) fn insert_rows(tx: &mut WriteTx<'_>, list: &SaleList, rows: &[SaleListRow]) -> Result<(), DbError> {
    let mut values: Vec<Value<'_>> = Vec::new();
    for row in rows {
        let right = row.right.as_ref();
        values.extend([
            list.id.as_u64().into(),
            row.number.into(),
            list.agent.as_u64().into(),
            row.line.into(),
            row.reference.as_str().into(),
            right.map(|right| right.card.as_u64()).into(),
            right.map(|right| right.amount.minor()).into(),
            right.map(|right| right.pay.minor()).into(),
            right.and_then(|right| right.bonus.as_deref()).into(),
            row.other_line.into(),
            row.state.name().into(),
            row.reason.as_deref().into(),
            row.top_up_code.as_deref().into(),
        ]);
    }
    ROW.insert_all(tx, values)
}

/// Which of these references of an agent were sold before, or wait in a list that he confirmed.
///
/// # Errors
/// What the database says.
pub fn taken_references(tx: &mut impl Read, agent: AgentId, references: &[String]) -> Result<HashSet<String>, DbError> {
    let mut taken = sold_references(tx, agent, references)?;
    find_references(tx, &WAITING_BY_REFERENCE, (agent, references), &mut taken)?;
    Ok(taken)
}

/// Which of these references of an agent were sold.
///
/// # Errors
/// What the database says.
pub fn sold_references(tx: &mut impl Read, agent: AgentId, references: &[String]) -> Result<HashSet<String>, DbError> {
    let mut sold = HashSet::new();
    find_references(tx, &SOLD_BY_REFERENCE, (agent, references), &mut sold)?;
    Ok(sold)
}

fn find_references(
    tx: &mut impl Read,
    lookup: &'static Lookup,
    (agent, references): (AgentId, &[String]),
    found: &mut HashSet<String>,
) -> Result<(), DbError> {
    let keys = references.iter().flat_map(|reference| [agent.as_u64().into(), reference.as_str().into()]);
    lookup.find_all(tx, keys.collect(), &mut |fields| {
        found.insert(read_row(fields)?.row.reference);
        Ok(())
    })
}

/// Whether another row of this agent was sold by this reference.
///
/// # Errors
/// What the database says.
pub fn sold_before(
    tx: &mut impl Read,
    (agent, reference): (AgentId, &str),
    (list, number): (SaleListId, u64),
) -> Result<bool, DbError> {
    let sql = "select 1 from sale_list_row
        where agent_id = $1 and reference = $2 and state = 'sold' and not (list_id = $3 and number = $4) limit 1";
    let key = [agent.as_u64().into(), reference.into(), list.as_u64().into(), number.into()];
    Ok(tx.query_first(sql, &key, |fields| fields.int())?.is_some())
}

/// Rows of a list in a state, in their order.
///
/// # Errors
/// What the database says.
pub fn rows_in(tx: &mut impl Read, list: SaleListId, state: RowState, limit: u32) -> Result<Vec<SaleListRow>, DbError> {
    let unit = unit_of(tx, list)?;
    let sql = "select list_id, number, agent_id, line, reference, card_number, amount_minor, pay_minor, bonus,
        other_line, state, reason, top_up_code
        from sale_list_row where list_id = $1 and state = $2 order by number limit $3";
    let params = [list.as_u64().into(), state.name().into(), limit.into()];
    let rows = tx.query(sql, &params, read_row)?;
    rows.into_iter().map(|row| row.in_unit(unit)).collect()
}

/// Hands every row of a list to `each`, in their order.
///
/// # Errors
/// What the database says.
pub fn for_each_row(tx: &mut impl Read, list: SaleListId, each: &mut dyn FnMut(SaleListRow)) -> Result<(), DbError> {
    let unit = unit_of(tx, list)?;
    let sql = "select list_id, number, agent_id, line, reference, card_number, amount_minor, pay_minor, bonus,
        other_line, state, reason, top_up_code
        from sale_list_row where list_id = $1 order by number";
    tx.each(sql, &[list.as_u64().into()], &mut |row| {
        each(read_row(&mut row.fields())?.in_unit(unit)?);
        Ok(())
    })
}

/// Writes down how rows ended. What was sold is sold, whatever somebody else wrote meanwhile.
///
/// # Errors
/// What the database says.
pub fn end_rows(tx: &mut WriteTx<'_>, list: SaleListId, ends: &[(u64, RowEnd)]) -> Result<(), DbError> {
    for (number, end) in ends {
        match end {
            RowEnd::Sold(code) => {
                let sql = "update sale_list_row set state = 'sold', reason = null, top_up_code = $3
                    where list_id = $1 and number = $2 and state in ('checked', 'refused')";
                tx.execute(sql, &[list.as_u64().into(), (*number).into(), code.as_str().into()])?;
            }
            RowEnd::Refused(reason) => {
                let sql = "update sale_list_row set state = 'refused', reason = $3
                    where list_id = $1 and number = $2 and state = 'checked'";
                tx.execute(sql, &[list.as_u64().into(), (*number).into(), reason.as_str().into()])?;
            }
        }
    }
    Ok(())
}

/// How many rows of a list are where.
///
/// # Errors
/// What the database says.
pub fn progress(tx: &mut impl Read, list: SaleListId) -> Result<Progress, DbError> {
    let sql = "select state, count(*), cast(coalesce(sum(pay_minor), 0) as bigint)
        from sale_list_row where list_id = $1 group by state";
    let mut progress = Progress::default();
    tx.each(sql, &[list.as_u64().into()], &mut |row| {
        let fields = &mut row.fields();
        let state = needed(RowState::from_name(fields.text()?), "the state of a row")?;
        let (count, minor) = (fields.count()?, fields.count()?);
        match state {
            RowState::Checked => (progress.waiting, progress.waiting_minor) = (count, minor),
            RowState::Wrong => progress.wrong = count,
            RowState::Sold => (progress.sold, progress.sold_minor) = (count, minor),
            RowState::Refused => progress.refused = count,
        }
        Ok(())
    })?;
    Ok(progress)
}

fn unit_of(tx: &mut impl Read, list: SaleListId) -> Result<Unit, DbError> {
    let unit = tx.query_first("select unit from sale_list where id = $1", &[list.as_u64().into()], column::unit)?;
    needed(unit, "the list of a row")
}

/// A row whose amounts have no unit yet: that stands in its list.
struct RawRow {
    row: SaleListRow,
    card: Option<u64>,
    amounts: Option<(u64, u64)>,
    bonus: Option<String>,
}

impl RawRow {
    fn in_unit(self, unit: Unit) -> Result<SaleListRow, DbError> {
        let right = match self.card.zip(self.amounts) {
            Some((card, (amount, pay))) => Some(Right {
                card: CardNumber::from_u64(card).map_err(|error| DbError::Damaged(error.to_string()))?,
                amount: column::amount(amount, unit)?,
                pay: column::amount(pay, unit)?,
                bonus: self.bonus,
            }),
            None => None,
        };
        Ok(SaleListRow { right, ..self.row })
    }
}

fn read_row(fields: &mut Fields<'_>) -> Result<RawRow, DbError> {
    fields.bits()?; // which list
    let number = fields.count()?;
    fields.bits()?; // whose
    let line = fields.count()?;
    let reference = fields.text()?.to_owned();
    let card = fields.opt_bits()?;
    let amounts = fields.opt_bits()?.zip(fields.opt_bits()?);
    let bonus = fields.opt_text()?.map(str::to_owned);
    let other_line = fields.opt_bits()?;
    let state = needed(RowState::from_name(fields.text()?), "the state of a row")?;
    let reason = fields.opt_text()?.map(str::to_owned);
    let top_up_code = fields.opt_text()?.map(str::to_owned);
    let row = SaleListRow { number, line, reference, right: None, other_line, state, reason, top_up_code };
    Ok(RawRow { row, card, amounts, bonus })
}
