//! What nobody does on purpose: processes die, and clocks jump.

use ringup_core::time::{Span, Timestamp};

use crate::fault::Fault;
use crate::sim::Sim;

/// Some time in which nature does nothing: on the scale of the clients, or, where they hurry, on that of the jobs.
async fn quiet(sim: &Sim) {
    if sim.with(|world| world.chance.per_mille(500)) {
        sim.pause(Span::seconds(20), Span::minutes(60)).await;
    } else {
        let seconds = sim.with(|world| world.chance.from_to(20, 3_600));
        sim.executor().sleep(Span::seconds(seconds)).await;
    }
}

/// Processes die between any two steps, until the weather is over.
pub async fn crashes(sim: Sim) {
    loop {
        quiet(&sim).await;
        if sim.with(|world| world.weather_is_over) {
            return;
        }
        let Some(server) = sim.any_server() else { continue };
        if sim.with(|world| world.strikes(Fault::ProcessCrash)) {
            sim.crash(server);
        }
    }
}

/// Clocks jump ahead and back, stand still and go on, until the weather is over; sometimes while their server is away.
pub async fn clocks(sim: Sim) {
    loop {
        quiet(&sim).await;
        if sim.with(|world| world.weather_is_over) {
            return;
        }
        let server = sim.with(|world| {
            let count = u64::try_from(world.servers.len()).unwrap_or(1);
            usize::try_from(world.chance.below(count)).unwrap_or(0)
        });
        if sim.with(|world| world.strikes(Fault::ClockForward)) {
            jump(&sim, server, 1);
        }
        if sim.with(|world| world.strikes(Fault::ClockBack)) {
            jump(&sim, server, -1);
        }
        if sim.with(|world| world.strikes(Fault::ClockStands)) {
            stand(&sim, server).await;
        }
        sim.poke_workers();
    }
}

/// By milliseconds, seconds, hours or, where the world allows it, days.
fn jump(sim: &Sim, server: usize, sign: i64) {
    sim.with(|world| {
        let scale = match world.chance.below(if world.has_long_jumps { 4 } else { 2 }) {
            0 => 1,
            1 => 1_000,
            2 => 3_600_000,
            _ => 86_400_000,
        };
        let millis = world.chance.from_to(1, 60) * scale * sign;
        let ahead = world.servers[server].ahead.as_micros() + millis * 1_000;
        world.servers[server].ahead = Span::micros(ahead);
        world.note(format_args!("the clock of server {server} jumps by {millis} ms"));
    });
}

/// A clock goes back to where it was when a batch was taken, as that of a machine which is restored from a copy does, and
/// stands there until it is set right. Most of the time the process dies with it.
async fn stand(sim: &Sim, server: usize) {
    let (moment, seconds, dies) = sim.with(|world| {
        let moment: Option<Timestamp> = world.chance.one_of(&world.batches_at.clone());
        (moment, world.chance.from_to(1, 240), world.chance.per_mille(700))
    });
    let Some(moment) = moment else { return };
    sim.with(|world| {
        world.servers[server].stands_at = Some(moment);
        world.note(format_args!("the clock of server {server} stands at {moment}"));
    });
    if dies {
        sim.crash(server);
    }
    sim.pause(Span::seconds(seconds), Span::seconds(seconds)).await;
    sim.with(|world| {
        world.servers[server].stands_at = None;
        world.note(format_args!("the clock of server {server} goes again"));
    });
}

/// After a while nothing goes wrong any more, and it is seen whether everything comes to its end.
pub async fn calms_down(sim: Sim, after: Span) {
    sim.executor().sleep(after).await;
    sim.with(|world| {
        world.weather_is_over = true;
        world.faults.end();
        world.note(format_args!("from now on nothing goes wrong"));
        for server in &mut world.servers {
            server.stands_at = None;
        }
    });
    sim.poke_workers();
}
