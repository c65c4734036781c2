//! Holders: quote, place, pay once, twice or never, look, and use the card.

use ringup_core::apply::{AddPayment, Again, Command, PlaceTopUp, RecordUsage, Refusal};
use ringup_core::batch::NotDone;
use ringup_core::card::CardNumber;
use ringup_core::id::PaymentId;
use ringup_core::ledger::AccountCode;
use ringup_core::money::{Amount, Language, Unit};
use ringup_core::payment::{PayMethod, Provider};
use ringup_core::quote::{Quote, QuoteFor};
use ringup_core::time::Span;
use ringup_core::top_up::Channel;

use crate::fault::Fault;
use crate::server::{self, Placing};
use crate::sim::Sim;

/// A holder tops a card up.
pub async fn tops_up(sim: Sim, card: CardNumber) {
    sim.pause(Span::micros(0), Span::minutes(40)).await;
    let Some(quote) = quotes(&sim, card) else { return };
    let provider = sim.with(|world| world.chance.one_of(Provider::ALL)).unwrap_or(Provider::Alipay);
    let command = PlaceTopUp {
        key: sim.new_key(quote.card_gets.minor()),
        channel: Channel::Online,
        sold_by: None,
        quote,
        provider,
        method: PayMethod::Qr,
        language: Language::ZhHans,
        again: Again::Ask,
    };
    let Some(placing) = places(&sim, command.clone()).await else { return };
    if sim.with(|world| world.strikes(Fault::NotificationForged)) {
        sim.tell_a_forgery(placing.payment);
    }
    let mut payments = vec![placing.payment];
    if sim.with(|world| world.chance.per_mille(250)) {
        sim.pause(Span::seconds(1), Span::minutes(4)).await;
        payments.extend(begins_another(&sim, &placing).await);
    }
    if sim.with(|world| world.chance.per_mille(150)) {
        sends(&sim, &command).await; // an old page is sent once more
    }
    pays(&sim, &payments).await;
    if sim.with(|world| world.chance.per_mille(300)) {
        looks(&sim, &payments).await;
    }
}

pub(super) fn quotes(sim: &Sim, card: CardNumber) -> Option<Quote> {
    let server = sim.any_server()?;
    let now = sim.clock_of(server);
    sim.with(|world| {
        let fen = match world.chance.below(4) {
            0 => 5_000,
            1 => 10_000,
            2 => 20_000,
            _ => world.chance.from_to(100, 100_000).cast_unsigned(),
        };
        let amount = Amount::new(fen, Unit::Cny).ok()?;
        let row = world.store.cards.get(&card)?.clone();
        let product = world.store.products.get(&row.product)?.clone();
        let promotions = world.store.promotions_at(row.product, now);
        let held = world.store.balance(card, AccountCode::CardMain, card.as_u64(), Unit::Cny);
        let balance = Amount::new(held.max(0).cast_unsigned(), Unit::Cny).ok()?;
        let made_for = QuoteFor { card: &row, product: &product, balance, promotions: &promotions };
        Quote::make(made_for, amount, now).ok()
    })
}

/// Places it; confirms that it is another one when asked; sometimes sends the same once more, or the same key for another wish.
async fn places(sim: &Sim, command: PlaceTopUp) -> Option<Placing> {
    sim.pause(Span::seconds(1), Span::minutes(3)).await;
    let mut command = command;
    let mut placed = sends(sim, &command).await?;
    if let Err(NotDone::Refused(Refusal::AnotherOne { .. })) = placed {
        command.again = Again::Confirmed;
        placed = sends(sim, &command).await?;
    }
    let placing = placed.ok()?;
    if sim.with(|world| world.chance.per_mille(150)) {
        let mut repeated = command.clone();
        let is_other_wish = sim.with(|world| world.chance.per_mille(300));
        if is_other_wish {
            repeated.key.fingerprint.0[15] = 1;
        }
        let _ = sends(sim, &repeated).await;
    }
    Some(placing)
}

