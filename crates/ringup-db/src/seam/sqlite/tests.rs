use rusqlite::StatementStatus;

use super::*;

/// The tables of Ringup, on SQLite whatever the tests run on.
fn given_the_tables() -> SqliteLink {
    let mut link = SqliteLink::open_writer(Path::new(":memory:")).unwrap();
    link.batch(include_str!("../../../migrations/sqlite/0001_foundation.sql")).unwrap();
    link
}

#[test]
fn a_statement_keeps_its_plan_when_other_values_are_bound() {
    let mut link = given_the_tables();
    let sql = "select number, hash from seal where house = $1 order by number desc limit 1";
    for house in 0..10_i64 {
        link.query(sql, &[house.into()], &mut |_| Ok(())).unwrap();
    }
    let statement = link
        .connection
        .prepare_cached("select number, hash from seal where house = ?1 order by number desc limit 1")
        .unwrap();
    assert_eq!(statement.get_status(StatementStatus::Run), 10);
    assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
}

#[test]
fn no_table_is_made_to_check_a_row_of_the_way_of_a_credit() {
    let link = given_the_tables();
    for (table, changed) in [
        ("card", "state, main_minor, chain_hash, version"),
        ("top_up", "state, refunded_minor, version"),
        ("payment", "state, hand_over, version"),
        ("capture", "unallocated_minor, unallocated_version, version"),
        ("account", "balance_minor, code, version"),
    ] {
        let sets: Vec<String> = changed.split(", ").map(|column| format!("{column} = ?")).collect();
        let sql = format!("explain update {table} set {} where rowid = ?", sets.join(", "));
        let sql = if table == "account" {
            sql.replace("rowid = ?", "shard = ? and owner = ? and code = ? and unit = ?")
        } else {
            sql
        };
        let mut statement = link.connection.prepare(&sql).unwrap();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().unwrap() {
            let operation: String = row.get("opcode").unwrap();
            assert_ne!(operation, "OpenEphemeral", "in an update of {table}");
        }
    }
}
