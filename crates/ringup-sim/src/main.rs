//! `ringup-sim`: runs simulated worlds by the thousand, or one of them line by line.

use std::process::ExitCode;

use clap::Parser;
use ringup_sim::sabotage::Sabotage;
use ringup_sim::trace::Keep;
use ringup_sim::{many, world};

/// Runs simulated worlds; exits 0 when every one held, 1 when one did not.
#[derive(Parser)]
#[command(name = "ringup-sim", version)]
struct Cli {
    /// How many worlds.
    #[arg(long, default_value_t = 10_000)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many threads share them.
    #[arg(long, default_value_t = 1)]
    threads: u64,
    /// What is done wrong on purpose: then a world must fail.
    #[arg(long, value_parser = sabotage)]
    sabotage: Option<Sabotage>,
    /// Only the world of this seed.
    #[arg(long, conflicts_with_all = ["seeds", "from", "threads"])]
    seed: Option<u64>,
    /// Print what happens in it, line by line.
    #[arg(long, requires = "seed")]
    trace: bool,
}

fn sabotage(name: &str) -> Result<Sabotage, String> {
    let names: Vec<&str> = Sabotage::ALL.iter().map(|sabotage| sabotage.name()).collect();
    let found = Sabotage::ALL.iter().find(|sabotage| sabotage.name() == name);
    found.copied().ok_or_else(|| format!("one of {}", names.join(", ")))
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let held = match cli.seed {
        Some(seed) => {
            let keep = if cli.trace { Keep::Lines } else { Keep::Hash };
            let report = world::run(seed, cli.sabotage, keep);
            print!("{}", report.text.as_deref().unwrap_or_default());
            println!("seed {seed}: {} steps, trace {:016x}, {:?}", report.steps, report.hash, report.done);
            if let Some(violation) = &report.violation {
                println!("{}", many::replay_line(seed, cli.sabotage, violation));
            }
            report.violation.is_none()
        }
        None => {
            let summary = many::run(cli.from, cli.seeds, cli.threads, cli.sabotage);
            print!("{summary}");
            summary.failures.is_empty()
        }
    };
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
