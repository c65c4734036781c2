//! One trial: the fixed script, with one point at which something goes wrong.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;

use super::point::{CALLS, Point, Turns};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::Issuer;
use crate::rig::leash::{Signal, children_of, send};
use crate::rig::outside;
use crate::rig::postgres::Postgres;
use crate::rig::server::{Launch, Readiness, Server};
use crate::rig::strace::{Reading, Watch};
use crate::torture::crowd::{Crowd, Member, Until};
use crate::torture::early;
use crate::torture::syncorder::order::{Found, Order};

/// The script: so many top-ups, one after the other.
const TOP_UPS: u64 = 4;
/// How long a server may take to be ready, to say that it is not, or to end.
const START_WAIT: Duration = Duration::from_secs(15);
/// How long it may take to end when it is asked to.
const END_WAIT: Duration = Duration::from_secs(10);
/// What else is watched, so that the order of answers and syncs can be told.
const ORDER_CALLS: &str = "read,recvfrom,readv,write,writev,sendto,sendmsg";

/// What is played each time.
#[derive(Clone, Copy, Debug)]
pub struct Script {
    /// Draws what is drawn.
    pub seed: u64,
    /// Whether the server is the one that acknowledges before it books (`torture::early`).
    pub answers_early: bool,
}

/// What came of the script.
pub struct Outcome {
    /// Whether the server ever was ready.
    pub began: bool,
    /// What `/readyz` said when the script was over; nothing when the server had ended.
    pub readiness: Option<Readiness>,
    /// Whether a request was refused or not answered.
    pub faltered: bool,
    /// Whether it did not end when it was asked to.
    pub was_stubborn: bool,
    /// What the trace shows.
    pub traced: Traced,
    /// Who topped up, with what he has under way.
    pub member: Member,
    /// What he shares.
    pub crowd: Arc<Crowd>,
}

/// What a trace shows.
#[derive(Default)]
pub struct Traced {
    /// Answers and their syncs.
    pub found: Found,
    /// How often each call was made.
    pub turns: Turns,
    /// Whether the fault came about.
    pub was_hit: bool,
    /// Whether a sync of the log failed before the server was asked to end.
    pub log_sync_failed: bool,
}

/// Plays the script on this issuer's server, which is stopped in the end.
///
/// # Errors
/// When it cannot be played.
pub fn play(runtime: &Runtime, issuer: &Issuer, point: Option<&Point>, script: &Script) -> Result<Outcome, Failure> {
    let trace = issuer.folder.join("trace");
    let front = watched(&trace, point);
    let instead = if script.answers_early { early::command(issuer)? } else { Vec::new() };
    let mut server = Server::start(issuer, &Launch { front, instead, ..Launch::default() })?;
    let began = wait_for_a_word(&mut server)?;
    let crowd = Crowd::new(issuer)?;
    let mut members = vec![Member::new(Dice::new(script.seed))];
    if began {
        members = runtime.block_on(crowd.top_up(members, Until::Acknowledged(TOP_UPS)));
    }
    let readiness = server.readiness();
    let was_stubborn = stop(&mut server)?;
    let member = members.pop().ok_or_else(|| Failure::new("nobody topped up"))?;
    let traced = read(open(&trace)?, &[])?;
    let faltered = crowd.told() < TOP_UPS;
    Ok(Outcome { began, readiness, faltered, was_stubborn, traced, member, crowd })
}

/// The same on a cluster, which runs: the calls that go wrong are those of the backends that serve this server.
///
/// # Errors
/// When it cannot be played.
pub fn play_on_cluster(
    runtime: &Runtime,
    (issuer, cluster): (&Issuer, &Postgres),
    point: Option<&Point>,
    script: &Script,
) -> Result<Outcome, Failure> {
    let trace = issuer.folder.join("trace");
    let instead = if script.answers_early { early::command(issuer)? } else { Vec::new() };
    let (mut server, _) = Server::start_ready(issuer, &Launch { instead, ..Launch::default() })?;
    let backends = cluster.backends();
    let watched: Vec<u32> = backends.iter().copied().chain([server.pid()]).collect();
    let calls = format!("{ORDER_CALLS},{}", CALLS.join(","));
    let watch = Watch::attach(&watched, &calls, point.map(Point::injection).as_deref(), &trace)?;
    let crowd = Crowd::new(issuer)?;
    let mut members = vec![Member::new(Dice::new(script.seed))];
    members = runtime.block_on(crowd.top_up(members, Until::Acknowledged(TOP_UPS)));
    let readiness = server.readiness();
    watch.detach()?;
    let begun = outside::now();
    server.signal(Signal::Terminate);
    while server.lives() && begun.elapsed() < END_WAIT {
        std::thread::sleep(Duration::from_millis(2));
    }
    let was_stubborn = server.lives();
    server.kill();
    let member = members.pop().ok_or_else(|| Failure::new("nobody topped up"))?;
    let faltered = crowd.told() < TOP_UPS;
    let traced = read(open(&trace)?, &backends)?;
    Ok(Outcome { began: true, readiness, faltered, was_stubborn, traced, member, crowd })
}

