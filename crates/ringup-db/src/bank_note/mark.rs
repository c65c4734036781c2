use crate::error::DbError;
use crate::seam::{Query, Read, WriteTx};

/// How far the conversation with the validator had got, so that a restarted kiosk can take it up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// SSP: the sequence bit of the poll that is sent next. A validator that has answered it already repeats that answer.
    SspBit(bool),
    /// ccTalk: the counter of the last event that was read and written down.
    CctalkCounter(u8),
}

/// The mark that was kept last.
///
/// # Errors
/// What the database says.
pub fn find_mark(tx: &mut impl Read) -> Result<Option<Mark>, DbError> {
    let found =
        tx.query_first("select protocol, value from validator_mark", &[], |fields| Ok((fields.int()?, fields.int()?)))?;
    match found {
        None => Ok(None),
        Some((1, value)) => Ok(Some(Mark::SspBit(value == 1))),
        Some((2, value)) => match u8::try_from(value) {
            Ok(counter) => Ok(Some(Mark::CctalkCounter(counter))),
            Err(_) => Err(DbError::Damaged(format!("{value} is no event counter"))),
        },
        Some((protocol, _)) => Err(DbError::Damaged(format!("{protocol} is no validator's protocol"))),
    }
}

/// The answer that was kept with the mark.
///
/// # Errors
/// What the database says.
pub fn find_answer(tx: &mut impl Read) -> Result<Option<Vec<u8>>, DbError> {
    let found =
        tx.query_first("select answer from validator_mark", &[], |fields| Ok(fields.opt_blob()?.map(<[u8]>::to_vec)))?;
    Ok(found.flatten())
}

/// Keeps the answer to the poll that the mark is about.
///
/// # Errors
/// [`DbError::Conflict`] when there is no mark; what the database says otherwise.
pub fn keep_answer(tx: &mut WriteTx<'_>, answer: &[u8]) -> Result<(), DbError> {
    tx.execute_exactly("update validator_mark set answer = $1", &[answer.into()], 1)
}

/// Keeps a mark instead of the last one, and forgets the answer that belonged to that.
///
/// # Errors
/// What the database says.
pub fn keep_mark(tx: &mut WriteTx<'_>, mark: Mark) -> Result<(), DbError> {
    let (protocol, value) = match mark {
        Mark::SspBit(bit) => (1_i64, i64::from(bit)),
        Mark::CctalkCounter(counter) => (2, i64::from(counter)),
    };
    let sql = "insert into validator_mark (one, protocol, value) values (1, $1, $2)
        on conflict (one) do update set protocol = excluded.protocol, value = excluded.value, answer = null";
    tx.execute_exactly(sql, &[protocol.into(), value.into()], 1)
}
