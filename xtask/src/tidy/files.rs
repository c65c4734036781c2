//! Rules about files and tests as such.

use super::Finding;
use super::rust::Piece;
use super::tree::{File, Tree};
use super::words;

/// A file this long is split; half of it is already a question.
const LINES_MAX: usize = 800;
const WRITTEN_BY_HAND: &[&str] = &[".rs", ".html", ".css", ".js", ".mjs", ".py", ".sql", ".sh"];
/// Folders that exist on one machine only. Put together here, or this file would be its own finding.
const PLACES: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
/// Files that may name where packages come from, and what such a line begins with or holds.
const ORIGINS: &[(&str, &[&str])] = &[
    ("package-lock.json", &["\"resolved\": \"http"]),
    (".npmrc", &["registry="]),
    ("requirements.txt", &["--index-url", "--extra-index-url", "--find-links", "http://", "https://"]),
    ("Cargo.lock", &["registry+sparse", "git+"]),
    (".cargo/config.toml", &["[source", "[registries", "[registry"]),
];

/// How a comment begins that says why a test sleeps.
const SLEEPS: &str = "sleeps:";

/// A module is `foo.rs`, its parts are in `foo/`.
pub fn no_mod_rs(tree: &Tree) -> Vec<Finding> {
    let named = |file: &&File| file.path.ends_with("/mod.rs");
    let finding = |file: &File| Finding::new(&file.path, 0, "a module is foo.rs, with its parts in foo/");
    tree.files.iter().filter(named).map(finding).collect()
}

/// What is written by hand stays readable in one go.
pub fn no_file_is_too_long(tree: &Tree) -> Vec<Finding> {
    let by_hand =
        |file: &&File| WRITTEN_BY_HAND.iter().any(|ending| file.path.ends_with(ending)) && !file.path.contains(".min.");
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(by_hand) {
        let lines = file.text.lines().count();
        if lines > LINES_MAX {
            findings.push(Finding::new(&file.path, 0, format!("{lines} lines; split it at {LINES_MAX} at the latest")));
        }
    }
    findings
}

/// A test that is not run proves nothing, and one that sleeps is slow on one machine and wrong on another. That nothing
/// comes cannot be waited for: a comment above such a line says why it sleeps.
pub fn no_test_is_ignored_or_sleeps(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.is_rust()) {
        let source = file.source();
        let has_reason = |line: usize| {
            let above = |comment: &&Piece| comment.line == line || comment.line + 1 == line;
            source.comments.iter().filter(above).any(|comment| comment.text.starts_with(SLEEPS))
        };
        for (line, code) in source.code_lines() {
            if code.contains("#[ignore") {
                findings.push(Finding::new(&file.path, line, "a test is run or deleted, not ignored"));
            }
            let sleeps = ["thread::sleep", "time::sleep", "sleep_until"].iter().any(|call| words::holds(code, call));
            if sleeps && file.is_test() && !has_reason(line) {
                let message = format!("a test waits for what it expects; else a comment `{SLEEPS} why` stands above");
                findings.push(Finding::new(&file.path, line, message));
            }
        }
    }
    findings
}

/// The checkout works on every machine: it names no folder and no package host of one of them.
pub fn no_path_or_host_of_one_machine(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        let origins =
            ORIGINS.iter().find(|(name, _)| file.path.ends_with(name)).map_or(&[][..], |(_, origins)| origins);
        for (line, text) in file.lines() {
            for place in PLACES.iter().filter(|place| stands_alone(text, place)) {
                findings.push(Finding::new(&file.path, line, format!("{place} is a folder of one machine")));
            }
            for origin in origins.iter().filter(|origin| text.contains(*origin)) {
                findings.push(Finding::new(
                    &file.path,
                    line,
                    format!("`{origin}` says where packages come from; the default does"),
                ));
            }
        }
    }
    findings
}

// `docs/work/` is a folder of the checkout, `https://example.org/home/` a page.
fn stands_alone(text: &str, place: &str) -> bool {
    text.match_indices(place).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|character| character.is_alphanumeric() || "._-*}>)".contains(character))
    })
}
