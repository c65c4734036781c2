use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use ringup_core::apply::Outcome;
use ringup_core::card::{CardNumber, CardState};
use ringup_core::id::BatchId;
use ringup_engine::card::bulk::Bulk;
use ringup_engine::card::import::{ImportCards, ImportError, ImportReport, RefusedLines};
use ringup_engine::card::issue::IssueCards;
use ringup_engine::card::{self, batch, import, issue};
use ringup_engine::keys::Keys;
use tokio::runtime::Runtime;

use super::{CommandError, engine};
use crate::config::Settings;
use crate::open;

/// `ringup card …`
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Makes a batch of cards, and a print file of their numbers and PINs that only the printer can read.
    Issue {
        /// The code of the product.
        #[arg(long)]
        product: String,
        /// How many cards.
        #[arg(long)]
        count: u32,
        /// The print file; it must not be there yet.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// The printer's age public key: `age1…`.
        #[arg(long, value_name = "AGE_RECIPIENT")]
        recipient: String,
    },
    /// Takes over cards that exist already: CSV with the columns number, pin or pin_hash, balance, expiry.
    Import {
        /// The file.
        file: PathBuf,
        /// The code of the product that they become.
        #[arg(long)]
        product: String,
        /// Imports the other lines when some are refused.
        #[arg(long)]
        partial: bool,
        /// Where the refused lines are written (CSV); to standard error without this.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    /// Puts cards in stock: they have been printed.
    Stock(Which),
    /// Makes cards usable; their validity begins.
    Activate(Which),
    /// Stops cards, until they are activated again.
    Suspend(Which),
    /// Ends cards for good.
    Close(Which),
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// One card.
    number: Option<CardNumber>,
    /// All cards of a batch that have not been moved by themselves: `bat_…`.
    #[arg(long)]
    batch: Option<BatchId>,
}

/// Runs outside of asynchronous tasks, because bulk work blocks.
pub(super) fn run(settings: &Settings, args: Args, runtime: &Runtime) -> Result<ExitCode, CommandError> {
    match args.act {
        Act::Issue { product, count, out, recipient } => {
            let issued = issue::issue(&mut bulk(settings)?, &IssueCards { product, count, out, recipient })?;
            println!("{} of {} cards: {}", issued.batch, issued.count, issued.file.display());
            // The check character of an id may be one that a shell reads: `$`, `*`, `~`.
            println!("activate them with: ringup card activate --batch '{}'", issued.batch);
            Ok(ExitCode::SUCCESS)
        }
        Act::Import { file, product, partial, report } => {
            let refused = if partial { RefusedLines::AreLeftOut } else { RefusedLines::StopAll };
            run_import(settings, &ImportCards { product, file, refused }, report)
        }
        Act::Stock(which) => change_state(settings, which, CardState::InStock, runtime),
        Act::Activate(which) => change_state(settings, which, CardState::Active, runtime),
        Act::Suspend(which) => change_state(settings, which, CardState::Suspended, runtime),
        Act::Close(which) => change_state(settings, which, CardState::Closed, runtime),
    }
}

fn run_import(
    settings: &Settings,
    request: &ImportCards,
    report_file: Option<PathBuf>,
) -> Result<ExitCode, CommandError> {
    let imported = import::import(&mut bulk(settings)?, request);
    let (report, code) = match &imported {
        Ok(report) => (report, ExitCode::SUCCESS),
        Err(ImportError::Refused(report)) => (report, ExitCode::FAILURE),
        Err(error) => return Err(error.to_string().into()),
    };
    write_refused(report, report_file)?;
    println!("{report}");
    if let Err(error) = &imported {
        eprintln!("ringup: {error}");
    } else if report.imported > 0 {
        println!("batch {}", report.batch);
    }
    Ok(code)
}

fn write_refused(report: &ImportReport, file: Option<PathBuf>) -> Result<(), CommandError> {
    match file {
        Some(file) => report.write_refused(File::create(file)?)?,
        None if report.refused.is_empty() => {}
        None => report.write_refused(std::io::stderr().lock())?,
    }
    Ok(())
}

fn change_state(settings: &Settings, which: Which, to: CardState, runtime: &Runtime) -> Result<ExitCode, CommandError> {
    match which {
        Which { batch: Some(batch), .. } => {
            let moved = batch::change_state(&mut bulk(settings)?, batch, to)?;
            println!("{moved} cards are {to} now");
        }
        Which { number: Some(number), .. } => {
            let engine = engine(settings)?;
            match runtime.block_on(card::change_state(&engine, number, to))? {
                Outcome::NothingToDo => println!("{} was {to} already", number.grouped()),
                _ => println!("{} is {to} now", number.grouped()),
            }
        }
        Which { number: None, batch: None } => return Err("a card number or --batch is needed".into()),
    }
    Ok(ExitCode::SUCCESS)
}

/// A connection for work on many cards, beside a running server or without one.
fn bulk(settings: &Settings) -> Result<Bulk, CommandError> {
    let database = open::database(settings)?;
    open::current_schema(&database, settings.clock().now())?;
    let keys = Keys::read_or_make(&settings.keys.folder)?;
    Ok(Bulk::open(&database, settings.clock(), &keys)?)
}

#[cfg(test)]
mod tests;
