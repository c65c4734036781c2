//! The steps of a chore: announced, timed, and summed up in a table.

use std::time::{Duration, Instant};

use crate::failure::Failure;

/// How a step ended, when it did not fail.
pub enum Outcome {
    /// It was done.
    Done,
    /// There was nothing to do, or it could not be done here and need not be: why.
    Skipped(String),
}

struct Line {
    name: String,
    result: String,
    failed: bool,
    took: Duration,
}

/// The steps so far.
#[derive(Default)]
pub struct Report {
    lines: Vec<Line>,
}

impl Report {
    /// Runs one step and notes its end. A failure does not stop the chore: the table tells all of them at once.
    /// Returns whether the step ended well.
    pub fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Outcome, Failure>) -> bool {
        println!("==> {name}");
        let began = now();
        let ended = work();
        let took = began.elapsed();
        let (result, failed) = match ended {
            Ok(Outcome::Done) => ("ok".to_owned(), false),
            Ok(Outcome::Skipped(why)) => (format!("skipped: {why}"), false),
            Err(failure) => (format!("FAILED: {failure}"), true),
        };
        println!("<== {name}: {result} ({})", seconds(took));
        self.lines.push(Line { name: name.to_owned(), result, failed, took });
        !failed
    }

    /// Like [`Report::step`], and hands on what the step made.
    pub fn step_with<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T, Failure>) -> Option<T> {
        let mut made = None;
        self.step(name, || {
            made = Some(work()?);
            Ok(Outcome::Done)
        });
        made
    }

    /// Prints the table.
    ///
    /// # Errors
    /// When any step failed: how many.
    pub fn finish(&self) -> Result<(), Failure> {
        print!("\n{}", self.table());
        match self.lines.iter().filter(|line| line.failed).count() {
            0 => Ok(()),
            failed => Err(Failure::new(format!("{failed} of {} steps failed", self.lines.len()))),
        }
    }

    fn table(&self) -> String {
        let width = self.lines.iter().map(|line| line.name.chars().count()).max().unwrap_or(0);
        let total = self.lines.iter().map(|line| line.took).sum();
        let mut table = String::new();
        for line in &self.lines {
            table.push_str(&format!("{:width$}  {:>8}  {}\n", line.name, seconds(line.took), line.result));
        }
        table.push_str(&format!("{:width$}  {:>8}\n", "in all", seconds(total)));
        table
    }
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

#[expect(clippy::disallowed_methods, reason = "a measurement of how long a step took")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests;
