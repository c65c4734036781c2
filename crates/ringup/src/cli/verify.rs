use std::path::PathBuf;
use std::process::ExitCode;

use ringup_db::verify::{self, Ack, parse_ack};

use super::CommandError;
use crate::config::Settings;
use crate::open;

/// `ringup verify [--acks FILE]`
#[derive(clap::Args)]
pub(super) struct Args {
    /// A file of acknowledged top-ups, one a line: id, card number and amount, such as
    /// `top_06Z1NRCFF4FZZE 6225880000000013 100.00 CNY`.
    #[arg(long, value_name = "FILE")]
    acks: Option<PathBuf>,
}

pub(super) fn run(settings: &Settings, args: &Args) -> Result<ExitCode, CommandError> {
    let acks = match &args.acks {
        Some(file) => Some(read_acks(&std::fs::read_to_string(file)?)?),
        None => None,
    };
    let mut reader = open::database(settings)?.reader()?;
    let report = verify::verify(&mut reader, acks.as_deref(), settings.clock().now())?;
    for line in &report.lines {
        println!("{line}");
    }
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read_acks(text: &str) -> Result<Vec<Ack>, CommandError> {
    let numbered = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    numbered
        .map(|(index, line)| parse_ack(line).map_err(|error| format!("acks, line {}: {error}", index + 1).into()))
        .collect()
}
