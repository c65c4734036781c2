//! `iofault`: the k-th write, sync or truncation of a fixed script fails, or the process is killed there.
//!
//! Whatever goes wrong, nobody is told "yes" before it is on the disk; a server that cannot write says so on `/readyz`; and
//! on a healthy disk it goes on with everything that was acknowledged, and takes again what was not.

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
use crate::rig::issuer::{Issuer, Plan};
use crate::rig::server::{Launch, Server};
use crate::rig::strace;
use crate::rig::verdict::verify;
use point::Point;
use trial::{Outcome, Script, play};

/// How many cards of each product.
const CARDS: u64 = 8;
/// How many top-ups are in the books, and mostly in the log, before the script begins.
const TOP_UPS_BEFORE: u64 = 12;
/// A server that answers notifications before they are booked (`torture::early`).
const ACK_EARLY: &str = "ack-early";
/// After so many broken invariants it is enough.
const BROKEN_MAX: usize = 20;
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
    if setup.db == Db::Postgres {
        report.skip("the files of PostgreSQL are its own: how it takes faults is not ours to show".to_owned());
        return Ok(report);
    }
    let mut dice = Dice::new(setup.seed);
    let runtime = Runtime::new().map_err(Failure::doing("starting a runtime"))?;
    let template = make_template(setup, &runtime, &mut dice)?;
    let script = Script { seed: dice.draw(), answers_early: sabotage.is_some() };
    let whole = play(&runtime, &template.copied_to(&setup.folder.join("whole"))?, None, &script)?;
    let mut points = whole.traced.turns.points();
    report.add("points there are", u64::try_from(points.len()).unwrap_or(u64::MAX));
    dice.shuffle(&mut points);
    let wanted = setup.rounds_or(500, 30);
    for point in points {
        if report.count("points") >= wanted || report.broken_count() >= BROKEN_MAX {
            break;
        }
        let broken_before = report.broken_count();
        let folder = setup.folder.join(format!("trial-{broken_before}"));
        let issuer = template.copied_to(&folder)?;
        let outcome = play(&runtime, &issuer, Some(&point), &script)?;
        judge(&mut report, &runtime, &issuer, &point, outcome)?;
        // What broke stays, to be looked into with `--keep`.
        if report.broken_count() == broken_before {
            fs::remove_dir_all(&folder).map_err(Failure::doing(folder.display()))?;
        }
    }
    let tried = report.count("points");
    report.must(tried >= wanted || setup.rounds.is_some(), || format!("only {tried} of {wanted} points came about"));
    Ok(report)
}

/// What must hold after a trial, and whether it does.
fn judge(
    report: &mut Report,
    runtime: &Runtime,
    issuer: &Issuer,
    point: &Point,
    outcome: Outcome,
) -> Result<(), Failure> {
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
    judge_readiness(report, point, &outcome);
    report.must(!outcome.was_stubborn, || format!("{point}: the server did not end when it was asked to"));
    let Outcome { crowd, member, .. } = outcome;
    report.add("acknowledged while it went wrong", crowd.told());
    let (server, took) = match Server::start_ready(issuer, &Launch::default()) {
        Ok(started) => started,
        Err(failure) => {
            report.broke(format!("{point}: on a healthy disk {failure}"));
            return Ok(());
        }
    };
    report.must(took < READY_AT_MOST, || format!("{point}: ready on a healthy disk only after {took:?}"));
    runtime.block_on(crowd.top_up(vec![member], Until::Idle));
    report.judge(&point.to_string(), &verify(issuer, Some(crowd.acks.path()))?);
    let mut settled = Report::new("iofault", 0);
    crowd.settle(issuer, &mut settled)?;
    for wrong in settled.take_broken().into_iter().chain(crowd.take_wrong()) {
        report.broke(format!("{point}: {wrong}"));
    }
    drop(server);
    Ok(())
}

/// Whoever cannot write says so.
fn judge_readiness(report: &mut Report, point: &Point, outcome: &Outcome) {
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
    report.must(!(point.fault.stays() && outcome.faltered), || {
        format!("{point}: nothing can be written any more, and /readyz says that it is ready")
    });
}

/// An issuer whose server was killed, so that what it wrote last is still in the log.
fn make_template(setup: &Setup, runtime: &Runtime, dice: &mut Dice) -> Result<Issuer, Failure> {
    let folder = setup.folder.join("template");
    let issuer = Issuer::make(&Plan { folder, database: None, gateway_url: None, cards: CARDS, seed: dice.draw() })?;
    let (mut server, _) = Server::start_ready(&issuer, &Launch::default())?;
    let crowd = super::crowd::Crowd::new(&issuer)?;
    let members = vec![super::crowd::Member::new(dice.split())];
    runtime.block_on(crowd.top_up(members, Until::Acknowledged(TOP_UPS_BEFORE)));
    server.kill();
    if crowd.acks.count() < TOP_UPS_BEFORE {
        return Err(Failure::new(format!("the template could not be made: {}", crowd.take_wrong().join("; "))));
    }
    Ok(issuer)
}