async fn sends(sim: &Sim, command: &PlaceTopUp) -> Option<Result<Placing, NotDone>> {
    sim.request_until_known(|sim, server| {
        let command = command.clone();
        async move { server::place(&sim, server, command).await }
    })
    .await
}

async fn begins_another(sim: &Sim, placing: &Placing) -> Option<PaymentId> {
    let provider = sim.with(|world| world.chance.one_of(Provider::ALL)).unwrap_or(Provider::WechatPay);
    let key = sim.new_key(provider.code().cast_unsigned());
    let command = AddPayment { key, top_up: placing.top_up, provider, method: PayMethod::Qr };
    let add = move |sim: Sim, server| async move { server::add_payment(&sim, server, command).await };
    sim.request_until_known(add).await?.ok()
}

/// Pays one of them, all, or none; in time, or late.
async fn pays(sim: &Sim, payments: &[PaymentId]) {
    let (is_payer, is_late, pays_all) =
        sim.with(|world| (world.chance.per_mille(850), world.chance.per_mille(150), world.chance.per_mille(400)));
    if !is_payer {
        return;
    }
    if is_late {
        // Nobody asks any more a day after an order's time: who pays later than that must be told of.
        let hours = if sim.with(|world| world.faults.always(Fault::NotificationLost)) { 5 } else { 60 };
        let most = if sim.with(|world| world.chance.per_mille(500)) { Span::minutes(40) } else { Span::hours(hours) };
        sim.pause(Span::minutes(12), most).await;
    }
    let count = if pays_all { payments.len() } else { 1 };
    for payment in payments.iter().rev().take(count) {
        sim.pause(Span::seconds(1), Span::minutes(3)).await;
        pay(sim, *payment);
        if sim.with(|world| world.chance.per_mille(100)) {
            pay(sim, *payment); // pressed twice
        }
    }
}

pub(super) fn pay(sim: &Sim, payment: PaymentId) {
    let Some(provider) = sim.find_payment(payment).and_then(|payment| payment.tender.provider()) else { return };
    let now = sim.now();
    let taken = sim.with(|world| {
        let (book, mut weather) = world.provider(provider);
        let taken = book.pay(payment, now, &mut weather)?;
        world.note(format_args!("{} takes {} for {}", provider, taken.amount, payment));
        let found = world.auditor.taken(&taken);
        world.found(found);
        Some(taken)
    });
    if let Some(taken) = taken {
        sim.tell_of_payment(&taken);
    }
}

/// "I have paid, look now."
async fn looks(sim: &Sim, payments: &[PaymentId]) {
    for payment in payments {
        let payment = *payment;
        let look = move |sim: Sim, server| async move {
            server::look(&sim, server, payment).await;
            Ok(())
        };
        sim.request(look).await;
    }
}

/// A holder uses a card, some times.
pub async fn uses(sim: Sim, card: CardNumber) {
    let times = sim.with(|world| world.chance.from_to(1, 6));
    for number in 0..times {
        sim.pause(Span::seconds(10), Span::minutes(40)).await;
        if sim.with(|world| world.chance.per_mille(30)) {
            sim.pause(Span::hours(1), Span::days(20)).await;
        }
        let (amount, number) = sim.with(|world| {
            let in_seconds = world.chance.per_mille(200);
            let minor = world.chance.from_to(0, if in_seconds { 900 } else { 15_000 }).cast_unsigned();
            let unit = if in_seconds { Unit::Sec } else { Unit::Cny };
            (Amount::new(minor, unit), number.cast_unsigned() + 1)
        });
        let Ok(amount) = amount else { return };
        let key = sim.new_key(amount.minor());
        let command = Command::RecordUsage(RecordUsage { key, card, amount, number });
        let charge = |sim: Sim, server| {
            let command = command.clone();
            async move { sim.submit(server, command).await }
        };
        sim.request_until_known(charge).await;
    }
}
