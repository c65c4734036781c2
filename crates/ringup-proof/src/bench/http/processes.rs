//! The two processes of a measurement.

use std::process::Command;

use ringup_core::time::Timestamp;

use crate::bench::BenchError;
use crate::bench::load::{Outcome, Plan};
use crate::bench::store::{Stage, Store, output_of};
use crate::rig::dice::Dice;
use crate::rig::issuer::free_address;
use crate::rig::outside;
use crate::rig::server::{READY_WAIT, Server};

/// Starts the measured server on a copy of a world, its clock standing at this time, and waits until it is ready.
pub fn serve_at(store: &Store, stage: &Stage<'_>, now: Timestamp) -> Result<Server, BenchError> {
    let listen = free_address(&mut Dice::new(outside::chance()))?;
    let mut command = ourselves();
    command.arg("bench-server").arg(format!("--db={}", stage.address()));
    command.arg(format!("--keys={}", store.keys_folder().display()));
    command.arg(format!("--listen={listen}")).arg(format!("--at={}", now.micros()));
    let mut server = Server::start_command(&mut command, listen, store.scratch("server.log"))?;
    server.wait_ready(READY_WAIT)?;
    Ok(server)
}

/// Sends a load from a process of its own.
pub fn send(plan: &Plan) -> Result<Outcome, BenchError> {
    let mut command = ourselves();
    command.arg("bench-load").args(plan.words());
    output_of(&mut command)?.trim().parse()
}

/// This very program, even when it has been built anew since it was started.
fn ourselves() -> Command {
    Command::new("/proc/self/exe")
}
