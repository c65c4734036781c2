//! When notifications have piled up: how long until ten thousand of them are acknowledged, and how long until the work that
//! waited for their payments is done.

use std::time::Duration;

use ringup_core::job::FIRST_QUERY_AFTER;

use super::BenchError;
use super::figure::{Figure, Spread, Unit};
use super::http::{CONNECTIONS, Http, serve_at};
use super::report::Report;
use super::stopwatch::Stopwatch;
use super::store::{Store, World};
use super::world::{Offer, PLACED_AT, WorldSpec};

/// As many cards as notifications, so that most are for different ones.
pub const WORLD: WorldSpec = WorldSpec { cards: 10_000, offer: Offer::Plain, placed: 10_000 };

/// How long the worker may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Measures both on one copy of the world.
pub fn measure(store: &Store, world: &World, http: &Http<'_>, report: &mut Report) -> Result<(), BenchError> {
    let name = store.kind().name();
    let stage = store.stage(world)?;
    let micros = http.tell_all(&stage, CONNECTIONS)?;
    report.add(Figure::new(format!("{name}.storm.acknowledged"), Unit::Seconds, Spread::single(micros / 1_000)));
    // The same books ten seconds later: each payment is to be looked after, and has been captured.
    let now = PLACED_AT.plus(FIRST_QUERY_AFTER);
    let database = stage.database()?;
    let mut reader = database.reader()?;
    let mut due = || reader.read(|tx| ringup_db::job::count_jobs(tx, now)).map(|counts| counts.due);
    if due()? != u64::from(WORLD.placed) {
        return Err("not every payment is to be looked after".into());
    }
    let mut server = serve_at(store, &stage, now)?;
    let watch = Stopwatch::start();
    while due()? > 0 {
        if watch.elapsed() > PATIENCE {
            return Err(format!("the worker has not done its work after {PATIENCE:?}").into());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let millis = watch.micros() / 1_000;
    server.terminate()?;
    report.add(Figure::new(format!("{name}.storm.looked_after"), Unit::Seconds, Spread::single(millis)));
    Ok(())
}
