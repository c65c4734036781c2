//! Clerks: open a drawer, sell out of it, take money back out of it, count it blind, and close it. They press twice, have no answer,
//! give wrong change, count wrong, and sell on when the drawer is closed.

use ringup_core::apply::{Again, ClosePurse, Command, OpenPurse, Outcome, PlaceTopUp, Refusal, Sell, SoldBy};
use ringup_core::card::CardNumber;
use ringup_core::id::{PaymentId, PurseId};
use ringup_core::money::{Amount, Language, Unit};
use ringup_core::payment::{PayMethod, Provider};
use ringup_core::purse::{PurseKind, PurseState};
use ringup_core::time::Span;
use ringup_core::top_up::Channel;

use super::holder::{pay, quotes};
use super::refunds::{pays_out_any, takes_back};
use crate::fault::Fault;
use crate::server;
use crate::sim::Sim;
use crate::task::Owner;

/// A drawer in the hands of a clerk, or the cash box of a kiosk, which gives nothing back.
#[derive(Clone, Copy)]
pub(super) struct Till {
    pub(super) safe: PurseId,
    pub(super) drawer: PurseId,
    pub(super) channel: Channel,
}

/// How often a clerk looks whether the safe is there.
const LOOKS_MAX: u32 = 400;

/// A clerk works one session or two.
pub async fn clerk(sim: Sim, store: usize, cards: Vec<CardNumber>) {
    sim.pause(Span::micros(0), Span::minutes(30)).await;
    for session in 0..sim.with(|world| world.chance.from_to(1, 2)) {
        if session > 0 && sim.with(|world| world.chance.per_mille(500)) {
            let hours = sim.with(|world| world.chance.from_to(12, 40));
            sim.executor().sleep(Span::hours(hours)).await;
        }
        let Some(till) = opens(&sim, store).await else { return };
        for _ in 0..sim.with(|world| world.chance.from_to(1, 7)) {
            sim.pause(Span::seconds(10), Span::minutes(25)).await;
            serves(&sim, till, &cards).await;
        }
        closes(&sim, till, &cards).await;
    }
}

pub(super) fn fen(minor: i64) -> Amount {
    Amount::new(minor.max(0).cast_unsigned(), Unit::Cny).unwrap_or(Amount::zero(Unit::Cny))
}

async fn opens(sim: &Sim, store: usize) -> Option<Till> {
    let mut safe = None;
    for _ in 0..LOOKS_MAX {
        safe = sim.with(|world| world.safes.get(store).copied().flatten());
        if safe.is_some() {
            break;
        }
        sim.executor().sleep(Span::minutes(2)).await;
    }
    let safe = safe?;
    let opening = sim.with(|world| world.chance.one_of(&[0_i64, 0, 20_000, 50_000])).unwrap_or(0);
    let is_kiosk = sim.with(|world| world.chance.per_mille(200));
    let (kind, channel) =
        if is_kiosk { (PurseKind::CashBox, Channel::Kiosk) } else { (PurseKind::TillSession, Channel::Store) };
    let (key, parent) = (sim.new_key(opening.cast_unsigned()), Some(safe));
    let command = Command::OpenPurse(OpenPurse {
        key,
        kind,
        parent,
        credit_limit: Amount::zero(Unit::Cny),
        opening: fen(opening),
    });
    let Some(Ok(Outcome::PurseOpened { purse: drawer, .. })) = sim.insist_on(&command).await else { return None };
    sim.with(|world| world.auditor.drawer_filled((safe, drawer), opening));
    sim.may_press_twice(&command).await;
    Some(Till { safe, drawer, channel })
}

async fn serves(sim: &Sim, till: Till, cards: &[CardNumber]) {
    let Some(card) = sim.with(|world| world.chance.one_of(cards)) else { return };
    match sim.with(|world| world.chance.below(20)) {
        0..=10 => sells(sim, till, card).await,
        11..=12 => shows_code(sim, till, card).await,
        13..=16 => takes_back(sim, till).await,
        _ => pays_out_any(sim, till).await,
    }
}

/// When the card gets its value: mostly at once.
pub(super) fn credit_at(sim: &Sim) -> Option<ringup_core::time::Timestamp> {
    sim.with(|world| {
        let minutes = match world.chance.below(8) {
            0 => world.chance.from_to(0, 90),
            1 => world.chance.from_to(60, 30 * 60),
            _ => return None,
        };
        Some(world.now.plus(Span::minutes(minutes)))
    })
}

