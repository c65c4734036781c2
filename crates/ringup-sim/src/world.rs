//! One world from one seed: made, run to its end, and looked at.

use ringup_core::batch::GoOn;
use ringup_core::card::{Card, CardNumber, CardState};
use ringup_core::id::{BatchId, Mint, Node};
use ringup_core::ledger::ChainHead;
use ringup_core::money::{Amount, Unit};
use ringup_core::product::{Name, NumberFormat, Product, ProductId};
use ringup_core::promotion::{Gift, Promotion, PromotionId};
use ringup_core::shard::Shard;
use ringup_core::time::{Span, Timestamp};

use crate::chance::Chance;
use crate::client;
use crate::fault::{Counts, Fault, Faults};
use crate::nature;
use crate::sabotage::Sabotage;
use crate::server::Server;
use crate::sim::{Sim, World};
use crate::task::Owner;
use crate::trace::{Keep, Trace};

/// What became of a world.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its seed.
    pub seed: u64,
    /// The hash of everything that happened in it.
    pub hash: u64,
    /// What the auditor found; nothing in a sound world.
    pub violation: Option<String>,
    /// How often each fault struck.
    pub faults: Counts,
    /// What was done in it.
    pub done: crate::auditor::Done,
    /// How many steps it had.
    pub steps: u64,
    /// Everything that happened, line by line, when that was asked for.
    pub text: Option<String>,
}

/// No sound world has so many steps: one that has them goes in circles.
const STEPS_MAX: u64 = 200_000;

/// 2026-06-01T08:00:00Z, four in the afternoon in China: some worlds see midnight, some a bonus lapse.
const START: Timestamp = Timestamp::from_seconds(1_780_300_800);

/// Runs the world of a seed.
#[must_use]
pub fn run(seed: u64, sabotage: Option<Sabotage>, keep: Keep) -> Report {
    let mut chance = Chance::from_seed(seed);
    let faults = draw_weather(&mut chance);
    let sim = Sim::new(World::new(chance, faults, Trace::new(keep), sabotage));
    sim.executor().set_now(START.plus(Span::seconds(0)));
    make(&sim);
    let steps = sim.run(STEPS_MAX);
    sim.with(|world| {
        let found = if steps == STEPS_MAX {
            Err(format!("the world has not come to its end in {STEPS_MAX} steps"))
        } else if world.violation.is_none() {
            let clocks = world.servers.iter().map(|server| server.clock(world.now)).max();
            world.auditor.check_end(&world.store, clocks.unwrap_or(world.now))
        } else {
            Ok(())
        };
        world.found(found);
    });
    let Some(world) = sim.end() else {
        let violation = Some("the world could not be ended: somebody still holds it".to_owned());
        let (faults, done) = ([0; Fault::ALL.len()], crate::auditor::Done::default());
        return Report { seed, hash: 0, violation, faults, done, steps, text: None };
    };
    Report {
        seed,
        hash: world.trace.hash(),
        violation: world.violation,
        faults: world.faults.counts,
        done: world.auditor.done(),
        steps,
        text: world.trace.into_text(),
    }
}

fn draw_weather(chance: &mut Chance) -> Faults {
    let mut faults = Faults::draw(chance);
    // In some worlds no notification ever comes: everything has to be found by asking.
    if chance.per_mille(100) {
        faults.set(Fault::NotificationLost, 1_000);
    }
    faults
}

fn make(sim: &Sim) {
    sim.with(|world| {
        world.has_long_jumps = !world.faults.always(Fault::NotificationLost) && world.chance.per_mille(300);
        // In some worlds everybody comes at once, so that batches are full and servers meet.
        let (pace, lane_pause_ms) = match world.chance.below(5) {
            0..=1 => (1, 40),
            2 => (20, 400),
            3 => (120, 1_500),
            _ => (600, 4_000),
        };
        (world.pace, world.lane_pause_ms) = (pace, lane_pause_ms);
        let count = if world.chance.per_mille(400) { 2 } else { 1 };
        // A single server may be on a file, whose failed commit stops its lane; two share a database server.
        let on_unknown = if count == 1 && world.chance.per_mille(600) { GoOn::No } else { GoOn::Yes };
        for number in 0..count {
            if let Some(node) = Node::new(number + 1) {
                world.servers.push(Server::new(Mint::new(node, None), on_unknown));
            }
        }
        world.store.products =
            [product(1, 0), product(2, 500)].into_iter().map(|product| (product.id, product)).collect();
        world.store.promotions = draw_promotions(&mut world.chance);
        if !world.has_long_jumps {
            world.auditor.clocks_are_near();
        }
        for product in world.store.products.values() {
            world.auditor.product(product);
        }
    });
    let cards = make_cards(sim);
    populate(sim, &cards);
    open_counters(sim, &cards.iter().map(|(card, _)| *card).collect::<Vec<_>>());
    let hours = sim.with(|world| world.chance.from_to(1, 6));
    let spawn = |work: std::pin::Pin<Box<dyn Future<Output = ()>>>| sim.executor().spawn(Owner::World, work);
    spawn(Box::pin(nature::crashes(sim.clone())));
    spawn(Box::pin(nature::clocks(sim.clone())));
    spawn(Box::pin(nature::calms_down(sim.clone(), Span::hours(hours))));
}

