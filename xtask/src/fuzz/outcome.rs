//! What libFuzzer says at the end of a run.

use std::fmt;

/// What came of one target.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Which.
    pub target: String,
    /// How many inputs were tried.
    pub runs: u64,
    /// How many a second, on average.
    pub runs_per_second: u64,
    /// How many edges of the program were walked.
    pub edges: u64,
    /// How many inputs were found that walk new ones.
    pub new_units: u64,
    /// The most memory it needed.
    pub peak_mb: u64,
    /// What broke, and the file with the input that broke it.
    pub broken: Option<(String, Option<String>)>,
}

impl Outcome {
    /// Reads the log of a run that ended with this code.
    pub fn read(target: &str, code: Option<i32>, log: &str) -> Self {
        let statistic = |name: &str| {
            let line = log.lines().find_map(|line| line.strip_prefix("stat::")?.strip_prefix(name));
            line.and_then(|value| value.trim_start_matches(':').trim().parse().ok()).unwrap_or(0)
        };
        let artifact =
            log.lines().find_map(|line| line.split_once("Test unit written to ").map(|(_, file)| file.trim()));
        let broken = (code != Some(0)).then(|| (why(log), artifact.map(str::to_owned)));
        Self {
            target: target.to_owned(),
            runs: statistic("number_of_executed_units"),
            runs_per_second: statistic("average_exec_per_sec"),
            edges: edges(log),
            new_units: statistic("new_units_added"),
            peak_mb: statistic("peak_rss_mb"),
            broken,
        }
    }

    /// Whether everything held, and something was tried.
    pub fn is_well(&self) -> bool {
        self.broken.is_none() && self.runs > 0
    }

    /// The file with the input that took too long, when that is what broke.
    pub fn timed_out(&self) -> Option<&str> {
        let (why, artifact) = self.broken.as_ref()?;
        artifact.as_deref().filter(|_| why.starts_with("timeout"))
    }
}

/// The figure after the last `cov:`.
fn edges(log: &str) -> u64 {
    let line = log.lines().rev().find_map(|line| line.split_once(" cov: "));
    line.and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// The sentence of the property that broke, or else what libFuzzer says of the end.
fn why(log: &str) -> String {
    let mut lines = log.lines();
    if lines.by_ref().any(|line| line.starts_with("thread ") && line.contains("panicked at")) {
        return lines.next().unwrap_or("it panicked").to_owned();
    }
    let error = log.lines().find_map(|line| line.split_once("ERROR: libFuzzer: ").map(|(_, error)| error.to_owned()));
    error.unwrap_or_else(|| "it ended before its time".to_owned())
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, runs, edges, new_units, .. } = self;
        write!(f, "{target}: {runs} inputs, {edges} edges, {new_units} new")?;
        let Some((why, artifact)) = &self.broken else { return Ok(()) };
        write!(f, "\nBROKEN: {why}")?;
        match artifact {
            Some(file) => write!(f, "\nagain with: cargo xtask fuzz {target} --replay {file}"),
            None => write!(f, "\nno input was kept: see target/fuzz/log/{target}.log"),
        }
    }
}

/// All outcomes as a table.
pub fn table(outcomes: &[Outcome]) -> String {
    let width = outcomes.iter().map(|outcome| outcome.target.len()).max().unwrap_or(0).max("target".len());
    let mut table = format!(
        "{:width$}  {:>10}  {:>8}  {:>6}  {:>9}  {:>7}  result\n",
        "target", "inputs", "a second", "edges", "new units", "peak MB"
    );
    for outcome in outcomes {
        let result = match &outcome.broken {
            Some((why, _)) => format!("BROKEN: {why}"),
            None if outcome.is_well() => "held".to_owned(),
            None => "BROKEN: nothing was tried".to_owned(),
        };
        table.push_str(&format!(
            "{:width$}  {:>10}  {:>8}  {:>6}  {:>9}  {:>7}  {result}\n",
            outcome.target, outcome.runs, outcome.runs_per_second, outcome.edges, outcome.new_units, outcome.peak_mb
        ));
    }
    table
}
