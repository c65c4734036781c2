//! `torture`: what is left of the promise when things break.

mod corrupt;
pub mod crowd;
pub mod early;
pub mod holdings;
mod iofault;
mod kill9;
mod kiosk;
pub mod orders;
mod overload;
mod powercut;
mod race;
pub mod report;
pub mod sandbox;
pub mod stage;
mod storm;
mod syncorder;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;

use crate::rig::failure::Failure;
use crate::rig::outside;
use crate::rig::verdict::Ending;
use report::Report;

/// What is broken, how often.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// How it is broken.
    mode: Mode,
    /// How many rounds; each mode has its own number without it.
    #[arg(long)]
    rounds: Option<u64>,
    /// Which database.
    #[arg(long, value_enum, default_value = "sqlite")]
    db: Db,
    /// Breaks the promise on purpose, to show that the instrument sees it; each mode says which it knows.
    #[arg(long, value_name = "NAME")]
    sabotage: Option<String>,
    /// Repeats the draw of an earlier run, which printed it.
    #[arg(long)]
    seed: Option<u64>,
    /// The short form, for every day.
    #[arg(long)]
    short: bool,
    /// Keeps the folder of the run, to look into it.
    #[arg(long)]
    keep: bool,
}

/// How things are broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// The server, and PostgreSQL under it, is killed at random moments.
    Kill9,
    /// The machine loses its power at random moments.
    Powercut,
    /// Under `strace`: no acknowledgement leaves before its sync.
    Syncorder,
    /// Writes and syncs fail, one after the other, or the process is killed at them.
    Iofault,
    /// Providers repeat themselves, in any order and days late; liars too; callers hang up; nothing is told at all.
    Storm,
    /// A hundred equal requests at the same moment; on PostgreSQL before two servers.
    Race,
    /// Bytes and rows of the stored data are flipped, cut, removed.
    Corrupt,
    /// Kiosks lose their power at each state of a bank note, and the server with them.
    Kiosk,
    /// More than the server can do, a full disk, a limit on its memory.
    Overload,
}

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Db {
    /// The one inside.
    Sqlite,
    /// PostgreSQL, a cluster of our own.
    Postgres,
}

/// What a mode is told.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How many rounds, when somebody said.
    pub rounds: Option<u64>,
    /// Which database.
    pub db: Db,
    /// Which sabotage.
    pub sabotage: Option<String>,
    /// Draws everything that is drawn.
    pub seed: u64,
    /// Whether the short form is wanted.
    pub short: bool,
    /// A folder for the run, there and empty.
    pub folder: PathBuf,
}

impl Setup {
    /// How many rounds: as said, or the short form's, or the whole one's.
    #[must_use]
    pub fn rounds_or(&self, whole: u64, short: u64) -> u64 {
        self.rounds.unwrap_or(if self.short { short } else { whole })
    }

    /// Which of the sabotages that a mode knows was asked for.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn sabotage_among(&self, known: &[&'static str]) -> Result<Option<&'static str>, Failure> {
        let Some(asked) = &self.sabotage else { return Ok(None) };
        let found = known.iter().find(|&&name| name == asked);
        let unknown = || Failure::new(format!("--sabotage {asked} is not known here; known: {}", known.join(", ")));
        found.copied().map(Some).ok_or_else(unknown)
    }
}

/// Tortures.
#[must_use]
pub fn run(args: Args) -> ExitCode {
    let seed = args.seed.unwrap_or_else(outside::chance);
    match torture(&args, seed) {
        Ok(report) => {
            report.print();
            report.ending().into()
        }
        Err(failure) => {
            eprintln!("ringup-proof: could not run: {failure} (--seed {seed})");
            Ending::CouldNotRun.into()
        }
    }
}

fn torture(args: &Args, seed: u64) -> Result<Report, Failure> {
    let name = args.mode.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned());
    println!("torture {name}: --seed {seed}");
    let folder = outside::target_folder()?.join(format!("proof/{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(Failure::doing(folder.display()))?;
    let setup = Setup {
        rounds: args.rounds,
        db: args.db,
        sabotage: args.sabotage.clone(),
        seed,
        short: args.short,
        folder: folder.clone(),
    };
    let report = run_mode(args.mode, &setup);
    if args.keep {
        println!("kept: {}", folder.display());
    } else {
        fs::remove_dir_all(&folder).map_err(Failure::doing(folder.display()))?;
    }
    report
}

fn run_mode(mode: Mode, setup: &Setup) -> Result<Report, Failure> {
    match mode {
        Mode::Kill9 => kill9::run(setup),
        Mode::Powercut => powercut::run(setup),
        Mode::Syncorder => syncorder::run(setup),
        Mode::Iofault => iofault::run(setup),
        Mode::Storm => storm::run(setup),
        Mode::Race => race::run(setup),
        Mode::Corrupt => corrupt::run(setup),
        Mode::Kiosk => kiosk::run(setup),
        Mode::Overload => overload::run(setup),
    }
}
