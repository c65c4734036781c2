//! PostgreSQL: one connection, made again on the next use after it was lost.
//!
//! The driver blocks: it must not be used on a thread that runs asynchronous tasks.

use std::collections::HashMap;
use std::time::Duration;

use postgres::error::SqlState;
use postgres::types::ToSql;
use postgres::{Client, Config, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::sqlite::CommitFailure;
use super::value::{Row, Value};
use crate::error::{DbError, Unavailable};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long sent bytes may stay unanswered before the connection counts as lost.
const SILENCE_MAX: Duration = Duration::from_secs(20);

/// Settings of every connection. A statement of ours touches a few hundred rows: what takes longer than these is stuck.
const SETTINGS: &str = "
    set synchronous_commit = on;
    set statement_timeout = '30s';
    set lock_timeout = '10s';
    set idle_in_transaction_session_timeout = '60s';
    set client_min_messages = warning;
    set jit = off;
    set time zone 'UTC'
";

/// Settings of a writing connection besides: each statement is planned once, and looks its rows up by their keys.
///
/// Left to itself the planner reads whole tables as long as it has no statistics, as on the first day, and keeps that plan:
/// tried with 30,000 top-ups in fresh tables, it read 12 million rows to find 60,000.
const WRITER_SETTINGS: &str = "
    set plan_cache_mode = force_generic_plan;
    set enable_seqscan = off;
    set enable_hashjoin = off;
    set enable_mergejoin = off
";

/// What a connection is for.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Writing,
    Reading,
}

/// A connection to a server, or the way to it.
pub(super) struct PostgresLink {
    config: Config,
    purpose: Purpose,
    client: Option<Client>,
    statements: HashMap<&'static str, Statement>,
}

impl PostgresLink {
    /// A link that will connect when it is used.
    pub(super) fn new(url: &str, purpose: Purpose) -> Result<Self, DbError> {
        // The driver's message may repeat the text it could not read, and with it a password.
        let unreadable = |_| DbError::from(Unavailable::Gone("the database URL cannot be read".to_owned()));
        let mut config: Config = url.parse().map_err(unreadable)?;
        config.application_name("ringup").connect_timeout(CONNECT_TIMEOUT).tcp_user_timeout(SILENCE_MAX);
        Ok(Self { config, purpose, client: None, statements: HashMap::new() })
    }

    /// Connects, if need be.
    pub(super) fn connect(&mut self) -> Result<&mut Client, DbError> {
        if self.client.as_ref().is_some_and(Client::is_closed) {
            self.client = None;
        }
        if self.client.is_none() {
            self.statements.clear();
            let mut client = self.config.connect(tls()?).map_err(unreachable_server)?;
            client.batch_execute(SETTINGS).map_err(DbError::from)?;
            match self.purpose {
                Purpose::Writing => client.batch_execute(WRITER_SETTINGS).map_err(DbError::from)?,
                Purpose::Reading => {}
            }
            self.client = Some(client);
        }
        self.client.as_mut().ok_or_else(|| Unavailable::Gone("no connection".to_owned()).into())
    }

    /// The connection that the transaction under way began on: a new one would not know of it.
    fn client(&mut self) -> Result<(&mut Client, &mut HashMap<&'static str, Statement>), DbError> {
        match &mut self.client {
            Some(client) if !client.is_closed() => Ok((client, &mut self.statements)),
            Some(_) | None => Err(Unavailable::Gone("the connection was lost".to_owned()).into()),
        }
    }

