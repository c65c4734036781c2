//! A database that is locked, full, failing, gone or too new: a clear answer, nothing lost, and on as soon as it can be.

mod lost_commit;

use std::process::{Command, Stdio};
use std::sync::mpsc;

use ringup_core::card::CardNumber;
use ringup_core::payment::Provider;
use serde_json::{Value, json};

use crate::support::{Answer, PROVIDERS, Program, Server, TestApp, TestDatabase, errors, given_alipay, key, psql};

/// "Come back in a moment, with the same key."
fn should_be_unavailable(answer: &Answer) {
    assert_eq!(answer.problem(), (503, "unavailable".to_owned()));
    assert_eq!(answer.header("retry-after"), Some("2"));
}

/// Has another process keep the database to itself until the answer is dropped.
fn lock(app: &TestApp) -> Box<dyn std::any::Any> {
    if TestDatabase::server().is_some() {
        let statements = "begin;\nlock table card in access exclusive mode;\nselect 'locked';\n";
        let mut psql = Command::new("psql");
        let psql = psql.args([&app.database.address(), "-tA"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut psql = psql.spawn().unwrap();
        std::io::Write::write_all(psql.stdin.as_mut().unwrap(), statements.as_bytes()).unwrap();
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(psql.stdout.take().unwrap()));
        while lines.next().unwrap().unwrap() != "locked" {}
        return Box::new(Ended(psql));
    }
    let mut writer = app.database.database().writer().unwrap();
    let (locked, is_locked) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    std::thread::spawn(move || {
        let held = writer.write::<_, std::convert::Infallible>(|_| {
            locked.send(()).unwrap();
            // An error means that the lock was dropped, which is what is waited for.
            let _ = released.recv();
            Ok(())
        });
        held.unwrap();
    });
    is_locked.recv().unwrap();
    Box::new(release)
}

/// A process that ends with its owner.
struct Ended(std::process::Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn while_another_process_has_the_lock_a_top_up_must_wait_and_then_goes_on() {
    let app = TestApp::new().await;
    app.given_notifications_are_lost();
    let card = app.given_a_card("0.00 CNY").await;
    let paid = app.places(&card, "20.00 CNY", Provider::WechatPay).await;
    app.customer_pays(&paid);
    let (quote, key) = (app.given_a_quote(&card, "50.00 CNY").await, key());

    let notification = app.notification(&paid, ringup_sandbox::Forgery::None);
    let lock = lock(&app);
    // Each in its turn waits for the lock as long as the database does.
    let (placed, heard) =
        tokio::join!(app.takes_quote(&quote, Provider::Alipay, Some(&key)), app.delivers(notification));
    should_be_unavailable(&placed);
    assert_eq!((heard.status, heard.header("retry-after")), (503, Some("2")), "the provider must say it again");
    assert_eq!(app.get("/livez").await.status, 200);
    drop(lock);

    let again = until_it_is_there(async || app.takes_quote(&quote, Provider::Alipay, Some(&key)).await).await;
    assert_eq!(again.status, 201, "{}", again.text);
    app.provider_says_so(&paid).await;
    app.should_hold(&card, "20.00 CNY").await;
}

/// Asks until the answer is not 503: a server notices a moment later that a client has gone.
async fn until_it_is_there(ask: impl AsyncFn() -> Answer) -> Answer {
    let asking = async {
        loop {
            let answer = ask().await;
            if answer.status != 503 {
                return answer;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), asking).await.unwrap()
}

#[tokio::test]
async fn when_the_disk_is_full_nothing_is_lost_and_with_room_it_goes_on() {
    if TestDatabase::server().is_some() {
        return; // Its disk is not ours to fill. What it says then is mapped to the same answer (`ringup-db`).
    }
    let sandbox = given_alipay().await;
    let program = Program::on(TestDatabase::empty());
    let card = program.given_a_card();
    let program = program.on_a_disk_of(4 * 1024);
    let server = program.serves(&sandbox).await;
    let disk = server.disk(&program);
    fill(&disk.join("filler"));
    let (placed, lost) = places_until_refused(&server, card).await;
    assert_eq!(lost.answer.problem(), (503, "unavailable".to_owned()));
    assert_eq!(lost.answer.header("retry-after"), Some("2"));
    assert_eq!(server.post_json("/api/v1/top-ups", &lost.key, &lost.body).await.status, 503);
    // Whoever sends requests to servers must learn that this one cannot take money.
    let ready = server.get("/readyz").await;
    assert_eq!((ready.status, ready.text.as_str()), (503, "not ready: unavailable\n"));
    assert_eq!(server.get("/readyz").await.status, 503, "it must be tried each time until it succeeds");

    std::fs::remove_file(disk.join("filler")).unwrap();
    assert_eq!(server.get("/readyz").await.status, 200);
    should_have_all(&server, &placed, &lost).await;
    for part in ["ringup.db", "ringup.db-wal"] {
        std::fs::copy(disk.join(part), program.database().folder().join(part)).unwrap();
    }
    drop(server);
    program.without_limits().prints(&["verify"]);
}

/// A top-up that a server was asked for.
struct Asked {
    key: String,
    body: Value,
    answer: Answer,
}

/// Places top-ups of a card until the server says no; answers those, and the one that it refused.
async fn places_until_refused(server: &Server, card: CardNumber) -> (Vec<Asked>, Asked) {
    let mut placed = Vec::new();
    loop {
        let quote = json!({ "card": card.to_string(), "amount": "50.00 CNY" });
        let quote = server.post_json("/api/v1/quotes", "-", &quote).await.field("quote");
        let (body, key) = (json!({ "quote": quote, "provider": "alipay", "method": "qr" }), key());
        let answer = server.post_json("/api/v1/top-ups", &key, &body).await;
        if answer.status != 201 {
            return (placed, Asked { key, body, answer });
        }
        placed.push(Asked { key, body, answer });
        assert!(placed.len() < 1_000, "it never came to its limit");
    }
}

/// What was answered is there, and what was not can be asked for again.
async fn should_have_all(server: &Server, placed: &[Asked], lost: &Asked) {
    let again = server.post_json("/api/v1/top-ups", &lost.key, &lost.body).await;
    assert_eq!(again.status, 201, "{}", again.text);
    for asked in placed {
        let again = server.post_json("/api/v1/top-ups", &asked.key, &asked.body).await;
        assert_eq!((again.status, &again.text), (201, &asked.answer.text));
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
    }
}

/// Writes until there is no more room.
fn fill(file: &std::path::Path) {
    let mut file = std::fs::File::create(file).unwrap();
    while std::io::Write::write_all(&mut file, &[0; 4_096]).is_ok() {}
}

#[tokio::test]
async fn after_a_failed_commit_nothing_is_written_until_the_server_has_been_started_again() {
    if TestDatabase::server().is_some() {
        return; // A server that fails a commit says so, or is gone: the scenario below.
    }
    let sandbox = given_alipay().await;
    let program = Program::on(TestDatabase::empty());
    let card = program.given_a_card();
    let limited = program.under("trap '' XFSZ; ulimit -f 700");
    let server = limited.serves(&sandbox).await;
    assert_eq!(server.get("/readyz").await.status, 200);
    let (placed, lost) = places_until_refused(&server, card).await;
    assert_eq!((lost.answer.status, lost.answer.header("retry-after")), (503, Some("2")), "{}", lost.answer.text);
    assert!(!placed.is_empty());
    let ready = server.get("/readyz").await;
    // The question writes too: it can be the first write of the lane that is not taken, or one more of unknown outcome.
    let said = ["not ready: unavailable\n", "not ready: outcome_unknown\n"];
    assert!(ready.status == 503 && said.contains(&ready.text.as_str()), "{} {}", ready.status, ready.text);
    // It is said again, and still not known.
    assert_eq!(server.post_json("/api/v1/top-ups", &lost.key, &lost.body).await.status, 503);
    // What is only read goes on.
    assert_eq!(server.get(&format!("/api/v1/top-ups/{}", placed[0].answer.field("code"))).await.status, 200);
    server.kill();

    let program = limited.without_limits();
    let server = program.serves(&sandbox).await;
    should_have_all(&server, &placed, &lost).await;
    drop(server);
    program.prints(&["verify"]);
}

#[tokio::test]
async fn a_server_whose_connections_are_cut_makes_new_ones() {
    let Some(server) = TestDatabase::server() else {
        return; // A file has no connection that could be cut.
    };
    let (database, name) = TestDatabase::apart(&server);
    let app = TestApp::on(database).await;
    app.given_notifications_are_lost();
    for provider in PROVIDERS {
        let card = app.given_a_card("0.00 CNY").await;
        let order = app.places(&card, "50.00 CNY", provider).await;
        app.customer_pays(&order);
        let cut = format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        psql(&server, &cut);
        let asked = until_it_is_there(async || app.get(&format!("/api/v1/top-ups/{}", order.code)).await).await;
        assert_eq!(asked.status, 200);
        let notification = app.notification(&order, ringup_sandbox::Forgery::None);
        let heard = until_it_is_there(async || app.delivers(notification.clone()).await).await;
        assert!(heard.acknowledges(provider), "{heard:?}");
        assert_eq!(until_it_is_there(async || app.get("/readyz").await).await.status, 200);
        app.should_hold(&card, "50.00 CNY").await;
    }
}

#[test]
fn a_database_that_is_not_there_is_named_at_the_start() {
    let program = Program::on(TestDatabase::empty());
    for (address, said) in [
        ("sqlite:/proc/nowhere/ringup.db", "the database sqlite:/proc/nowhere/ringup.db cannot be opened"),
        ("postgres://ringup:secret@127.0.0.1:1/ringup", "cannot be opened: the database cannot be reached"),
        ("mysql://127.0.0.1/ringup", "database.url"),
    ] {
        let output = program.command(&["serve"]).env("RINGUP_DATABASE__URL", address).output().unwrap();
        let errors = errors(&output);
        assert_eq!(output.status.code(), Some(1), "{errors}");
        assert!(errors.contains(said), "{errors}");
        assert!(!errors.contains("secret"), "{errors}");
    }
}

#[test]
fn a_newer_schema_is_refused_at_the_start() {
    let program = Program::on(TestDatabase::fresh());
    let sql = "insert into schema_version (number, name, applied_at, checksum) values (999, 'from_the_future', 1, 1)";
    program.database().tampered_with(sql);
    for command in [["serve"].as_slice(), &["migrate"], &["catalogue", "load", "x.toml"]] {
        let said = program.fails(command);
        assert!(said.contains("999"), "{command:?}: {said}");
    }
    assert!(program.runs(&["migrate", "--check"]).status.code() == Some(1));
}
