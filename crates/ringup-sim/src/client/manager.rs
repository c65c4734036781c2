//! Managers: put a safe into use, fetch cash from the bank and send cash to it. Not every bag holds what is written on it.

use ringup_core::apply::{CashMove, ClosePurse, Command, MoveCash, OpenPurse, Outcome};
use ringup_core::id::PurseId;
use ringup_core::money::{Amount, Unit};
use ringup_core::purse::PurseKind;
use ringup_core::time::Span;

use super::clerk::fen;
use crate::fault::Fault;
use crate::sim::Sim;

/// The manager of a store.
pub async fn manager(sim: Sim, store: usize) {
    let none = Amount::zero(Unit::Cny);
    let (key, kind, parent) = (sim.new_key(0), PurseKind::Safe, None);
    let open = Command::OpenPurse(OpenPurse { key, kind, parent, credit_limit: none, opening: none });
    let Some(Ok(Outcome::PurseOpened { purse: safe, .. })) = sim.insist_on(&open).await else { return };
    sim.with(|world| {
        let found = world.chance.from_to(0, 200_000);
        world.auditor.found_in_safe(safe, found);
        if let Some(known) = world.safes.get_mut(store) {
            *known = Some(safe);
        }
    });
    if sim.with(|world| world.chance.per_mille(400)) {
        fetches(&sim, safe).await;
    }
    if sim.with(|world| world.chance.per_mille(100)) {
        sim.ask_for(&Command::ClosePurse(ClosePurse { purse: safe, counted: none })).await; // a safe is not closed
    }
    for _ in 0..sim.with(|world| world.chance.from_to(0, 3)) {
        sim.pause(Span::minutes(20), Span::hours(3)).await;
        sends(&sim, safe).await;
    }
}

fn moves(sim: &Sim, purse: PurseId, how: CashMove, minor: i64) -> Command {
    Command::MoveCash(MoveCash { key: sim.new_key(minor.cast_unsigned()), purse, how })
}

async fn fetches(sim: &Sim, safe: PurseId) {
    let minor = sim.with(|world| world.chance.from_to(0, 100_000));
    let fetch = moves(sim, safe, CashMove::FetchedFromBank(fen(minor)), minor);
    if let Some(Ok(_)) = sim.insist_on(&fetch).await {
        sim.with(|world| world.auditor.notes_fetched(safe, minor));
        sim.may_press_twice(&fetch).await;
    }
}

async fn sends(sim: &Sim, safe: PurseId) {
    let written = sim.with(|world| {
        let notes = world.auditor.notes_in(safe).max(0);
        world.chance.from_to(0, notes)
    });
    let send = moves(sim, safe, CashMove::SentToBank(fen(written)), written);
    let Some(Ok(_)) = sim.insist_on(&send).await else { return };
    sim.may_press_twice(&send).await;
    let inside = sim.with(|world| {
        let wrong = if world.strikes(Fault::BagDiffers) { world.chance.from_to(-5_000, 5_000) } else { 0 };
        let inside = (written + wrong).max(0);
        world.auditor.bag_sent(safe, (written, inside));
        inside
    });
    sim.pause(Span::hours(1), Span::hours(20)).await;
    let banked = moves(sim, safe, CashMove::Banked { sent: fen(written), banked: fen(inside) }, inside);
    if let Some(Ok(_)) = sim.insist_on(&banked).await {
        sim.may_press_twice(&banked).await;
    }
}
