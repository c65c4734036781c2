//! Reading through either kind of transaction.

use super::{Engine, Fields, Link, ReadTx, Row, Value, WriteTx};
use crate::error::DbError;

/// Runs statements that read. Nobody outside the crate can name it, so nobody outside can write SQL.
pub trait Connected {
    /// Which of the two databases it is.
    fn engine(&self) -> Engine;

    /// Hands each row of an answer to `row`.
    fn each(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError>;

    /// Runs a query once for each `width` parameters, on SQLite; on PostgreSQL one statement takes whole columns instead.
    fn query_each(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        width: usize,
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError>;

    /// The same as [`Connected::each`] for an answer that may be too long to be held.
    fn stream(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError>;
}

impl Connected for Link {
    fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    fn each(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        match self {
            Self::Sqlite(link) => link.query(sql, params, row),
            Self::Postgres(link) => link.query(sql, params, row),
        }
    }

    fn query_each(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        width: usize,
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        match self {
            Self::Sqlite(link) => link.query_all(sql, params, width, row),
            Self::Postgres(_) => Err(DbError::Statement("rows are read set by set".to_owned())),
        }
    }

    fn stream(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        match self {
            Self::Sqlite(link) => link.query(sql, params, row),
            Self::Postgres(link) => link.stream(sql, params, row),
        }
    }
}

impl Connected for ReadTx<'_> {
    fn engine(&self) -> Engine {
        self.link.engine()
    }

    fn each(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        self.link.each(sql, params, row)
    }

    fn query_each(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        width: usize,
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        self.link.query_each(sql, params, width, row)
    }

    fn stream(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        self.link.stream(sql, params, row)
    }
}

impl Connected for WriteTx<'_> {
    fn engine(&self) -> Engine {
        self.link.engine()
    }

    fn each(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let result = self.link.each(sql, params, row);
        self.remember(result)
    }

    fn query_each(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        width: usize,
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let result = self.link.query_each(sql, params, width, row);
        self.remember(result)
    }

    fn stream(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        row: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let result = self.link.stream(sql, params, row);
        self.remember(result)
    }
}

/// What the crate's own functions read with.
pub trait Query: Connected {
    /// All rows of an answer, each read by `read`.
    fn query<T>(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        read: impl Fn(&mut Fields<'_>) -> Result<T, DbError>,
    ) -> Result<Vec<T>, DbError> {
        let mut found = Vec::new();
        self.each(sql, params, &mut |row| {
            found.push(read(&mut row.fields())?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The first row of an answer, if there is one.
    fn query_first<T>(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        read: impl Fn(&mut Fields<'_>) -> Result<T, DbError>,
    ) -> Result<Option<T>, DbError> {
        Ok(self.query(sql, params, read)?.into_iter().next())
    }
}

impl<C: Connected + ?Sized> Query for C {}
