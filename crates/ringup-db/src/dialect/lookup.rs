//! Looking rows up by their keys, one by one on SQLite and set by set on PostgreSQL.

use std::fmt::Write;
use std::sync::OnceLock;

use ringup_core::shard::Shard;

use super::{Column, Table, joined, transposed, unnest};
use crate::error::DbError;
use crate::seam::{Connected, Engine, Fields, Query, Value, WriteTx};

/// Rows of a table, looked up by some of its columns.
pub(crate) struct Lookup {
    table: &'static Table,
    by: &'static [Column],
    /// Another condition on the row, such as `and lapsed_at is null`.
    filter: &'static str,
    /// What ends the statement for a single key, such as `order by id`.
    tail: &'static str,
    single: OnceLock<String>,
    set: OnceLock<String>,
    locking: OnceLock<String>,
}

impl Lookup {
    /// Rows of a table by some of its columns, on a condition, in an order: both empty for the plain case.
    pub(crate) const fn new(
        table: &'static Table,
        by: &'static [Column],
        filter: &'static str,
        tail: &'static str,
    ) -> Self {
        Self { table, by, filter, tail, single: OnceLock::new(), set: OnceLock::new(), locking: OnceLock::new() }
    }

    /// The rows of one key.
    pub(crate) fn find<T>(
        &'static self,
        tx: &mut (impl Query + ?Sized),
        key: &[Value<'_>],
        read: impl Fn(&mut Fields<'_>) -> Result<T, DbError>,
    ) -> Result<Vec<T>, DbError> {
        let sql = self.single.get_or_init(|| self.single_text());
        tx.query(sql, key, read)
    }

    /// The row of one key.
    pub(crate) fn find_one<T>(
        &'static self,
        tx: &mut (impl Query + ?Sized),
        key: &[Value<'_>],
        read: impl Fn(&mut Fields<'_>) -> Result<T, DbError>,
    ) -> Result<Option<T>, DbError> {
        Ok(self.find(tx, key, read)?.into_iter().next())
    }

    /// The rows of many keys, one after the other in `keys`, each at most once.
    pub(crate) fn find_all(
        &'static self,
        tx: &mut (impl Query + ?Sized),
        keys: Vec<Value<'_>>,
        read: &mut dyn FnMut(&mut Fields<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let sql = match tx.engine() {
            Engine::Sqlite => self.single.get_or_init(|| self.single_text()),
            Engine::Postgres => self.set.get_or_init(|| self.set_text()),
        };
        run(tx, sql, self.by, keys, read)
    }

    /// The same, with the rows locked until the transaction ends, in the order of their primary key.
    ///
    /// On SQLite a writing transaction is alone, and nothing has to be locked.
    pub(crate) fn lock_all(
        &'static self,
        tx: &mut WriteTx<'_>,
        keys: Vec<Value<'_>>,
        read: &mut dyn FnMut(&mut Fields<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let sql = match tx.engine() {
            Engine::Sqlite => self.single.get_or_init(|| self.single_text()),
            Engine::Postgres => self.locking.get_or_init(|| {
                let order = joined(self.table.key, ", ", |_, column| format!("t.{}", column.name));
                format!("{} order by {order} for update of t", self.set_text())
            }),
        };
        run(tx, sql, self.by, keys, read)
    }

    fn single_text(&self) -> String {
        let columns: Vec<Column> = self.table.columns().copied().collect();
        let names = joined(&columns, ", ", |_, column| column.name.to_owned());
        let wheres = joined(self.by, " and ", |number, column| format!("{} = ${number}", column.name));
        let wheres = if wheres.is_empty() { "where" } else { &format!("where {wheres}") };
        format!("select {names} from {} as t {wheres} {} {}", self.table.name, self.filter, self.tail)
    }

    fn set_text(&self) -> String {
        let columns: Vec<Column> = self.table.columns().copied().collect();
        let names = joined(&columns, ", ", |_, column| format!("t.{}", column.name));
        let wheres = joined(self.by, " and ", |_, column| format!("t.{0} = k.{0}", column.name));
        let keys = joined(self.by, ", ", |_, column| column.name.to_owned());
        let from = unnest(self.by);
        format!("select {names} from {from} as k ({keys}) join {} as t on {wheres} {}", self.table.name, self.filter)
    }
}

/// Runs a statement that looks up rows by `by`: for one key after the other on SQLite, for all at once on PostgreSQL.
fn run(
    tx: &mut (impl Query + ?Sized),
    sql: &'static str,
    by: &[Column],
    keys: Vec<Value<'_>>,
    read: &mut dyn FnMut(&mut Fields<'_>) -> Result<(), DbError>,
) -> Result<(), DbError> {
    if keys.is_empty() {
        return Ok(());
    }
    match tx.engine() {
        Engine::Sqlite => tx.query_each(sql, &keys, by.len(), &mut |row| read(&mut row.fields())),
        Engine::Postgres => tx.each(sql, &transposed(keys, by), &mut |row| read(&mut row.fields())),
    }
}

/// A row of one table with rows that it leads to, read one behind the other by one statement.
pub(crate) struct Path {
    from: &'static Table,
    by: &'static [Column],
    /// A condition on the row, which is called `t`, for a path that is not looked up by columns.
    filter: &'static str,
    /// The tables it leads to, each with a letter of its own, and what joins them.
    to: &'static [(&'static Table, &'static str, &'static str)],
    single: OnceLock<String>,
    set: OnceLock<String>,
}

impl Path {
    /// From the rows of a table, called `t`, that are looked up by some of its columns.
    pub(crate) const fn new(
        from: &'static Table,
        by: &'static [Column],
        to: &'static [(&'static Table, &'static str, &'static str)],
    ) -> Self {
        Self { from, by, filter: "", to, single: OnceLock::new(), set: OnceLock::new() }
    }

    /// From all rows of a table, called `t`, on a condition.
    pub(crate) const fn of_all(
        from: &'static Table,
        filter: &'static str,
        to: &'static [(&'static Table, &'static str, &'static str)],
    ) -> Self {
        Self { from, by: &[], filter, to, single: OnceLock::new(), set: OnceLock::new() }
    }

    /// For each of many keys, one after the other in `keys`, its row and the rows it leads to.
    pub(crate) fn find_all(
        &'static self,
        tx: &mut WriteTx<'_>,
        keys: Vec<Value<'_>>,
        read: &mut dyn FnMut(&mut Fields<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let sql = match tx.engine() {
            Engine::Sqlite => self.single.get_or_init(|| {
                let wheres = joined(self.by, " and ", |number, column| format!("t.{} = ${number}", column.name));
                format!("select {} from {} where {wheres}", self.columns(), self.tables("", ""))
            }),
            Engine::Postgres => self.set.get_or_init(|| {
                let wheres = joined(self.by, " and ", |_, column| format!("t.{0} = k.{0}", column.name));
                let names = joined(self.by, ", ", |_, column| column.name.to_owned());
                let keys = format!("{} as k ({names}) join ", unnest(self.by));
                format!("select {} from {}", self.columns(), self.tables(&keys, &format!(" on {wheres}")))
            }),
        };
        run(tx, sql, self.by, keys, read)
    }

    /// The rows that the path's own condition lets through, each with the rows it leads to.
    pub(crate) fn find<T>(
        &'static self,
        tx: &mut (impl Query + ?Sized),
        params: &[Value<'_>],
        read: impl Fn(&mut Fields<'_>) -> Result<T, DbError>,
    ) -> Result<Vec<T>, DbError> {
        let sql = self
            .single
            .get_or_init(|| format!("select {} from {} where {}", self.columns(), self.tables("", ""), self.filter));
        tx.query(sql, params, read)
    }

    fn columns(&self) -> String {
        let all = std::iter::once((self.from, "t")).chain(self.to.iter().map(|(table, letter, _)| (*table, *letter)));
        let each = all.map(|(table, letter)| {
            let columns: Vec<Column> = table.columns().copied().collect();
            joined(&columns, ", ", |_, column| format!("{letter}.{}", column.name))
        });
        each.collect::<Vec<_>>().join(", ")
    }

    fn tables(&self, before: &str, on: &str) -> String {
        let mut out = format!("{before}{} as t{on}", self.from.name);
        for (table, letter, on) in self.to {
            let _ = write!(out, " join {} as {letter} on {on}", table.name);
        }
        out
    }
}

/// Rows that each name the one before them in `previous_id`, read from the newest on.
pub(crate) struct Chained {
    table: &'static Table,
    text: OnceLock<String>,
}

impl Chained {
    /// The rows of a table whose key is `shard` and `id`.
    pub(crate) const fn new(table: &'static Table) -> Self {
        Self { table, text: OnceLock::new() }
    }

    /// The row with this id and those before it, the newest first: `limit` at most.
    pub(crate) fn find<T>(
        &'static self,
        tx: &mut (impl Query + ?Sized),
        (shard, newest): (Shard, u64),
        limit: u32,
        read: impl Fn(&mut Fields<'_>) -> Result<T, DbError>,
    ) -> Result<Vec<T>, DbError> {
        let sql = self.text.get_or_init(|| self.text());
        tx.query(sql, &[shard.0.into(), newest.into(), limit.into()], read)
    }

    fn text(&self) -> String {
        let columns: Vec<Column> = self.table.columns().copied().collect();
        let names = joined(&columns, ", ", |_, column| column.name.to_owned());
        let of_row = joined(&columns, ", ", |_, column| format!("t.{}", column.name));
        let table = self.table.name;
        format!(
            "with recursive chain (step, {names}) as (
                select 1, {of_row} from {table} as t where t.shard = $1 and t.id = $2
                union all
                select c.step + 1, {of_row} from chain as c
                join {table} as t on t.shard = c.shard and t.id = c.previous_id
                where c.step < $3
            )
            select {names} from chain order by step"
        )
    }
}
