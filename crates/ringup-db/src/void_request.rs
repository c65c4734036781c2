//! Sales that somebody wants undone: another person decides.

use ringup_core::id::{ClerkId, PlaceId, RefundId, TopUpId, VoidId};
use ringup_core::time::Timestamp;

use crate::column::needed;
use crate::dialect::{Lookup, Table, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

static VOID: Table = Table::new(
    "void_request",
    &[int("id")],
    &[int("top_up_id"), int("place_id"), text("reason"), int("asked_by"), int("asked_at")],
    &[text("state"), int("decided_by"), int("decided_at"), int("refund_id")],
);
static VOID_BY_ID: Lookup = Lookup::new(&VOID, &[int("id")], "", "");
static VOIDS_OF_TOP_UP: Lookup = Lookup::new(&VOID, &[int("top_up_id")], "", "order by id");
static OPEN_VOIDS: Lookup = Lookup::new(&VOID, &[int("place_id")], "and state = 'asked'", "order by id limit $2");

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoidState {
    /// Nobody has decided yet.
    Asked,
    /// It stays as it was.
    Refused(Decided),
    /// The money goes back.
    Approved(Decided, RefundId),
}

/// Who decided, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Never who asked.
    pub by: ClerkId,
    /// When.
    pub at: Timestamp,
}

/// That somebody wants a sale undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoidRequest {
    /// Its id.
    pub id: VoidId,
    /// Which sale.
    pub top_up: TopUpId,
    /// At which store.
    pub place: PlaceId,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub asked_by: ClerkId,
    /// When.
    pub asked_at: Timestamp,
    /// What became of it.
    pub state: VoidState,
}

/// A request.
///
/// # Errors
/// What the database says.
pub fn find_void(tx: &mut impl Read, id: VoidId) -> Result<Option<VoidRequest>, DbError> {
    VOID_BY_ID.find_one(tx, &[id.as_u64().into()], read_void)
}

/// All requests about a sale, the oldest first.
///
/// # Errors
/// What the database says.
pub fn voids_of(tx: &mut impl Read, top_up: TopUpId) -> Result<Vec<VoidRequest>, DbError> {
    VOIDS_OF_TOP_UP.find(tx, &[top_up.as_u64().into()], read_void)
}

/// Requests at a store that nobody has decided.
///
/// # Errors
/// What the database says.
pub fn open_voids(tx: &mut impl Read, place: PlaceId, limit: u32) -> Result<Vec<VoidRequest>, DbError> {
    OPEN_VOIDS.find(tx, &[place.as_u64().into(), limit.into()], read_void)
}

/// Writes down a request.
///
/// # Errors
/// [`DbError::Broken`] when there is one about the same sale that was not refused.
pub fn insert_void(tx: &mut WriteTx<'_>, void: &VoidRequest) -> Result<(), DbError> {
    let mut values: Vec<Value<'_>> = vec![
        void.id.as_u64().into(),
        void.top_up.as_u64().into(),
        void.place.as_u64().into(),
        void.reason.as_str().into(),
        void.asked_by.as_u64().into(),
        void.asked_at.into(),
    ];
    values.extend(changing(void.state));
    VOID.insert_all(tx, values)
}

/// Writes down what was decided: once, and never by who asked.
///
/// # Errors
/// [`DbError::Conflict`] when it was decided otherwise before.
pub fn decide_void(tx: &mut WriteTx<'_>, id: VoidId, state: VoidState) -> Result<(), DbError> {
    let sql = "update void_request set state = $2, decided_by = $3, decided_at = $4, refund_id = $5
        where id = $1 and state = 'asked'";
    let mut values: Vec<Value<'_>> = vec![id.as_u64().into()];
    values.extend(changing(state));
    tx.execute_exactly(sql, &values, 1)
}

fn changing(state: VoidState) -> [Value<'static>; 4] {
    let (name, decided, refund) = match state {
        VoidState::Asked => ("asked", None, None),
        VoidState::Refused(decided) => ("refused", Some(decided), None),
        VoidState::Approved(decided, refund) => ("approved", Some(decided), Some(refund)),
    };
    [
        name.into(),
        decided.map(|decided| decided.by.as_u64()).into(),
        decided.map(|decided| decided.at).into(),
        refund.map(RefundId::as_u64).into(),
    ]
}

fn read_void(fields: &mut Fields<'_>) -> Result<VoidRequest, DbError> {
    Ok(VoidRequest {
        id: VoidId::from_u64(fields.bits()?),
        top_up: TopUpId::from_u64(fields.bits()?),
        place: PlaceId::from_u64(fields.bits()?),
        reason: fields.text()?.to_owned(),
        asked_by: ClerkId::from_u64(fields.bits()?),
        asked_at: fields.time()?,
        state: read_state(fields)?,
    })
}

fn read_state(fields: &mut Fields<'_>) -> Result<VoidState, DbError> {
    let name = fields.text()?;
    let by = fields.opt_bits()?.map(ClerkId::from_u64);
    let at = fields.opt_time()?;
    let refund = fields.opt_bits()?.map(RefundId::from_u64);
    let decided =
        || Ok::<_, DbError>(Decided { by: needed(by, "who decided")?, at: needed(at, "when it was decided")? });
    match name {
        "asked" => Ok(VoidState::Asked),
        "refused" => Ok(VoidState::Refused(decided()?)),
        "approved" => Ok(VoidState::Approved(decided()?, needed(refund, "the refund of an approved request")?)),
        other => Err(DbError::Damaged(format!("{other:?} is no state of a request"))),
    }
}
