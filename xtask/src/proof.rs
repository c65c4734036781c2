//! `cargo xtask bench`, `torture` and `sim`: builds the program and its instruments for release, and hands over to them.

use std::process::{ExitCode, ExitStatus};

use crate::failure::Failure;
use crate::report::Outcome;
use crate::run;

/// What `ringup-proof` ends with when it could not run.
const COULD_NOT_RUN: u8 = 2;

/// Builds the program and its instruments.
///
/// # Errors
/// When they cannot be built.
pub fn build() -> Result<Outcome, Failure> {
    run::run(&mut run::cargo(&[
        "build",
        "--release",
        "--package",
        "ringup",
        "--package",
        "ringup-terminal",
        "--package",
        "ringup-proof",
    ]))?;
    Ok(Outcome::Done)
}

/// Runs a mode of torture in its short form, on a program that has been built.
///
/// # Errors
/// When an invariant broke.
pub fn torture_shortly(mode: &str, database: &str) -> Result<Outcome, Failure> {
    let status = start("torture", &[mode, "--short", "--db", database])?;
    match status.code() {
        Some(0) => Ok(Outcome::Done),
        Some(code) if code == i32::from(COULD_NOT_RUN) => Ok(Outcome::Skipped("it could not run here".to_owned())),
        _ => Err(Failure::new(format!("torture {mode} on {database} ended with {status}"))),
    }
}

/// Runs an instrument with these arguments; its exit code is ours.
///
/// # Errors
/// When it cannot be built or started.
pub fn run(instrument: &str, arguments: &[&str]) -> Result<ExitCode, Failure> {
    build()?;
    Ok(code_of(start(instrument, arguments)?))
}

fn start(instrument: &str, arguments: &[&str]) -> Result<ExitStatus, Failure> {
    let programs = run::target()?.join("release");
    let mut proof = run::command(programs.join("ringup-proof"));
    proof
        .arg(instrument)
        .args(arguments)
        .env("RINGUP_PROOF_PROGRAM", programs.join("ringup"))
        .status()
        .map_err(Failure::doing("starting ringup-proof"))
}

/// Runs the simulator with these arguments; its exit code is ours.
///
/// # Errors
/// When it cannot be built or started.
pub fn simulate(arguments: &[&str]) -> Result<ExitCode, Failure> {
    run::run(&mut run::cargo(&["build", "--release", "--package", "ringup-sim"]))?;
    let mut simulator = run::command(run::target()?.join("release").join("ringup-sim"));
    let status = simulator.args(arguments).status().map_err(Failure::doing("starting ringup-sim"))?;
    Ok(code_of(status))
}

fn code_of(status: ExitStatus) -> ExitCode {
    ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(COULD_NOT_RUN))
}
