//! The instruments that show what Ringup's promise is worth: `bench` measures, `torture` breaks things on purpose.
//!
//! They stand outside the house, like the sandbox: they start the real program, knock at the doors that users use, and
//! believe nothing but what `ringup verify` finds afterwards. `cargo xtask bench` and `cargo xtask torture` build what they
//! need and run them.

mod bench;
mod rig;
mod torture;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    /// Breaks things on purpose; exits 0 when every invariant held, 1 when one broke, 2 when it could not run.
    Torture(torture::Args),
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Bench(args) => bench::run(args),
        Command::Torture(args) => torture::run(args),
    }
}
