//! Wrong PINs, counted for each card, each address, and all together. When a count locks, and for how long, is the
//! engine's decision.

use std::collections::{BTreeMap, BTreeSet};

use ringup_core::card::CardNumber;
use ringup_core::time::Timestamp;

use crate::dialect::{Lookup, Table, blob, int, text};
use crate::error::DbError;
use crate::seam::{Query, Read, Value, WriteTx};

static GUARD: Table = Table::new(
    "pin_guard",
    &[text("scope"), blob("scope_hash")],
    &[],
    &[int("failures"), int("window_started_at"), int("locked_until")],
);
static GUARD_BY_SCOPE: Lookup = Lookup::new(&GUARD, &[text("scope"), blob("scope_hash")], "", "");

/// Whose wrong PINs are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PinScope {
    /// Those for one card.
    Card(CardNumber),
    /// Those from one address, by its keyed hash.
    Address([u8; 16]),
    /// All of them.
    All,
}

/// How many there were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinState {
    /// Wrong PINs since the window began.
    pub failures: u32,
    /// When the first of them came.
    pub window_started_at: Timestamp,
    /// Until when no PIN is looked at.
    pub locked_until: Option<Timestamp>,
}

impl PinScope {
    const fn parts(&self) -> (&'static str, [u8; 16]) {
        match self {
            Self::Card(number) => {
                let mut hash = [0; 16];
                let [a, b, c, d, e, f, g, h] = number.as_u64().to_be_bytes();
                [hash[8], hash[9], hash[10], hash[11]] = [a, b, c, d];
                [hash[12], hash[13], hash[14], hash[15]] = [e, f, g, h];
                ("card", hash)
            }
            Self::Address(hash) => ("address", *hash),
            Self::All => ("all", [0; 16]),
        }
    }
}

/// How many wrong PINs there were; nothing when there were none.
///
/// # Errors
/// What the database says.
pub fn pin_state(tx: &mut impl Read, scope: &PinScope) -> Result<Option<PinState>, DbError> {
    let (name, hash) = scope.parts();
    let sql = "select failures, window_started_at, locked_until from pin_guard where scope = $1 and scope_hash = $2";
    tx.query_first(sql, &[name.into(), hash.as_slice().into()], |fields| {
        Ok(PinState {
            failures: u32::try_from(fields.int()?).unwrap_or(u32::MAX),
            window_started_at: fields.time()?,
            locked_until: fields.opt_time()?,
        })
    })
}

/// Until when each of these scopes is locked, if it is; those without wrong PINs are left out.
///
/// # Errors
/// What the database says.
pub fn locks_of(
    tx: &mut impl Read,
    scopes: &BTreeSet<PinScope>,
) -> Result<BTreeMap<PinScope, Option<Timestamp>>, DbError> {
    let parts: Vec<(&'static str, [u8; 16])> = scopes.iter().map(PinScope::parts).collect();
    let keys = parts.iter().flat_map(|(name, hash)| [(*name).into(), hash.as_slice().into()]).collect();
    let mut found: BTreeMap<(String, [u8; 16]), Option<Timestamp>> = BTreeMap::new();
    GUARD_BY_SCOPE.find_all(tx, keys, &mut |fields| {
        let key = (fields.text()?.to_owned(), fields.bytes()?);
        fields.int()?; // the failures
        fields.int()?; // since when they are counted
        found.insert(key, fields.opt_time()?);
        Ok(())
    })?;
    let mut locks = BTreeMap::new();
    if !found.is_empty() {
        for (scope, (name, hash)) in scopes.iter().zip(parts) {
            if let Some(lock) = found.get(&(name.to_owned(), hash)) {
                locks.insert(*scope, *lock);
            }
        }
    }
    Ok(locks)
}

/// Counts a wrong PIN; a window that began before `window_from` is over, and a new one begins. Answers the count.
///
/// # Errors
/// What the database says.
pub fn record_pin_failure(
    tx: &mut WriteTx<'_>,
    scope: &PinScope,
    now: Timestamp,
    window_from: Timestamp,
) -> Result<u32, DbError> {
    let (name, hash) = scope.parts();
    let sql = "insert into pin_guard (scope, scope_hash, failures, window_started_at) values ($1, $2, 1, $3)
        on conflict (scope, scope_hash) do update set
            failures = case when pin_guard.window_started_at < $4 then 1 else pin_guard.failures + 1 end,
            window_started_at = case when pin_guard.window_started_at < $4 then $3 else pin_guard.window_started_at end
        returning failures";
    let params: [Value<'_>; 4] = [name.into(), hash.as_slice().into(), now.into(), window_from.into()];
    let count = tx.query_first(sql, &params, |fields| fields.int())?.unwrap_or(1);
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Looks at no PIN of this scope before `until`.
///
/// # Errors
/// What the database says.
pub fn lock_pin(tx: &mut WriteTx<'_>, scope: &PinScope, until: Timestamp) -> Result<(), DbError> {
    let (name, hash) = scope.parts();
    let sql = "update pin_guard set locked_until = $3 where scope = $1 and scope_hash = $2";
    tx.execute(sql, &[name.into(), hash.as_slice().into(), until.into()]).map(drop)
}

/// Forgets the wrong PINs of a scope: the right one was given.
///
/// # Errors
/// What the database says.
pub fn clear_pin_failures(tx: &mut WriteTx<'_>, scope: &PinScope) -> Result<(), DbError> {
    let (name, hash) = scope.parts();
    tx.execute("delete from pin_guard where scope = $1 and scope_hash = $2", &[name.into(), hash.as_slice().into()])
        .map(drop)
}

/// Forgets counts whose window began before `window_from` and that lock nothing any more; answers how many.
///
/// # Errors
/// What the database says.
pub fn forget_old_failures(tx: &mut WriteTx<'_>, now: Timestamp, window_from: Timestamp) -> Result<u64, DbError> {
    let sql = "delete from pin_guard where window_started_at < $1 and (locked_until is null or locked_until < $2)";
    tx.execute(sql, &[window_from.into(), now.into()])
}

#[cfg(test)]
mod tests;