fn watched(trace: &Path, point: Option<&Point>) -> Vec<String> {
    let calls = format!("trace={ORDER_CALLS},{}", CALLS.join(","));
    let mut words: Vec<String> = ["strace", "-f", "-yy", "-s", "8192", "-e", &calls].map(str::to_owned).into();
    if let Some(point) = point {
        words.extend(["-e".to_owned(), point.injection()]);
    }
    words.extend(["-o".to_owned(), trace.display().to_string()]);
    words
}

/// Whether it got ready. It may also say that it is not, or end: that is as good an answer.
fn wait_for_a_word(server: &mut Server) -> Result<bool, Failure> {
    let begun = outside::now();
    while server.lives() {
        if let Some(readiness) = server.readiness() {
            return Ok(readiness.is_ready());
        }
        if begun.elapsed() > START_WAIT {
            return Err(Failure::new(format!("neither ready nor ended after {START_WAIT:?}: {}", server.last_words())));
        }
        std::thread::sleep(Duration::from_millis(3));
    }
    Ok(false)
}

/// Asks it to end, and kills it when it does not; answers whether that was necessary. `strace` ends with it and has
/// written everything down then.
fn stop(server: &mut Server) -> Result<bool, Failure> {
    let traced = children_of(server.pid());
    let begun = outside::now();
    let tell = |signal| traced.iter().for_each(|pid| send(signal, &pid.to_string()));
    tell(Signal::Terminate);
    while server.lives() && begun.elapsed() < END_WAIT {
        std::thread::sleep(Duration::from_millis(2));
    }
    let is_stubborn = server.lives();
    if is_stubborn {
        tell(Signal::Kill);
    }
    server.wait()?;
    Ok(is_stubborn)
}

fn open(trace: &Path) -> Result<BufReader<File>, Failure> {
    File::open(trace).map(BufReader::new).map_err(Failure::doing(trace.display()))
}

/// Reads a trace. When one of these backends has ended, what comes after is out of sight: whoever takes its place is not watched, and
/// an answer whose sync is not in the trace is not early for that.
fn read(mut lines: impl BufRead, backends: &[u32]) -> Result<Traced, Failure> {
    let (mut reading, mut order, mut line) = (Reading::default(), Order::default(), Vec::new());
    let (mut traced, mut asked_to_end, mut in_sight) = (Traced::default(), false, true);
    while lines.read_until(b'\n', &mut line).map_err(Failure::doing("reading the trace"))? > 0 {
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end();
        let thread = text.split_whitespace().next().unwrap_or_default();
        asked_to_end |= text.contains("--- SIGTERM ");
        traced.was_hit |= text.ends_with("(INJECTED)") || text.ends_with("+++ killed by SIGKILL +++");
        in_sight &= !(text.ends_with(" +++") && backends.iter().any(|pid| thread == pid.to_string()));
        if let Some(call) = reading.read(text) {
            traced.turns.count(thread, &call);
            let is_sync = matches!(call.name.as_str(), "fsync" | "fdatasync");
            let is_log = call.target().is_some_and(|path| path.ends_with("-wal"));
            let failed = call.returned.is_some_and(|returned| returned < 0);
            traced.log_sync_failed |= is_sync && is_log && failed && !asked_to_end;
            if in_sight {
                order.look(&call);
            }
        }
        line.clear();
    }
    traced.found = order.found();
    Ok(traced)
}

#[cfg(test)]
mod tests;
