//! Receipts that holders have had sent to them. What is to be sent, and where to, stands here sealed, and only until it has ended.

use ringup_core::id::{NoticeId, TopUpId};
use ringup_core::notice::{NoticeKind, NoticeState};
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
    /// How it goes.
    pub kind: NoticeKind,
    /// The address or the number, all but hidden.
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
    /// How it goes.
    pub kind: NoticeKind,
    /// Hash of the form's key and the address or the number.
    pub key_hash: [u8; 16],
    /// The address or the number as pages show it.
    pub masked: String,
    /// What is to be sent and where to, sealed.
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
        (shard, id, top_up_id, number, key_hash, masked, sealed, from_hash, asked_at, state, kind)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
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
        new.kind.code().into(),
    ];
    tx.execute_exactly(sql, &values, 1)
}

/// The notices of a receipt, the oldest first.
///
/// # Errors
/// What the database says.
pub fn notices_of(tx: &mut impl Read, top_up: TopUpId) -> Result<Vec<Notice>, DbError> {
    let sql = "select id, kind, masked, asked_at, state, ended_at from notice
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

/// A notice that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// How it goes.
    pub kind: NoticeKind,
    /// What is to be sent and where to, sealed.
    pub sealed: String,
    /// How often it was handed over without a word of what came of it.
    pub unanswered: u32,
}

/// A notice that is to be sent; nothing when it has ended.
///
/// # Errors
/// What the database says.
pub fn find_waiting(tx: &mut impl Read, id: NoticeId) -> Result<Option<Waiting>, DbError> {
    let sql =
        "select asked_at, kind, sealed, unanswered from notice where shard = $1 and id = $2 and sealed is not null";
    tx.query_first(sql, &[id.shard().0.into(), id.as_u64().into()], |fields| {
        Ok(Waiting {
            asked_at: fields.time()?,
            kind: coded(fields, NoticeKind::from_code)?,
            sealed: fields.text()?.to_owned(),
            unanswered: read_u32(fields)?,
        })
    })
}

/// Writes down how often a notice has been handed over without a word of what came of it.
///
/// # Errors
/// What the database says.
pub fn count_unanswered(tx: &mut WriteTx<'_>, id: NoticeId, unanswered: u32) -> Result<(), DbError> {
    let sql = "update notice set unanswered = $3 where shard = $1 and id = $2 and sealed is not null";
    tx.execute(sql, &[id.shard().0.into(), id.as_u64().into(), unanswered.into()]).map(drop)
}

/// How a notice ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How it stands now.
    pub state: NoticeState,
    /// When.
    pub at: Timestamp,
    /// The SMS centre's own number of it, when that may report on it.
    pub reference: Option<String>,
}

/// Ends a notice and forgets what was to be sent, and where to. One that has ended stays as it is.
///
/// # Errors
/// What the database says.
pub fn end_notice(tx: &mut WriteTx<'_>, id: NoticeId, ended: &Ended) -> Result<(), DbError> {
    let sql = "update notice set state = $3, ended_at = $4, reference = $5, sealed = null
        where shard = $1 and id = $2 and sealed is not null";
    let Ended { state, at, reference } = ended;
    let values =
        [id.shard().0.into(), id.as_u64().into(), state.code().into(), (*at).into(), reference.as_deref().into()];
    tx.execute(sql, &values).map(drop)
}

/// Writes down what the SMS centre reports of a text message that it had taken, by its own number of it; says whether there is such a notice. A
/// report that comes again, or after another one, changes nothing.
///
/// # Errors
/// What the database says.
pub fn record_report(
    tx: &mut WriteTx<'_>,
    reference: &str,
    state: NoticeState,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "update notice set state = $2, ended_at = $3 where reference = $1 and state = $4";
    let values = [reference.into(), state.code().into(), now.into(), NoticeState::Accepted.code().into()];
    if tx.execute(sql, &values)? > 0 {
        return Ok(true);
    }
    let sql = "select 1 from notice where reference = $1";
    Ok(tx.query_first(sql, &[reference.into()], |fields| fields.int())?.is_some())
}

/// Forgets the SMS centre's numbers of what ended before this moment: no report is waited for any more.
///
/// # Errors
/// What the database says.
pub fn forget_references(tx: &mut WriteTx<'_>, before: Timestamp) -> Result<(), DbError> {
    let sql = "update notice set reference = null where reference is not null and ended_at < $1";
    tx.execute(sql, &[before.into()]).map(drop)
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
        kind: coded(fields, NoticeKind::from_code)?,
        masked: fields.text()?.to_owned(),
        asked_at: fields.time()?,
        state: coded(fields, NoticeState::from_code)?,
        ended_at: fields.opt_time()?,
    })
}

#[cfg(test)]
mod tests;
