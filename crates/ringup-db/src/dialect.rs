//! What the two databases take differently: many rows at once.
//!
//! SQLite runs a prepared statement in a loop, which costs it nothing; PostgreSQL gets whole columns as arrays and does the
//! loop itself (`unnest`), because there each statement costs a round trip. Both texts are made from one description of
//! the table, so they cannot drift apart.

mod lookup;

use std::fmt::Write;
use std::sync::OnceLock;

pub(crate) use lookup::{Chained, Lookup, Path};

use crate::error::DbError;
use crate::seam::{Connected, Engine, Fields, Query, Together, Value, WriteTx};

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Int,
    Text,
    Blob,
}

/// A column of a table.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    name: &'static str,
    kind: Kind,
}

/// A column of integers.
pub(crate) const fn int(name: &'static str) -> Column {
    Column { name, kind: Kind::Int }
}

/// A column of texts.
pub(crate) const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text }
}

/// A column of bytes.
pub(crate) const fn blob(name: &'static str) -> Column {
    Column { name, kind: Kind::Blob }
}

/// A table: rows are written and read with its key first, then what never changes, then what does.
pub(crate) struct Table {
    name: &'static str,
    key: &'static [Column],
    fixed: &'static [Column],
    /// Ends with `version` when the table's rows are updated; see [`Table::updated`].
    changing: &'static [Column],
    insert: [OnceLock<String>; 2],
    insert_new: [OnceLock<String>; 2],
    update: [OnceLock<String>; 2],
}

const fn at(engine: Engine) -> usize {
    match engine {
        Engine::Sqlite => 0,
        Engine::Postgres => 1,
    }
}

/// A text that is made once for each database.
fn cached(texts: &'static [OnceLock<String>; 2], engine: Engine, make: impl FnOnce() -> String) -> &'static str {
    let [sqlite, postgres] = texts;
    if at(engine) == 0 { sqlite } else { postgres }.get_or_init(make)
}

impl Table {
    /// Describes a table.
    pub(crate) const fn new(
        name: &'static str,
        key: &'static [Column],
        fixed: &'static [Column],
        changing: &'static [Column],
    ) -> Self {
        Self {
            name,
            key,
            fixed,
            changing,
            insert: [const { OnceLock::new() }; 2],
            insert_new: [const { OnceLock::new() }; 2],
            update: [const { OnceLock::new() }; 2],
        }
    }

    fn columns(&self) -> impl Iterator<Item = &'static Column> + Clone {
        self.key.iter().chain(self.fixed).chain(self.changing)
    }

    /// New rows, one after the other in `values`, each with all columns in order.
    pub(crate) const fn inserted<'a>(&'static self, values: Vec<Value<'a>>) -> RowWrite<'a> {
        RowWrite { table: self, change: Change::Insert, values }
    }

    /// Changed rows: for each the key, all changing columns, and the version it must have.
    pub(crate) const fn updated<'a>(&'static self, values: Vec<Value<'a>>) -> RowWrite<'a> {
        RowWrite { table: self, change: Change::Update, values }
    }

    /// Inserts rows; see [`Table::inserted`].
    ///
    /// # Errors
    /// [`DbError::Conflict`] when a key is there already.
    pub(crate) fn insert_all(&'static self, tx: &mut WriteTx<'_>, values: Vec<Value<'_>>) -> Result<(), DbError> {
        write_together(tx, vec![self.inserted(values)])
    }

    /// Inserts the rows whose key is not there yet, and hands the last key column of each inserted row to `inserted`.
    pub(crate) fn insert_new(
        &'static self,
        tx: &mut WriteTx<'_>,
        values: Vec<Value<'_>>,
        inserted: &mut dyn FnMut(&mut Fields<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let columns: Vec<Column> = self.columns().copied().collect();
        let engine = tx.engine();
        let sql = cached(&self.insert_new, engine, || {
            let key = self.key.last().map_or("1", |column| column.name);
            format!("{} on conflict do nothing returning {key}", self.insert_text(engine))
        });
        match engine {
            Engine::Sqlite => tx.query_each(sql, &values, columns.len(), &mut |row| inserted(&mut row.fields())),
            Engine::Postgres => tx.each(sql, &transposed(values, &columns), &mut |row| inserted(&mut row.fields())),
        }
    }

    fn insert_text(&self, engine: Engine) -> String {
        let columns: Vec<Column> = self.columns().copied().collect();
        let names = joined(&columns, ", ", |_, column| column.name.to_owned());
        let values = match engine {
            Engine::Sqlite => {
                format!("values ({})", joined(&columns, ", ", |number, _| format!("${number}")))
            }
            // "where true" keeps "on conflict" from being read as part of a join.
            Engine::Postgres => format!("select * from {} where true", unnest(&columns)),
        };
        format!("insert into {} ({names}) {values}", self.name)
    }

    fn update_text(&self, engine: Engine, columns: &[Column]) -> String {
        let keys = self.key.len();
        let changed = keys.saturating_add(self.changing.len());
        let guard = columns.len();
        match engine {
            Engine::Sqlite => {
                let numbered = |from: usize, columns: &[Column], between: &str| {
                    joined(columns, between, |number, column| {
                        format!("{} = ${}", column.name, from.saturating_add(number))
                    })
                };
                let (sets, wheres) = (numbered(keys, self.changing, ", "), numbered(0, self.key, " and "));
                debug_assert_eq!(changed.saturating_add(1), guard);
                format!("update {} set {sets} where {wheres} and version = ${guard}", self.name)
            }
            Engine::Postgres => {
                let sets = joined(self.changing, ", ", |_, column| format!("{0} = n.{0}", column.name));
                let wheres = joined(self.key, " and ", |_, column| format!("t.{0} = n.{0}", column.name));
                let from = unnest(columns);
                let names = joined(columns, ", ", |_, column| column.name.to_owned());
                format!(
                    "update {} as t set {sets} from {from} as n ({names}) where {wheres} and t.version = n.was",
                    self.name
                )
            }
        }
    }
}

/// Rows of one table to be written with one statement.
pub(crate) struct RowWrite<'a> {
    table: &'static Table,
    change: Change,
    values: Vec<Value<'a>>,
}

