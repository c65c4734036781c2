//! SQLite: one file, one writing connection, readers on snapshots of its write-ahead log.

mod checkpoint;
mod log;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use self::checkpoint::Checkpointer;
pub(super) use self::log::Log;
use super::value::{Row, Value};
use crate::error::{DbError, Unavailable};

/// How long a statement waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Statements kept prepared on each connection: all that the crate has.
const STATEMENTS_KEPT: usize = 200;

/// Settings of every connection.
///
/// `synchronous=normal` has no commit wait for a sync: who tells anybody of it does (`log`). Checkpoints are made beside the
/// writer (`checkpoint`), and sync both the log and the file in their order; SQLite's own, inside a commit, never: nobody would
/// hear of its failure. The 256 MiB of mapped file are the
/// system's page cache, not memory of our own. A page has 2048 bytes: a commit writes many pages for a few changed bytes in
/// each, and with SQLite's 4096 a credit took up to a tenth longer; with 1024 it was no faster. A file keeps the size it was
/// made with.
///
/// 4 MiB of pages are cached: enough for the inner pages and for what a batch writes. The rest is in the system's page cache, and a
/// larger cache of our own costs more than it saves: when a commit has split pages, SQLite goes over all it has cached
/// (`pcache1TruncateUnsafe`), which with 256 MiB took a fifth of the writer's time.
const PRAGMAS: &str = "
    pragma page_size = 2048;
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma foreign_keys = on;
    pragma wal_autocheckpoint = 0;
    pragma mmap_size = 268435456;
    pragma temp_store = default;
    pragma journal_size_limit = 268435456;
    pragma cache_size = -4096;
";

/// A reader's connection writes nothing.
const READER_SETTINGS: &str = "pragma query_only = on";

/// A connection to a file.
pub(super) struct SqliteLink {
    /// Before the connection, so that the last one to be closed is the writer's own.
    writing: Option<Writing>,
    connection: Connection,
    texts: HashMap<&'static str, String>,
}

/// What only the writer has.
struct Writing {
    log: Arc<Log>,
    checkpointer: Checkpointer,
}

impl SqliteLink {
    /// Opens the file for writing, and makes it when it is not there.
    pub(super) fn open_writer(path: &Path) -> Result<Self, DbError> {
        let connection = connect(path)?;
        let log = Arc::new(Log::new(path));
        let checkpointer = Checkpointer::new(path, &log)?;
        Ok(Self { writing: Some(Writing { log, checkpointer }), connection, texts: HashMap::new() })
    }

    /// Opens the file for reading only.
    ///
    /// The file itself is opened for writing, because a reader must be able to use the log's index; `query_only`
    /// keeps it from changing anything.
    pub(super) fn open_reader(path: &Path) -> Result<Self, DbError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(DbError::from)?;
        set_up(&connection)?;
        connection.execute_batch(READER_SETTINGS).map_err(DbError::from)?;
        Ok(Self { writing: None, connection, texts: HashMap::new() })
    }

    /// The log that this writer appends to.
    pub(super) fn log(&self) -> Option<&Arc<Log>> {
        self.writing.as_ref().map(|writing| &writing.log)
    }

    /// Begins a transaction that may write.
    pub(super) fn begin_write(&mut self) -> Result<(), DbError> {
        if self.log().is_some_and(|log| log.has_failed()) {
            return Err(log::failure().into());
        }
        // The lock is taken at once: a reader that becomes a writer later may find its snapshot outdated.
        run_prepared(&self.connection, "begin immediate").map_err(DbError::from)
    }

    /// Begins a transaction that reads from one snapshot.
    pub(super) fn begin_read(&mut self) -> Result<(), DbError> {
        run_prepared(&self.connection, "begin deferred").map_err(DbError::from)
    }

    /// Runs statements that need no parameters and answer nothing.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        self.connection.execute_batch(sql).map_err(DbError::from)
    }

    /// Ends the transaction; says whether a failure leaves it certain that nothing was committed. What is committed may not be
    /// on the disk yet: answers the commit's number in the log.
    pub(super) fn commit(&mut self) -> Result<u64, CommitFailure> {
        let Some(Writing { log, checkpointer }) = &mut self.writing else {
            let error = DbError::Statement("a reader writes nothing".to_owned());
            return Err(CommitFailure { error, certain: true });
        };
        let number = log.begin();
        let committed = run_prepared(&self.connection, "commit");
        log.end();
        committed.map_err(|error| {
            let code = error.sqlite_error_code();
            let certain = match code {
                // The lock was not had, or a constraint spoke: the transaction is still open.
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::ConstraintViolation) => true,
                // A page could not be appended to the log. The page that marks the commit is the last one and nothing is
                // appended after it (our file system layer is "powersafe overwrite", so it is not padded): it is not there.
                // SQLite, `sqlite3WalFrames`, read on 2026-11-23.
                Some(ErrorCode::DiskFull) => true,
                // A sync of the log that begins anew failed, perhaps: the commit may have reached the disk or not.
                _ => false,
            };
            CommitFailure { error: error.into(), certain }
        })?;
        checkpointer.after_commit(&self.connection);
        Ok(number)
    }

    /// Undoes what is open; nothing is open when a failure has undone it already.
    pub(super) fn rollback(&mut self) -> Result<(), DbError> {
        if self.connection.is_autocommit() {
            return Ok(());
        }
        run_prepared(&self.connection, "rollback").map_err(DbError::from)
    }

    /// Hands each row of the answer to `each`.
    pub(super) fn query(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let width = params.len().max(1);
        self.query_all(sql, params, width, each)
    }

    /// The same statement for each `width` of the parameters.
    pub(super) fn query_all(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        width: usize,
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let mut statement = self.connection.prepare_cached(translate(&mut self.texts, sql)).map_err(DbError::from)?;
        let mut run = |values: &[Value<'_>]| -> Result<(), DbError> {
            bind(&mut statement, values)?;
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next().map_err(DbError::from)? {
                each(&Row::Sqlite(row))?;
            }
            Ok(())
        };
        if params.is_empty() {
            return run(params);
        }
        params.chunks(width).try_for_each(run)
    }

    /// Runs a statement for each `width` of the parameters; answers how many rows it changed in all.
    pub(super) fn execute_all(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        width: usize,
    ) -> Result<u64, DbError> {
        let mut statement = self.connection.prepare_cached(translate(&mut self.texts, sql)).map_err(DbError::from)?;
        let mut changed: u64 = 0;
        let mut run = |values: &[Value<'_>]| -> Result<(), DbError> {
            bind(&mut statement, values)?;
            let rows = statement.raw_execute().map_err(DbError::from)?;
            changed = changed.saturating_add(u64::try_from(rows).unwrap_or(u64::MAX));
            Ok(())
        };
        if params.is_empty() {
            run(params)?;
        } else {
            params.chunks(width).try_for_each(run)?;
        }
        Ok(changed)
    }
}

