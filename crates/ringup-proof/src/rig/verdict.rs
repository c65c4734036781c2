//! What `ringup verify` found, and what a run ends with.

use std::path::Path;
use std::process::{Command, ExitCode};

use super::failure::Failure;
use super::issuer::{Issuer, errors};

/// What a run of an instrument ends with; the numbers are a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every invariant held: 0.
    Held,
    /// One broke: 1.
    Broke,
    /// It could not be found out: 2.
    CouldNotRun,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Held => Self::SUCCESS,
            Ending::Broke => Self::from(1),
            Ending::CouldNotRun => Self::from(2),
        }
    }
}

/// One line of `ringup verify`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What must hold.
    pub name: String,
    /// How many rows were looked at.
    pub checked: u64,
    /// How many times it does not hold.
    pub found: u64,
    /// The first of them, in words.
    pub findings: Vec<String>,
}

/// What `ringup verify` found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// A line for each check.
    pub lines: Vec<Line>,
    /// Whether it said that everything holds.
    pub is_clean: bool,
    /// What it said to standard error.
    pub errors: String,
}

impl Verdict {
    /// Whether everything holds, by its word and by its lines.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.is_clean && !self.lines.is_empty() && self.lines.iter().all(|line| line.found == 0)
    }

    /// How many rows the check with this in its name looked at.
    #[must_use]
    pub fn checked(&self, name: &str) -> Option<u64> {
        self.lines.iter().find(|line| line.name.contains(name)).map(|line| line.checked)
    }

    /// What does not hold, a sentence for each check.
    #[must_use]
    pub fn broken(&self) -> Vec<String> {
        let mut broken: Vec<String> = self.lines.iter().filter(|line| line.found > 0).map(Line::sentence).collect();
        if broken.is_empty() && !self.holds() {
            broken.push(format!("verify failed: {}", self.errors));
        }
        broken
    }
}

impl Line {
    fn sentence(&self) -> String {
        let first = self.findings.first().map_or("", String::as_str);
        format!("{}: {} of {}, such as: {first}", self.name, self.found, self.checked)
    }
}

/// Has the real program check the books, and that each acknowledged top-up is in them exactly once.
///
/// # Errors
/// When it cannot be started, or says neither yes nor no.
pub fn verify(issuer: &Issuer, acks: Option<&Path>) -> Result<Verdict, Failure> {
    let mut command = issuer.command(["verify"]);
    if let Some(acks) = acks {
        command.arg("--acks").arg(acks);
    }
    verdict_of(&mut command)
}

/// What a program says that checks what it keeps, as `ringup verify` does.
///
/// # Errors
/// When it cannot be started, or says neither yes nor no.
pub fn verdict_of(command: &mut Command) -> Result<Verdict, Failure> {
    let output = command.output().map_err(Failure::doing("starting verify"))?;
    let lines = read_lines(&String::from_utf8_lossy(&output.stdout));
    match output.status.code() {
        Some(0 | 1) => Ok(Verdict { lines, is_clean: output.status.success(), errors: errors(&output) }),
        _ => Err(Failure::new(format!("verify ended with {}: {}", output.status, errors(&output)))),
    }
}

fn read_lines(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for row in text.lines() {
        if let Some(line) = read_line(row) {
            lines.push(line);
        } else if let Some(line) = lines.last_mut() {
            line.findings.push(row.trim().to_owned());
        }
    }
    lines
}

/// `ok       every … (12 checked, 0 found)`
fn read_line(row: &str) -> Option<Line> {
    let rest = row.strip_prefix("ok").or_else(|| row.strip_prefix("VIOLATED"))?;
    let (name, counts) = rest.trim().rsplit_once(" (")?;
    let (checked, found) = counts.strip_suffix(" found)")?.split_once(" checked, ")?;
    let (checked, found) = (checked.parse().ok()?, found.parse().ok()?);
    Some(Line { name: name.to_owned(), checked, found, findings: Vec::new() })
}

#[cfg(test)]
mod tests;