#[derive(Clone, Copy)]
enum Change {
    Insert,
    Update,
}

impl RowWrite<'_> {
    fn columns(&self) -> Vec<Column> {
        match self.change {
            Change::Insert => self.table.columns().copied().collect(),
            Change::Update => {
                let mut columns: Vec<Column> = self.table.key.iter().chain(self.table.changing).copied().collect();
                columns.push(int("was"));
                columns
            }
        }
    }

    fn sql(&self, engine: Engine, columns: &[Column]) -> &'static str {
        match self.change {
            Change::Insert => cached(&self.table.insert, engine, || self.table.insert_text(engine)),
            Change::Update => cached(&self.table.update, engine, || self.table.update_text(engine, columns)),
        }
    }
}

/// Writes rows of several tables, in this order.
///
/// # Errors
/// [`DbError::Conflict`] when a key that is to be inserted is there already, or a row that is to be updated has another version.
pub(crate) fn write_together(tx: &mut WriteTx<'_>, writes: Vec<RowWrite<'_>>) -> Result<(), DbError> {
    let engine = tx.engine();
    let mut together = Vec::with_capacity(writes.len());
    for write in writes.into_iter().filter(|write| !write.values.is_empty()) {
        let columns = write.columns();
        let sql = write.sql(engine, &columns);
        let rows = write.values.len().checked_div(columns.len()).unwrap_or(0);
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        match engine {
            Engine::Sqlite => {
                if tx.execute_each(sql, &write.values, columns.len())? != rows {
                    return tx.refuse(DbError::Conflict);
                }
            }
            Engine::Postgres => {
                together.push(Together { sql, params: transposed(write.values, &columns), rows });
            }
        }
    }
    if together.is_empty() { Ok(()) } else { tx.execute_together(&together) }
}

/// Whether other writers may be at the same rows, so that locking them means something.
pub(crate) fn locks_rows(tx: &WriteTx<'_>) -> bool {
    match tx.engine() {
        Engine::Sqlite => false, // a writing transaction is alone
        Engine::Postgres => true,
    }
}

