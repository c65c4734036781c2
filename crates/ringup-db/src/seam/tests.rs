use crate::error::{DbError, Stop, Unavailable, WriteError};
use crate::seam::{Database, Link, Query};
use crate::testing::{given_a_database, start};

const INSERT: &str = "insert into pin_guard (scope, scope_hash, failures, window_started_at) values ($1, $2, $3, $4)";

fn count(test: &crate::testing::TestDatabase) -> i64 {
    test.read(|tx| Ok(tx.query_first("select count(*) from pin_guard", &[], |fields| fields.int())?.unwrap()))
}

#[test]
fn a_refusal_leaves_nothing_behind() {
    let test = given_a_database();
    let mut writer = test.database.writer().unwrap();
    let refused: WriteError<&str> = writer
        .write(|tx| {
            tx.execute(INSERT, &["all".into(), [1_u8].as_slice().into(), 1_i64.into(), start().into()])?;
            Err::<(), _>(Stop::Refused("no"))
        })
        .unwrap_err();
    assert_eq!(refused, WriteError::Refused("no"));
    assert_eq!(count(&test), 0);
}

#[test]
fn a_failure_that_the_closure_overlooks_is_not_committed() {
    let test = given_a_database();
    let mut writer = test.database.writer().unwrap();
    let failed = writer
        .write::<_, String>(|tx| {
            let key = [1_u8];
            let params = ["all".into(), key.as_slice().into(), 1_i64.into(), start().into()];
            tx.execute(INSERT, &params)?;
            let _ = tx.execute(INSERT, &params);
            Ok(())
        })
        .unwrap_err();
    assert_eq!(failed, WriteError::Conflict);
    assert_eq!(count(&test), 0);
}

#[test]
fn a_broken_rule_is_named_alike_on_both_databases() {
    let test = given_a_database();
    let mut writer = test.database.writer().unwrap();
    let below = writer.write::<_, String>(|tx| {
        Ok(tx.batch(
            "insert into account (shard, owner, code, unit, balance_minor, version) values (0, 1, 21, 'CNY', -1, 1)",
        )?)
    });
    assert_eq!(below.unwrap_err(), WriteError::Failed(DbError::Broken("account_floor".to_owned())));
    let twice = writer.write::<_, String>(|tx| {
        let mut other = crate::testing::product();
        other.id = ringup_core::product::ProductId(2);
        Ok(crate::product::upsert_product(tx, &other)?)
    });
    assert_eq!(twice.unwrap_err(), WriteError::Failed(DbError::Broken("product_code_unique".to_owned())));
}

#[test]
fn a_reader_sees_one_snapshot_and_writes_nothing() {
    let test = given_a_database();
    let mut reader = test.database.reader().unwrap();
    reader
        .read::<_, DbError>(|tx| {
            let products = "select count(*) from product";
            let before = tx.query(products, &[], |fields| fields.int())?;
            test.write(|tx| Ok(tx.batch("delete from promotion; delete from product")?));
            assert_eq!(tx.query(products, &[], |fields| fields.int())?, before);
            Ok(())
        })
        .unwrap();
    let refused = reader.read::<_, DbError>(|tx| tx.query("delete from pin_guard", &[], |fields| fields.int()));
    assert_eq!(refused.unwrap_err(), DbError::Unavailable(Unavailable::ReadOnly));
}

#[test]
fn a_database_that_is_not_there_is_unavailable_and_its_password_is_not_told() {
    let missing = Database::open("sqlite:/nowhere/at/all.db".parse().unwrap()).unwrap_err();
    assert!(matches!(missing, DbError::Unavailable(Unavailable::Gone(_))), "{missing:?}");
    let url = "postgres://ringup:hush@127.0.0.1:1/ringup?connect_timeout=1";
    let refused = Database::open(url.parse().unwrap()).unwrap_err();
    assert!(matches!(&refused, DbError::Unavailable(Unavailable::Gone(why)) if !why.contains("hush")), "{refused:?}");
}

#[test]
fn a_parameter_is_found_by_its_number_wherever_it_stands() {
    let test = given_a_database();
    let rows = test.read(|tx| {
        tx.query(
            "select cast($2 as bigint), cast($1 as bigint), cast($2 as bigint)",
            &[1_i64.into(), 2_i64.into()],
            |fields| Ok([fields.int()?, fields.int()?, fields.int()?]),
        )
    });
    assert_eq!(rows, [[2, 1, 2]]);
}

