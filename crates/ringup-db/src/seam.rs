//! The seam: both databases behind one face. No other module names a driver.
//!
//! A [`Writer`] is one writing connection, a [`Reader`] one reading connection. What happens in a transaction is a sync
//! closure, so that nothing else can be waited for inside it. Statements are written once, with `$1` for their
//! parameters; what the databases take differently is in `dialect.rs`.

mod connected;
mod postgres;
mod sqlite;
mod unsynced;
mod value;

pub(crate) use self::connected::{Connected, Query};
pub(crate) use self::postgres::Together;
use self::postgres::{PostgresLink, Purpose};
use self::sqlite::SqliteLink;
use self::unsynced::Logs;
pub use self::unsynced::Unsynced;
pub(crate) use self::value::{Fields, Row, Value};
use crate::error::{DbError, Stop, WriteError};
use crate::url::DatabaseUrl;

/// A database: what connections are made from.
#[derive(Clone, Debug)]
pub struct Database {
    url: DatabaseUrl,
    logs: Logs,
}

/// Which of the two it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file of our own.
    Sqlite,
    /// A server.
    Postgres,
}

enum Link {
    Sqlite(Box<SqliteLink>),
    Postgres(Box<PostgresLink>),
}

impl Database {
    /// Opens a database: the file is made when it is not there; a server is asked once.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when it is not there.
    pub fn open(url: DatabaseUrl) -> Result<Self, DbError> {
        let database = Self { url, logs: Logs::default() };
        database.writer()?;
        Ok(database)
    }

    /// Where it is, without its password.
    #[must_use]
    pub const fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Makes a writing connection. On SQLite there should be one in the whole process.
    ///
    /// # Errors
    /// [`DbError::Unavailable`].
    pub fn writer(&self) -> Result<Writer, DbError> {
        let link = match &self.url {
            DatabaseUrl::Sqlite(path) => {
                let link = SqliteLink::open_writer(path)?;
                self.logs.now_written_by(&link);
                Link::Sqlite(Box::new(link))
            }
            DatabaseUrl::Postgres(url) => Link::postgres(url.reveal(), Purpose::Writing)?,
        };
        Ok(Writer { link })
    }

    /// Makes a reading connection for rows that are looked up by their keys, and for nothing else: on PostgreSQL it never reads
    /// a whole table.
    ///
    /// # Errors
    /// [`DbError::Unavailable`].
    pub fn looker(&self) -> Result<Reader, DbError> {
        let link = match &self.url {
            DatabaseUrl::Sqlite(path) => Link::Sqlite(Box::new(SqliteLink::open_reader(path)?)),
            DatabaseUrl::Postgres(url) => Link::postgres(url.reveal(), Purpose::LookingUp)?,
        };
        Ok(Reader { link, logs: self.logs.clone() })
    }

    /// Makes a reading connection.
    ///
    /// # Errors
    /// [`DbError::Unavailable`].
    pub fn reader(&self) -> Result<Reader, DbError> {
        let link = match &self.url {
            DatabaseUrl::Sqlite(path) => Link::Sqlite(Box::new(SqliteLink::open_reader(path)?)),
            DatabaseUrl::Postgres(url) => Link::postgres(url.reveal(), Purpose::Reading)?,
        };
        Ok(Reader { link, logs: self.logs.clone() })
    }
}

impl Link {
    fn postgres(url: &str, purpose: Purpose) -> Result<Self, DbError> {
        let mut link = PostgresLink::new(url, purpose)?;
        link.connect()?;
        Ok(Self::Postgres(Box::new(link)))
    }

    fn begin_write(&mut self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(link) => link.begin_write(),
            // Each statement sees what was committed last, and writes are guarded by versions. A snapshot for the whole
            // transaction would refuse every wait for a lock.
            Self::Postgres(link) => link.begin("begin isolation level read committed read write"),
        }
    }

    fn begin_read(&mut self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(link) => link.begin_read(),
            Self::Postgres(link) => link.begin("begin isolation level repeatable read read only"),
        }
    }

    fn rollback(&mut self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(link) => link.rollback(),
            Self::Postgres(link) => link.rollback(),
        }
    }
}

/// A writing connection.
pub struct Writer {
    link: Link,
}

/// A transaction that may write.
pub struct WriteTx<'a> {
    link: &'a mut Link,
    failed: Option<DbError>,
}

