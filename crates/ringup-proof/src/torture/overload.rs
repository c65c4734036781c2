//! `overload`: more than the server can do, a disk that is full, a limit on its memory.
//!
//! It answers what it can, and tells the rest to come back; nothing acknowledged is lost, and soon after it is as quick as before.

mod cramped;
mod flood;
mod work;

use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::torture::Setup;
use crate::torture::report::Report;

/// What can be broken on purpose: a hand in the books while the flood lasts; an answer that was told and is not kept.
const SABOTAGES: &[&str] = &["tamper", "forget"];

/// Runs it.
///
/// # Errors
/// When it cannot go on.
pub fn run(setup: &Setup) -> Result<Report, Failure> {
    let sabotage = setup.sabotage_among(SABOTAGES)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::doing("starting a runtime"))?;
    let mut report = Report::new("overload", setup.seed);
    let mut dice = Dice::new(setup.seed);
    for round in 1..=setup.rounds_or(1, 1) {
        flood::run(setup, (round, sabotage), &runtime, &mut dice, &mut report)?;
        cramped::fill_the_disk(setup, round, &runtime, &mut dice, &mut report)?;
        cramped::limit_memory(setup, round, &runtime, &mut dice, &mut report)?;
        report.add("rounds", 1);
    }
    Ok(report)
}
