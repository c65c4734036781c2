//! The schema: brought up to date, forward only, and compared with what this program knows.

use ringup_core::time::Timestamp;

use crate::dialect;
use crate::error::{DbError, Stop, WriteError};
use crate::seam::{Connected, Database, Engine, Query, WriteTx};

/// One step of the schema.
struct Migration {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    /// None where the schema is for SQLite only.
    postgres: Option<&'static str>,
}

/// All steps, in order. A step that has been released is never changed: `check` finds that.
const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "foundation",
        sqlite: include_str!("../migrations/sqlite/0001_foundation.sql"),
        postgres: Some(include_str!("../migrations/postgres/0001_foundation.sql")),
    },
    Migration {
        number: 2,
        name: "id_mark",
        sqlite: include_str!("../migrations/sqlite/0002_id_mark.sql"),
        postgres: Some(include_str!("../migrations/postgres/0002_id_mark.sql")),
    },
    Migration {
        number: 3,
        name: "plans",
        sqlite: include_str!("../migrations/sqlite/0003_plans.sql"),
        postgres: Some(include_str!("../migrations/postgres/0003_plans.sql")),
    },
    Migration {
        number: 4,
        name: "place",
        sqlite: include_str!("../migrations/sqlite/0004_place.sql"),
        postgres: Some(include_str!("../migrations/postgres/0004_place.sql")),
    },
    Migration {
        number: 5,
        name: "store",
        sqlite: include_str!("../migrations/sqlite/0005_store.sql"),
        postgres: Some(include_str!("../migrations/postgres/0005_store.sql")),
    },
    Migration {
        number: 6,
        name: "agent",
        sqlite: include_str!("../migrations/sqlite/0006_agent.sql"),
        postgres: Some(include_str!("../migrations/postgres/0006_agent.sql")),
    },
    Migration {
        number: 7,
        name: "kiosk",
        sqlite: include_str!("../migrations/sqlite/0007_kiosk.sql"),
        postgres: Some(include_str!("../migrations/postgres/0007_kiosk.sql")),
    },
    Migration {
        number: 8,
        name: "notice",
        sqlite: include_str!("../migrations/sqlite/0008_notice.sql"),
        postgres: Some(include_str!("../migrations/postgres/0008_notice.sql")),
    },
    Migration {
        number: 9,
        name: "rating",
        sqlite: include_str!("../migrations/sqlite/0009_rating.sql"),
        postgres: Some(include_str!("../migrations/postgres/0009_rating.sql")),
    },
    Migration {
        number: 10,
        name: "sale_list",
        sqlite: include_str!("../migrations/sqlite/0010_sale_list.sql"),
        postgres: Some(include_str!("../migrations/postgres/0010_sale_list.sql")),
    },
    Migration {
        number: 11,
        name: "float_purchase",
        sqlite: include_str!("../migrations/sqlite/0011_float_purchase.sql"),
        postgres: Some(include_str!("../migrations/postgres/0011_float_purchase.sql")),
    },
    Migration {
        number: 12,
        name: "sub_agent",
        sqlite: include_str!("../migrations/sqlite/0012_sub_agent.sql"),
        postgres: Some(include_str!("../migrations/postgres/0012_sub_agent.sql")),
    },
    Migration {
        number: 13,
        name: "sms",
        sqlite: include_str!("../migrations/sqlite/0013_sms.sql"),
        postgres: Some(include_str!("../migrations/postgres/0013_sms.sql")),
    },
];

/// The steps of a kiosk's journal: another file, on SQLite only.
const KIOSK_MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "journal",
        sqlite: include_str!("../migrations/kiosk/0001_journal.sql"),
        postgres: None,
    },
    Migration {
        number: 2,
        name: "program",
        sqlite: include_str!("../migrations/kiosk/0002_program.sql"),
        postgres: None,
    },
    Migration {
        number: 3,
        name: "top_up",
        sqlite: include_str!("../migrations/kiosk/0003_top_up.sql"),
        postgres: None,
    },
];

/// Which tables a database has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Schema {
    /// The server's, on either database.
    Server,
    /// A kiosk's journal of bank notes, on SQLite.
    KioskJournal,
}

impl Schema {
    const fn migrations(self) -> &'static [Migration] {
        match self {
            Self::Server => MIGRATIONS,
            Self::KioskJournal => KIOSK_MIGRATIONS,
        }
    }
}

/// A step, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}_{}", self.number, self.name)
    }
}

/// How the database's schema stands to this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// As this program has it.
    Current,
    /// Steps are missing: `migrate` makes them.
    Older {
        /// Which.
        missing: Vec<Step>,
    },
    /// A newer program has been here: this one must not touch it.
    Newer {
        /// The last step found.
        found: i64,
        /// The last step this program knows.
        known: i64,
    },
    /// A step was made with another text than this program has.
    Changed {
        /// Which.
        step: Step,
    },
}