/// Sells for cash. The buyer's cash is in the drawer before anything is pressed.
async fn sells(sim: &Sim, till: Till, card: CardNumber) {
    let Some(quote) = quotes(sim, card) else { return };
    let pays = quote.you_pay.minor_signed();
    let cash_given = sim.with(|world| match world.chance.below(20) {
        0 => Some(fen(pays - 1)),
        1..=12 => Some(fen(pays + world.chance.from_to(0, 9_000))),
        _ => None,
    });
    let key = sim.new_key(pays.cast_unsigned());
    let sold_by = SoldBy { purse: till.drawer, credit_at: credit_at(sim) };
    let (channel, language, again) = (till.channel, Language::ZhHans, Again::Ask);
    let mut sell = Sell { key, channel, sold_by, quote, cash_given, language, again };
    sim.with(|world| world.auditor.cash_taken(till.drawer, key.key, pays));
    let mut answer = sim.ask_for(&Command::Sell(sell.clone())).await;
    if let Some(Err(Refusal::AnotherOne { .. })) = answer {
        sell.again = Again::Confirmed;
        answer = sim.ask_for(&Command::Sell(sell.clone())).await;
    }
    let command = Command::Sell(sell);
    if answer.is_none() && !sim.with(|world| world.strikes(Fault::CashGivenBack)) {
        answer = sim.insist_on(&command).await;
    }
    match answer {
        Some(Ok(sold)) => {
            gives_change(sim, till);
            sim.may_ask_for_credit(&sold).await;
            sim.may_press_twice(&command).await;
        }
        Some(Err(_)) | None => sim.with(|world| world.auditor.cash_given_back(till.drawer, key.key)),
    }
}

fn gives_change(sim: &Sim, till: Till) {
    sim.with(|world| {
        if world.strikes(Fault::WrongChange) {
            let most = world.auditor.notes_in(till.drawer).clamp(0, 2_000);
            let too_much = world.chance.from_to(-2_000, most);
            world.note(format_args!("{} gives {too_much} too much change", till.drawer));
            world.auditor.wrong_change(till.drawer, too_much);
        }
    });
}

/// Shows a provider's code at the till: the buyer pays it soon, late, or when the drawer has been closed.
async fn shows_code(sim: &Sim, till: Till, card: CardNumber) {
    let Some(quote) = quotes(sim, card) else { return };
    let provider = sim.with(|world| world.chance.one_of(Provider::ALL)).unwrap_or(Provider::Alipay);
    let command = PlaceTopUp {
        key: sim.new_key(quote.card_gets.minor()),
        channel: till.channel,
        sold_by: Some(SoldBy { purse: till.drawer, credit_at: credit_at(sim) }),
        quote,
        provider,
        method: PayMethod::Qr,
        language: Language::ZhHans,
        again: Again::Confirmed,
    };
    let place = |sim: Sim, server| {
        let command = command.clone();
        async move { server::place(&sim, server, command).await }
    };
    if let Some(Ok(placing)) = sim.request_until_known(place).await {
        sim.executor().spawn(Owner::World, pays_code(sim.clone(), till.drawer, placing.payment));
    }
}

async fn pays_code(sim: Sim, drawer: PurseId, payment: PaymentId) {
    if sim.with(|world| world.chance.per_mille(100)) {
        return;
    }
    let is_late = sim.with(|world| world.chance.per_mille(500));
    sim.pause(Span::seconds(2), if is_late { Span::minutes(90) } else { Span::minutes(3) }).await;
    sim.with(|world| {
        let state = world.store.purses.get(&drawer).map(|purse| purse.state);
        if matches!(state, Some(PurseState::Closed(_))) {
            world.faults.count(Fault::PaidAfterClosing);
        }
    });
    pay(&sim, payment);
}

/// Counts blind, closes, and empties the drawer into the safe.
async fn closes(sim: &Sim, till: Till, cards: &[CardNumber]) {
    let counted = sim.with(|world| {
        let notes = world.auditor.notes_in(till.drawer);
        let wrong = if world.strikes(Fault::WrongCount) { world.chance.from_to(-3_000, 3_000) } else { 0 };
        let counted = (notes + wrong).max(0);
        world.auditor.counted(till.drawer, counted);
        counted
    });
    let close = |counted| Command::ClosePurse(ClosePurse { purse: till.drawer, counted: fen(counted) });
    let Some(Ok(_)) = sim.insist_on(&close(counted)).await else { return };
    sim.with(|world| {
        let found = world.auditor.emptied((till.drawer, till.safe));
        world.found(found);
    });
    if sim.with(|world| world.strikes(Fault::ClosedTwice)) {
        let other = sim.with(|world| world.chance.from_to(0, 1));
        sim.ask_for(&close(counted + other)).await;
    }
    if sim.with(|world| world.strikes(Fault::SoldWhenClosed))
        && let Some(card) = sim.with(|world| world.chance.one_of(cards))
    {
        sells(sim, till, card).await;
        shows_code(sim, till, card).await;
    }
}
