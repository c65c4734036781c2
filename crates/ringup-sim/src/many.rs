//! Many worlds, shared by threads, and what came of them together.

use std::fmt;

use crate::auditor::Done;
use crate::fault::{Counts, Fault};
use crate::sabotage::Sabotage;
use crate::trace::Keep;
use crate::world::{self, Report};

/// So many failing seeds are told; with more, the first ones say enough.
const FAILURES_TOLD_MAX: usize = 20;

/// What came of many worlds.
#[derive(Clone, Debug)]
pub struct Summary {
    /// How many were run.
    pub worlds: u64,
    /// How many steps they had in all.
    pub steps: u64,
    /// What was done in them.
    pub done: Done,
    /// How often each fault struck.
    pub faults: Counts,
    /// One line for each seed that failed: it replays it.
    pub failures: Vec<String>,
    /// All hashes together, whichever thread ran which seed.
    pub hash: u64,
}

impl Default for Summary {
    fn default() -> Self {
        let (done, faults, failures) = (Done::default(), [0; Fault::ALL.len()], Vec::new());
        Self { worlds: 0, steps: 0, done, faults, failures, hash: 0 }
    }
}

/// Runs the worlds of `count` seeds from `from` on.
#[must_use]
pub fn run(from: u64, count: u64, threads: u64, sabotage: Option<Sabotage>) -> Summary {
    let threads = threads.clamp(1, 64);
    let parts: Vec<Summary> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || run_each(from + thread, from + count, threads, sabotage)))
            .collect();
        handles.into_iter().map(|handle| handle.join().unwrap_or_else(|_| died())).collect()
    });
    let mut summary = Summary::default();
    for part in parts {
        summary.add(&part);
    }
    summary
}

fn run_each(from: u64, end: u64, step: u64, sabotage: Option<Sabotage>) -> Summary {
    let mut summary = Summary::default();
    let mut seed = from;
    while seed < end {
        summary.add_world(&world::run(seed, sabotage, Keep::Hash), sabotage);
        if summary.failures.len() >= FAILURES_TOLD_MAX {
            break;
        }
        seed += step;
    }
    summary
}

fn died() -> Summary {
    Summary { failures: vec!["a thread died: a world broke the simulator itself".to_owned()], ..Summary::default() }
}

/// The line that replays a failing seed.
#[must_use]
pub fn replay_line(seed: u64, sabotage: Option<Sabotage>, violation: &str) -> String {
    let sabotage = sabotage.map(|sabotage| format!(" --sabotage {}", sabotage.name())).unwrap_or_default();
    format!("FAILED {violation}\n  replay: cargo xtask sim --seed {seed} --trace{sabotage}")
}

impl Summary {
    fn add_world(&mut self, report: &Report, sabotage: Option<Sabotage>) {
        self.worlds += 1;
        self.steps += report.steps;
        self.done = self.done.plus(&report.done);
        for (sum, count) in self.faults.iter_mut().zip(report.faults) {
            *sum += count;
        }
        self.hash ^= report.hash.rotate_left(u32::try_from(report.seed % 64).unwrap_or(0));
        if let Some(violation) = &report.violation {
            self.failures.push(replay_line(report.seed, sabotage, violation));
        }
    }

    fn add(&mut self, other: &Self) {
        self.worlds += other.worlds;
        self.steps += other.steps;
        self.done = self.done.plus(&other.done);
        for (sum, count) in self.faults.iter_mut().zip(other.faults) {
            *sum += count;
        }
        self.hash ^= other.hash;
        self.failures.extend(other.failures.iter().cloned());
    }
}

/// The counts, one line each, then the failures, then one line for all.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, count) in self.done.lines() {
            writeln!(f, "{count:>12}  {name}")?;
        }
        writeln!(f)?;
        for (fault, count) in Fault::ALL.iter().zip(self.faults) {
            writeln!(f, "{count:>12}  {}", fault.name())?;
        }
        writeln!(f)?;
        for failure in &self.failures {
            writeln!(f, "{failure}")?;
        }
        let Self { worlds, steps, hash, failures, .. } = self;
        writeln!(f, "{worlds} worlds, {steps} steps, {} failed, trace {hash:016x}", failures.len())
    }
}
