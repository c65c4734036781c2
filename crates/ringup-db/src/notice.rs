//! Receipts that holders have had sent to them. What is to be sent, and where to, stands here sealed, and only until it has ended.

use ringup_core::id::{NoticeId, TopUpId};
use ringup_core::notice::NoticeState;
use ringup_core::time::Timestamp;

use crate::card::read_u32;
use crate::column::coded;
use crate::error::DbError;
use crate::seam::{Fields, Query as _, Read, WriteTx};

/// A notice, as pages may show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// The address, all but hidden.
    pub masked: String,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// How it stands.
    pub state: NoticeState,
    /// Since when it stands so, once it has ended.
    pub ended_at: Option<Timestamp>,
}

/// A notice that was asked for just now.
#[derive(Clone, Debug)]
pub struct NewNotice {
    /// Its id, in its top-up's shard.
    pub id: NoticeId,
    /// Whose receipt.
    pub top_up: TopUpId,
    /// Which one of that receipt, from 1.
    pub number: u32,
    /// Hash of the form's key and the address.
    pub key_hash: [u8; 16],
    /// The address as pages show it.
    pub masked: String,
    /// The mail and its address, sealed.
    pub sealed: String,
    /// Hash of the network address it was asked for from; nothing from a till.
    pub from_hash: Option<[u8; 16]>,
    /// When.
    pub asked_at: Timestamp,
}

/// Writes a notice down.
///
/// # Errors
/// What the database says, when two of the same number were asked for at once among it.
pub fn insert_notice(tx: &mut WriteTx<'_>, new: &NewNotice) -> Result<(), DbError> {
    let sql = "insert into notice
        (shard, id, top_up_id, number, key_hash, masked, sealed, from_hash, asked_at, state)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let from_hash = new.from_hash.as_ref().map(<[u8; 16]>::as_slice);
    let values = [
        new.top_up.shard().0.into(),
        new.id.as_u64().into(),
        new.top_up.as_u64().into(),
        new.number.into(),
        new.key_hash.as_slice().into(),
        new.masked.as_str().into(),
        new.sealed.as_str().into(),
        from_hash.into(),
        new.asked_at.into(),
        NoticeState::Waiting.code().into(),
    ];
    tx.execute_exactly(sql, &values, 1)
}

/// The notices of a receipt, the oldest first.
///
/// # Errors
/// What the database says.
pub fn notices_of(tx: &mut impl Read, top_up: TopUpId) -> Result<Vec<Notice>, DbError> {
    let sql = "select id, masked, asked_at, state, ended_at from notice
        where shard = $1 and top_up_id = $2 order by number";
    tx.query(sql, &[top_up.shard().0.into(), top_up.as_u64().into()], read_notice)
}

/// Whether the same form has asked for a notice of this receipt before.
///
/// # Errors
/// What the database says.
pub fn was_asked_for(tx: &mut impl Read, top_up: TopUpId, key_hash: &[u8; 16]) -> Result<bool, DbError> {
    let sql = "select 1 from notice where shard = $1 and top_up_id = $2 and key_hash = $3";
    let key = [top_up.shard().0.into(), top_up.as_u64().into(), key_hash.as_slice().into()];
    Ok(tx.query_first(sql, &key, |fields| fields.int())?.is_some())
}

/// How many were asked for from a network address after `since`, and when the first of them was.
///
/// # Errors
/// What the database says.
pub fn asked_for_from(
    tx: &mut impl Read,
    from_hash: &[u8; 16],
    since: Timestamp,
) -> Result<(u32, Option<Timestamp>), DbError> {
    let sql = "select count(*), min(asked_at) from notice where from_hash = $1 and asked_at > $2";
    let found = tx.query_first(sql, &[from_hash.as_slice().into(), since.into()], |fields| {
        Ok((read_u32(fields)?, fields.opt_time()?))
    })?;
    Ok(found.unwrap_or((0, None)))
}

/// When a notice was asked for, and what is to be sent, sealed; nothing when it has ended.
///
/// # Errors
/// What the database says.
pub fn find_waiting(tx: &mut impl Read, id: NoticeId) -> Result<Option<(Timestamp, String)>, DbError> {
    let sql = "select asked_at, sealed from notice where shard = $1 and id = $2 and sealed is not null";
    tx.query_first(sql, &[id.shard().0.into(), id.as_u64().into()], |fields| {
        Ok((fields.time()?, fields.text()?.to_owned()))
    })
}

/// Ends a notice and forgets what was to be sent, and where to. One that has ended stays as it is.
///
/// # Errors
/// What the database says.
pub fn end_notice(tx: &mut WriteTx<'_>, id: NoticeId, state: NoticeState, now: Timestamp) -> Result<(), DbError> {
    let sql = "update notice set state = $3, ended_at = $4, sealed = null
        where shard = $1 and id = $2 and sealed is not null";
    let values = [id.shard().0.into(), id.as_u64().into(), state.code().into(), now.into()];
    tx.execute(sql, &values).map(drop)
}

/// Forgets where notices were asked for from before this moment.
///
/// # Errors
/// What the database says.
pub fn forget_askers(tx: &mut WriteTx<'_>, before: Timestamp) -> Result<(), DbError> {
    let sql = "update notice set from_hash = null where from_hash is not null and asked_at < $1";
    tx.execute(sql, &[before.into()]).map(drop)
}

fn read_notice(fields: &mut Fields<'_>) -> Result<Notice, DbError> {
    Ok(Notice {
        id: NoticeId::from_u64(fields.bits()?),
        masked: fields.text()?.to_owned(),
        asked_at: fields.time()?,
        state: coded(fields, NoticeState::from_code)?,
        ended_at: fields.opt_time()?,
    })
}

#[cfg(test)]
mod tests;
