//! `syncorder`: under `strace`, no acknowledgement leaves the server before its batch is on the disk, and no top-up is shown as
//! credited before it is.
//!
//! First one holder tops up alone, so that the order of the calls leaves no doubt; then sixteen at a time, and each payment is
//! looked for in what was written to the log, by its transaction's number.

pub(super) mod order;

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::crowd::{Crowd, Member, Until};
use super::report::Report;
use super::{Db, Setup};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::{Issuer, Plan};
use crate::rig::outside;
use crate::rig::postgres::Postgres;
use crate::rig::server::{Launch, Server};
use crate::rig::strace::{self, Reading, Watch};
use crate::rig::verdict::verify;
use order::{Found, Order};

/// How many top up at the same time, when not alone.
const MEMBERS: usize = 16;
/// How many cards of each product they share.
const CARDS: u64 = 40;
/// How long the whole may take; under `strace` everything is slow.
const PATIENCE: Duration = Duration::from_secs(600);
/// What is watched.
const CALLS: &str = "read,recvfrom,readv,write,writev,sendto,sendmsg,pwrite64,pwritev,fsync,fdatasync";
/// A server that answers notifications before they are booked (`torture::early`).
const ACK_EARLY: &str = "ack-early";

/// Watches; a round is an acknowledged payment.
///
/// # Errors
/// When it cannot run.
pub fn run(setup: &Setup) -> Result<Report, Failure> {
    let sabotage = setup.sabotage_among(&[ACK_EARLY])?;
    let mut report = Report::new("syncorder", setup.seed);
    if let Some(why) = strace::refusal() {
        report.skip(format!("strace does not work on this machine: {why}"));
        return Ok(report);
    }
    let wanted = setup.rounds_or(1_000, 200);
    let mut dice = Dice::new(setup.seed);
    let postgres = match setup.db {
        Db::Sqlite => None,
        Db::Postgres => Some(Postgres::make(&setup.folder.join("postgres"), &[])?),
    };
    let database = postgres.as_ref().map(|postgres| postgres.create_database("ringup")).transpose()?;
    let folder = setup.folder.join("issuer");
    let issuer = Issuer::make(&Plan { folder, database, gateway_url: None, cards: CARDS, seed: dice.draw() })?;
    let launch = match sabotage {
        Some(_) => Launch { instead: super::early::command(&issuer)?, ..Launch::default() },
        None => Launch::default(),
    };
    let (server, _) = Server::start_ready(&issuer, &launch)?;
    let watched = [server.pid()].into_iter().chain(postgres.iter().flat_map(Postgres::processes)).collect::<Vec<_>>();
    let trace = setup.folder.join("trace");
    let watch = Watch::attach(&watched, CALLS, None, &trace)?;
    let crowd = Crowd::new(&issuer)?;
    crowd.look_meanwhile();
    let topped_up = top_up(&crowd, &mut dice, wanted);
    watch.detach()?;
    topped_up?;
    for wrong in crowd.take_wrong() {
        report.broke(wrong);
    }
    tell(&mut report, read(&trace)?, wanted);
    report.judge("at the end", &verify(&issuer, Some(crowd.acks.path()))?);
    crowd.settle(&issuer, &mut report)?;
    Ok(report)
}

/// One alone for a third of the acknowledgements, and all together for the rest.
fn top_up(crowd: &Arc<Crowd>, dice: &mut Dice, wanted: u64) -> Result<(), Failure> {
    let runtime = Runtime::new().map_err(Failure::doing("starting a runtime"))?;
    let begun = outside::now();
    for (count, until) in [(1, wanted.div_ceil(3)), (MEMBERS, wanted)] {
        let members = (0..count).map(|_| Member::new(dice.split())).collect();
        let theirs = Arc::clone(crowd);
        let topping_up = runtime.spawn(async move {
            let members = theirs.top_up(members, Until::Told).await;
            theirs.top_up(members, Until::Idle).await
        });
        while crowd.acks.count() < until && begun.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(5));
        }
        crowd.stop();
        runtime.block_on(topping_up).map_err(Failure::doing("waiting for the crowd"))?;
    }
    Ok(())
}

fn read(trace: &Path) -> Result<Found, Failure> {
    let mut lines = BufReader::new(File::open(trace).map_err(Failure::doing(trace.display()))?);
    let (mut reading, mut order, mut line) = (Reading::default(), Order::default(), Vec::new());
    while lines.read_until(b'\n', &mut line).map_err(Failure::doing(trace.display()))? > 0 {
        if let Some(call) = reading.read(String::from_utf8_lossy(&line).trim_end()) {
            order.look(&call);
        }
        line.clear();
    }
    Ok(order.found())
}

fn tell(report: &mut Report, found: Found, wanted: u64) {
    report.add("acknowledgements of payments", found.payments);
    report.add("of them recognised in the log", found.recognised);
    report.add("acknowledgements of placings", found.placings);
    report.add("answers that showed a top-up as credited", found.shown);
    report.add("writes of the log", found.writes);
    report.add("syncs of the log", found.syncs);
    report.add("left before their sync", u64::try_from(found.early.len()).unwrap_or(u64::MAX));
    report.must(found.payments >= wanted, || {
        format!("{} acknowledgements were seen, and {wanted} should have been", found.payments)
    });
    report.must(found.shown > 0, || "nobody was shown a credited top-up".to_owned());
    for early in found.early {
        report.broke(early);
    }
}
