//! The walls of the house: who may depend on whom, and who may name what.

use super::Finding;
use super::manifest::{self, Dependency, Kind};
use super::tree::{File, Tree};
use super::words;

/// Outside crates that only some of our crates may name, and which these are.
const GUARDED: &[(&[&str], &[&str])] = &[
    (&["rusqlite", "postgres", "tokio-postgres", "tokio-postgres-rustls"], &["ringup-db"]),
    (&["reqwest", "hyper"], &["ringup-gateways", "ringup-sandbox", "ringup-proof"]),
    (&["lettre"], &["ringup-gateways"]),
    (&["rusmpp"], &["ringup-gateways", "ringup-sandbox"]),
    (&["escpos"], &["ringup-paper"]),
    (&["krilla"], &["ringup-document"]),
    (&["swash"], &["ringup-document", "ringup-paper"]),
    (&["axum", "tower-http"], &["ringup", "ringup-terminal", "ringup-sandbox", "ringup-proof", "ringup-fuzz"]),
];

/// The arrows between our crates: each may depend on those behind it, and on no other.
const ARROWS: &[(&str, &[&str])] = &[
    ("ringup-core", &[]),
    ("ringup-db", &["ringup-core"]),
    ("ringup-gateways", &["ringup-core"]),
    ("ringup-engine", &["ringup-core", "ringup-db", "ringup-gateways"]),
    (
        "ringup",
        &[
            "ringup-core",
            "ringup-db",
            "ringup-document",
            "ringup-gateways",
            "ringup-engine",
            "ringup-paper",
            "ringup-sandbox",
            "ringup-terminal",
        ],
    ),
    ("ringup-document", &[]),
    ("ringup-paper", &[]),
    ("ringup-terminal", &["ringup-core", "ringup-db", "ringup-gateways", "ringup-paper", "ringup-sandbox"]),
    ("ringup-sandbox", &[]),
    ("ringup-sim", &["ringup-core", "ringup-engine"]),
    ("ringup-proof", &["ringup-core", "ringup-db", "ringup-gateways", "ringup-engine", "ringup-sandbox", "ringup"]),
    ("ringup-fuzz", &["ringup-core", "ringup-db", "ringup-gateways", "ringup-engine", "ringup"]),
    ("xtask", &[]),
];

/// What the core must not name: time, chance, the environment and every kind of input and output.
const OUTSIDE_WORLD: &[&str] = &[
    "tokio",
    "rusqlite",
    "postgres",
    "reqwest",
    "axum",
    "jiff",
    "SystemTime",
    "Instant",
    "rand::",
    "getrandom",
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "env!",
    "option_env!",
    "println!",
    "eprintln!",
];

/// How a statement begins, and a word it also holds: `"update the card first"` is a sentence, not a statement.
const STATEMENTS: &[(&str, &str)] = &[
    ("select ", " from "),
    ("insert into ", "values"),
    ("insert into ", "select"),
    ("update ", " set "),
    ("delete from ", ""),
    ("create table ", ""),
    ("begin immediate", ""),
    ("pragma ", ""),
];

/// Only the database crate may name a driver, only the gateways an HTTP client, only the pages and the kiosk's own pages axum; the sandbox
/// stands outside.
pub fn dependencies_keep_the_walls(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in manifest::of_crates(tree) {
        let Some(name) = crate_of(file) else { continue };
        for dependency in manifest::dependencies(file) {
            let mut found = |message: String| findings.push(Finding::new(&file.path, dependency.line, message));
            if let Some(reason) = broken_wall(name, &dependency) {
                found(reason);
            }
            if !dependency.of_workspace {
                found(format!("`{}` takes its version from the workspace, where each stands once", dependency.name));
            }
        }
    }
    findings
}

fn broken_wall(name: &str, dependency: &Dependency) -> Option<String> {
    let wanted = dependency.name.as_str();
    if ARROWS.iter().any(|(ours, _)| *ours == wanted) {
        let allowed = ARROWS.iter().find(|(ours, _)| *ours == name).map_or(&[][..], |(_, allowed)| allowed);
        // The sandbox plays the other side of what the gateways speak, in their own tests as well.
        let against_sandbox = (name, wanted, dependency.kind) == ("ringup-gateways", "ringup-sandbox", Kind::Test);
        return (!allowed.contains(&wanted) && !against_sandbox)
            .then(|| format!("{name} must not depend on {wanted}: no such arrow in the house"));
    }
    let (_, owners) = GUARDED.iter().find(|(guarded, _)| guarded.contains(&wanted))?;
    // The scenarios of `ringup` knock at the door as a browser would.
    let as_browser = name == "ringup" && wanted == "reqwest" && dependency.kind == Kind::Test;
    (!owners.contains(&name) && !as_browser)
        .then(|| format!("{name} must not name {wanted}: only {} may", owners.join(" and ")))
}

/// A crate that forgets `[lints]` would be held to nothing.
pub fn each_crate_takes_the_lints_of_the_workspace(tree: &Tree) -> Vec<Finding> {
    let Some(root) = tree.file("Cargo.toml") else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for file in manifest::of_crates(tree) {
        if manifest::section(file, "lints").any(|(_, text)| text.replace(' ', "") == "workspace=true") {
            continue;
        }
        for tool in ["rust", "clippy"] {
            let (shared, own) = (format!("workspace.lints.{tool}"), format!("lints.{tool}"));
            let own: Vec<&str> = manifest::keys(file, &own).map(|(_, key)| key).collect();
            for (_, lint) in manifest::keys(root, &shared).filter(|(_, lint)| !own.contains(lint)) {
                findings.push(Finding::new(&file.path, 0, format!("the workspace's lint {tool}::{lint} is missing")));
            }
        }
    }
    findings
}

/// The core computes; what it needs from outside is given to it.
pub fn core_names_no_outside_world(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.below("crates/ringup-core/src/", ".rs").filter(|file| !file.is_test()) {
        for (line, code) in file.source().code_lines() {
            for word in OUTSIDE_WORLD.iter().filter(|word| words::holds(code, word)) {
                findings.push(Finding::new(
                    &file.path,
                    line,
                    format!("the core must not name `{word}`: it does no IO"),
                ));
            }
        }
    }
    findings
}

/// SQL is named in one crate only. A scenario may play the intruder who changes the books behind our back: it has no
/// driver for that, only the databases' own programs.
pub fn sql_stands_in_the_database_crate(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust().filter(|file| file.crate_name() != Some("ringup-db") && !file.is_test()) {
        for literal in file.source().strings {
            let text = literal.text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
            if STATEMENTS.iter().any(|(begin, also)| text.starts_with(begin) && text.contains(also)) {
                findings.push(Finding::new(
                    &file.path,
                    literal.line,
                    "a statement outside ringup-db: make it a function there",
                ));
            }
        }
    }
    findings
}

fn crate_of(file: &File) -> Option<&str> {
    file.path.strip_suffix("/Cargo.toml")?.split('/').next_back()
}
