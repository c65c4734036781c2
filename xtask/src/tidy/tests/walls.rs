use super::super::walls;
use super::{keeps, places};

const CORE: &str = "crates/ringup-core/src/quote.rs";

fn breaks_a_wall(name: &str, manifest: &str) -> bool {
    let path = if name == "xtask" { "xtask/Cargo.toml".to_owned() } else { format!("crates/{name}/Cargo.toml") };
    !places(walls::dependencies_keep_the_walls, &[(&path, manifest)]).is_empty()
}

#[test]
fn only_the_owner_of_a_wall_may_name_what_is_behind_it() {
    let cases = [
        ("rusqlite", ["ringup-db"].as_slice()),
        ("postgres", &["ringup-db"]),
        ("tokio-postgres-rustls", &["ringup-db"]),
        ("reqwest", &["ringup-gateways", "ringup-sandbox"]),
        ("lettre", &["ringup-gateways"]),
        ("axum", &["ringup", "ringup-sandbox"]),
    ];
    let ours = ["ringup-core", "ringup-db", "ringup-gateways", "ringup-engine", "ringup", "ringup-sandbox"];
    for (dependency, owners) in cases {
        for name in ours {
            let manifest = format!("[dependencies]\n{dependency}.workspace = true\n");
            assert_eq!(breaks_a_wall(name, &manifest), !owners.contains(&name), "{name} names {dependency}");
        }
    }
}

#[test]
fn the_scenarios_may_use_an_http_client_and_the_pages_may_not() {
    assert!(!breaks_a_wall("ringup", "[dev-dependencies]\nreqwest.workspace = true\n"));
    assert!(breaks_a_wall("ringup", "[dependencies]\nreqwest = { workspace = true, features = [\"json\"] }\n"));
    assert!(breaks_a_wall("ringup-engine", "[dev-dependencies]\nreqwest.workspace = true\n"));
}

#[test]
fn an_arrow_that_the_house_does_not_have_is_a_finding() {
    assert!(!breaks_a_wall("ringup-engine", "[dependencies]\nringup-db.workspace = true\n"));
    assert!(breaks_a_wall("ringup-db", "[dependencies]\nringup-engine.workspace = true\n"));
    assert!(breaks_a_wall("ringup-core", "[dependencies]\nringup-db.workspace = true\n"));
    assert!(!breaks_a_wall("ringup-terminal", "[dependencies]\nringup-db.workspace = true\n"));
    assert!(breaks_a_wall("ringup-terminal", "[dependencies]\nringup-engine.workspace = true\n"));
    assert!(breaks_a_wall("ringup-sandbox", "[dependencies]\nringup-core.workspace = true\n"));
    assert!(breaks_a_wall("ringup-gateways", "[dependencies]\nringup-sandbox.workspace = true\n"));
    assert!(!breaks_a_wall("ringup-gateways", "[dev-dependencies]\nringup-sandbox.workspace = true\n"));
    assert!(breaks_a_wall("ringup-engine", "[dev-dependencies]\nringup-sandbox.workspace = true\n"));
    assert!(breaks_a_wall("xtask", "[dependencies]\nringup-core.workspace = true\n"));
}

#[test]
fn a_version_outside_the_workspace_manifest_is_a_finding() {
    assert!(breaks_a_wall("ringup-core", "[dependencies]\nthiserror = \"2\"\n"));
    assert!(!breaks_a_wall("ringup-core", "[dependencies]\n# a remark\nthiserror = { workspace = true }\n"));
}

#[test]
fn a_crate_without_the_lints_of_the_workspace_is_a_finding() {
    let root = (
        "Cargo.toml",
        "[workspace.lints.rust]\nunsafe_code = \"forbid\"\n\n[workspace.lints.clippy]\npanic = \"deny\"\n",
    );
    let rule = walls::each_crate_takes_the_lints_of_the_workspace;
    let path = "crates/ringup-core/Cargo.toml";
    assert_eq!(places(rule, &[root, (path, "[dependencies]\n")]).len(), 2);
    assert_eq!(places(rule, &[root, (path, "[lints.rust]\nunsafe_code = \"forbid\"\n")]).len(), 1);
    keeps(rule, &[root, (path, "[lints]\nworkspace = true\n")]);
    keeps(
        rule,
        &[
            root,
            (
                path,
                "[lints.rust]\nunsafe_code = \"forbid\"\n[lints.clippy]\npanic = \"deny\"\nindexing_slicing = \"deny\"\n",
            ),
        ],
    );
}

#[test]
fn a_core_that_reads_the_clock_or_the_environment_is_a_finding() {
    let rule = walls::core_names_no_outside_world;
    for code in [
        "use std::time::SystemTime;",
        "let began = Instant::now();",
        "use tokio::sync::Mutex;",
        "aws_lc_rs::rand::fill(&mut bytes);",
        "std::env::var(\"X\")",
        "use rusqlite::Connection;",
        "std::fs::read(path)",
    ] {
        assert_eq!(places(rule, &[(CORE, code)]), [format!("{CORE}:1")], "{code}");
    }
}

#[test]
fn a_core_that_only_speaks_of_the_clock_is_none() {
    let rule = walls::core_names_no_outside_world;
    keeps(
        rule,
        &[(CORE, "// the caller reads SystemTime\nconst NAME: &str = \"tokio\";\nlet instantaneous = operand::x;")],
    );
    keeps(rule, &[("crates/ringup-core/src/quote/tests.rs", "std::fs::read(path)")]);
    keeps(rule, &[("crates/ringup-engine/src/clock.rs", "SystemTime::now()")]);
}

#[test]
fn a_statement_outside_the_database_crate_is_a_finding() {
    let rule = walls::sql_stands_in_the_database_crate;
    let path = "crates/ringup-engine/src/top_up.rs";
    for statement in [
        "select id from card where shard = $1",
        "SELECT id\n  FROM card",
        "insert into card (id) values ($1)",
        "update card set state = 1",
        "delete from job",
    ] {
        assert_eq!(places(rule, &[(path, &format!("tx.run(\"{statement}\")"))]), [format!("{path}:1")], "{statement}");
        keeps(rule, &[("crates/ringup-db/src/top_up.rs", &format!("tx.run(\"{statement}\")"))]);
    }
    keeps(rule, &[(path, "note(\"update the card first\"); note(\"select a card\"); // \"delete from job\"")]);
    keeps(rule, &[("crates/ringup/tests/it/verify.rs", "tamper(\"update posting set amount = 1\")")]);
}
