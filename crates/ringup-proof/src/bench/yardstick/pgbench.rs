//! PostgreSQL by `pgbench`, with a top-up written by hand: one transaction each, as most people would write it.

use std::fs;

use crate::bench::BenchError;
use crate::bench::effort::Effort;
use crate::bench::figure::{Figure, Spread, Unit};
use crate::bench::store::{Cluster, output_of};

const TABLES: &str = include_str!("../pgbench/tables.sql");
const HOT_ROW: &str = include_str!("../pgbench/top_up_hot_row.sql");
const NO_HOT_ROW: &str = include_str!("../pgbench/top_up_no_hot_row.sql");

/// How many clients the loaded points have.
const CLIENTS: u32 = 16;

/// On a busy machine a second is over before all clients are connected.
const SECONDS_MIN: u64 = 2;

/// The points: name, script, clients. The first is what a quick run compares with.
const POINTS: [(&str, &str, u32); 3] = [
    ("pgbench.hot_row.16", HOT_ROW, CLIENTS),
    ("pgbench.hot_row.1", HOT_ROW, 1),
    ("pgbench.no_hot_row.16", NO_HOT_ROW, CLIENTS),
];

/// Measures them on a database of their own, which is kept as it is when it is made and copied for each run.
pub fn measure(cluster: &Cluster, effort: &Effort) -> Result<Vec<Figure>, BenchError> {
    let (kept, copy) = (format!("pgbench_{}", effort.cards), "stage_pgbench");
    if !cluster.has_database(&kept) {
        cluster.make_database(&kept)?;
        cluster.tell(&kept, &TABLES.replace(":cards", &effort.cards.to_string()))?;
        cluster.tidy_up(&kept)?;
    }
    cluster.copy_database(&kept, copy)?;
    // The first to connect to a database has its catalogue to read, which is not what is measured.
    cluster.tell(copy, "analyze")?;
    let points = if effort.everything { POINTS.len() } else { 1 };
    let figures = POINTS.iter().take(points).map(|point| run_point(cluster, copy, point, effort)).collect();
    cluster.drop_database(copy)?;
    figures
}

fn run_point(
    cluster: &Cluster,
    database: &str,
    (name, script, clients): &(&str, &str, u32),
    effort: &Effort,
) -> Result<Figure, BenchError> {
    // Beside the data, because PostgreSQL's user may not enter every checkout.
    let file = cluster.folder().join("script.sql");
    fs::write(&file, script)?;
    let mut rates = Vec::new();
    for _ in 0..effort.rounds {
        let mut pgbench = cluster.tool("pgbench");
        pgbench.args(["--no-vacuum", "--protocol=prepared", "--jobs=1"]).arg("--file").arg(&file);
        pgbench.arg(format!("--client={clients}")).arg(format!("--define=cards={}", effort.cards));
        pgbench.arg(format!("--time={}", effort.yardstick.as_secs().max(SECONDS_MIN))).arg(database);
        let output = output_of(&mut pgbench)?;
        rates.push(read_tps(&output).ok_or_else(|| format!("pgbench tells no rate: {output}"))?);
    }
    let spread = Spread::of(&rates).ok_or("there was no round")?;
    Ok(Figure::new((*name).to_owned(), Unit::PerSecond, spread))
}

/// `tps = 2714.823 (without initial connection time)`, in thousandths.
fn read_tps(output: &str) -> Option<u64> {
    let line = output.lines().find_map(|line| line.strip_prefix("tps = "))?;
    let (whole, rest) = line.split_whitespace().next()?.split_once('.')?;
    let thousandths: String = rest.chars().chain("000".chars()).take(3).collect();
    whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(thousandths.parse().ok()?)
}

#[cfg(test)]
mod tests;
