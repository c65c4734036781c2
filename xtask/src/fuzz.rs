//! `cargo xtask fuzz`: libFuzzer on the compiler that everything else is built with.
//!
//! The program below `fuzz/` is built with coverage counters in it, in a folder of its own, and run once for each target.
//! What it finds worth keeping stays below `target/fuzz`, so that the next run goes on from there; the kept inputs below
//! `fuzz/corpus` are only read.

mod build;
mod outcome;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use crate::failure::Failure;
use crate::run;
use outcome::Outcome;

/// How long each target is run when nothing else is said.
const SECONDS: u32 = 60;
/// No input may take longer.
const INPUT_SECONDS_MAX: u32 = 5;
/// No target may need more memory.
const MEMORY_MB_MAX: u32 = 2_048;
/// Tells the program which target it is to feed.
const TARGET: &str = "RINGUP_FUZZ_TARGET";
/// The target with a fault in it.
const PLANTED: &str = "planted";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Wish {
    /// Run one target, or all of them, for so long each.
    Run { target: Option<String>, seconds: u32 },
    /// Run one input again.
    Replay { target: String, input: PathBuf },
    /// Show that a fault is found.
    Sabotage { seconds: u32 },
    /// Name the targets.
    List,
}

impl Wish {
    /// Reads the words after `fuzz`.
    ///
    /// # Errors
    /// When they make no sense.
    pub fn parse(words: &[&str]) -> Result<Self, Failure> {
        let (mut target, mut seconds, mut replay, mut sabotage, mut list) = (None, SECONDS, None, None, false);
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| Failure::new(format!("{word} needs a value")));
            match *word {
                "--seconds" => seconds = value()?.parse().map_err(Failure::doing("--seconds"))?,
                "--replay" => replay = Some(PathBuf::from(value()?)),
                "--sabotage" => sabotage = Some(*value()?),
                "--list" => list = true,
                name if !name.starts_with('-') && target.is_none() => target = Some(name.to_owned()),
                other => return Err(Failure::new(format!("fuzz does not know {other}"))),
            }
        }
        match (target, replay, sabotage) {
            _ if list => Ok(Self::List),
            (None, None, Some(PLANTED)) => Ok(Self::Sabotage { seconds }),
            (_, _, Some(other)) => {
                Err(Failure::new(format!("no sabotage `{other}` here: {PLANTED}, without a target")))
            }
            (Some(target), Some(input), None) => Ok(Self::Replay { target, input }),
            (None, Some(_), None) => Err(Failure::new("--replay needs the target before it")),
            (target, None, None) => Ok(Self::Run { target, seconds }),
        }
    }
}

/// Does what was asked; exits 1 when a target was broken.
///
/// # Errors
/// When the program cannot be built or started.
pub fn fuzz(words: &[&str]) -> Result<ExitCode, Failure> {
    let wish = Wish::parse(words)?;
    let fuzzer = Fuzzer::build()?;
    match wish {
        Wish::List => {
            fuzzer.targets.iter().for_each(|(name, _)| println!("{name}"));
            Ok(ExitCode::SUCCESS)
        }
        Wish::Run { target, seconds } => {
            let names: Vec<&str> = match &target {
                Some(target) => vec![target],
                None => fuzzer.targets.iter().map(|(name, _)| name.as_str()).filter(|name| *name != PLANTED).collect(),
            };
            let outcomes = names.iter().map(|name| fuzzer.run(name, seconds)).collect::<Result<Vec<_>, _>>()?;
            Ok(summed_up(&outcomes))
        }
        // A planted fault that is found ends as any other fault does.
        Wish::Sabotage { seconds } => Ok(summed_up(&[fuzzer.run(PLANTED, seconds)?])),
        Wish::Replay { target, input } => fuzzer.replay(&target, &input),
    }
}

