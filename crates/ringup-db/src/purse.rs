//! Purses: what is in drawers, cash boxes, safes and floats.

use ringup_core::id::{EntryId, PurseId};
use ringup_core::ledger::{ChainHead, EntryHash};
use ringup_core::money::Unit;
use ringup_core::purse::{Count, Purse, PurseKind, PurseState};

use crate::column::{self, coded, needed};
use crate::dialect::{Lookup, Table, blob, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value};

pub(crate) static PURSE: Table = Table::new(
    "purse",
    &[int("shard"), int("id")],
    &[int("kind"), text("unit"), int("parent_id"), int("opened_at")],
    &[
        int("credit_limit_minor"),
        int("holds_minor"),
        int("holds_version"),
        int("receipts"),
        text("state"),
        int("closed_at"),
        int("expected_minor"),
        int("counted_minor"),
        int("chain_entry_id"),
        int("chain_length"),
        blob("chain_hash"),
        int("version"),
    ],
);

pub(crate) static PURSE_BY_ID: Lookup = Lookup::new(&PURSE, &[int("shard"), int("id")], "", "");

/// A purse.
///
/// # Errors
/// What the database says.
pub fn find_purse(tx: &mut impl Read, id: PurseId) -> Result<Option<Purse>, DbError> {
    PURSE_BY_ID.find_one(tx, &[id.shard().0.into(), id.as_u64().into()], read_purse)
}

pub(crate) fn push_purse<'a>(out: &mut Vec<Value<'a>>, purse: &'a Purse) {
    out.extend([
        purse.id.shard().0.into(),
        purse.id.as_u64().into(),
        purse.kind.code().into(),
        purse.unit.code().into(),
        purse.parent.map(PurseId::as_u64).into(),
        purse.opened_at.into(),
    ]);
    push_changing(out, purse, purse.version);
}

pub(crate) fn push_purse_update<'a>(out: &mut Vec<Value<'a>>, was: &Purse, now: &'a Purse) {
    out.extend([now.id.shard().0.into(), now.id.as_u64().into()]);
    push_changing(out, now, was.version.saturating_add(1));
    out.push(was.version.into());
}

fn push_changing<'a>(out: &mut Vec<Value<'a>>, purse: &'a Purse, version: u64) {
    let (state, count) = match &purse.state {
        PurseState::Open => ("open", None),
        PurseState::Closed(count) => ("closed", Some(count)),
    };
    let hash = (purse.chain.length > 0).then_some(purse.chain.hash.as_bytes().as_slice());
    out.extend([
        purse.credit_limit.minor().into(),
        purse.holds.map(|held| held.balance.minor()).into(),
        purse.holds.map(|held| held.version).into(),
        purse.receipts.into(),
        state.into(),
        count.map(|count| count.closed_at).into(),
        count.map(|count| count.expected.minor()).into(),
        count.map(|count| count.counted.minor()).into(),
        purse.chain.last.map(EntryId::as_u64).into(),
        purse.chain.length.into(),
        hash.into(),
        version.into(),
    ]);
}

pub(crate) fn read_purse(fields: &mut Fields<'_>) -> Result<Purse, DbError> {
    fields.int()?; // the shard is in the id
    let id = PurseId::from_u64(fields.bits()?);
    let kind = coded(fields, PurseKind::from_code)?;
    let unit = column::unit(fields)?;
    let parent = fields.opt_bits()?.map(PurseId::from_u64);
    let opened_at = fields.time()?;
    let credit_limit = column::amount(fields.count()?, unit)?;
    let holds = column::holding(fields, unit)?;
    let receipts = fields.count()?;
    let state = read_state(fields, unit)?;
    let last = fields.opt_bits()?.map(EntryId::from_u64);
    let length = fields.count()?;
    let hash = match fields.opt_blob()? {
        Some(bytes) => {
            let bytes = bytes.try_into().map_err(|_| DbError::Damaged("a chain's hash".to_owned()))?;
            EntryHash::from_bytes(bytes)
        }
        None => EntryHash::NONE,
    };
    let chain = ChainHead { last, length, hash };
    let version = fields.count()?;
    Ok(Purse { id, kind, unit, parent, credit_limit, holds, receipts, state, opened_at, chain, version })
}

fn read_state(fields: &mut Fields<'_>, unit: Unit) -> Result<PurseState, DbError> {
    let name = fields.text()?;
    let closed_at = fields.opt_time()?;
    let (expected, counted) = (fields.opt_bits()?, fields.opt_bits()?);
    match name {
        "open" => Ok(PurseState::Open),
        "closed" => Ok(PurseState::Closed(Count {
            closed_at: needed(closed_at, "the time a purse was closed")?,
            expected: column::amount(needed(expected, "what was expected in a purse")?, unit)?,
            counted: column::amount(needed(counted, "what was counted in a purse")?, unit)?,
        })),
        other => Err(DbError::Damaged(format!("{other:?} is no state of a purse"))),
    }
}
