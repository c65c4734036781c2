//! Money back over a counter: taken off the card, and handed over in cash, now, later, at another counter, or never.

use ringup_core::apply::{Command, Outcome, PayOutRefund, RefundHowMuch, Refusal, RequestRefund, SpentMeanwhile};
use ringup_core::id::{PurseId, RefundId, TopUpId};
use ringup_core::payment::Tender;
use ringup_core::purse::PurseKind;
use ringup_core::refund::RefundState;
use ringup_core::time::Span;
use ringup_core::top_up::{Channel, TopUpState};

use super::clerk::{Till, fen};
use crate::fault::Fault;
use crate::sim::{Sim, World};

/// A top-up that is on its card or waits for it, and was paid off a float or not; with what was paid.
pub(super) fn any_sold(world: &mut World, off_float: bool) -> Option<(TopUpId, i64)> {
    let is_such = |tender| matches!(tender, Tender::Purse { kind, .. } if (kind == PurseKind::Float) == off_float);
    let mut all = Vec::new();
    for payment in world.store.payments.values().filter(|payment| is_such(payment.tender)) {
        let Some(top_up) = world.store.top_ups.get(&payment.top_up) else { continue };
        if matches!(top_up.state, TopUpState::Credited { .. } | TopUpState::Deferred { .. }) {
            all.push((top_up.id, top_up.quote.you_pay.minor_signed()));
        }
    }
    world.chance.one_of(&all)
}

/// Asks for a refund of it, wholly or in part.
pub(super) async fn asks_back(sim: &Sim, (top_up, pays): (TopUpId, i64)) -> Option<RefundId> {
    let (is_whole, part) = sim.with(|world| (world.chance.per_mille(650), world.chance.from_to(0, pays)));
    let how_much = if is_whole { RefundHowMuch::Whole } else { RefundHowMuch::Part(fen(part)) };
    let key = sim.new_key(part.cast_unsigned());
    let mut command = RequestRefund { key, top_up, how_much, spent: SpentMeanwhile::Refuse };
    let mut answer = sim.ask_for(&Command::RequestRefund(command)).await;
    if let Some(Err(Refusal::CardHasSpent { .. })) = answer {
        command.spent = SpentMeanwhile::AcceptLoss;
        answer = sim.ask_for(&Command::RequestRefund(command)).await;
    }
    let Some(Ok(Outcome::RefundRequested { refund, .. })) = answer else { return None };
    sim.may_press_twice(&Command::RequestRefund(command)).await;
    Some(refund)
}

/// A buyer wants his cash back.
pub(super) async fn takes_back(sim: &Sim, till: Till) {
    let Some(sold) = sim.with(|world| any_sold(world, false)) else { return };
    let Some(refund) = asks_back(sim, sold).await else { return };
    if sim.with(|world| world.strikes(Fault::RefundOfCashTold)) {
        sim.tell_of_cash_refund(refund);
    }
    if !sim.with(|world| world.strikes(Fault::NeverCollected)) {
        sim.pause(Span::seconds(1), Span::minutes(1)).await;
        pays_out(sim, till, refund).await;
    }
}

/// Somebody comes for his cash, wherever he had paid.
pub(super) async fn pays_out_any(sim: &Sim, till: Till) {
    let refund = sim.with(|world| {
        let waits = |refund: &&ringup_core::refund::Refund| refund.state == RefundState::Requested;
        let all: Vec<RefundId> = world.store.refunds.values().filter(waits).map(|refund| refund.id).collect();
        world.chance.one_of(&all)
    });
    if let Some(refund) = refund {
        pays_out(sim, till, refund).await;
    }
}

/// Hands a refund over: what is in the drawer, once it has been booked.
async fn pays_out(sim: &Sim, till: Till, refund: RefundId) {
    let (purse, has_notes) = sim.with(|world| {
        // What was put into a kiosk is handed out of its safe.
        let purse = if till.channel == Channel::Kiosk { till.safe } else { till.drawer };
        let amount = world.store.refunds.get(&refund).map_or(0, |refund| refund.amount.minor_signed());
        (purse, amount <= world.auditor.notes_in(purse))
    });
    if !has_notes {
        return;
    }
    asks_for_cash(sim, purse, refund).await;
    if sim.with(|world| world.strikes(Fault::AskedForTwice)) {
        asks_for_cash(sim, purse, refund).await;
    }
}

async fn asks_for_cash(sim: &Sim, purse: PurseId, refund: RefundId) {
    let key = sim.new_key(refund.as_u64());
    let command = Command::PayOutRefund(PayOutRefund { key, refund, purse });
    if let Some(Ok(_)) = sim.insist_on(&command).await {
        sim.with(|world| {
            world.note(format_args!("{refund} is handed over out of {purse}"));
            let found = world.auditor.handed_over(purse, refund);
            world.found(found);
        });
        sim.may_press_twice(&command).await;
    }
}
