//! What is asked of the program itself: `ringup card issue`, the start of `ringup serve`, and `ringup verify`.

use std::path::Path;
use std::process::{Command, Stdio};

use super::BenchError;
use super::effort::Effort;
use super::figure::{Figure, Spread, Unit};
use super::report::Report;
use super::stopwatch::Stopwatch;
use super::store::{Stage, Store, output_of};
use super::world::{Offer, WorldSpec};
use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::rig::issuer::free_address;
use crate::rig::outside;
use crate::rig::server::{READY_WAIT, Server};

/// A printer's public key. Nobody has its other half: what is printed here is thrown away.
const PRINTER: &str = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

/// Makes a million cards, and then starts a server on them.
pub fn issue_and_start(store: &Store, effort: &Effort, report: &mut Report) -> Result<(), BenchError> {
    let count = effort.issued;
    // One card, so that there are a product and a batch: the issued ones come on top.
    let world = store.world(WorldSpec { cards: 1, offer: Offer::Plain, placed: 0 })?;
    let stage = store.stage(&world)?;
    let name = store.kind().name();
    let print_file = store.scratch("cards.age");
    let _ = std::fs::remove_file(&print_file);
    let mut issue = program(store, &stage)?;
    issue.args(["card", "issue", "--product=talk", "--recipient", PRINTER]).arg(format!("--count={count}"));
    issue.arg("--out").arg(&print_file);
    let watch = Stopwatch::start();
    output_of(&mut issue)?;
    let micros = watch.micros();
    let _ = std::fs::remove_file(&print_file);
    report.add(seconds(format!("{name}.issue.million"), &[per_million(micros, count.into())]));
    start(store, &stage, effort, report)
}

/// How long a server takes from its start until `/readyz` says yes, and how much memory it has then. The pages of a SQLite
/// file are taken out of the system's cache before, as after a boot; PostgreSQL, another program, is left running.
fn start(store: &Store, stage: &Stage<'_>, effort: &Effort, report: &mut Report) -> Result<(), BenchError> {
    let (mut ready, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        if let Some(file) = stage.file() {
            forget_pages(file)?;
        }
        let listen = free_address(&mut Dice::new(outside::chance()))?;
        let mut command = program(store, stage)?;
        command.arg("serve").env("RINGUP_SERVER__LISTEN", listen.to_string());
        let watch = Stopwatch::start();
        let mut server = Server::start_command(&mut command, listen, store.scratch("server.log"))?;
        server.wait_ready(READY_WAIT)?;
        ready.push(watch.micros());
        memory.push(resident_bytes(server.pid())? / 1_000);
        server.terminate()?;
    }
    let name = store.kind().name();
    let figure = |name: String, unit, rounds: &[u64]| Spread::of(rounds).map(|rounds| Figure::new(name, unit, rounds));
    report.add_all(figure(format!("{name}.start.ready"), Unit::Millis, &ready).into_iter().collect());
    report.add_all(figure(format!("{name}.start.memory"), Unit::Megabytes, &memory).into_iter().collect());
    Ok(())
}

/// Proves the books of a stage with this many entries, and tells how long a million of them take.
pub fn verify(store: &Store, stage: &Stage<'_>, entries: u64, report: &mut Report) -> Result<(), BenchError> {
    let watch = Stopwatch::start();
    output_of(program(store, stage)?.arg("verify"))?;
    let micros = per_million(watch.micros(), entries);
    report.add(seconds(format!("{}.verify.million", store.kind().name()), &[micros]));
    Ok(())
}

/// The program on a stage: no settings but those that are given here.
fn program(store: &Store, stage: &Stage<'_>) -> Result<Command, BenchError> {
    let mut command = Command::new(outside::program()?);
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"RINGUP_") {
            command.env_remove(name);
        }
    }
    command.env("RINGUP_DATABASE__URL", stage.address());
    command.env("RINGUP_KEYS__FOLDER", store.keys_folder()).stdin(Stdio::null());
    Ok(command)
}

fn per_million(micros: u64, count: u64) -> u64 {
    let scaled = (u128::from(micros) * 1_000_000).checked_div(u128::from(count)).unwrap_or(0);
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

fn seconds(name: String, micros: &[u64]) -> Figure {
    let milli: Vec<u64> = micros.iter().map(|micros| micros / 1_000).collect();
    Figure::new(name, Unit::Seconds, Spread::of(&milli).unwrap_or(Spread::single(0)))
}

/// `dd` with nothing to copy and `nocache` asks the kernel to drop what it holds of a file.
fn forget_pages(file: &Path) -> Result<(), BenchError> {
    let mut dd = Command::new("dd");
    dd.arg(format!("of={}", file.display())).args(["oflag=nocache", "conv=notrunc,fdatasync", "count=0"]);
    output_of(&mut dd).map(drop)
}

/// What a process holds in memory: `VmRSS`.
fn resident_bytes(pid: u32) -> Result<u64, BenchError> {
    let file = format!("/proc/{pid}/status");
    let text = std::fs::read_to_string(&file).map_err(Failure::doing(&file))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("the kernel tells no memory")?;
    let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kibibytes.saturating_mul(1_024))
}

#[cfg(test)]
mod tests;