/// Whether a table is there.
pub(crate) fn has_table(tx: &mut (impl Query + ?Sized), name: &str) -> Result<bool, DbError> {
    let sql = match tx.engine() {
        Engine::Sqlite => "select 1 from sqlite_master where type = 'table' and name = $1",
        Engine::Postgres => {
            "select 1 from information_schema.tables where table_schema = current_schema() and table_name = $1"
        }
    };
    Ok(tx.query_first(sql, &[name.into()], |fields| fields.int())?.is_some())
}

/// Lets the statements of this transaction take as long as they need: they read everything.
pub(crate) fn lift_time_limit(tx: &mut (impl Query + ?Sized)) -> Result<(), DbError> {
    match tx.engine() {
        Engine::Sqlite => Ok(()), // there is no limit
        Engine::Postgres => tx.each("set local statement_timeout = 0", &[], &mut |_| Ok(())),
    }
}

/// What the database itself finds wrong with its pages and indexes.
///
/// PostgreSQL finds it when it reads: each page has a checksum, where the cluster was made with them.
pub(crate) fn find_damage(tx: &mut (impl Query + ?Sized)) -> Result<Vec<String>, DbError> {
    match tx.engine() {
        Engine::Sqlite => {
            let said = tx.query("pragma integrity_check(50)", &[], |fields| fields.text().map(str::to_owned))?;
            Ok(said.into_iter().filter(|line| line != "ok").collect())
        }
        Engine::Postgres => Ok(Vec::new()),
    }
}

/// Makes other servers wait that want to change the schema at the same time; ends with the transaction.
pub(crate) fn lock_schema(tx: &mut WriteTx<'_>) -> Result<(), DbError> {
    match tx.engine() {
        Engine::Sqlite => Ok(()), // a writing transaction is alone
        Engine::Postgres => tx.batch("select pg_advisory_xact_lock(7464851)"), // any number that is ours
    }
}

/// What follows a `select` that takes rows which another worker has not taken.
pub(crate) fn skipping_locked(tx: &WriteTx<'_>, sqlite: &'static str, postgres: &'static str) -> &'static str {
    match tx.engine() {
        Engine::Sqlite => sqlite,
        Engine::Postgres => postgres,
    }
}

fn joined(columns: &[Column], between: &str, show: impl Fn(usize, &Column) -> String) -> String {
    let shown: Vec<String> =
        columns.iter().enumerate().map(|(position, column)| show(position.saturating_add(1), column)).collect();
    shown.join(between)
}

fn unnest(columns: &[Column]) -> String {
    let mut out = String::from("unnest(");
    for (position, column) in columns.iter().enumerate() {
        let comma = if position == 0 { "" } else { ", " };
        let number = position.saturating_add(1);
        let kind = match column.kind {
            Kind::Int => "bigint",
            Kind::Text => "text",
            Kind::Blob => "bytea",
        };
        let _ = write!(out, "{comma}${number}::{kind}[]");
    }
    out.push(')');
    out
}

/// Rows, one after the other, as one array for each column.
fn transposed<'a>(values: Vec<Value<'a>>, columns: &[Column]) -> Vec<Value<'a>> {
    let rows = values.len().checked_div(columns.len()).unwrap_or(0);
    let mut arrays: Vec<Value<'a>> = columns
        .iter()
        .map(|column| match column.kind {
            Kind::Int => Value::Ints(Vec::with_capacity(rows)),
            Kind::Text => Value::Texts(Vec::with_capacity(rows)),
            Kind::Blob => Value::Blobs(Vec::with_capacity(rows)),
        })
        .collect();
    let mut next = 0;
    for value in values {
        if next == columns.len() {
            next = 0;
        }
        match (arrays.get_mut(next), value) {
            (Some(Value::Ints(column)), Value::Int(number)) => column.push(Some(number)),
            (Some(Value::Ints(column)), _) => column.push(None),
            (Some(Value::Texts(column)), Value::Text(text)) => column.push(Some(text)),
            (Some(Value::Texts(column)), _) => column.push(None),
            (Some(Value::Blobs(column)), Value::Blob(bytes)) => column.push(Some(bytes)),
            (Some(Value::Blobs(column)), _) => column.push(None),
            (_, _) => {}
        }
        next = next.saturating_add(1);
    }
    arrays
}
