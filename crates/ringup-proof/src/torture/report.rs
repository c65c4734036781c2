//! What a run of torture counted and found, and how it is told.

use serde_json::{Map, Value, json};

use crate::rig::verdict::{Ending, Verdict};

/// How many broken invariants are told; all are counted.
const TOLD_MAX: usize = 20;

/// Counts, and what broke.
#[derive(Clone, Debug)]
pub struct Report {
    mode: &'static str,
    seed: u64,
    counts: Vec<(String, u64)>,
    broken: Vec<String>,
    skipped: Vec<String>,
}

impl Report {
    /// An empty one.
    #[must_use]
    pub fn new(mode: &'static str, seed: u64) -> Self {
        Self { mode, seed, counts: Vec::new(), broken: Vec::new(), skipped: Vec::new() }
    }

    /// Adds to a count; the first time it is named it gets its place in the table.
    pub fn add(&mut self, name: &str, count: u64) {
        match self.counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, counted)) => *counted = counted.saturating_add(count),
            None => self.counts.push((name.to_owned(), count)),
        }
    }

    /// Keeps the largest that was seen.
    pub fn largest(&mut self, name: &str, seen: u64) {
        match self.counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, largest)) => *largest = seen.max(*largest),
            None => self.counts.push((name.to_owned(), seen)),
        }
    }

    /// A count, zero when nothing was counted.
    #[must_use]
    pub fn count(&self, name: &str) -> u64 {
        self.counts.iter().find(|(known, _)| known == name).map_or(0, |(_, count)| *count)
    }

    /// An invariant broke.
    pub fn broke(&mut self, what: impl Into<String>) {
        self.broken.push(what.into());
    }

    /// An invariant that must hold.
    pub fn must(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.broke(otherwise());
        }
    }

    /// What `ringup verify` found: counted, and told where something is broken.
    pub fn judge(&mut self, at: &str, verdict: &Verdict) {
        self.add("verified", 1);
        for broken in verdict.broken() {
            self.broke(format!("{at}: {broken}"));
        }
    }

    /// Something could not be tried here.
    pub fn skip(&mut self, what: impl Into<String>) {
        self.skipped.push(what.into());
    }

    /// Whether an invariant broke already.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        !self.broken.is_empty()
    }

    /// How many invariants broke so far.
    #[must_use]
    pub fn broken_count(&self) -> usize {
        self.broken.len()
    }

    /// What broke, to be told by another report.
    #[must_use]
    pub fn take_broken(&mut self) -> Vec<String> {
        std::mem::take(&mut self.broken)
    }

    /// What it comes to. A run that could try nothing found nothing out.
    #[must_use]
    pub fn ending(&self) -> Ending {
        if self.is_broken() {
            Ending::Broke
        } else if self.counts.iter().all(|(_, count)| *count == 0) {
            Ending::CouldNotRun
        } else {
            Ending::Held
        }
    }

    /// Prints the table, and the same as one line of JSON.
    pub fn print(&self) {
        println!("{self}");
        println!("{}", self.json());
    }

    fn json(&self) -> Value {
        let counts: Map<String, Value> =
            self.counts.iter().map(|(name, count)| (name.replace(' ', "_"), json!(count))).collect();
        json!({
            "torture": self.mode,
            "seed": self.seed,
            "held": self.ending() == Ending::Held,
            "broken": self.broken.len(),
            "skipped": self.skipped.len(),
            "counts": counts,
        })
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let width = self.counts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, count) in &self.counts {
            writeln!(f, "  {name:<width$}  {count:>10}")?;
        }
        for skipped in &self.skipped {
            writeln!(f, "  SKIPPED {skipped}")?;
        }
        for broken in self.broken.iter().take(TOLD_MAX) {
            writeln!(f, "  BROKE {broken}")?;
        }
        let told = TOLD_MAX.min(self.broken.len());
        if self.broken.len() > told {
            writeln!(f, "  … and {} more", self.broken.len().saturating_sub(told))?;
        }
        let word = match self.ending() {
            Ending::Held => "held",
            Ending::Broke => "BROKE",
            Ending::CouldNotRun => "could not run",
        };
        write!(f, "torture {}: {word} (--seed {})", self.mode, self.seed)
    }
}

#[cfg(test)]
mod tests;
