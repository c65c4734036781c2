//! Ringup's chores: `cargo xtask check` looks at the code, `cargo xtask test` runs it, `bench`, `torture` and `sim` prove it,
//! `fuzz` tries to break it.
//!
//! Only the standard library is used here, so that the first answer of a fresh checkout comes in seconds.

mod check;
mod failure;
mod fuzz;
mod proof;
mod report;
mod run;
mod service;
mod test;
mod tidy;

use std::process::ExitCode;

use failure::Failure;

const HELP: &str = "\
cargo xtask COMMAND

  check                  fmt, clippy, doc, cargo-deny (where installed) and tidy
  tidy                   only the house rules that no compiler knows: walls, migrations, templates, locales
  test [--only PART]     everything, on SQLite and on PostgreSQL, browser tests included
                         as root, what is missing from Debian is installed first; else it is named
                         PART: core      the pure rules (crate ringup-core)
                               db        the database crate, on both databases
                               rust      every Rust test, on both databases
                               sdk       the providers' own SDKs against the sandbox
                               browser   the pages in Chromium, on both databases
                               torture   the short form of everything that `torture` breaks
  bench [ARGUMENTS]      measures, prints one table and writes target/bench.json; `bench --help` tells more
  torture MODE …         breaks things on purpose; exits 0 when every invariant held, 1 when one broke, 2 when
                         it could not run; `torture --help` tells more
  sim [ARGUMENTS]        simulated worlds, 10,000 of them unless told otherwise; `sim --seed N --trace` replays one;
                         exits 0 when every one held, 1 when one broke; `sim --help` tells more
  fuzz [TARGET] [--seconds N]
                         makes up inputs for one target, or for each of them, 60 seconds each; exits 1 when one broke
  fuzz TARGET --replay FILE
                         the same input once more
  fuzz --sabotage planted, fuzz --list
                         shows that a fault is found; names the targets
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match command(&words) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn command(words: &[&str]) -> Result<ExitCode, Failure> {
    let done = match words {
        [instrument @ ("bench" | "torture"), arguments @ ..] => return proof::run(instrument, arguments),
        ["sim", arguments @ ..] => return proof::simulate(arguments),
        ["fuzz", arguments @ ..] if !matches!(arguments, ["--help" | "-h"]) => return fuzz::fuzz(arguments),
        ["check"] => check::check(),
        ["tidy"] => check::tidy(),
        ["test"] => test::test(test::Part::All),
        ["test", "--only", part] => test::test(test::Part::parse(part)?),
        [] | ["help" | "--help" | "-h", ..] | [_, "--help" | "-h", ..] => {
            print!("{HELP}");
            Ok(())
        }
        [other, ..] => Err(Failure::new(format!("cannot do `{other}` with these arguments; see cargo xtask --help"))),
    };
    done.map(|()| ExitCode::SUCCESS)
}