/// Why the schema could not be brought up to date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MigrateRefusal {
    /// A newer program has been here.
    #[error("the database has schema {found}, and this program knows {known}: a newer program has been here")]
    Newer {
        /// The last step found.
        found: i64,
        /// The last step this program knows.
        known: i64,
    },
    /// A step was made with another text than this program has.
    #[error("schema step {step} was made with another text than this program has")]
    Changed {
        /// Which.
        step: Step,
    },
}

const VERSION_TABLE: &str = "
    create table schema_version (
        number bigint not null primary key,
        name text not null,
        applied_at bigint not null,
        checksum bigint not null
    )";

/// No step has this number.
const TRIAL: i64 = -1;

/// Brings the schema up to date, all steps in one transaction; answers which were made.
///
/// # Errors
/// [`MigrateRefusal`] inside [`WriteError::Refused`]; what the database says otherwise. Nothing is changed then.
pub fn migrate(database: &Database, now: Timestamp) -> Result<Vec<Step>, WriteError<MigrateRefusal>> {
    migrate_to(database, Schema::Server, now)
}

/// The same for either kind of database.
pub(crate) fn migrate_to(
    database: &Database,
    schema: Schema,
    now: Timestamp,
) -> Result<Vec<Step>, WriteError<MigrateRefusal>> {
    let mut writer = database.writer()?;
    writer.write(|tx| {
        dialect::lock_schema(tx)?;
        let missing = match state(tx, schema)? {
            SchemaState::Current => return Ok(Vec::new()),
            SchemaState::Older { missing } => missing,
            SchemaState::Newer { found, known } => return Err(Stop::Refused(MigrateRefusal::Newer { found, known })),
            SchemaState::Changed { step } => return Err(Stop::Refused(MigrateRefusal::Changed { step })),
        };
        if !dialect::has_table(tx, "schema_version")? {
            tx.batch(VERSION_TABLE)?;
        }
        for step in &missing {
            apply(tx, schema, step, now)?;
        }
        Ok(missing)
    })
}

/// Compares the schema with what this program knows.
///
/// # Errors
/// What the database says.
pub fn check(database: &Database) -> Result<SchemaState, DbError> {
    database.reader()?.read(|tx| state(tx, Schema::Server))
}

/// Writes something and takes it back: to learn whether anything can be written. Where it cannot, the commit fails, or this
/// does already.
///
/// # Errors
/// What the database says.
pub fn try_to_write(tx: &mut WriteTx<'_>) -> Result<(), DbError> {
    // A row of its own: SQLite does not write a page anew when a row is changed to what it was.
    let sql = "insert into schema_version (number, name, applied_at, checksum) values ($1, $2, $3, $4)";
    tx.execute_exactly(sql, &[TRIAL.into(), "trial".into(), 0_i64.into(), 0_i64.into()], 1)?;
    tx.execute_exactly("delete from schema_version where number = $1", &[TRIAL.into()], 1)
}

fn apply(tx: &mut WriteTx<'_>, schema: Schema, step: &Step, now: Timestamp) -> Result<(), DbError> {
    let mut migrations = schema.migrations().iter();
    let Some(migration) = migrations.find(|migration| migration.number == step.number) else { return Ok(()) };
    let text = migration.text(tx.engine())?;
    tx.batch(text)?;
    let sql = "insert into schema_version (number, name, applied_at, checksum) values ($1, $2, $3, $4)";
    let params = [step.number.into(), migration.name.into(), now.into(), checksum(text).into()];
    tx.execute_exactly(sql, &params, 1)
}

fn state(tx: &mut (impl Query + ?Sized), schema: Schema) -> Result<SchemaState, DbError> {
    let mut applied = Vec::new();
    if dialect::has_table(tx, "schema_version")? {
        let sql = "select number, checksum from schema_version order by number";
        applied = tx.query(sql, &[], |fields| Ok((fields.int()?, fields.int()?)))?;
    }
    let known = schema.migrations().last().map_or(0, |migration| migration.number);
    if let Some((found, _)) = applied.last()
        && *found > known
    {
        return Ok(SchemaState::Newer { found: *found, known });
    }
    let mut missing = Vec::new();
    for migration in schema.migrations() {
        let step = Step { number: migration.number, name: migration.name.to_owned() };
        match applied.iter().find(|(number, _)| *number == migration.number) {
            None => missing.push(step),
            Some((_, sum)) if *sum != checksum(migration.text(tx.engine())?) => {
                return Ok(SchemaState::Changed { step });
            }
            Some(_) => {}
        }
    }
    Ok(if missing.is_empty() { SchemaState::Current } else { SchemaState::Older { missing } })
}

impl Migration {
    fn text(&self, engine: Engine) -> Result<&'static str, DbError> {
        match engine {
            Engine::Sqlite => Ok(self.sqlite),
            Engine::Postgres => {
                self.postgres.ok_or_else(|| DbError::Statement("these tables are for SQLite only".to_owned()))
            }
        }
    }
}

/// FNV-1a, 64 bits: tells an edited file, and need not resist anybody.
fn checksum(text: &str) -> i64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    hash.cast_signed()
}

#[cfg(test)]
mod tests;
