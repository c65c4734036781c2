//! What goes into statements and what comes out of rows, for both drivers.

use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut};

use ringup_core::time::Timestamp;

use crate::error::DbError;

/// A parameter of a statement. Ids and counts are integers, moments are microseconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// An integer.
    Int(i64),
    /// A text.
    Text(std::borrow::Cow<'a, str>),
    /// Bytes.
    Blob(&'a [u8]),
    /// A column of integers, for `unnest`: PostgreSQL only.
    Ints(Vec<Option<i64>>),
    /// A column of texts, for `unnest`: PostgreSQL only.
    Texts(Vec<Option<std::borrow::Cow<'a, str>>>),
    /// A column of bytes, for `unnest`: PostgreSQL only.
    Blobs(Vec<Option<&'a [u8]>>),
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

/// Ids are below 2^63; a caller's own number may be above, and keeps its bits.
impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Int(number.cast_signed())
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Int(i64::from(number))
    }
}

impl From<u8> for Value<'_> {
    fn from(number: u8) -> Self {
        Self::Int(i64::from(number))
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(moment: Timestamp) -> Self {
        Self::Int(moment.micros())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Blob(bytes)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
            Self::Ints(_) | Self::Texts(_) | Self::Blobs(_) => {
                return Err(rusqlite::Error::ToSqlConversionFailure("SQLite takes no arrays".into()));
            }
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

type AnyError = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, AnyError> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) if *ty == Type::INT2 => i16::try_from(*number)?.to_sql(ty, out),
            Self::Int(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Self::Int(number) if *ty == Type::INT8 => number.to_sql(ty, out),
            Self::Text(text) if <&str as ToSql>::accepts(ty) => text.as_ref().to_sql(ty, out),
            Self::Blob(bytes) if *ty == Type::BYTEA => bytes.to_sql(ty, out),
            Self::Ints(column) if *ty == Type::INT8_ARRAY => column.to_sql(ty, out),
            Self::Texts(column) if *ty == Type::TEXT_ARRAY => column.to_sql(ty, out),
            Self::Blobs(column) if *ty == Type::BYTEA_ARRAY => column.to_sql(ty, out),
            Self::Int(_) | Self::Text(_) | Self::Blob(_) | Self::Ints(_) | Self::Texts(_) | Self::Blobs(_) => {
                Err(format!("the parameter does not fit the type {ty}").into())
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true // decided above, where the value is known
    }

    tokio_postgres::types::to_sql_checked!();
}

/// An integer column of any width.
struct AnyInt(i64);

impl<'a> FromSql<'a> for AnyInt {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, AnyError> {
        let number = match *ty {
            Type::INT2 => i16::from_sql(ty, raw)?.into(),
            Type::INT4 => i32::from_sql(ty, raw)?.into(),
            _ => i64::from_sql(ty, raw)?,
        };
        Ok(Self(number))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT2 | Type::INT4 | Type::INT8)
    }
}

/// A row of an answer, while it is being read.
pub enum Row<'a> {
    /// From SQLite, straight out of its page.
    Sqlite(&'a rusqlite::Row<'a>),
    /// From PostgreSQL.
    Postgres(&'a tokio_postgres::Row),
}

impl Row<'_> {
    /// Its fields, to be read from the first to the last.
    pub fn fields(&self) -> Fields<'_> {
        Fields { row: self, next: 0 }
    }
}

/// The fields of a row, from the first to the last.
pub struct Fields<'a> {
    row: &'a Row<'a>,
    next: usize,
}

impl<'a> Fields<'a> {
    fn take(&mut self) -> usize {
        let column = self.next;
        self.next = column.saturating_add(1);
        column
    }

    /// An integer that may be missing.
    pub fn opt_int(&mut self) -> Result<Option<i64>, DbError> {
        let column = self.take();
        match self.row {
            Row::Sqlite(row) => {
                row.get_ref(column).map_err(damaged).and_then(|value| value.as_i64_or_null().map_err(damaged))
            }
            Row::Postgres(row) => {
                row.try_get::<_, Option<AnyInt>>(column).map(|number| number.map(|AnyInt(n)| n)).map_err(damaged)
            }
        }
    }

    /// An integer.
    pub fn int(&mut self) -> Result<i64, DbError> {
        self.opt_int()?.ok_or_else(|| self.missing())
    }

    /// The bits of an integer, as an id or a caller's own number.
    pub fn bits(&mut self) -> Result<u64, DbError> {
        self.int().map(i64::cast_unsigned)
    }

    /// The bits of an integer that may be missing.
    pub fn opt_bits(&mut self) -> Result<Option<u64>, DbError> {
        self.opt_int().map(|number| number.map(i64::cast_unsigned))
    }

    /// A count.
    pub fn count(&mut self) -> Result<u64, DbError> {
        let number = self.int()?;
        u64::try_from(number).map_err(|_| DbError::Damaged(format!("{number} is no count")))
    }

    /// A moment.
    pub fn time(&mut self) -> Result<Timestamp, DbError> {
        self.int().map(Timestamp::from_micros)
    }

    /// A moment that may be missing.
    pub fn opt_time(&mut self) -> Result<Option<Timestamp>, DbError> {
        self.opt_int().map(|micros| micros.map(Timestamp::from_micros))
    }

    /// A text that may be missing.
    pub fn opt_text(&mut self) -> Result<Option<&'a str>, DbError> {
        let column = self.take();
        match self.row {
            Row::Sqlite(row) => {
                row.get_ref(column).map_err(damaged).and_then(|value| value.as_str_or_null().map_err(damaged))
            }
            Row::Postgres(row) => row.try_get(column).map_err(damaged),
        }
    }

    /// A text.
    pub fn text(&mut self) -> Result<&'a str, DbError> {
        self.opt_text()?.ok_or_else(|| self.missing())
    }

    /// Bytes that may be missing.
    pub fn opt_blob(&mut self) -> Result<Option<&'a [u8]>, DbError> {
        let column = self.take();
        match self.row {
            Row::Sqlite(row) => {
                row.get_ref(column).map_err(damaged).and_then(|value| value.as_blob_or_null().map_err(damaged))
            }
            Row::Postgres(row) => row.try_get(column).map_err(damaged),
        }
    }

    /// Bytes.
    pub fn blob(&mut self) -> Result<&'a [u8], DbError> {
        self.opt_blob()?.ok_or_else(|| self.missing())
    }

    /// Exactly so many bytes.
    pub fn bytes<const N: usize>(&mut self) -> Result<[u8; N], DbError> {
        let bytes = self.blob()?;
        bytes.try_into().map_err(|_| DbError::Damaged(format!("{} bytes instead of {N}", bytes.len())))
    }

    fn missing(&self) -> DbError {
        DbError::Damaged(format!("column {} is missing", self.next))
    }
}

fn damaged(error: impl std::fmt::Display) -> DbError {
    DbError::Damaged(error.to_string())
}