impl Writer {
    /// Runs a transaction: commits when the closure ends well, and rolls back otherwise.
    ///
    /// When this returns a value, what was written is on the disk.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn write<T, E>(
        &mut self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, Stop<E>>,
    ) -> Result<T, WriteError<E>> {
        let (value, unsynced) = self.write_ahead(work)?;
        unsynced.wait().map_err(WriteError::CommitUnknown)?;
        Ok(value)
    }

    /// The same as [`Self::write`], but does not wait for the disk: nobody may be told of it before [`Unsynced::wait`] has
    /// returned. This writer's next transaction may begin meanwhile. What it writes is on the disk only when this is.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn write_ahead<T, E>(
        &mut self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, Stop<E>>,
    ) -> Result<(T, Unsynced), WriteError<E>> {
        self.link.begin_write()?;
        let mut tx = WriteTx { link: &mut self.link, failed: None };
        let result = match (work(&mut tx), tx.failed.take()) {
            (Ok(value), None) => Ok(value),
            // A closure may have overlooked a failure. PostgreSQL would then answer COMMIT with a silent rollback.
            (Ok(_), Some(failed)) => Err(Stop::Db(failed)),
            (Err(stop), _) => Err(stop),
        };
        match result {
            Ok(value) => {
                let unsynced = self.commit()?;
                Ok((value, unsynced))
            }
            Err(stop) => {
                self.roll_back();
                Err(stop.into())
            }
        }
    }

    fn commit<E>(&mut self) -> Result<Unsynced, WriteError<E>> {
        let result = match &mut self.link {
            Link::Sqlite(link) => link.commit().map(|commit| Unsynced::of(link.log(), commit)),
            Link::Postgres(link) => link.commit().map(|()| Unsynced::nothing()),
        };
        let failure = match result {
            Ok(unsynced) => return Ok(unsynced),
            Err(failure) => failure,
        };
        self.roll_back();
        if failure.certain {
            return Err(failure.error.into());
        }
        Err(match failure.error {
            DbError::Unavailable(why) => WriteError::CommitUnknown(why),
            other => WriteError::CommitUnknown(crate::error::Unavailable::Gone(other.to_string())),
        })
    }

    /// A rollback that fails changes nothing for the caller: what is not committed is undone by the database itself.
    fn roll_back(&mut self) {
        if let Err(error) = self.link.rollback() {
            tracing::warn!(%error, "a transaction could not be rolled back");
        }
    }
}

/// A reading connection.
pub struct Reader {
    link: Link,
    logs: Logs,
}

/// A transaction that only reads, and sees the database as it was when it began.
pub struct ReadTx<'a> {
    link: &'a mut Link,
}

impl Reader {
    /// Reads from one snapshot. When this returns a value, everything it shows is on the disk.
    ///
    /// # Errors
    /// What the closure returns; [`DbError::Unavailable`] when there is no snapshot to be had.
    pub fn read<T, E: From<DbError>>(&mut self, work: impl FnOnce(&mut ReadTx<'_>) -> Result<T, E>) -> Result<T, E> {
        let (value, unsynced) = self.read_ahead(work)?;
        unsynced.wait().map_err(DbError::from)?;
        Ok(value)
    }

    /// The same as [`Self::read`], but does not wait for the disk: nobody may be told of it before [`Unsynced::wait`] has
    /// returned. This reader may read on meanwhile.
    ///
    /// # Errors
    /// What the closure returns; [`DbError::Unavailable`] when there is no snapshot to be had.
    pub fn read_ahead<T, E: From<DbError>>(
        &mut self,
        work: impl FnOnce(&mut ReadTx<'_>) -> Result<T, E>,
    ) -> Result<(T, Unsynced), E> {
        self.link.begin_read()?;
        let result = work(&mut ReadTx { link: &mut self.link });
        let ended = self.link.rollback();
        let value = result?;
        ended?;
        Ok((value, self.logs.seen()))
    }
}

/// Reading, inside a transaction of either kind.
pub trait Read: connected::Connected {}

impl Read for WriteTx<'_> {}
impl Read for ReadTx<'_> {}

/// What the crate's own functions use to write.
impl WriteTx<'_> {
    /// Runs a statement; answers how many rows it changed.
    pub(crate) fn execute(&mut self, sql: &'static str, params: &[Value<'_>]) -> Result<u64, DbError> {
        let result = match &mut self.link {
            Link::Sqlite(link) => link.execute_all(sql, params, params.len().max(1)),
            Link::Postgres(link) => link.execute(sql, params),
        };
        self.remember(result)
    }

    /// Runs a statement that must change so many rows, no more and no fewer.
    ///
    /// # Errors
    /// [`DbError::Conflict`] when it changed another number: somebody else wrote the row that it is guarded by.
    pub(crate) fn execute_exactly(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        rows: u64,
    ) -> Result<(), DbError> {
        let changed = self.execute(sql, params)?;
        let result = if changed == rows { Ok(()) } else { Err(DbError::Conflict) };
        self.remember(result)
    }

    /// Runs statements together, each of which must change so many rows, on PostgreSQL.
    ///
    /// # Errors
    /// [`DbError::Conflict`] when one changed another number.
    pub(crate) fn execute_together(&mut self, together: &[Together<'_>]) -> Result<(), DbError> {
        let result = match &mut self.link {
            Link::Sqlite(_) => Err(DbError::Statement("rows are written one by one".to_owned())),
            Link::Postgres(link) => link.execute_together(together),
        };
        self.remember(result)
    }

    /// Runs a statement once for each `width` parameters, on SQLite.
    pub(crate) fn execute_each(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        width: usize,
    ) -> Result<u64, DbError> {
        let result = match &mut self.link {
            Link::Sqlite(link) => link.execute_all(sql, params, width),
            Link::Postgres(_) => Err(DbError::Statement("rows are written set by set".to_owned())),
        };
        self.remember(result)
    }

    /// Runs statements that take no parameters: migrations.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        let result = match &mut self.link {
            Link::Sqlite(link) => link.batch(sql),
            Link::Postgres(link) => link.batch(sql),
        };
        self.remember(result)
    }

    /// Fails the transaction: it will not be committed, whatever its closure says.
    pub(crate) fn refuse<T>(&mut self, error: DbError) -> Result<T, DbError> {
        self.remember(Err(error))
    }

    /// Keeps a failure in mind: a transaction with a failed statement is never committed.
    fn remember<T>(&mut self, result: Result<T, DbError>) -> Result<T, DbError> {
        if let Err(error) = &result {
            self.failed.get_or_insert_with(|| error.clone());
        }
        result
    }
}

#[cfg(test)]
mod tests;
