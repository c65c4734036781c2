use std::convert::Infallible;

use super::*;
use crate::error::{DbError, WriteError};
use crate::seam::{Database, Link, Query, Writer};
use crate::url::DatabaseUrl;

/// A database with a table, its writer, and the writer's log.
fn given_a_database() -> (tempfile::TempDir, Database, Writer, std::sync::Arc<Log>) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(DatabaseUrl::Sqlite(folder.path().join("test.db"))).unwrap();
    let mut writer = database.writer().unwrap();
    writer.write::<_, Infallible>(|tx| Ok(tx.batch("create table page (id integer primary key)")?)).unwrap();
    let Link::Sqlite(link) = &writer.link else { panic!("another database") };
    let log = std::sync::Arc::clone(link.log().unwrap());
    (folder, database, writer, log)
}

fn insert(writer: &mut Writer) -> Result<crate::seam::Unsynced, WriteError<Infallible>> {
    writer.write_ahead(|tx| Ok(tx.batch("insert into page default values")?)).map(|((), unsynced)| unsynced)
}

fn count(database: &Database) -> Result<Option<i64>, DbError> {
    let mut reader = database.reader()?;
    reader.read(|tx| tx.query_first("select count(*) from page", &[], |fields| fields.int()))
}

/// On the disk, as far as the log knows.
fn synced(log: &Log) -> u64 {
    log.state().synced
}

#[test]
fn the_writer_goes_on_before_its_commits_are_on_the_disk_and_one_sync_is_for_all() {
    let (_folder, _database, mut writer, log) = given_a_database();
    let before = synced(&log);
    let first = insert(&mut writer).unwrap();
    let second = insert(&mut writer).unwrap();
    assert_eq!(synced(&log), before);
    first.wait().unwrap();
    assert_eq!(synced(&log), before + 2);
    second.wait().unwrap();
    assert_eq!(synced(&log), before + 2);
}

#[test]
fn what_is_written_in_the_usual_way_is_on_the_disk() {
    let (_folder, _database, mut writer, log) = given_a_database();
    let before = synced(&log);
    writer.write::<_, Infallible>(|tx| Ok(tx.batch("insert into page default values")?)).unwrap();
    assert_eq!(synced(&log), before + 1);
}

#[test]
fn nobody_is_shown_what_is_not_on_the_disk() {
    let (_folder, database, mut writer, log) = given_a_database();
    let before = synced(&log);
    let unsynced = insert(&mut writer).unwrap();
    assert_eq!(count(&database), Ok(Some(1)));
    assert_eq!(synced(&log), before + 1);
    unsynced.wait().unwrap();
}

#[test]
fn after_a_failed_sync_nobody_is_told_anything_that_may_be_lost() {
    let (_folder, database, mut writer, log) = given_a_database();
    let told_before = insert(&mut writer).unwrap();
    count(&database).unwrap();
    let unsynced = insert(&mut writer).unwrap();
    log.fail("log", &"as if the disk had failed");
    told_before.wait().unwrap();
    assert_eq!(unsynced.wait(), Err(failure()));
    assert_eq!(count(&database), Err(DbError::Unavailable(failure())));
    assert!(matches!(insert(&mut writer), Err(WriteError::Unavailable(Unavailable::Disk(_)))));
}

#[test]
fn a_log_that_cannot_be_synced_has_failed() {
    let log = Log::new(Path::new("/nowhere/test.db"));
    assert_eq!(log.wait(log.last_seen()), Err(failure()));
    assert!(log.has_failed());
}

#[test]
fn what_an_earlier_process_left_in_the_log_is_synced_before_it_is_shown() {
    let (folder, database, mut writer, _) = given_a_database();
    drop(insert(&mut writer).unwrap());
    // As after the end of that process: nobody has synced.
    let reopened = Database::open(database.url().clone()).unwrap();
    let writer = reopened.writer().unwrap();
    let Link::Sqlite(link) = &writer.link else { panic!("another database") };
    let log = std::sync::Arc::clone(link.log().unwrap());
    assert_eq!(synced(&log), 0);
    assert_eq!(count(&reopened), Ok(Some(1)));
    assert_eq!(synced(&log), 1);
    drop(folder);
}

#[test]
fn a_commit_that_is_under_way_may_have_been_seen_and_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("test.db-wal"), "").unwrap();
    let log = std::sync::Arc::new(Log::new(&folder.path().join("test.db")));
    let commit = log.begin();
    assert_eq!(log.last_seen(), commit);
    let waiter = std::thread::spawn({
        let log = std::sync::Arc::clone(&log);
        move || log.wait(commit)
    });
    log.end();
    waiter.join().unwrap().unwrap();
    assert_eq!(synced(&log), commit);
}
