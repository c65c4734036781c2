//! Credits straight into the write lane, without HTTP: what a provider's word costs once it has been believed.
//!
//! The commands are those that the gateway makes of a notification, for top-ups that have been placed, in random order. So
//! many at a time wait for their answer. Afterwards the books are read back: see `audit`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ringup_core::apply::{Command, Outcome};
use ringup_core::id::Node;
use ringup_engine::clock::Clock;
use ringup_engine::keys::Keys;
use ringup_engine::{Engine, Settings};
use ringup_gateways::{Gateways, GatewaysConfig};

use super::BenchError;
use super::audit;
use super::effort::Effort;
use super::figure::{Figure, Spread, Unit, per_second, percentile};
use super::stopwatch::Stopwatch;
use super::store::{Stage, World};
use super::world::Placed;
use crate::rig::dice::Dice;

/// Makes the run fail on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brake {
    /// Off.
    Off,
    /// The lane has to wait before each batch.
    On,
}

/// Measures one point on a copy of a world, which is credited by it.
pub fn measure(
    stage: &Stage<'_>,
    world: &World,
    in_flight: usize,
    effort: &Effort,
    brake: Brake,
) -> Result<Point, BenchError> {
    let mut order = world.placed.clone();
    Dice::new(u64::try_from(in_flight)?).shuffle(&mut order);
    let engine = start_engine(&stage.database()?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let hold = match brake {
        Brake::Off => None,
        Brake::On => Some(runtime.spawn(hold_up(engine.clone()))),
    };
    let mut point = Point::default();
    for _ in 0..effort.rounds {
        let rest = order.get(point.credited..).unwrap_or_default();
        let round = runtime.block_on(run_round(&engine, rest, in_flight, effort.round))?;
        point.add(round)?;
    }
    if let Some(hold) = hold {
        hold.abort();
    }
    drop(runtime);
    drop(engine);
    let credited = order.get(..point.credited).unwrap_or_default();
    audit::check(&stage.database()?, world, credited)?;
    Ok(point)
}

/// An engine as `ringup serve` starts it, but for its keys and providers, which no command of the lane needs.
fn start_engine(database: &ringup_db::seam::Database) -> Result<Engine, BenchError> {
    let settings = Settings {
        node: Node::new(0).ok_or("there is no such node")?,
        public_url: "http://127.0.0.1".to_owned(),
        subject: "Ringup".to_owned(),
        clock: Clock::System,
    };
    let gateways = Gateways::new(&GatewaysConfig::default())?;
    Ok(Engine::start(settings, Keys::ephemeral()?, gateways, database)?)
}

/// Sabotage: keeps the lane busy with a write that does nothing for a quarter of a second, again and again.
async fn hold_up(engine: Engine) {
    let idle = |_: &mut ringup_db::seam::WriteTx<'_>| {
        std::thread::sleep(Duration::from_millis(250));
        Ok(())
    };
    while engine.write(idle).await.is_ok() {}
}

/// What the rounds of a point came to.
#[derive(Default)]
pub struct Point {
    credited: usize,
    rates: Vec<u64>,
    p99_micros: Vec<u64>,
}

struct Round {
    micros: u64,
    latencies: Vec<u32>,
}

impl Point {
    fn add(&mut self, mut round: Round) -> Result<(), BenchError> {
        let credited = round.latencies.len();
        let p99 = percentile(&mut round.latencies, 990).ok_or("no top-up is left to be credited")?;
        self.credited += credited;
        self.rates.push(per_second(u64::try_from(credited)?, round.micros));
        self.p99_micros.push(p99.into());
        Ok(())
    }

    /// Credits a second, and the time that 99 of a hundred took at most.
    pub fn figures(&self, name: &str) -> Vec<Figure> {
        let figure = |name: String, unit, rounds: &[u64]| Some(Figure::new(name, unit, Spread::of(rounds)?));
        let rate = figure(name.to_owned(), Unit::PerSecond, &self.rates);
        let p99 = figure(format!("{name}.p99"), Unit::Millis, &self.p99_micros);
        rate.into_iter().chain(p99).collect()
    }
}

/// Hands in the first of these, one after the other, until the time is over; all that were handed in are waited for.
async fn run_round(engine: &Engine, placed: &[Placed], in_flight: usize, time: Duration) -> Result<Round, BenchError> {
    // Made ready before the time begins: a server has them from its gateway.
    let commands = placed.iter().map(Placed::report).collect::<Result<Vec<Command>, BenchError>>()?;
    let commands: Arc<Vec<Command>> = Arc::new(commands);
    let next = Arc::new(AtomicUsize::new(0));
    let watch = Stopwatch::start();
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..in_flight {
        let (engine, commands, next) = (engine.clone(), Arc::clone(&commands), Arc::clone(&next));
        waiting.spawn(async move {
            let mut latencies = Vec::new();
            while watch.elapsed() < time {
                let Some(command) = commands.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                let asked = watch.micros();
                match engine.submit(command.clone()).await {
                    Ok(Outcome::Credited) => {}
                    other => return Err(format!("a credit came to {other:?}")),
                }
                latencies.push(u32::try_from(watch.micros().saturating_sub(asked)).unwrap_or(u32::MAX));
            }
            Ok(latencies)
        });
    }
    let mut latencies = Vec::new();
    while let Some(ended) = waiting.join_next().await {
        latencies.append(&mut ended??);
    }
    Ok(Round { micros: watch.micros(), latencies })
}

#[cfg(test)]
mod tests;
