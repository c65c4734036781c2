//! Each rule, shown failing on a tree that breaks it and silent on one that keeps it.

use super::*;

mod locales;
mod walls;

/// The findings of one rule, as `path:line`.
fn places(rule: Rule, files: &[(&str, &str)]) -> Vec<String> {
    rule(&Tree::of(files)).iter().map(|finding| format!("{}:{}", finding.path, finding.line)).collect()
}

fn keeps(rule: Rule, files: &[(&str, &str)]) {
    assert_eq!(rule(&Tree::of(files)), []);
}

#[test]
fn an_empty_tree_has_no_findings() {
    assert_eq!(look(&Tree::default()), []);
}

#[test]
fn a_posting_outside_the_recipes_is_a_finding() {
    let elsewhere = "fn f() {\n    let line = credit(\"card.main\", paid);\n}\n";
    let rule = ledger::postings_are_built_in_the_recipes;
    assert_eq!(
        places(rule, &[("crates/ringup-engine/src/refund.rs", elsewhere)]),
        ["crates/ringup-engine/src/refund.rs:2"]
    );
    for call in ["Posting::debit(a)", "JournalEntry::new(kind, lines)"] {
        assert_eq!(places(rule, &[("crates/ringup-core/src/apply.rs", call)]), ["crates/ringup-core/src/apply.rs:1"]);
    }
    keeps(rule, &[("crates/ringup-core/src/ledger/recipes.rs", elsewhere)]);
    keeps(rule, &[("crates/ringup-core/src/ledger/tests.rs", elsewhere)]);
}

#[test]
fn to_credit_a_top_up_builds_no_posting() {
    let rule = ledger::postings_are_built_in_the_recipes;
    let verb = "fn credit(books: &mut Books) {}\nfn settle() { credit(books); top_up.state.credit(now) } // credit(a)";
    keeps(rule, &[("crates/ringup-core/src/apply/settle.rs", verb)]);
}

#[test]
fn a_migration_of_one_database_only_is_a_finding() {
    let rule = migrations::both_folders_hold_the_same_migrations;
    let sqlite = "crates/ringup-db/migrations/sqlite/0001_books.sql";
    let postgres = "crates/ringup-db/migrations/postgres/0001_books.sql";
    assert_eq!(places(rule, &[(sqlite, "")]), [format!("{sqlite}:0")]);
    assert_eq!(places(rule, &[(postgres, "")]), [format!("{postgres}:0")]);
    keeps(rule, &[(postgres, ""), (sqlite, "")]);
}

#[test]
fn a_gap_between_migrations_is_a_finding() {
    let rule = migrations::both_folders_hold_the_same_migrations;
    let files = ["sqlite/0001_books", "sqlite/0003_jobs", "postgres/0001_books", "postgres/0003_jobs"]
        .map(|name| format!("crates/ringup-db/migrations/{name}.sql"));
    let files: Vec<(&str, &str)> = files.iter().map(|path| (path.as_str(), "")).collect();
    assert_eq!(places(rule, &files).len(), 2);
}

#[test]
fn a_kiosks_migrations_stand_in_one_folder_and_have_no_gap_either() {
    let rule = migrations::both_folders_hold_the_same_migrations;
    let first = "crates/ringup-db/migrations/kiosk/0001_journal.sql";
    let third = "crates/ringup-db/migrations/kiosk/0003_more.sql";
    keeps(rule, &[(first, "")]);
    assert_eq!(places(rule, &[(first, ""), (third, "")]), [format!("{third}:0")]);
}

#[test]
fn a_template_that_nothing_renders_is_a_finding() {
    let rule = templates::each_template_is_used;
    let base =
        ("crates/ringup/templates/base.html", "<!-- the template \"lost.html\" is not included by saying so -->");
    let page = ("crates/ringup/templates/portal/pay.html", "{% extends \"base.html\" %}");
    let lost = ("crates/ringup/templates/lost.html", "{% extends \"lost.html\" %}");
    let code = ("crates/ringup/src/web/view.rs", "#[template(path = \"portal/pay.html\")]\nstruct Pay;");
    assert_eq!(places(rule, &[base, page, lost, code]), ["crates/ringup/templates/lost.html:0"]);
    assert_eq!(places(rule, &[base, page]), ["crates/ringup/templates/portal/pay.html:0"]);
    keeps(rule, &[base, page, code]);
}

