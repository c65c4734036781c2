//! Idempotency keys that were used.

use ringup_core::books::{Fingerprint, KeyHash, UsedKey};
use ringup_core::time::{Span, Timestamp};

use crate::dialect::{Lookup, Table, blob, int};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

pub(crate) static KEY: Table = Table::new(
    "idempotency_key",
    &[int("shard"), blob("key_hash")],
    &[blob("fingerprint"), int("result"), int("used_at")],
    &[],
);

pub(crate) static KEY_BY_HASH: Lookup = Lookup::new(&KEY, &[int("shard"), blob("key_hash")], "", "");

/// How long keys are kept: the window in which a payment can be disputed.
pub const KEPT_FOR: Span = Span::days(400);

/// What became of a key, if it was used.
///
/// # Errors
/// What the database says.
pub fn find_key(tx: &mut impl Read, key: &KeyHash) -> Result<Option<UsedKey>, DbError> {
    let found = KEY_BY_HASH.find_one(tx, &[key.shard().0.into(), key.0.as_slice().into()], read_key)?;
    Ok(found.map(|(_, used)| used))
}

/// Forgets keys that are older than they are kept; answers how many.
///
/// Looks at every key: a job for quiet hours.
///
/// # Errors
/// What the database says.
pub fn forget_old_keys(tx: &mut WriteTx<'_>, now: Timestamp) -> Result<u64, DbError> {
    tx.execute("delete from idempotency_key where used_at < $1", &[now.minus(KEPT_FOR).into()])
}

pub(crate) fn push_key<'a>(out: &mut Vec<Value<'a>>, key: &'a KeyHash, used: &'a UsedKey) {
    out.extend([
        key.shard().0.into(),
        key.0.as_slice().into(),
        used.fingerprint.0.as_slice().into(),
        used.result.into(),
        used.used_at.into(),
    ]);
}

pub(crate) fn read_key(fields: &mut Fields<'_>) -> Result<(KeyHash, UsedKey), DbError> {
    fields.int()?; // the shard is in the hash
    let key = KeyHash(fields.bytes()?);
    let fingerprint = Fingerprint(fields.bytes()?);
    let used = UsedKey { fingerprint, result: fields.bits()?, used_at: fields.time()? };
    Ok((key, used))
}