fn summed_up(outcomes: &[Outcome]) -> ExitCode {
    print!("\n{}", outcome::table(outcomes));
    if outcomes.iter().all(Outcome::is_well) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Fuzzer {
    program: PathBuf,
    /// Below `target`: what was found so far, and logs.
    folder: PathBuf,
    /// Names, and how long an input may be.
    targets: Vec<(String, u32)>,
}

impl Fuzzer {
    fn build() -> Result<Self, Failure> {
        let folder = run::target()?.join("fuzz");
        let program = build::build(&folder)?;
        let told = run::command(&program).env(TARGET, "list").output().map_err(Failure::doing("naming the targets"))?;
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let target = |line: &str| {
            let (name, bytes_max) = line.split_once(' ')?;
            Some((name.to_owned(), bytes_max.parse().ok()?))
        };
        Ok(Self { program, folder, targets: told.lines().filter_map(target).collect() })
    }

    fn bytes_max(&self, target: &str) -> Result<u32, Failure> {
        let known = self.targets.iter().find(|(name, _)| name == target);
        known.map(|(_, bytes_max)| *bytes_max).ok_or_else(|| {
            let names: Vec<&str> = self.targets.iter().map(|(name, _)| name.as_str()).collect();
            Failure::new(format!("no target `{target}`: {}", names.join(", ")))
        })
    }

    fn run(&self, target: &str, seconds: u32) -> Result<Outcome, Failure> {
        let bytes_max = self.bytes_max(target)?;
        println!("==> {target}: {seconds} s");
        let outcome = self.run_once(target, (seconds, bytes_max))?;
        let Some(input) = outcome.timed_out() else { return Ok(outcome) };
        // The clock runs on when the machine stands still. An input that is slow is slow again.
        let again = self.command(target)?.arg(input).stdin(Stdio::null()).output();
        if !again.map_err(Failure::doing("replaying"))?.status.success() {
            return Ok(outcome);
        }
        println!("the input that took too long does not take long again: the machine stood still; once more");
        self.run_once(target, (seconds, bytes_max))
    }

    fn run_once(&self, target: &str, (seconds, bytes_max): (u32, u32)) -> Result<Outcome, Failure> {
        let found = made(self.folder.join("corpus").join(target))?;
        let log = made(self.folder.join("log"))?.join(format!("{target}.log"));
        let artifacts = made(run::root().join("fuzz/artifacts"))?;
        let mut command = self.command(target)?;
        command.arg(format!("-max_total_time={seconds}")).arg(format!("-max_len={bytes_max}"));
        command.arg("-print_final_stats=1").arg(format!("-artifact_prefix={}/{target}-", artifacts.display()));
        let dictionary = run::root().join("fuzz/dictionaries").join(format!("{target}.dict"));
        if dictionary.exists() {
            command.arg(format!("-dict={}", dictionary.display()));
        }
        // New inputs go into the first folder.
        command.arg(found).arg(run::root().join("fuzz/corpus").join(target));
        let output = fs::File::create(&log).map_err(Failure::doing(format!("making {}", log.display())))?;
        let errors = output.try_clone().map_err(Failure::doing("the log"))?;
        let status = command.stdin(Stdio::null()).stdout(output).stderr(errors).status();
        let status = status.map_err(Failure::doing(format!("fuzzing {target}")))?;
        let told = fs::read(&log).map_err(Failure::doing(format!("reading {}", log.display())))?;
        let outcome = Outcome::read(target, status.code(), &String::from_utf8_lossy(&told));
        println!("<== {outcome}");
        Ok(outcome)
    }

    fn replay(&self, target: &str, input: &Path) -> Result<ExitCode, Failure> {
        self.bytes_max(target)?;
        let status = self.command(target)?.arg(input).status().map_err(Failure::doing("replaying"))?;
        Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn command(&self, target: &str) -> Result<Command, Failure> {
        let mut command = run::command(&self.program);
        command.env(TARGET, target).env("RUST_BACKTRACE", "1").env("TMPDIR", self.scratch()?);
        command.arg(format!("-timeout={INPUT_SECONDS_MAX}")).arg(format!("-rss_limit_mb={MEMORY_MB_MAX}"));
        Ok(command)
    }

    /// A folder for the targets' databases, empty. In memory where there is such a file system: nothing in it must last.
    fn scratch(&self) -> Result<PathBuf, Failure> {
        let memory = Path::new("/dev/shm");
        let scratch = if memory.is_dir() { memory.join("ringup-fuzz") } else { self.folder.join("scratch") };
        if scratch.exists() {
            fs::remove_dir_all(&scratch).map_err(Failure::doing(format!("emptying {}", scratch.display())))?;
        }
        made(scratch)
    }
}

impl Drop for Fuzzer {
    fn drop(&mut self) {
        // The program is stopped where it stands, so its databases are left for us to remove.
        if let Ok(scratch) = self.scratch() {
            let _ = fs::remove_dir(scratch);
        }
    }
}

fn made(folder: PathBuf) -> Result<PathBuf, Failure> {
    fs::create_dir_all(&folder).map_err(Failure::doing(format!("making {}", folder.display())))?;
    Ok(folder)
}

#[cfg(test)]
mod tests;
