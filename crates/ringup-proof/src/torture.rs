//! `torture`: what is left of the promise when things break.

use std::process::ExitCode;

/// What is broken, how often.
#[derive(clap::Args)]
pub struct Args {}

/// Tortures.
pub fn run(_: Args) -> ExitCode {
    ExitCode::from(2)
}