fn populate(sim: &Sim, cards: &[(CardNumber, ProductId)]) {
    let spawn = |work: std::pin::Pin<Box<dyn Future<Output = ()>>>| sim.executor().spawn(Owner::World, work);
    for (card, _) in cards {
        for _ in 0..sim.with(|world| world.chance.from_to(1, 3)) {
            spawn(Box::pin(client::tops_up(sim.clone(), *card)));
        }
        if sim.with(|world| world.chance.per_mille(700)) {
            spawn(Box::pin(client::uses(sim.clone(), *card)));
        }
    }
    if sim.with(|world| world.chance.per_mille(600)) {
        spawn(Box::pin(client::refunds(sim.clone())));
    }
    if sim.with(|world| world.chance.per_mille(350)) {
        spawn(Box::pin(client::changes_states(sim.clone())));
    }
    if let Some((_, product)) = cards.first().filter(|_| sim.with(|world| world.chance.per_mille(300))) {
        for number in numbers(sim, 9_000_000, 1) {
            spawn(Box::pin(client::imports(sim.clone(), number, *product)));
        }
    }
}

/// Stores with their clerks, and an agent: in some worlds.
fn open_counters(sim: &Sim, cards: &[CardNumber]) {
    let spawn = |work: std::pin::Pin<Box<dyn Future<Output = ()>>>| sim.executor().spawn(Owner::World, work);
    let stores = sim.with(|world| {
        let stores = match world.chance.below(10) {
            0..=4 => 0,
            5..=8 => 1,
            _ => 2,
        };
        world.safes = vec![None; stores];
        stores
    });
    for store in 0..stores {
        spawn(Box::pin(client::manager(sim.clone(), store)));
        for _ in 0..sim.with(|world| world.chance.from_to(1, 3)) {
            spawn(Box::pin(client::clerk(sim.clone(), store, cards.to_vec())));
        }
    }
    if sim.with(|world| world.chance.per_mille(300)) {
        spawn(Box::pin(client::agent(sim.clone(), cards.to_vec())));
    }
}

/// Cards that were issued and sold, or not yet; often of one shard, so that their ids are neighbours.
fn make_cards(sim: &Sim) -> Vec<(CardNumber, ProductId)> {
    let count = sim.with(|world| world.chance.from_to(1, if world.pace > 1 { 6 } else { 3 }));
    let mut cards = Vec::new();
    for number in numbers(sim, 0, usize::try_from(count).unwrap_or(1)) {
        sim.with(|world| {
            let product = if world.chance.per_mille(600) { ProductId(1) } else { ProductId(2) };
            let is_sold = world.chance.per_mille(900);
            let days = world.chance.from_to(-20, 300);
            let card = Card {
                number,
                product,
                batch: BatchId::from_u64(1),
                state: if is_sold { CardState::Active } else { CardState::InStock },
                expires_at: is_sold.then(|| START.plus(Span::days(days))),
                last_credit: None,
                main: None,
                chain: ChainHead::EMPTY,
                version: 0,
            };
            world.auditor.card_made(&card);
            world.store.cards.insert(number, card);
            cards.push((number, product));
        });
    }
    cards
}

fn numbers(sim: &Sim, from: u64, count: usize) -> Vec<CardNumber> {
    let (shard, spread) = sim.with(|world| (world.chance.below(2), world.chance.per_mille(200)));
    let all = (0..).filter_map(|nth| CardNumber::with_check_digit(622_588_000_000_000 + from + nth).ok());
    let fits = |number: &CardNumber| spread || u64::from(Shard::of_card(*number).0) == 7 + shard;
    all.filter(fits).take(count).collect()
}

fn product(id: u32, balance_min: u64) -> Product {
    let fen = |minor| Amount::new(minor, Unit::Cny).unwrap_or(Amount::zero(Unit::Cny));
    Product {
        id: ProductId(id),
        code: String::new(),
        name: Name { en: String::new(), zh_hans: String::new() },
        unit: Unit::Cny,
        format: NumberFormat { prefix: "622588".to_owned(), digits: 16, pin_digits: 6 },
        validity: Span::days(365),
        added_per_top_up: Span::days(180),
        grace: Span::days(15),
        offered: vec![fen(5_000), fen(10_000), fen(20_000)],
        other_amounts: Some((fen(100), fen(100_000))),
        balance_min: fen(balance_min),
        balance_max: fen(200_000),
    }
}

/// Some promotions, or none: a discount, a bonus in money, a bonus in seconds.
fn draw_promotions(chance: &mut Chance) -> Vec<Promotion> {
    let fen = |minor: i64| Amount::new(minor.cast_unsigned(), Unit::Cny).unwrap_or(Amount::zero(Unit::Cny));
    let mut promotions = Vec::new();
    for product in [ProductId(1), ProductId(2)] {
        let mut add = |gives, least| {
            let id = PromotionId(u32::try_from(promotions.len()).unwrap_or(0) + 1);
            let name = Name { en: String::new(), zh_hans: String::new() };
            let (starts_at, ends_at) = (START.minus(Span::days(90)), START.plus(Span::days(60)));
            promotions.push(Promotion { id, product, name, starts_at, ends_at, spend_at_least: fen(least), gives });
        };
        if chance.per_mille(500) {
            add(Gift::Discount(fen(chance.from_to(1, 900))), 10_000);
        }
        if chance.per_mille(600) {
            let lasts = Span::minutes(chance.from_to(30, 40 * 24 * 60));
            let amount = match product {
                ProductId(1) => fen(chance.from_to(1, 3_000)),
                _ => {
                    Amount::new(chance.from_to(1, 1_200).cast_unsigned(), Unit::Sec).unwrap_or(Amount::zero(Unit::Sec))
                }
            };
            add(Gift::Bonus { amount, lasts }, 5_000);
        }
    }
    promotions
}
