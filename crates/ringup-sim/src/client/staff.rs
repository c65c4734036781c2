//! Staff: refunds, changes of state, imports.

use ringup_core::apply::{ChangeCardState, Command, ImportCard, RefundHowMuch, Refusal, RequestRefund, SpentMeanwhile};
use ringup_core::batch::NotDone;
use ringup_core::books::PinHash;
use ringup_core::card::{CardNumber, CardState};
use ringup_core::id::{BatchId, TopUpId};
use ringup_core::money::{Amount, Unit};
use ringup_core::product::ProductId;
use ringup_core::time::Span;

use crate::sim::Sim;

/// Staff refund some top-ups, wholly or in part.
pub async fn refunds(sim: Sim) {
    for _ in 0..sim.with(|world| world.chance.from_to(1, 4)) {
        sim.pause(Span::minutes(2), Span::minutes(50)).await;
        let Some((top_up, pays)) = any_top_up(&sim) else { continue };
        let part = sim.with(|world| world.chance.from_to(0, pays.cast_signed()).cast_unsigned());
        let is_whole = sim.with(|world| world.chance.per_mille(500));
        let how_much = match Amount::new(part, Unit::Cny) {
            Ok(amount) if !is_whole => RefundHowMuch::Part(amount),
            Ok(_) | Err(_) => RefundHowMuch::Whole,
        };
        let key = sim.new_key(if is_whole { 0 } else { part });
        let mut command = RequestRefund { key, top_up, how_much, spent: SpentMeanwhile::Refuse };
        let refused = request(&sim, command).await;
        if let Some(Err(NotDone::Refused(Refusal::CardHasSpent { .. }))) = refused {
            command.spent = SpentMeanwhile::AcceptLoss;
            request(&sim, command).await;
        } else if sim.with(|world| world.chance.per_mille(200)) {
            request(&sim, command).await; // pressed twice
        }
    }
}

async fn request(sim: &Sim, command: RequestRefund) -> Option<Result<ringup_core::apply::Outcome, NotDone>> {
    let ask = move |sim: Sim, server| async move { sim.submit(server, Command::RequestRefund(command)).await };
    sim.request_until_known(ask).await
}

/// Mostly one that is credited.
fn any_top_up(sim: &Sim) -> Option<(TopUpId, u64)> {
    sim.with(|world| {
        let wants_credited = world.chance.per_mille(900);
        let fits = |top_up: &&ringup_core::top_up::TopUp| !wants_credited || top_up.state.name() == "credited";
        let all: Vec<(TopUpId, u64)> =
            world.store.top_ups.values().filter(fits).map(|top_up| (top_up.id, top_up.quote.you_pay.minor())).collect();
        world.chance.one_of(&all)
    })
}

/// Staff suspend, activate and close cards.
pub async fn changes_states(sim: Sim) {
    for _ in 0..sim.with(|world| world.chance.from_to(1, 4)) {
        sim.pause(Span::minutes(1), Span::minutes(50)).await;
        let chosen = sim.with(|world| {
            let cards: Vec<CardNumber> = world.store.cards.keys().copied().collect();
            let card = world.chance.one_of(&cards)?;
            let states =
                [CardState::Suspended, CardState::Active, CardState::Active, CardState::Closed, CardState::InStock];
            Some((card, world.chance.one_of(&states)?))
        });
        let Some((card, to)) = chosen else { continue };
        let change = move |sim: Sim, server| async move {
            sim.submit(server, Command::ChangeCardState(ChangeCardState { card, to })).await
        };
        sim.request_until_known(change).await;
    }
}

/// Staff take over a card; again, when it is not known whether that was done.
pub async fn imports(sim: Sim, number: CardNumber, product: ProductId) {
    sim.pause(Span::micros(0), Span::minutes(20)).await;
    let minor = sim.with(|world| world.chance.from_to(0, 250_000).cast_unsigned());
    let Ok(balance) = Amount::new(minor, Unit::Cny) else { return };
    let days = sim.with(|world| world.chance.from_to(1, 400));
    let expires_at = sim.now().plus(Span::days(days));
    let (batch, pin) = (BatchId::from_u64(1), PinHash([1; 16]));
    let command = ImportCard { number, product, batch, pin, balance, expires_at };
    let import = |sim: Sim, server| {
        let command = Command::ImportCard(command.clone());
        async move { sim.submit(server, command).await }
    };
    sim.request_until_known(import).await;
}
