//! PostgreSQL: one connection, made again on the next use after it was lost.
//!
//! The driver is asynchronous, so that statements can be sent one behind the other without waiting for each answer; here it
//! is driven by the thread that uses it, which blocks: it must not be one that runs asynchronous tasks.

use std::collections::HashMap;
use std::pin::pin;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use futures_util::future::try_join_all;
use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Statement};
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

/// Settings besides of a connection that knows the keys of what it wants: each statement is planned once, and looks its rows up by their keys.
///
/// Left to itself the planner reads whole tables as long as it has no statistics, as on the first day, and keeps that plan:
/// tried with 30,000 top-ups in fresh tables, it read 12 million rows to find 60,000.
const KEY_SETTINGS: &str = "
    set plan_cache_mode = force_generic_plan;
    set enable_seqscan = off;
    set enable_hashjoin = off;
    set enable_mergejoin = off
";

/// What a connection is for.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Writing,
    LookingUp,
    Reading,
}

/// A connection to a server, or the way to it.
pub(super) struct PostgresLink {
    config: Config,
    purpose: Purpose,
    /// What drives the connection, on the thread that uses it and only while it does.
    runtime: Option<Runtime>,
    client: Option<Client>,
    statements: HashMap<&'static str, Statement>,
    /// What the transaction under way begins with: sent together with its first statement.
    begin: Option<&'static str>,
}

/// A statement among others that are sent together.
pub(crate) struct Together<'a> {
    /// Its text.
    pub(crate) sql: &'static str,
    /// Its parameters.
    pub(crate) params: Vec<Value<'a>>,
    /// How many rows it must change.
    pub(crate) rows: u64,
}

