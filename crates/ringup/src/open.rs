//! Puts the parts together: settings, database, keys, providers, engine.

use std::path::Path;

use ringup_core::id::Node;
use ringup_core::time::Timestamp;
use ringup_db::error::{DbError, WriteError};
use ringup_db::migrate::{self, MigrateRefusal, SchemaState, Step};
use ringup_db::seam::Database;
use ringup_db::url::{DatabaseUrl, ParseUrlError};
use ringup_engine::clock::Clock;
use ringup_engine::keys::Keys;
use ringup_engine::{Engine, Settings as EngineSettings};
use ringup_gateways::Gateways;

use crate::config::{Settings, SettingsError};

/// Why a command could not begin.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The settings cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The database's address cannot be read.
    #[error("database.url: {0}")]
    DatabaseUrl(#[from] ParseUrlError),
    /// The database cannot be opened.
    #[error("the database {url} cannot be opened: {why}")]
    Database {
        /// Its address, without its password.
        url: String,
        /// Why.
        why: String,
    },
    /// The database's tables are not those of this version.
    #[error("{0}")]
    Schema(String),
    /// A key file cannot be used.
    #[error(transparent)]
    Keys(#[from] ringup_engine::keys::KeysError),
    /// A provider cannot be spoken to with these settings.
    #[error(transparent)]
    Gateways(#[from] ringup_gateways::ConfigError),
    /// The write lane could not be started.
    #[error(transparent)]
    Engine(#[from] ringup_engine::error::Unavailable),
}

/// Opens the database that the settings name; makes the folder of a SQLite file.
///
/// # Errors
/// [`OpenError::DatabaseUrl`], [`OpenError::Database`].
pub fn database(settings: &Settings) -> Result<Database, OpenError> {
    let url: DatabaseUrl = settings.database.url.parse()?;
    let failed = |why: String| OpenError::Database { url: url.to_string(), why };
    if let Some(folder) = url.sqlite_path().and_then(Path::parent) {
        std::fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
    }
    Database::open(url.clone()).map_err(|error| failed(error.to_string()))
}

/// Brings the tables up to date, and tells what was done.
///
/// # Errors
/// [`OpenError::Schema`] when they are newer than this version, or changed by hand.
pub fn migrate(settings: &Settings, now: Timestamp) -> Result<Vec<Step>, OpenError> {
    let failed = |error: WriteError<MigrateRefusal>| OpenError::Schema(error.to_string());
    migrate::migrate(&database(settings)?, now).map_err(failed)
}

/// Refuses a database whose tables are not those of this version.
///
/// SQLite's file belongs to this program alone, so there older tables are brought up to date; on PostgreSQL that is for
/// `ringup migrate`, so that nobody is surprised.
///
/// # Errors
/// [`OpenError::Schema`].
pub fn current_schema(database: &Database, now: Timestamp) -> Result<(), OpenError> {
    let state = migrate::check(database).map_err(|error: DbError| OpenError::Schema(error.to_string()))?;
    let is_file = database.url().sqlite_path().is_some();
    match state {
        SchemaState::Current => Ok(()),
        SchemaState::Older { .. } if is_file => {
            let failed = |error: WriteError<MigrateRefusal>| OpenError::Schema(error.to_string());
            migrate::migrate(database, now).map(drop).map_err(failed)
        }
        SchemaState::Older { .. } => {
            Err(OpenError::Schema(format!("{}: run `ringup migrate` first", describe(&state))))
        }
        SchemaState::Newer { .. } | SchemaState::Changed { .. } => Err(OpenError::Schema(describe(&state))),
    }
}

/// How the tables stand to this version, for people.
#[must_use]
pub fn describe(state: &SchemaState) -> String {
    match state {
        SchemaState::Current => "the schema is up to date".to_owned(),
        SchemaState::Older { missing } => {
            let steps: Vec<String> = missing.iter().map(Step::to_string).collect();
            format!("the schema lacks {}", steps.join(", "))
        }
        SchemaState::Newer { found, known } => {
            format!("the schema is at {found}, and this version knows {known}: a newer one has been here")
        }
        SchemaState::Changed { step } => format!("schema step {step} is not the one that this version has"),
    }
}

/// Where the database is, without its password.
#[must_use]
pub fn shown(settings: &Settings) -> String {
    settings.database.url.parse::<DatabaseUrl>().map_or_else(|_| "?".to_owned(), |url| url.to_string())
}

/// Starts the engine on the settings' database, as this node. Blocks, so never on a thread that runs asynchronous tasks.
///
/// # Errors
/// [`OpenError`].
pub fn engine(settings: &Settings, node: Node, clock: Clock) -> Result<Engine, OpenError> {
    let database = database(settings)?;
    current_schema(&database, clock.now())?;
    let keys = Keys::read_or_make(&settings.keys.folder)?;
    let gateways = Gateways::new(&settings.gateways()?)?;
    let engine_settings =
        EngineSettings { node, public_url: settings.public_url(), subject: settings.server.subject.clone(), clock };
    Ok(Engine::start(engine_settings, keys, gateways, &database)?)
}
