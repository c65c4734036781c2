//! `bench`: how fast, against what the machine gives in the same minute.
//!
//! Everything that is compared is measured in one run. Databases lie below `target/bench`, on a real disk; worlds that take
//! long to build are kept there, and each point is measured on a fresh copy of one.

mod audit;
mod dice;
mod effort;
mod failure;
mod figure;
mod lane;
mod stopwatch;
mod store;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;

use effort::Effort;
use failure::Failure;
use figure::{Figure, shown};
use lane::Brake;
use store::{Kind, Store};
use world::{Offer, WorldSpec};

/// What is measured.
#[derive(clap::Args)]
pub struct Args {
    /// For a look: small worlds, two seconds a point; only what is stable then is judged.
    #[arg(long)]
    quick: bool,
    /// On which databases.
    #[arg(long, value_enum, default_value_t = Databases::Both)]
    db: Databases,
    /// Only these parts.
    #[arg(long, value_enum)]
    only: Vec<Part>,
    /// Makes the run fail on purpose.
    #[arg(long, value_enum)]
    sabotage: Option<Sabotage>,
    /// Where the databases lie; `bench` beside the built programs' folder without this.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Databases {
    Sqlite,
    Postgres,
    Both,
}

/// A part of the run.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Credits straight into the write lane.
    Lane,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sabotage {
    /// The write lane has to wait between its batches.
    SlowLane,
}

/// What `bench` ends with when it could not measure.
const COULD_NOT_RUN: u8 = 2;

/// Measures.
pub fn run(args: Args) -> ExitCode {
    match measure(&args) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ringup-proof: {error}");
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

fn measure(args: &Args) -> Result<Vec<Figure>, Failure> {
    let effort = if args.quick { Effort::QUICK } else { Effort::FULL };
    let folder = match &args.data {
        Some(folder) => folder.clone(),
        None => default_folder()?,
    };
    let kinds: &[Kind] = match args.db {
        Databases::Sqlite => &[Kind::Sqlite],
        Databases::Postgres => &[Kind::Postgres],
        Databases::Both => &[Kind::Sqlite, Kind::Postgres],
    };
    let brake = if args.sabotage == Some(Sabotage::SlowLane) { Brake::On } else { Brake::Off };
    let mut figures = Vec::new();
    for kind in kinds {
        let store = Store::open(*kind, &folder)?;
        if args.only.is_empty() || args.only.contains(&Part::Lane) {
            for offer in [Offer::Plain, Offer::Promoted] {
                let world = store.world(WorldSpec { cards: effort.cards, offer, placed: effort.placed })?;
                for in_flight in lane::IN_FLIGHT {
                    let point = lane::measure(&store, &world, in_flight, &effort, brake)?;
                    for figure in [point.rate, point.p99] {
                        println!(
                            "{:<40} {:>10} {:<4} ({} to {})",
                            figure.name,
                            shown(figure.rounds.median),
                            figure.unit.name(),
                            shown(figure.rounds.min),
                            shown(figure.rounds.max)
                        );
                        figures.push(figure);
                    }
                }
            }
        }
    }
    Ok(figures)
}

/// `target/bench`: beside the folder that this program lies in.
fn default_folder() -> Result<PathBuf, Failure> {
    let this = std::env::current_exe()?;
    let target = this.parent().and_then(std::path::Path::parent).ok_or("this program lies in no folder")?;
    Ok(target.join("bench"))
}
