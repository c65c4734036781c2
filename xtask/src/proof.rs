//! `cargo xtask bench`, `torture` and `sim`: builds the program and its instruments for release, and hands over to them.

use std::process::{ExitCode, ExitStatus};

use crate::failure::Failure;
use crate::run;

/// What `ringup-proof` ends with when it could not run.
const COULD_NOT_RUN: u8 = 2;

/// Runs an instrument with these arguments; its exit code is ours.
///
/// # Errors
/// When it cannot be built or started.
pub fn run(instrument: &str, arguments: &[&str]) -> Result<ExitCode, Failure> {
    run::run(&mut run::cargo(&["build", "--release", "--package", "ringup", "--package", "ringup-proof"]))?;
    let programs = run::target()?.join("release");
    let mut proof = run::command(programs.join("ringup-proof"));
    let status = proof
        .arg(instrument)
        .args(arguments)
        .env("RINGUP_PROOF_PROGRAM", programs.join("ringup"))
        .status()
        .map_err(Failure::doing("starting ringup-proof"))?;
    Ok(code_of(status))
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
