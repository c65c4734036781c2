//! Matters that a person must look at.

use ringup_core::id::{CaseId, TopUpId};
use ringup_core::job::{CaseKind, NewCase};
use ringup_core::time::Timestamp;

use crate::column::coded;
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

pub(crate) static CASE: Table = Table::new(
    "review_case",
    &[int("shard"), int("id")],
    &[int("kind"), int("top_up_id"), text("detail"), int("opened_at"), int("due_at")],
    &[int("closed_at")],
);

static CASES_OF_TOP_UP: Lookup = Lookup::new(&CASE, &[int("shard"), int("top_up_id")], "", "order by id");
static OPEN_CASES: Lookup = Lookup::new(&CASE, &[], "closed_at is null", "order by due_at limit $1");

/// A matter that a person must look at, or has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewCase {
    /// What was written down when it was opened.
    pub case: NewCase,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// All cases about a top-up, the oldest first.
///
/// # Errors
/// What the database says.
pub fn cases_of(tx: &mut impl Read, top_up: TopUpId) -> Result<Vec<ReviewCase>, DbError> {
    CASES_OF_TOP_UP.find(tx, &[top_up.shard().0.into(), top_up.as_u64().into()], read_case)
}

/// Open cases, the one that is due first before the others.
///
/// # Errors
/// What the database says.
pub fn open_cases(tx: &mut impl Read, limit: u32) -> Result<Vec<ReviewCase>, DbError> {
    OPEN_CASES.find(tx, &[limit.into()], read_case)
}

/// Opens a case outside the books.
///
/// # Errors
/// What the database says.
pub fn insert_case(tx: &mut WriteTx<'_>, case: &NewCase) -> Result<(), DbError> {
    let mut values = Vec::new();
    push_case(&mut values, case);
    CASE.insert_all(tx, values)
}

/// Closes a case; answers whether it was open.
///
/// # Errors
/// What the database says.
pub fn close_case(tx: &mut WriteTx<'_>, id: CaseId, now: Timestamp) -> Result<bool, DbError> {
    // Its row lives with its top-up, whose shard is not known here; there are never many cases.
    let sql = "update review_case set closed_at = $2 where id = $1 and closed_at is null";
    Ok(tx.execute(sql, &[id.as_u64().into(), now.into()])? > 0)
}

pub(crate) fn push_case<'a>(out: &mut Vec<Value<'a>>, case: &'a NewCase) {
    // Where its top-up lives, so that both are found together.
    out.extend([
        case.top_up.shard().0.into(),
        case.id.as_u64().into(),
        case.kind.code().into(),
        case.top_up.as_u64().into(),
        case.detail.as_str().into(),
        case.opened_at.into(),
        case.due_at.into(),
        Value::Null,
    ]);
}

fn read_case(fields: &mut Fields<'_>) -> Result<ReviewCase, DbError> {
    fields.int()?; // the shard is in the top-up's id
    let case = NewCase {
        id: CaseId::from_u64(fields.bits()?),
        kind: coded(fields, CaseKind::from_code)?,
        top_up: TopUpId::from_u64(fields.bits()?),
        detail: fields.text()?.to_owned(),
        opened_at: fields.time()?,
        due_at: fields.time()?,
    };
    Ok(ReviewCase { case, closed_at: fields.opt_time()? })
}