#[test]
fn a_dependency_without_a_reason_or_a_use_is_a_finding() {
    let rule = decisions::each_dependency_has_its_reason;
    let root =
        ("Cargo.toml", "[workspace.dependencies]\nringup-core = { path = \"x\" }\ncsv = \"1\"\naxum = \"0.8\"\n");
    let core =
        ("crates/ringup-core/Cargo.toml", "[dependencies]\nringup-core.workspace = true\ncsv.workspace = true\n");
    let page = ("docs/decisions/0002-dependencies.md", "| `csv` | lists |\n| `rand` | gone |\n");
    assert_eq!(
        places(rule, &[root, core, page]),
        ["Cargo.toml:4", "Cargo.toml:4", "docs/decisions/0002-dependencies.md:2"]
    );
    let page = ("docs/decisions/0002-dependencies.md", "| `csv` | lists |\n| `axum` | pages |\n");
    let ringup = ("crates/ringup/Cargo.toml", "[dependencies]\naxum.workspace = true\n");
    keeps(rule, &[root, core, ringup, page]);
    // The other workspace's dependencies stand on the same page.
    let fuzz = ("fuzz/Cargo.toml", "[dependencies]\nlibfuzzer-sys = \"0.4\"\nringup-fuzz = { path = \"x\" }\n");
    assert_eq!(places(rule, &[root, core, ringup, page, fuzz]), ["fuzz/Cargo.toml:2"]);
    let page =
        ("docs/decisions/0002-dependencies.md", "| `csv` | lists |\n| `axum` | pages |\n| `libfuzzer-sys` | fuzz |\n");
    keeps(rule, &[root, core, ringup, page, fuzz]);
}

#[test]
fn a_mod_rs_is_a_finding() {
    let rule = files::no_mod_rs;
    assert_eq!(places(rule, &[("crates/ringup/src/web/mod.rs", "")]), ["crates/ringup/src/web/mod.rs:0"]);
    keeps(rule, &[("crates/ringup/src/web.rs", ""), ("crates/ringup/src/mod_rs.rs", "")]);
}

#[test]
fn a_file_of_more_than_800_lines_is_a_finding() {
    let rule = files::no_file_is_too_long;
    let (long, fits) = ("\n".repeat(801), "\n".repeat(800));
    assert_eq!(places(rule, &[("a.rs", &long), ("b.css", &long)]), ["a.rs:0", "b.css:0"]);
    keeps(rule, &[("a.rs", &fits), ("htmx.min.js", &long), ("Cargo.lock", &long)]);
}

#[test]
fn an_ignored_test_is_a_finding_wherever_it_stands() {
    let rule = files::no_test_is_ignored_or_sleeps;
    assert_eq!(
        places(rule, &[("crates/ringup/src/a.rs", "#[test]\n#[ignore = \"slow\"]\nfn a() {}")]),
        ["crates/ringup/src/a.rs:2"]
    );
    keeps(rule, &[("crates/ringup/src/a.rs", "// no #[ignore] here\nconst A: &str = \"#[ignore]\";")]);
}

#[test]
fn a_test_that_sleeps_is_a_finding_and_a_worker_that_waits_is_none() {
    let rule = files::no_test_is_ignored_or_sleeps;
    let sleep = "tokio::time::sleep(a_second).await;\nstd::thread::sleep(a_second);";
    assert_eq!(places(rule, &[("crates/ringup/tests/it/a.rs", sleep)]).len(), 2);
    keeps(rule, &[("crates/ringup-engine/src/worker.rs", sleep)]);
}

#[test]
fn a_test_may_sleep_to_see_that_nothing_comes_when_it_says_so() {
    let rule = files::no_test_is_ignored_or_sleeps;
    let sleep = "// sleeps: nothing tells that nothing more comes\ntokio::time::sleep(a_while).await;";
    keeps(rule, &[("crates/ringup/tests/it/a.rs", sleep)]);
}

#[test]
fn a_folder_of_one_machine_is_a_finding() {
    let rule = files::no_path_or_host_of_one_machine;
    for place in [concat!("/ro", "ot/keys"), concat!("/wo", "rk/main"), concat!("/ho", "me/me/x")] {
        assert_eq!(places(rule, &[("README.md", &format!("see `{place}`"))]), ["README.md:1"]);
    }
    keeps(rule, &[("README.md", "docs/work/plan.md and https://example.org/home/ and the root /")]);
}

#[test]
fn a_lock_file_that_names_a_host_is_a_finding() {
    let rule = files::no_path_or_host_of_one_machine;
    let named = [
        ("e2e/browser/package-lock.json", "  \"resolved\": \"https://mirror.example/a.tgz\","),
        ("e2e/browser/.npmrc", "registry=https://mirror.example/"),
        ("e2e/sdk/requirements.txt", "--index-url https://mirror.example/"),
        (".cargo/config.toml", "[source.mirror]"),
    ];
    assert_eq!(places(rule, &named).iter().filter(|place| !place.ends_with(":1")).count(), 0);
    assert_eq!(places(rule, &named).len(), 5);
    keeps(rule, &[("Cargo.lock", "source = \"registry+https://github.com/rust-lang/crates.io-index\"")]);
}
