//! `cargo xtask check`: everything that can be said about the code without running it.

use crate::failure::Failure;
use crate::report::{Outcome, Report};
use crate::run;
use crate::tidy::{self, Tree};

/// Runs every check, quickest first, and sums up.
///
/// # Errors
/// When any check failed.
pub fn check() -> Result<(), Failure> {
    let mut report = Report::default();
    report.step("fmt", || cargo(&["fmt", "--all", "--check"]));
    report.step("tidy", || tidy_step(&Tree::read(&run::root())?));
    report.step("clippy", || cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]));
    report.step("doc", doc);
    report.step("deny", deny);
    report.finish()
}

/// Runs only the house rules.
///
/// # Errors
/// When there is a finding.
pub fn tidy() -> Result<(), Failure> {
    let mut report = Report::default();
    report.step("tidy", || tidy_step(&Tree::read(&run::root())?));
    report.finish()
}

fn cargo(arguments: &[&str]) -> Result<Outcome, Failure> {
    run::run(&mut run::cargo(arguments))?;
    Ok(Outcome::Done)
}

// The documentation is for those who work on the house: private items are in it, so that a link to one is no dead end.
fn doc() -> Result<Outcome, Failure> {
    let mut doc = run::cargo(&["doc", "--no-deps", "--workspace", "--document-private-items"]);
    run::run(doc.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links"))?;
    Ok(Outcome::Done)
}

fn tidy_step(tree: &Tree) -> Result<Outcome, Failure> {
    let findings = tidy::look(tree);
    for finding in &findings {
        println!("{finding}");
    }
    println!("{} files read, {} findings", tree.files.len(), findings.len());
    match findings.len() {
        0 => Ok(Outcome::Done),
        count => Err(Failure::new(format!("{count} findings"))),
    }
}

// The advisory database and the licences of every dependency need a program that not everyone has; the continuous
// run must not spend its minutes on compiling it.
fn deny() -> Result<Outcome, Failure> {
    if run::answers("cargo-deny", &["--version"]) {
        cargo(&["deny", "check"])
    } else {
        Ok(Outcome::Skipped("cargo-deny is not installed".to_owned()))
    }
}
