use super::{MigrateRefusal, SchemaState, check, migrate, try_to_write};
use crate::error::WriteError;
use crate::testing::{empty_database, start};

#[test]
fn a_new_database_is_brought_up_to_date_once() {
    let test = empty_database();
    let SchemaState::Older { missing } = check(&test.database).unwrap() else { panic!("an empty database is older") };
    assert_eq!(migrate(&test.database, start()).unwrap(), missing);
    assert_eq!(missing.first().unwrap().to_string(), "0001_foundation");
    assert_eq!(check(&test.database).unwrap(), SchemaState::Current);
    assert_eq!(migrate(&test.database, start()).unwrap(), vec![]);
}

#[test]
fn trying_to_write_leaves_nothing_behind() {
    let test = empty_database();
    migrate(&test.database, start()).unwrap();
    test.write(|tx| Ok(try_to_write(tx)?));
    test.write(|tx| Ok(try_to_write(tx)?));
    assert_eq!(check(&test.database).unwrap(), SchemaState::Current);
}

#[test]
fn a_newer_schema_is_left_alone() {
    let test = empty_database();
    migrate(&test.database, start()).unwrap();
    test.write(|tx| Ok(tx.batch("insert into schema_version values (99, 'later', 0, 0)")?));
    assert_eq!(check(&test.database).unwrap(), SchemaState::Newer { found: 99, known: 13 });
    let refused = migrate(&test.database, start()).unwrap_err();
    assert_eq!(refused, WriteError::Refused(MigrateRefusal::Newer { found: 99, known: 13 }));
}

#[test]
fn a_step_that_was_made_with_another_text_is_found() {
    let test = empty_database();
    migrate(&test.database, start()).unwrap();
    test.write(|tx| Ok(tx.batch("update schema_version set checksum = 1")?));
    assert!(matches!(check(&test.database).unwrap(), SchemaState::Changed { .. }));
}

/// The text of a migration without its comments, storage words and the names of types.
fn bare(sql: &str) -> Vec<String> {
    let lines = sql.lines().map(str::trim).filter(|line| !line.starts_with("--") && !line.starts_with("comment on"));
    lines
        .filter(|line| !line.is_empty())
        .map(|line| {
            let line = line.replace(") strict, without rowid;", ");").replace(") strict;", ");");
            let line = line.replace(" with (fillfactor = 80);", ";").replace(" with (fillfactor = 50);", ";");
            line.replace("smallint", "integer").replace("bigint", "integer").replace("bytea", "blob")
        })
        .collect()
}

#[test]
fn both_databases_have_the_same_tables_columns_and_rules() {
    for migration in super::MIGRATIONS {
        assert_eq!(bare(migration.sqlite), bare(migration.postgres.unwrap()), "{}", migration.name);
    }
}
