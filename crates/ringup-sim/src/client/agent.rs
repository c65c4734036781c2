//! Agents: pay in advance, sell off the float until it is empty, many at once on one float, and take sales back.

use ringup_core::apply::{Again, CashMove, Command, MoveCash, OpenPurse, Outcome, Refusal, Sell, SoldBy};
use ringup_core::card::CardNumber;
use ringup_core::id::PurseId;
use ringup_core::money::{Amount, Language, Unit};
use ringup_core::payment::Provider;
use ringup_core::purse::PurseKind;
use ringup_core::time::Span;
use ringup_core::top_up::Channel;

use super::clerk::{credit_at, fen};
use super::holder::quotes;
use super::refunds::{any_sold, asks_back};
use crate::fault::Fault;
use crate::sim::Sim;
use crate::task::Owner;

/// An agent and his shops, which all sell off one float.
pub async fn agent(sim: Sim, cards: Vec<CardNumber>) {
    sim.pause(Span::micros(0), Span::minutes(20)).await;
    let limit = sim.with(|world| world.chance.one_of(&[0_i64, 0, 5_000, 30_000])).unwrap_or(0);
    let (key, kind, parent) = (sim.new_key(limit.cast_unsigned()), PurseKind::Float, None);
    let opening = Amount::zero(Unit::Cny);
    let open = Command::OpenPurse(OpenPurse { key, kind, parent, credit_limit: fen(limit), opening });
    let Some(Ok(Outcome::PurseOpened { purse: float, .. })) = sim.insist_on(&open).await else { return };
    buys(&sim, float).await;
    for _ in 0..sim.with(|world| world.chance.from_to(1, 4)) {
        sim.executor().spawn(Owner::World, shop(sim.clone(), float, cards.clone()));
    }
}

/// A transfer of his has arrived, or he has paid a provider.
async fn buys(sim: &Sim, float: PurseId) {
    let minor = sim.with(|world| world.chance.from_to(0, 60_000));
    let provider = sim.with(|world| world.chance.one_of(&[None, Some(Provider::Alipay), Some(Provider::WechatPay)]));
    let how = match provider.flatten() {
        Some(provider) => CashMove::FloatPaid { provider, amount: fen(minor) },
        None => CashMove::FloatBought(fen(minor)),
    };
    let key = sim.new_key(minor.cast_unsigned());
    let buy = Command::MoveCash(MoveCash { key, purse: float, how });
    if let Some(Ok(_)) = sim.insist_on(&buy).await {
        sim.may_press_twice(&buy).await;
    }
}

async fn shop(sim: Sim, float: PurseId, cards: Vec<CardNumber>) {
    for _ in 0..sim.with(|world| world.chance.from_to(1, 4)) {
        sim.pause(Span::micros(0), Span::minutes(20)).await;
        let Some(card) = sim.with(|world| world.chance.one_of(&cards)) else { return };
        if sim.with(|world| world.chance.per_mille(150)) {
            let sold = sim.with(|world| any_sold(world, true));
            if let Some(sold) = sold {
                asks_back(&sim, sold).await;
            }
            continue;
        }
        if !sells(&sim, float, card).await {
            if sim.with(|world| world.chance.per_mille(400)) {
                return;
            }
            buys(&sim, float).await;
        }
    }
}

/// Sells once; answers whether the float covered it.
async fn sells(sim: &Sim, float: PurseId, card: CardNumber) -> bool {
    let Some(quote) = quotes(sim, card) else { return true };
    let channel = if sim.with(|world| world.chance.per_mille(500)) { Channel::Agent } else { Channel::Api };
    let sell = Command::Sell(Sell {
        key: sim.new_key(quote.you_pay.minor()),
        channel,
        sold_by: SoldBy { purse: float, credit_at: credit_at(sim) },
        quote,
        cash_given: None,
        language: Language::En,
        again: Again::Confirmed,
    });
    let answer = sim.ask_for(&sell).await;
    if let Some(Err(Refusal::FloatInsufficient { .. })) = answer {
        sim.with(|world| world.faults.count(Fault::FloatEmpty));
        return false;
    }
    if let Some(Ok(sold)) = answer {
        sim.may_ask_for_credit(&sold).await;
    }
    sim.may_press_twice(&sell).await;
    true
}
