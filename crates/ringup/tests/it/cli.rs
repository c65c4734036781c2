//! The command line, as the built program answers it.

use std::sync::Arc;

use ringup_core::payment::Provider;

use crate::support::{CATALOGUE, Program, TestApp, TestDatabase, errors, given_alipay, keys};

#[test]
fn the_help_is_what_it_was() {
    let program = Program::on(TestDatabase::empty());
    let commands: [&[&str]; 9] = [
        &["--help"],
        &["serve", "--help"],
        &["migrate", "--help"],
        &["card", "--help"],
        &["catalogue", "load", "--help"],
        &["place", "import", "--help"],
        &["top-up", "refund", "--help"],
        &["review", "--help"],
        &["verify", "--help"],
    ];
    let shown: Vec<String> =
        commands.iter().map(|args| format!("$ ringup {}\n{}", args.join(" "), program.prints(args))).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn migrate_makes_the_tables_and_says_whether_they_are_there() {
    let program = Program::on(TestDatabase::empty());
    let check = program.runs(&["migrate", "--check"]);
    assert_eq!(check.status.code(), Some(1), "{}", errors(&check));
    assert!(String::from_utf8(check.stdout).unwrap().contains("the schema lacks 0001_foundation"));
    assert!(program.prints(&["migrate"]).contains("applied 0001_foundation"));
    assert_eq!(program.prints(&["migrate", "--check"]), "the schema is up to date\n");
    assert_eq!(program.prints(&["migrate"]), "the schema is up to date\n");
}

#[test]
fn an_empty_database_is_served_on_sqlite_and_refused_on_postgresql() {
    let program = Program::on(TestDatabase::empty());
    std::fs::write(program.database().folder().join("catalogue.toml"), CATALOGUE).unwrap();
    if TestDatabase::server().is_some() {
        let said = program.fails(&["catalogue", "load", "catalogue.toml"]);
        assert!(said.contains("run `ringup migrate` first"), "{said}");
        program.prints(&["migrate"]);
    }
    assert_eq!(
        program.prints(&["catalogue", "load", "catalogue.toml"]),
        "2 products, 2 promotions, 3 destinations, 4 rates and 2 bundles loaded\n"
    );
}

#[test]
fn a_catalogue_that_cannot_be_read_is_named() {
    let program = Program::on(TestDatabase::fresh());
    assert!(program.fails(&["catalogue", "load", "nowhere.toml"]).contains("ringup: "));
    std::fs::write(program.database().folder().join("bad.toml"), CATALOGUE.replace("\"CNY\"", "\"XYZ\"")).unwrap();
    assert!(program.fails(&["catalogue", "load", "bad.toml"]).contains("XYZ"));
}

/// A database with two credited top-ups of 50.00, its server gone.
async fn given_books() -> (Program, Vec<String>) {
    let app = TestApp::new().await;
    let mut acks = Vec::new();
    for _ in 0..2 {
        let card = app.given_a_card("20.00 CNY").await;
        let order = app.given_a_credited_top_up(&card, "50.00 CNY", Provider::Alipay).await;
        acks.push(format!("{} {} 50.00 CNY", order.id, card.number));
    }
    (Program::on(app.leaves_its_database()), acks)
}

#[tokio::test]
async fn verify_is_clean_on_sound_books_and_says_what_was_damaged() {
    let (program, _) = given_books().await;
    let clean = program.prints(&["verify"]);
    assert!(clean.lines().count() >= 10 && clean.lines().all(|line| line.starts_with("ok ")), "{clean}");
    program.database().tampered_with("update card set main_minor = main_minor + 1");
    let output = program.runs(&["verify"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().any(|line| line.starts_with("VIOLATED every balance follows from its postings")), "{text}");
}

#[tokio::test]
async fn verify_finds_an_entry_that_was_removed() {
    let (program, _) = given_books().await;
    program.database().tampered_with("delete from journal_entry where position = 2");
    let output = program.runs(&["verify"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("VIOLATED every entry carries the hash of the one before it"), "{text}");
}

#[tokio::test]
async fn verify_compares_the_books_with_what_callers_were_told() {
    let (program, acks) = given_books().await;
    let file = program.database().folder().join("acks.txt");
    std::fs::write(&file, acks.join("\n")).unwrap();
    let clean = program.prints(&["verify", "--acks", "acks.txt"]);
    assert!(
        clean.contains("ok       every acknowledged top-up is on its card exactly once (2 checked, 0 found)"),
        "{clean}"
    );
    let other_amount = acks[0].replace("50.00", "60.00");
    let unknown = "top_00000000000000 4111111111111111 50.00 CNY".to_owned();
    for wrong in [vec![other_amount], vec![acks[1].replace(&acks[1][21..], &acks[0][21..])], vec![unknown]] {
        std::fs::write(&file, wrong.join("\n")).unwrap();
        let output = program.runs(&["verify", "--acks", "acks.txt"]);
        assert_eq!(output.status.code(), Some(1), "{wrong:?}");
    }
    std::fs::write(&file, "rubbish").unwrap();
    assert!(program.fails(&["verify", "--acks", "acks.txt"]).contains("acks, line 1"));
}

#[tokio::test]
async fn a_top_up_is_refunded_from_the_command_line_once() {
    let app = TestApp::new().await;
    app.given_notifications_are_lost();
    let card = app.given_a_card("20.00 CNY").await;
    let order = app.given_a_credited_top_up(&card, "50.00 CNY", Provider::Alipay).await;
    // Beside the server, which has another number.
    let program = Program::on(Arc::clone(&app.database));
    let refund = |args: &[&str]| {
        let mut command = program.command(&["top-up", "refund", &order.id]);
        command.args(args).env("RINGUP_SERVER__NODE", "2").output().unwrap()
    };
    let first = refund(&["--id", "refund-1", "--amount", "30.00 CNY"]);
    assert!(first.status.success(), "{}", errors(&first));
    assert!(String::from_utf8(first.stdout).unwrap().contains("requested: the running server sends the money back"));
    let again = refund(&["--id", "refund-1", "--amount", "30.00 CNY"]);
    assert!(String::from_utf8(again.stdout).unwrap().contains("had been requested before; nothing was changed"));
    for args in [["--id", "refund-2", "--amount", "20.01 CNY"], ["--id", "refund-1", "--amount", "10.00 CNY"]] {
        assert_eq!(refund(&args).status.code(), Some(1));
    }
    let refunded = app.status_of(&order).await["refunded"].clone();
    assert_eq!(refunded, "30.00 CNY");
    app.should_hold(&card, "40.00 CNY").await;
}

#[tokio::test]
async fn a_server_that_is_asked_to_stop_ends_well() {
    let sandbox = given_alipay().await;
    let program = Program::on(TestDatabase::fresh());
    let card = program.given_a_card();
    let server = program.serves(&sandbox).await;
    let quote = serde_json::json!({ "card": card.to_string(), "amount": "50.00 CNY" });
    assert_eq!(server.post_json("/api/v1/quotes", "-", &quote).await.status, 200);
    assert_eq!(server.stops(), Some(0));
}

#[test]
fn the_demos_keys_are_refused_in_production() {
    let program = Program::on(TestDatabase::fresh());
    let folder = program.database().folder();
    for (section, said) in [
        (
            format!("[alipay]\napp_id = \"{}\"\nseller_id = \"1\"\nprivate_key_file = \"k\"", keys().alipay.app_id),
            "alipay.app_id",
        ),
        (
            format!(
                "[wechat_pay]\napp_id = \"wx1\"\nmchid = \"{}\"\nmerchant_serial = \"1\"\nprivate_key_file = \"k\"\n\
                 api_v3_key_file = \"k\"",
                keys().wechat_pay.mchid
            ),
            "wechat_pay.mchid",
        ),
    ] {
        std::fs::write(folder.join("ringup.toml"), section).unwrap();
        let said_at_all = program.fails(&["--config", "ringup.toml", "serve"]);
        assert!(said_at_all.contains(&format!("{said} is the demo's")), "{said_at_all}");
    }
}

#[test]
fn a_setting_that_nobody_knows_is_refused() {
    let program = Program::on(TestDatabase::fresh());
    std::fs::write(program.database().folder().join("ringup.toml"), "[server]\nlisten_to = \"127.0.0.1:1\"").unwrap();
    assert!(program.fails(&["--config", "ringup.toml", "serve"]).contains("listen_to"));
}
