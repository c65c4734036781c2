//! What a kiosk has asked for to be paid by QR code, until the server has said what became of it.

use crate::error::DbError;
use crate::seam::{Query, Read, WriteTx};

/// A top-up that is not answered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingTopUp {
    /// The key it is asked for under, in every try.
    pub key: [u8; 16],
    /// The quote that is taken, as it came.
    pub quote: String,
    /// Who takes the payment: `alipay`, `wechat_pay`.
    pub provider: String,
    /// The language's tag.
    pub language: String,
    /// The holder has said that this is another one.
    pub another_one: bool,
}

/// A top-up that the server has placed, and of which it has not said yet what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenTopUp {
    /// The key it was asked for under.
    pub key: [u8; 16],
    /// The code that the server knows it by.
    pub code: String,
}

/// Keeps a top-up before it is asked for.
///
/// # Errors
/// [`DbError::Conflict`] when another one is not answered yet; what the database says otherwise.
pub fn insert_top_up(tx: &mut WriteTx<'_>, top_up: &PendingTopUp) -> Result<(), DbError> {
    let sql = "insert into top_up (key, quote, provider, language, another_one) values ($1, $2, $3, $4, $5)";
    let params = [
        top_up.key.as_slice().into(),
        top_up.quote.as_str().into(),
        top_up.provider.as_str().into(),
        top_up.language.as_str().into(),
        i64::from(top_up.another_one).into(),
    ];
    tx.execute_exactly(sql, &params, 1)
}

/// The top-up that is not answered yet.
///
/// # Errors
/// What the database says.
pub fn find_pending_top_up(tx: &mut impl Read) -> Result<Option<PendingTopUp>, DbError> {
    let sql = "select key, quote, provider, language, another_one from top_up where code is null";
    tx.query_first(sql, &[], |fields| {
        Ok(PendingTopUp {
            key: fields.bytes()?,
            quote: fields.text()?.to_owned(),
            provider: fields.text()?.to_owned(),
            language: fields.text()?.to_owned(),
            another_one: fields.int()? == 1,
        })
    })
}

/// The top-up with this key is placed under this code. Told again, nothing changes.
///
/// # Errors
/// What the database says.
pub fn set_top_up_code(tx: &mut WriteTx<'_>, key: [u8; 16], code: &str) -> Result<(), DbError> {
    let sql = "update top_up set code = $2 where key = $1 and code is null";
    tx.execute(sql, &[key.as_slice().into(), code.into()]).map(|_| ())
}

/// Top-ups that are placed and not at their end, the oldest first.
///
/// # Errors
/// What the database says.
pub fn open_top_ups(tx: &mut impl Read, limit: u32) -> Result<Vec<OpenTopUp>, DbError> {
    let sql = "select key, code from top_up where code is not null order by rowid limit $1";
    tx.query(sql, &[limit.into()], |fields| Ok(OpenTopUp { key: fields.bytes()?, code: fields.text()?.to_owned() }))
}

/// The server has said what became of the top-up with this key, or that there is none.
///
/// # Errors
/// What the database says.
pub fn delete_top_up(tx: &mut WriteTx<'_>, key: [u8; 16]) -> Result<(), DbError> {
    tx.execute("delete from top_up where key = $1", &[key.as_slice().into()]).map(|_| ())
}
