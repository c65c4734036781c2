use super::super::SqliteLink;
use super::*;
use crate::error::Unavailable;

/// A file with a table, and a writer with its checkpointer.
fn given_a_file() -> (tempfile::TempDir, Connection, Checkpointer) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let writer = super::super::connect(&path).unwrap();
    writer.execute_batch("create table page (id integer primary key, body blob)").unwrap();
    let checkpointer = Checkpointer::new(&path);
    (folder, writer, checkpointer)
}

fn log(connection: &Connection) -> Log {
    run(connection, "pragma wal_checkpoint(noop)", &AtomicU8::new(IDLE)).unwrap()
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
        let pages = log(&writer).pages;
        begun_anew |= pages < longest;
        longest = longest.max(pages);
    }
    assert!(begun_anew, "the log has {longest} pages");
    assert!(longest < TOO_LONG_PAGES, "the log had {longest} pages");
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
    assert_eq!(log(&writer).copied, 0);
    assert_eq!(checkpointer.state.load(Ordering::Acquire), IDLE);
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
    let checkpointer = link.checkpointer.as_mut().unwrap();
    let null = File::open("/dev/null").unwrap();
    checkpointer.copier = Some(Copier::with(super::super::connect(&path).unwrap(), null, &checkpointer.state).unwrap());
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
    // Closing copied nothing and removed nothing.
    assert!(folder.path().join("test.db-wal").metadata().unwrap().len() > 1_000_000);
    // As after the end of the process: the log is read anew from what is on the disk.
    let copy = folder.path().join("copy.db");
    std::fs::copy(&path, &copy).unwrap();
    std::fs::copy(folder.path().join("test.db-wal"), folder.path().join("copy.db-wal")).unwrap();
    let anew = super::super::connect(&copy).unwrap();
    let rows: i64 = anew.query_row("select count(*) from page", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, written);
}