    /// Runs statements that need no parameters and answer nothing.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        let (client, _) = self.client()?;
        client.batch_execute(sql).map_err(DbError::from)
    }

    /// Ends the transaction; says whether a failure leaves it certain that nothing was committed.
    pub(super) fn commit(&mut self) -> Result<(), CommitFailure> {
        let lost = |error| CommitFailure { error, certain: false };
        let (client, _) = self.client().map_err(lost)?;
        client.batch_execute("commit").map_err(|error| {
            let certain = match error.as_db_error() {
                // The server says why it rolled back, unless it says that it is being stopped: that it may say after
                // the commit as well.
                Some(said) => {
                    !said.code().code().starts_with("57") && *said.code() != SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN
                }
                None => false,
            };
            CommitFailure { error: error.into(), certain }
        })
    }

    /// Undoes what is open. A connection on which that fails is given up: the server undoes it then.
    pub(super) fn rollback(&mut self) -> Result<(), DbError> {
        let result = self.batch("rollback");
        if result.is_err() {
            self.client = None;
        }
        result
    }

    /// Hands each row of the answer to `each`.
    pub(super) fn query(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let (client, statements) = self.client()?;
        let statement = prepare(client, statements, sql)?;
        let rows = client.query(&statement, &borrowed(params)).map_err(DbError::from)?;
        rows.iter().try_for_each(|row| each(&Row::Postgres(row)))
    }

    /// Hands each row of a long answer to `each`, without holding the whole answer.
    pub(super) fn stream(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        use postgres::fallible_iterator::FallibleIterator;
        let (client, statements) = self.client()?;
        let statement = prepare(client, statements, sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = borrowed(params);
        let mut rows = client.query_raw(&statement, params).map_err(DbError::from)?;
        while let Some(row) = rows.next().map_err(DbError::from)? {
            each(&Row::Postgres(&row))?;
        }
        Ok(())
    }

    /// Runs a statement; answers how many rows it changed.
    pub(super) fn execute(&mut self, sql: &'static str, params: &[Value<'_>]) -> Result<u64, DbError> {
        let (client, statements) = self.client()?;
        let statement = prepare(client, statements, sql)?;
        client.execute(&statement, &borrowed(params)).map_err(DbError::from)
    }
}

fn borrowed<'a>(params: &'a [Value<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect()
}

fn prepare(
    client: &mut Client,
    statements: &mut HashMap<&'static str, Statement>,
    sql: &'static str,
) -> Result<Statement, DbError> {
    if let Some(statement) = statements.get(sql) {
        return Ok(statement.clone());
    }
    let statement = client.prepare(sql).map_err(DbError::from)?;
    statements.insert(sql, statement.clone());
    Ok(statement)
}

/// TLS as the URL's `sslmode` asks for it; certificates are always checked against the public authorities.
fn tls() -> Result<MakeRustlsConnect, DbError> {
    let roots: rustls::RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| DbError::Statement(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn unreachable_server(error: postgres::Error) -> DbError {
    use std::error::Error;
    let cause = error.source().map_or_else(String::new, |cause| format!(": {cause}"));
    Unavailable::Gone(format!("{error}{cause}")).into()
}

impl From<postgres::Error> for DbError {
    fn from(error: postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            return if error.is_closed() || is_io(&error) {
                unreachable_server(error)
            } else {
                Self::Statement(error.to_string())
            };
        };
        let code = said.code();
        let constraint = said.constraint().unwrap_or_default();
        if *code == SqlState::UNIQUE_VIOLATION {
            // Only a writer that did not see the row inserts its key again.
            return if constraint.ends_with("_pkey") { Self::Conflict } else { Self::Broken(constraint.to_owned()) };
        }
        if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(code) {
            return Self::Conflict;
        }
        if *code == SqlState::LOCK_NOT_AVAILABLE {
            return Unavailable::Locked.into();
        }
        if *code == SqlState::QUERY_CANCELED {
            return Unavailable::TooSlow.into();
        }
        if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
            return Unavailable::ReadOnly.into();
        }
        match code.code().get(..2) {
            Some("23") => Self::Broken(constraint.to_owned()),
            Some("53") => Unavailable::Full.into(),
            Some("08" | "57") => Unavailable::Gone(said.message().to_owned()).into(),
            Some("58") => Unavailable::Disk(said.message().to_owned()).into(),
            Some("XX") => Self::Damaged(said.message().to_owned()),
            _ => Self::Statement(said.message().to_owned()),
        }
    }
}

fn is_io(error: &postgres::Error) -> bool {
    use std::error::Error;
    error.source().is_some_and(|source| source.is::<std::io::Error>())
}
