use std::time::Duration;

use super::{Brake, measure};
use crate::bench::audit;
use crate::bench::effort::Effort;
use crate::bench::store::{Kind, Store};
use crate::bench::world::{Offer, WorldSpec};

const SPEC: WorldSpec = WorldSpec { cards: 200, offer: Offer::Promoted, placed: 4_000 };

fn effort() -> Effort {
    Effort { rounds: 2, round: Duration::from_millis(250), ..Effort::QUICK }
}

#[test]
fn the_lane_is_measured_and_the_books_hold_what_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Kind::Sqlite, folder.path()).unwrap();
    let world = store.world(SPEC).unwrap();
    let stage = store.stage(&world).unwrap();
    let figures = measure(&stage, &world, 16, &effort(), Brake::Off).unwrap().figures("lane");
    let names: Vec<&str> = figures.iter().map(|figure| figure.name.as_str()).collect();
    assert_eq!(names, ["lane", "lane.p99"]);
    assert!(figures.iter().all(|figure| figure.rounds.min > 0));
}

#[test]
fn a_brake_shows_in_the_figure() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Kind::Sqlite, folder.path()).unwrap();
    let world = store.world(SPEC).unwrap();
    let rate = |brake| {
        let stage = store.stage(&world).unwrap();
        measure(&stage, &world, 16, &effort(), brake).unwrap().figures("lane")[0].rounds.median
    };
    assert!(rate(Brake::On) < rate(Brake::Off) / 2);
}

#[test]
fn a_world_is_the_same_each_time_and_its_books_are_not_taken_for_others() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Kind::Sqlite, folder.path()).unwrap();
    let world = store.world(SPEC).unwrap();
    let other = tempfile::tempdir().unwrap();
    let again = Store::open(Kind::Sqlite, other.path()).unwrap().world(SPEC).unwrap();
    assert_eq!(world.placed, again.placed);
    assert_eq!(world.placed, store.world(SPEC).unwrap().placed, "kept, and read back");
    let stage = store.stage(&world).unwrap();
    let database = stage.database().unwrap();
    audit::check(&database, &world, &[]).unwrap();
    // Nothing has been credited, so to say that something was is found out.
    assert!(audit::check(&database, &world, &world.placed[..1]).is_err());
}