#[test]
fn a_full_disk_is_told_as_such_and_nothing_is_committed() {
    let test = given_a_database();
    let mut writer = test.database.writer().unwrap();
    let Link::Sqlite(link) = &mut writer.link else { return }; // a server's disk cannot be filled from here
    link.batch("pragma max_page_count = 60").unwrap();
    let full = writer
        .write::<_, String>(|tx| {
            tx.execute(INSERT, &["all".into(), [1_u8].as_slice().into(), 1_i64.into(), start().into()])?;
            tx.batch("insert into pin_guard select 'card', randomblob(4000), 1, 1, null from product, (with recursive n (i) as
                (select 1 union all select i + 1 from n where i < 200) select i from n)")?;
            Ok(())
        })
        .unwrap_err();
    assert_eq!(full, WriteError::Unavailable(Unavailable::Full));
    assert_eq!(count(&test), 0);
}

#[test]
fn a_lock_that_is_kept_too_long_is_told_as_such() {
    let test = given_a_database();
    let mut writer = test.database.writer().unwrap();
    let mut other = test.database.writer().unwrap();
    let Link::Sqlite(link) = &mut writer.link else { return }; // on a server, writers do not lock each other out
    link.batch("pragma busy_timeout = 1").unwrap();
    other
        .write::<_, String>(|_| {
            let locked = writer.write::<(), String>(|_| Ok(())).unwrap_err();
            assert_eq!(locked, WriteError::Unavailable(Unavailable::Locked));
            Ok(())
        })
        .unwrap();
    writer.write::<(), String>(|_| Ok(())).unwrap();
}

#[test]
fn a_connection_lost_at_commit_leaves_the_outcome_unknown_and_is_made_again() {
    let test = given_a_database();
    let mut writer = test.database.writer().unwrap();
    if matches!(writer.link, Link::Sqlite(_)) {
        return; // there is no connection to be lost
    }
    let mut other = test.database.writer().unwrap();
    let mut end_connection = |pid: i64| {
        other
            .write::<_, String>(|tx| {
                Ok(tx
                    .query("select pg_terminate_backend($1::bigint::int)::int", &[pid.into()], |fields| fields.int())?)
            })
            .unwrap();
    };
    let pid = |tx: &mut crate::seam::WriteTx<'_>| -> Result<i64, DbError> {
        Ok(tx.query_first("select pg_backend_pid()", &[], |fields| fields.int())?.unwrap())
    };
    let unknown = writer
        .write::<_, String>(|tx| {
            tx.execute(INSERT, &["all".into(), [1_u8].as_slice().into(), 1_i64.into(), start().into()])?;
            end_connection(pid(tx)?);
            Ok(())
        })
        .unwrap_err();
    assert!(matches!(unknown, WriteError::CommitUnknown(_)), "{unknown:?}");
    let lost = writer
        .write::<_, String>(|tx| {
            end_connection(pid(tx)?);
            Ok(pid(tx)?)
        })
        .unwrap_err();
    assert!(matches!(lost, WriteError::Unavailable(Unavailable::Gone(_))), "{lost:?}");
    writer.write::<_, String>(|tx| Ok(pid(tx)?)).unwrap();
    assert_eq!(count(&test), 0);
}

#[test]
fn a_connection_that_was_cut_while_nobody_used_it_is_made_again_unnoticed() {
    let test = given_a_database();
    let (mut writer, mut other) = (test.database.writer().unwrap(), test.database.writer().unwrap());
    if matches!(writer.link, Link::Sqlite(_)) {
        return; // there is no connection to be cut
    }
    let pid =
        writer.write::<_, String>(|tx| Ok(tx.query("select pg_backend_pid()", &[], |f| f.int())?.remove(0))).unwrap();
    let mut ask =
        |sql: &'static str| other.write::<_, String>(|tx| Ok(tx.query(sql, &[pid.into()], |f| f.int())?.remove(0)));
    ask("select pg_terminate_backend($1::bigint::int)::int").unwrap();
    while ask("select count(*) from pg_stat_activity where pid = $1::bigint::int").unwrap() > 0 {}
    let now =
        writer.write::<_, String>(|tx| Ok(tx.query("select pg_backend_pid()", &[], |f| f.int())?.remove(0))).unwrap();
    assert_ne!(now, pid);
}