fn run_prepared(connection: &Connection, sql: &'static str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.raw_execute().map(drop)
}

/// A connection that may write, and makes the file when it is not there.
fn connect(path: &Path) -> Result<Connection, DbError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(DbError::from)?;
    set_up(&connection)?;
    Ok(connection)
}

fn set_up(connection: &Connection) -> Result<(), DbError> {
    connection.busy_timeout(BUSY_TIMEOUT).map_err(DbError::from)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    // A statement keeps the plan it was prepared with. Otherwise SQLite parses and plans it anew whenever a parameter is bound that
    // might change the plan, which is each time (sqlite.org/queryplanner-ng.html, "query planner stability guarantee").
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(DbError::from)?;
    connection.execute_batch(PRAGMAS).map_err(DbError::from)
}

/// What happened at a commit.
pub(super) struct CommitFailure {
    /// What was said.
    pub(super) error: DbError,
    /// Whether it is certain that nothing was committed.
    pub(super) certain: bool,
}

fn bind(statement: &mut rusqlite::CachedStatement<'_>, values: &[Value<'_>]) -> Result<(), DbError> {
    for (position, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(position.saturating_add(1), value).map_err(DbError::from)?;
    }
    Ok(())
}

/// Statements are written with `$1`, as PostgreSQL has it; SQLite numbers by `?1`, and would number `$1` by its first place.
fn translate<'a>(texts: &'a mut HashMap<&'static str, String>, sql: &'static str) -> &'a str {
    texts.entry(sql).or_insert_with(|| sql.replace('$', "?"))
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, message) = &error else {
            return Self::Statement(error.to_string());
        };
        let said = message.clone().unwrap_or_else(|| failure.to_string());
        match failure.code {
            ErrorCode::ConstraintViolation => constraint(failure.extended_code, &said),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Unavailable::Locked.into(),
            ErrorCode::DiskFull => Unavailable::Full.into(),
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Unavailable::ReadOnly.into(),
            ErrorCode::SystemIoFailure => Unavailable::Disk(said).into(),
            ErrorCode::CannotOpen => Unavailable::Gone(said).into(),
            ErrorCode::OperationInterrupted => Unavailable::TooSlow.into(),
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged(said),
            _ => Self::Statement(said),
        }
    }
}

fn constraint(extended: i32, said: &str) -> DbError {
    let name = said.rsplit_once("failed: ").map_or(said, |(_, name)| name);
    match extended {
        // Only a writer that did not see the row inserts its key again.
        rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY | rusqlite::ffi::SQLITE_CONSTRAINT_ROWID => DbError::Conflict,
        // SQLite names the columns: the rule is called after the last of them, as on PostgreSQL.
        rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE => {
            let column = name.rsplit(", ").next().unwrap_or(name);
            DbError::Broken(format!("{}_unique", column.replace('.', "_")))
        }
        _ => DbError::Broken(name.to_owned()),
    }
}

#[cfg(test)]
mod tests;
