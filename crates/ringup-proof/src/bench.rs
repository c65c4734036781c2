//! `bench`: how fast, against what the machine gives in the same minute.

use std::process::ExitCode;

/// What is measured.
#[derive(clap::Args)]
pub struct Args {}

/// Measures.
pub fn run(_: Args) -> ExitCode {
    ExitCode::from(2)
}
