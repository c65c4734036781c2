//! The command line of the instruments.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use ringup_proof::{bench, torture};

/// Measures Ringup, or tortures it.
#[derive(Parser)]
#[command(name = "ringup-proof", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measures, prints one table, and writes `target/bench.json`.
    Bench(bench::Args),
    /// The server that `bench` measures; it is started by that.
    #[command(hide = true)]
    BenchServer(bench::server::Args),
    /// The load that `bench` sends; it is started by that.
    #[command(hide = true)]
    BenchLoad(bench::load::Plan),
    /// Breaks things on purpose; exits 0 when every invariant held, 1 when one broke, 2 when it could not run.
    Torture(torture::Args),
    /// Serves, and acknowledges notifications before they are booked: a sabotage.
    #[command(hide = true)]
    ServeEarly(torture::early::Args),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Bench(args) => bench::run(args),
        Command::BenchServer(args) => bench::server::run(&args),
        Command::BenchLoad(plan) => bench::load::run(&plan),
        Command::Torture(args) => torture::run(args),
        Command::ServeEarly(args) => torture::early::run(&args),
    }
}
