//! `storm`: every provider's bad day.
//!
//! Orders are told of up to fifteen times, in any order, by liars too, days late, and by callers who hang up before they have
//! heard the answer; what is credited is what was paid and truly told, once. And when nothing is told at all, the provider is
//! asked in time.

mod lost;
mod plan;
mod post;
mod world;

use crate::rig::dice::Dice;
use crate::rig::failure::Failure;
use crate::torture::Setup;
use crate::torture::report::Report;
use plan::{Plan, When};
use world::World;

/// How many orders a round has.
const ORDERS: u64 = 10_000;
const ORDERS_SHORT: u64 = 600;

/// What can be broken on purpose.
const SABOTAGES: &[&str] = &["stolen-key", "tamper", "deaf"];

/// Runs it.
///
/// # Errors
/// When it cannot go on.
pub fn run(setup: &Setup) -> Result<Report, Failure> {
    let sabotage = setup.sabotage_among(SABOTAGES)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::doing("starting a runtime"))?;
    let mut report = Report::new("storm", setup.seed);
    let mut dice = Dice::new(setup.seed);
    for round in 1..=setup.rounds_or(1, 1) {
        if sabotage != Some("deaf") {
            let mut world = World::make(setup, round, dice.draw())?;
            let orders = if setup.short { ORDERS_SHORT } else { ORDERS };
            runtime.block_on(tell(&mut world, (orders, sabotage), &mut dice, &mut report))?;
            world.end()?;
        }
        lost::run(setup, (round, sabotage), &runtime, &mut dice, &mut report)?;
        report.add("rounds", 1);
    }
    Ok(report)
}

/// The first part: what is told decides, because nobody can be asked.
async fn tell(
    world: &mut World,
    (count, sabotage): (u64, Option<&'static str>),
    dice: &mut Dice,
    report: &mut Report,
) -> Result<(), Failure> {
    world.place(count, dice).await?;
    let plan = Plan::draw(world.orders.len(), dice);
    report.add("orders", count);
    for when in When::ALL {
        world.live_at(when)?;
        world.deliver(plan.at(when), report).await?;
        match sabotage {
            // It will be credited, and the plan says that it must not be.
            Some("stolen-key") if when == When::AtOnce => world.tell_with_the_stolen_key(&plan).await?,
            Some("tamper") if when == When::AtOnce => world.tamper(dice.draw())?,
            _ => {}
        }
        world.verify(report)?;
    }
    world.judge(&plan, report).await
}
