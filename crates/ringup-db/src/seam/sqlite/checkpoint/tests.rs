use super::*;

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
    run(connection, "pragma wal_checkpoint(noop)").unwrap()
}

#[test]
fn a_log_that_grows_is_copied_beside_the_writer_and_begun_anew() {
    let (_folder, writer, mut checkpointer) = given_a_file();
    let mut longest = 0;
    let mut begun_anew = false;
    // Some hundred pages a commit: many times as much as the log may hold.
    for _ in 0..600 {
        writer.execute_batch("insert into page (body) select zeroblob(3500) from (values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) as a, (values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) as b").unwrap();
        checkpointer.after_commit(&writer);
        let pages = log(&writer).pages;
        begun_anew |= pages < longest;
        longest = longest.max(pages);
    }
    assert!(begun_anew, "the log has {longest} pages");
    assert!(longest < 45_000, "the log had {longest} pages");
    let rows: i64 = writer.query_row("select count(*) from page", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 60_000);
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