impl PostgresLink {
    /// A link that will connect when it is used.
    pub(super) fn new(url: &str, purpose: Purpose) -> Result<Self, DbError> {
        // The driver's message may repeat the text it could not read, and with it a password.
        let unreadable = |_| DbError::from(Unavailable::Gone("the database URL cannot be read".to_owned()));
        let mut config: Config = url.parse().map_err(unreadable)?;
        config.application_name("ringup").connect_timeout(CONNECT_TIMEOUT).tcp_user_timeout(SILENCE_MAX);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| DbError::from(Unavailable::Gone(error.to_string())))?;
        let (runtime, statements) = (Some(runtime), HashMap::new());
        Ok(Self { config, purpose, runtime, client: None, statements, begin: None })
    }

    /// Connects, if need be.
    pub(super) fn connect(&mut self) -> Result<(), DbError> {
        self.begin = None;
        if let (Some(runtime), Some(client)) = (&self.runtime, &self.client) {
            // The driver hears only while it is driven that a connection was cut since it was used last.
            runtime.block_on(async {
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
            });
            if !client.is_closed() {
                return Ok(());
            }
        }
        self.statements.clear();
        let Some(runtime) = &self.runtime else { return Err(no_connection()) };
        let (config, purpose, tls) = (&self.config, self.purpose, tls()?);
        let client = runtime.block_on(async {
            let (client, connection) = config.connect(tls).await.map_err(unreachable_server)?;
            // It ends with the client, or with the server; the client then says so.
            tokio::spawn(connection);
            client.batch_execute(SETTINGS).await?;
            match purpose {
                Purpose::Writing | Purpose::LookingUp => client.batch_execute(KEY_SETTINGS).await?,
                Purpose::Reading => {}
            }
            Ok::<_, DbError>(client)
        })?;
        self.client = Some(client);
        Ok(())
    }

    /// Begins a transaction: the words go with its first statement.
    pub(super) fn begin(&mut self, words: &'static str) -> Result<(), DbError> {
        self.connect()?;
        self.begin = Some(words);
        Ok(())
    }

    /// The connection that the transaction under way began on (a new one would not know of it), what drives it, and the
    /// words that are still to be sent.
    fn parts(&mut self) -> Result<(&Runtime, &Client, Option<&'static str>), DbError> {
        match (&self.runtime, &self.client) {
            (Some(runtime), Some(client)) if !client.is_closed() => Ok((runtime, client, self.begin.take())),
            (_, _) => Err(no_connection()),
        }
    }

    /// Runs statements that need no parameters and answer nothing.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        let (runtime, client, begin) = self.parts()?;
        Ok(runtime.block_on(after(client, begin, client.batch_execute(sql)))?)
    }

    /// Ends the transaction; says whether a failure leaves it certain that nothing was committed.
    pub(super) fn commit(&mut self) -> Result<(), CommitFailure> {
        if self.begin.take().is_some() {
            return Ok(()); // nothing was sent
        }
        let lost = |error| CommitFailure { error, certain: false };
        let (runtime, client, _) = self.parts().map_err(lost)?;
        runtime.block_on(client.batch_execute("commit")).map_err(|error| {
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
        if self.begin.take().is_some() {
            return Ok(()); // nothing was sent
        }
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
        let statement = self.prepare(sql)?;
        let (runtime, client, begin) = self.parts()?;
        let rows = runtime.block_on(after(client, begin, client.query(&statement, &borrowed(params))))?;
        rows.iter().try_for_each(|row| each(&Row::Postgres(row)))
    }

    /// Hands each row of a long answer to `each`, without holding the whole answer.
    pub(super) fn stream(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let statement = self.prepare(sql)?;
        let (runtime, client, begin) = self.parts()?;
        runtime.block_on(async {
            let params: Vec<&(dyn ToSql + Sync)> = borrowed(params);
            let mut rows = pin!(after(client, begin, client.query_raw(&statement, params)).await?);
            while let Some(row) = rows.try_next().await? {
                each(&Row::Postgres(&row))?;
            }
            Ok(())
        })
    }

    /// Runs a statement; answers how many rows it changed.
    pub(super) fn execute(&mut self, sql: &'static str, params: &[Value<'_>]) -> Result<u64, DbError> {
        let statement = self.prepare(sql)?;
        let (runtime, client, begin) = self.parts()?;
        Ok(runtime.block_on(after(client, begin, client.execute(&statement, &borrowed(params))))?)
    }

    /// Runs statements that are sent one behind the other and wait for no answer between.
    ///
    /// # Errors
    /// The first one's; [`DbError::Conflict`] when one changed another number of rows than it must.
    pub(super) fn execute_together(&mut self, together: &[Together<'_>]) -> Result<(), DbError> {
        let statements = together.iter().map(|one| self.prepare(one.sql)).collect::<Result<Vec<_>, _>>()?;
        let (runtime, client, begin) = self.parts()?;
        let params: Vec<Vec<&(dyn ToSql + Sync)>> = together.iter().map(|one| borrowed(&one.params)).collect();
        let sent = statements.iter().zip(&params).map(|(statement, params)| client.execute(statement, params));
        let changed = runtime.block_on(after(client, begin, try_join_all(sent)))?;
        let as_it_must = changed.iter().zip(together).all(|(changed, one)| *changed == one.rows);
        if as_it_must { Ok(()) } else { Err(DbError::Conflict) }
    }

    fn prepare(&mut self, sql: &'static str) -> Result<Statement, DbError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let (runtime, client, begin) = self.parts()?;
        let statement = runtime.block_on(after(client, begin, client.prepare(sql)))?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }
}

/// A runtime may not be dropped where asynchronous tasks run, and its link may be.
impl Drop for PostgresLink {
    fn drop(&mut self) {
        self.client = None;
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Sends a statement behind the words that begin its transaction, and waits for both.
async fn after<T>(
    client: &Client,
    begin: Option<&'static str>,
    statement: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, tokio_postgres::Error> {
    let Some(words) = begin else { return statement.await };
    // Both are sent in this order when they are first looked at.
    let (begun, done) = futures_util::join!(client.batch_execute(words), statement);
    begun?;
    done
}

fn borrowed<'a>(params: &'a [Value<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect()
}

fn no_connection() -> DbError {
    Unavailable::Gone("the connection was lost".to_owned()).into()
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

fn unreachable_server(error: tokio_postgres::Error) -> DbError {
    use std::error::Error;
    let cause = error.source().map_or_else(String::new, |cause| format!(": {cause}"));
    Unavailable::Gone(format!("{error}{cause}")).into()
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> Self {
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

fn is_io(error: &tokio_postgres::Error) -> bool {
    use std::error::Error;
    error.source().is_some_and(|source| source.is::<std::io::Error>())
}
