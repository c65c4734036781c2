use super::super::SqliteLink;
use super::*;
use crate::error::Unavailable;

/// A file with a table, and a writer with its checkpointer.
fn given_a_file() -> (tempfile::TempDir, Connection, Checkpointer) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let writer = super::super::connect(&path).unwrap();
    writer.execute_batch("create table page (id integer primary key, body blob)").unwrap();
    let checkpointer = Checkpointer::new(&path, &Arc::new(Log::new(&path))).unwrap();
    (folder, writer, checkpointer)
}

fn length(connection: &Connection) -> Length {
    run(connection, "pragma wal_checkpoint(noop)", &Log::new(Path::new("none"))).unwrap()
}

#[test]
fn a_log_that_grows_is_copied_beside_the_writer_and_begun_anew() {
    let (_folder, writer, mut checkpointer) = given_a_file();
    let mut longest = 0;
    let mut begun_anew = false;
    // Some hundred pages a commit: more than the log may hold.
    for _ in 0..900 {
        writer.execute_batch("insert into page (body) select zeroblob(3500) from (values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) as a, (values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) as b").unwrap();
        checkpointer.after_commit(&writer);
        let pages = length(&writer).pages;
        begun_anew |= pages < longest;
        longest = longest.max(pages);
    }
    assert!(begun_anew, "the log has {longest} pages");
    assert!(longest < TOO_LONG_PAGES * 5 / 4, "the log had {longest} pages");
    let rows: i64 = writer.query_row("select count(*) from page", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 90_000);
}

#[test]
fn a_short_log_is_left_alone() {
    let (_folder, writer, mut checkpointer) = given_a_file();
    for _ in 0..100 {
        writer.execute_batch("insert into page (body) values (zeroblob(100))").unwrap();
        checkpointer.after_commit(&writer);
    }
    assert_eq!(length(&writer).copied, 0);
    assert!(checkpointer.copier.is_none());
}

#[test]
fn a_reader_in_the_log_keeps_it_and_loses_nothing() {
    let (folder, writer, mut checkpointer) = given_a_file();
    let reader = super::super::connect(&folder.path().join("test.db")).unwrap();
    writer.execute_batch("insert into page (body) values (zeroblob(100))").unwrap();
    reader.execute_batch("begin").unwrap();
    let count = |connection: &Connection| -> i64 {
        connection.query_row("select count(*) from page", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count(&reader), 1);
    for _ in 0..3_000 {
        writer.execute_batch("insert into page (body) select zeroblob(3500) from (values (1), (2), (3), (4))").unwrap();
        checkpointer.after_commit(&writer);
    }
    assert_eq!((count(&reader), count(&writer)), (1, 12_001));
}

#[test]
fn after_a_failed_sync_nothing_is_written_and_the_next_opening_finds_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let mut link = SqliteLink::open_writer(&path).unwrap();
    link.batch("create table page (id integer primary key, body blob)").unwrap();
    // A file that cannot be synced.
    let checkpointer = &mut link.writing.as_mut().unwrap().checkpointer;
    let (connection, null) = (super::super::connect(&path).unwrap(), File::open("/dev/null").unwrap());
    checkpointer.copier = Some(Copier::with(connection, null, &checkpointer.log).unwrap());
    let mut written = 0;
    let refused = loop {
        match link.begin_write() {
            Ok(()) => {}
            Err(error) => break error,
        }
        link.batch(
            "insert into page (body) select zeroblob(3500) from (values (1), (2), (3), (4), (5), (6), (7), (8))",
        )
        .unwrap();
        assert!(link.commit().is_ok());
        written += 8;
        assert!(written < 100_000, "nobody noticed");
    };
    assert!(matches!(refused, DbError::Unavailable(Unavailable::Disk(_))), "{refused}");
    drop(link);
    then_closing_copied_nothing_and_the_next_opening_finds(written, folder.path());
}

#[test]
fn a_failed_sync_of_the_writers_own_copy_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut link = SqliteLink::open_writer(&folder.path().join("test.db")).unwrap();
    link.batch("create table page (id integer primary key, body blob)").unwrap();
    link.begin_write().unwrap();
    link.batch("with recursive n (i) as (select 1 union all select i + 1 from n where i < 400) insert into page (body) select zeroblob(3500) from n")
        .unwrap();
    assert!(link.commit().is_ok());
    // As `run` does it, and before the log was ever long enough for a thread.
    let writing = link.writing.as_ref().unwrap();
    writing.log.fail("database", &"as if the disk had failed");
    assert!(writing.checkpointer.copier.is_none());
    assert!(matches!(link.begin_write(), Err(DbError::Unavailable(Unavailable::Disk(_)))));
    drop(link);
    then_closing_copied_nothing_and_the_next_opening_finds(400, folder.path());
}

fn then_closing_copied_nothing_and_the_next_opening_finds(written: i64, folder: &Path) {
    assert!(folder.join("test.db-wal").metadata().unwrap().len() > 1_000_000);
    // As after the end of the process: the log is read anew from what is on the disk.
    std::fs::copy(folder.join("test.db"), folder.join("copy.db")).unwrap();
    std::fs::copy(folder.join("test.db-wal"), folder.join("copy.db-wal")).unwrap();
    let anew = super::super::connect(&folder.join("copy.db")).unwrap();
    let rows: i64 = anew.query_row("select count(*) from page", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, written);
}
