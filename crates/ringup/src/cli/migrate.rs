use std::process::ExitCode;

use ringup_db::migrate::{self, SchemaState};

use super::CommandError;
use crate::config::Settings;
use crate::open;

/// `ringup migrate [--check]`
#[derive(clap::Args)]
pub(super) struct Args {
    /// Changes nothing; exits 0 when the tables are up to date, else 1.
    #[arg(long)]
    check: bool,
}

pub(super) fn run(settings: &Settings, args: &Args) -> Result<ExitCode, CommandError> {
    if args.check {
        let state = migrate::check(&open::database(settings)?)?;
        println!("{}", open::describe(&state));
        return Ok(if state == SchemaState::Current { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    for step in open::migrate(settings, settings.clock().now())? {
        println!("applied {step}");
    }
    println!("{}", open::describe(&migrate::check(&open::database(settings)?)?));
    Ok(ExitCode::SUCCESS)
}
