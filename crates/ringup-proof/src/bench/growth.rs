//! Whether it stays as fast when there are more cards: credits and balances at ten thousand, a million and ten million.

use super::BenchError;
use super::effort::Effort;
use super::http::Http;
use super::lane::{self, Brake};
use super::report::Report;
use super::store::Store;
use super::world::{Offer, WorldSpec};

/// How many commands wait for the lane at a time.
const IN_FLIGHT: usize = 128;

/// Measures one size after the other, each on one copy of its world: first balances, which change nothing, then credits.
pub fn measure(store: &Store, effort: &Effort, brake: Brake, report: &mut Report) -> Result<(), BenchError> {
    for (cards, placed) in effort.sizes {
        if !store.has_room_for(*cards)? {
            println!("SKIPPED {}.growth.{cards}: the disk has no room for so many cards", store.kind().name());
            continue;
        }
        let world = store.world(WorldSpec { cards: *cards, offer: Offer::Plain, placed: *placed })?;
        let stage = store.stage(&world)?;
        let name = format!("{}.growth.{cards}", store.kind().name());
        Http::without_notifications(store, &world, effort).balance_on(&stage, &format!("{name}.balance"), report)?;
        let point = lane::measure(&stage, &world, IN_FLIGHT, effort, brake)?;
        report.add_all(point.figures(&format!("{name}.credit")));
    }
    Ok(())
}
