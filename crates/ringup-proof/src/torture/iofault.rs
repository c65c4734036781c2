//! `iofault`: the k-th write, sync or truncation of a fixed script fails, or the process is killed there: the server's on
//! SQLite, a backend's on PostgreSQL.
//!
//! Whatever goes wrong, nobody is told "yes" before it is on the disk; a server that cannot write says so on `/readyz`; and
//! on a healthy disk it goes on with everything that was acknowledged, and takes again what was not.

mod ground;
mod point;
mod trial;

use std::fs;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::crowd::Until;
use super::report::Report;
use super::{Db, Setup};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::server::{Launch, Server};
use crate::rig::strace;
use crate::rig::verdict::verify;
use ground::{Ground, Trial};
use point::Point;
use trial::{Outcome, Script};

/// A server that answers notifications before they are booked (`torture::early`).
const ACK_EARLY: &str = "ack-early";
/// After so many broken invariants it is enough.
const BROKEN_MAX: usize = 20;
/// How often the points are gone over, each time with other top-ups: PostgreSQL makes few calls for the script.
const PASSES_MAX: u32 = 4;
/// How soon a server must be ready on a healthy disk.
const READY_AT_MOST: Duration = Duration::from_secs(5);

/// Tries point after point; a round is a point that came about.
///
/// # Errors
/// When it cannot run.
pub fn run(setup: &Setup) -> Result<Report, Failure> {
    let sabotage = setup.sabotage_among(&[ACK_EARLY])?;
    let mut report = Report::new("iofault", setup.seed);
    if let Some(why) = strace::refusal() {
        report.skip(format!("strace does not work on this machine: {why}"));
        return Ok(report);
    }
    let mut dice = Dice::new(setup.seed);
    let runtime = Runtime::new().map_err(Failure::doing("starting a runtime"))?;
    let ground = Ground::make(setup, &runtime, &mut dice)?;
    let mut script = Script { seed: dice.draw(), answers_early: sabotage.is_some() };
    let mut points = ground.play(&runtime, &setup.folder.join("whole"), None, &script)?.outcome.traced.turns.points();
    report.add("points there are", u64::try_from(points.len()).unwrap_or(u64::MAX));
    let wanted = match setup.db {
        Db::Sqlite => setup.rounds_or(500, 30),
        Db::Postgres => setup.rounds_or(100, 6),
    };
    for _ in 0..PASSES_MAX {
        dice.shuffle(&mut points);
        for point in &points {
            if report.count("points") >= wanted || report.broken_count() >= BROKEN_MAX {
                break;
            }
            let broken_before = report.broken_count();
            let folder = setup.folder.join(format!("trial-{broken_before}"));
            let trial = ground.play(&runtime, &folder, Some(point), &script)?;
            judge(&mut report, &runtime, point, trial)?;
            // What broke stays, to be looked into with `--keep`.
            if report.broken_count() == broken_before {
                fs::remove_dir_all(&folder).map_err(Failure::doing(folder.display()))?;
            }
        }
        script.seed = dice.draw();
    }
    let tried = report.count("points");
    report.must(tried >= wanted || setup.rounds.is_some(), || format!("only {tried} of {wanted} points came about"));
    Ok(report)
}

/// What must hold after a trial, and whether it does.
fn judge(report: &mut Report, runtime: &Runtime, point: &Point, trial: Trial) -> Result<(), Failure> {
    let Trial { issuer, outcome, cluster } = trial;
    if !outcome.traced.was_hit {
        report.add("points that did not come about", 1);
        return Ok(());
    }
    report.add("points", 1);
    report.add(&format!("at {}", point.call), 1);
    report.add(point.fault.name(), 1);
    for early in &outcome.traced.found.early {
        report.broke(format!("{point}: {early}"));
    }
    judge_readiness(report, point, &outcome, cluster.is_none());
    report.must(!outcome.was_stubborn, || format!("{point}: the server did not end when it was asked to"));
    let Outcome { crowd, member, .. } = outcome;
    report.add("acknowledged while it went wrong", crowd.told());
    let (server, took) = match Server::start_ready(&issuer, &Launch::default()) {
        Ok(started) => started,
        Err(failure) => {
            report.broke(format!("{point}: on a healthy disk {failure}"));
            return Ok(());
        }
    };
    report.must(took < READY_AT_MOST, || format!("{point}: ready on a healthy disk only after {took:?}"));
    runtime.block_on(crowd.top_up(vec![member], Until::Idle));
    report.judge(&point.to_string(), &verify(&issuer, Some(crowd.acks.path()))?);
    let mut settled = Report::new("iofault", 0);
    crowd.settle(&issuer, &mut settled)?;
    for wrong in settled.take_broken().into_iter().chain(crowd.take_wrong()) {
        report.broke(format!("{point}: {wrong}"));
    }
    drop((server, cluster));
    Ok(())
}

/// Whoever cannot write says so. A PostgreSQL that a fault has brought down may be up again by then.
fn judge_readiness(report: &mut Report, point: &Point, outcome: &Outcome, stays_broken: bool) {
    let Some(readiness) = &outcome.readiness else {
        report.add(if outcome.began { "servers that ended" } else { "servers that did not start" }, 1);
        return;
    };
    if readiness.is_refusal() {
        report.add("servers that said they cannot write", 1);
        return;
    }
    report.add(if outcome.faltered { "servers that faltered and went on" } else { "servers that went on" }, 1);
    report.must(!outcome.traced.log_sync_failed, || {
        format!("{point}: a sync of the log failed, and /readyz says that it is ready")
    });
    report.must(!(point.fault.stays() && stays_broken && outcome.faltered), || {
        format!("{point}: nothing can be written any more, and /readyz says that it is ready")
    });
}
