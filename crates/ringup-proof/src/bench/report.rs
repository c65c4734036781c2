//! Everything that a run found: printed as it comes, judged at the end, and written down for programs.

use std::fmt::Write as _;
use std::path::Path;

use super::BenchError;
use super::figure::{Figure, shown};
use super::goal::{Goal, Judged, Verdict};
use crate::rig::failure::Failure;

/// The figures of a run.
#[derive(Default)]
pub struct Report {
    figures: Vec<Figure>,
}

impl Report {
    /// Keeps a figure, and prints it.
    pub fn add(&mut self, figure: Figure) {
        println!("{}", line(&figure));
        self.figures.push(figure);
    }

    /// Keeps some.
    pub fn add_all(&mut self, figures: Vec<Figure>) {
        figures.into_iter().for_each(|figure| self.add(figure));
    }

    /// A figure of this name.
    pub fn find(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.name == name)
    }

    /// The goals against the figures. A quick run judges only what is for quick runs, and shows the others.
    pub fn judge(&self, goals: &[Goal], quick: bool) -> Vec<Judged> {
        let judge = |goal: &Goal| match goal.judge(&self.figures) {
            judged if quick && !goal.when_quick && judged.verdict != Verdict::NotJudged => {
                Judged { verdict: Verdict::NotJudged, measured: format!("{} (too quick)", judged.measured), ..judged }
            }
            judged => judged,
        };
        goals.iter().filter(|goal| quick || !goal.when_quick).map(judge).collect()
    }

    /// Compares each figure with the one that its goal names.
    pub fn compare(&mut self, goals: &[Goal]) {
        for goal in goals {
            let Some(other) = goal.other().and_then(|name| self.find(name)).cloned() else { continue };
            for figure in self.figures.iter_mut().filter(|figure| figure.name == goal.figure) {
                if figure.ratio.is_none() {
                    *figure = figure.clone().against(&other);
                }
            }
        }
    }

    /// Writes the figures as JSON, a line each.
    pub fn write(&self, file: &Path) -> Result<(), BenchError> {
        let lines: Vec<String> = self.figures.iter().map(json).collect();
        let text = format!("[\n{}\n]\n", lines.join(",\n"));
        Ok(std::fs::write(file, text).map_err(Failure::doing(file.display()))?)
    }
}

/// The table of the goals.
pub fn table(judged: &[Judged]) -> String {
    let mut out = String::new();
    let width = |of: fn(&Judged) -> usize| judged.iter().map(of).max().unwrap_or(0);
    let figures = width(|judged| judged.goal.figure.chars().count());
    let bounds = width(|judged| judged.goal.bound.shown().chars().count());
    let measured = width(|judged| judged.measured.chars().count());
    for judged in judged {
        let verdict = match judged.verdict {
            Verdict::Reached => "reached",
            Verdict::Missed => "MISSED",
            Verdict::NotJudged => "-",
        };
        let (figure, bound) = (&judged.goal.figure, judged.goal.bound.shown());
        let _ = writeln!(out, "{figure:<figures$}  {bound:<bounds$}  {:>measured$}  {verdict}", judged.measured);
    }
    out
}

fn line(figure: &Figure) -> String {
    let rounds = figure.rounds;
    let mut line = format!("{:<36} {:>10} {:<3}", figure.name, shown(rounds.median), figure.unit.name());
    if rounds.min != rounds.max {
        let _ = write!(line, "  ({} to {})", shown(rounds.min), shown(rounds.max));
    }
    if let Some(ratio) = &figure.ratio {
        let _ = write!(line, "  {} × {}", shown(ratio.milli), ratio.to);
    }
    line
}

fn json(figure: &Figure) -> String {
    let decimal = |milli: u64| format!("{}.{:03}", milli / 1_000, milli % 1_000);
    let (ratio_to, ratio) = match &figure.ratio {
        Some(ratio) => (format!("\"{}\"", ratio.to), decimal(ratio.milli)),
        None => ("null".to_owned(), "null".to_owned()),
    };
    format!(
        "  {{\"name\": \"{}\", \"value\": {}, \"unit\": \"{}\", \"min\": {}, \"max\": {}, \"ratio_to\": {ratio_to}, \
         \"ratio\": {ratio}}}",
        figure.name,
        decimal(figure.rounds.median),
        figure.unit.name(),
        decimal(figure.rounds.min),
        decimal(figure.rounds.max),
    )
}

#[cfg(test)]
mod tests;
