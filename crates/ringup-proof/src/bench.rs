//! `bench`: how fast, against what the machine gives in the same minute.
//!
//! Everything that is compared is measured in one run. Databases lie below `target/bench`, on a real disk; worlds that take
//! long to build are kept there, and each point is measured on a fresh copy of one.

mod audit;
mod effort;
mod figure;
mod goal;
mod growth;
mod http;
mod lane;
pub mod load;
mod program;
mod report;
mod run;
pub mod server;
mod stopwatch;
mod store;
mod storm;
mod world;
mod yardstick;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;

use run::{Run, Sum};

/// Why something could not be measured.
pub(crate) type BenchError = Box<dyn std::error::Error + Send + Sync>;

/// What is measured.
#[derive(clap::Args)]
pub struct Args {
    /// For a look: small worlds, two seconds a point; only what is stable then is judged.
    #[arg(long)]
    quick: bool,
    /// On which databases.
    #[arg(long, value_enum, default_value_t = Databases::Both)]
    db: Databases,
    /// Only these parts; what one is compared with must be among them.
    #[arg(long, value_enum)]
    only: Vec<Part>,
    /// Makes the run fail on purpose.
    #[arg(long, value_enum)]
    sabotage: Option<Sabotage>,
    /// Where the databases lie; `target/bench` without this.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The disk by itself, and PostgreSQL by `pgbench`.
    Yardsticks,
    /// Credits straight into the write lane.
    Lane,
    /// Everything over HTTP, and `ringup verify` after it.
    Http,
    /// The same with more and more cards.
    Growth,
    /// Cards issued, and a server started on them.
    Program,
    /// Notifications that have piled up.
    Storm,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sabotage {
    /// The write lane has to wait before each batch.
    SlowLane,
}

/// What `bench` ends with when it could not measure.
const COULD_NOT_RUN: u8 = 2;

/// Measures; ends with 1 when a goal was missed, and with 2 when none could be judged.
#[must_use]
pub fn run(args: Args) -> ExitCode {
    match Run::new(&args).and_then(Run::go) {
        Ok(Sum::AllReached) => ExitCode::SUCCESS,
        Ok(Sum::SomeMissed) => ExitCode::FAILURE,
        Ok(Sum::NoneJudged) => {
            eprintln!("ringup-proof: no goal could be judged by what was measured");
            ExitCode::from(COULD_NOT_RUN)
        }
        Err(error) => {
            eprintln!("ringup-proof: {error}");
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}
