//! Selling for cash and off a float: drawers, counts, deferred credit, and refunds over the counter.

use super::support::*;
use crate::apply::*;
use crate::id::{PurseId, RefundId};
use crate::money::{Amount, Unit};
use crate::payment::{Provider, RefundWord};
use crate::purse::{Count, PurseKind, PurseState};
use crate::time::Span;
use crate::top_up::{Channel, TopUpState};

use crate::card::CardState::Suspended;
use RefundHowMuch::{Part, Whole};

/// A world with a store, an open drawer with nothing in it, and a card.
fn given_a_store() -> (World, PurseId, PurseId, crate::card::CardNumber) {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    let safe = world.given_a_safe();
    let drawer = world.opens_a_drawer(safe, "0.00 CNY");
    (world, safe, drawer, card)
}

#[test]
fn a_sale_for_cash_is_on_the_card_at_once_and_the_money_in_the_drawer() {
    let (mut world, _, drawer, card) = given_a_store();
    let order = world.sells(drawer, card, "100.00 CNY", &summer());
    assert_eq!(world.holds(card), money("100.00 CNY"));
    assert_eq!(world.bonuses(card), [money("10.00 CNY")]);
    assert_eq!(world.in_purse(drawer), 9_500);
    assert_eq!(world.timeline(order.top_up), ["placed", "cash_given", "captured", "credited"]);
    assert_eq!(world.top_up(order.top_up).sale.unwrap().number, Some(1));
}

#[test]
fn the_same_sale_sent_again_is_the_same_sale() {
    let (mut world, _, drawer, card) = given_a_store();
    let selling = world.selling(drawer, card, "50.00 CNY", &[]);
    let first = world.run(&Command::Sell(selling.clone()));
    let Ok(Outcome::Placed { top_up, code, payment, .. }) = first else { panic!("{first:?}") };
    let again = Outcome::Placed { top_up, code, payment, repeated: Repeated::Yes };
    assert_eq!(world.run(&Command::Sell(selling.clone())), Ok(again.clone()));
    assert_eq!(world.holds(card), money("50.00 CNY"));
    let key = altered(selling.key);
    assert_eq!(world.run(&Command::Sell(Sell { key, ..selling.clone() })), Err(Refusal::KeyUsedForSomethingElse));
    world.closes(drawer, "50.00 CNY").unwrap();
    assert_eq!(world.run(&Command::Sell(selling)), Ok(again), "after the drawer was closed as well");
}

#[test]
fn nothing_is_sold_out_of_a_drawer_that_is_closed_or_by_another_door() {
    let (mut world, safe, drawer, card) = given_a_store();
    let selling = world.selling(drawer, card, "50.00 CNY", &[]);
    let by_kiosk = Sell { channel: Channel::Kiosk, ..selling.clone() };
    assert_eq!(world.run(&Command::Sell(by_kiosk)), Err(Refusal::PurseUnsuited));
    let from_safe = world.selling(safe, card, "50.00 CNY", &[]);
    assert_eq!(world.run(&Command::Sell(from_safe)), Err(Refusal::PurseUnsuited));
    let mut unknown = selling.clone();
    unknown.sold_by.purse = PurseId::from_u64(1);
    assert_eq!(world.run(&Command::Sell(unknown)), Err(Refusal::PurseUnknown));
    world.closes(drawer, "0.00 CNY").unwrap();
    assert_eq!(world.run(&Command::Sell(selling)), Err(Refusal::PurseClosed));
    assert_eq!(world.holds(card), money("0.00 CNY"));
}

#[test]
fn less_cash_than_the_price_buys_nothing() {
    let (mut world, _, drawer, card) = given_a_store();
    let selling = world.selling(drawer, card, "50.00 CNY", &[]);
    let asked = money("50.00 CNY");
    let too_little = Sell { cash_given: Some(money("49.99 CNY")), ..selling.clone() };
    assert_eq!(world.run(&Command::Sell(too_little)), Err(Refusal::CashTooLittle { asked }));
    let exactly = Sell { cash_given: Some(asked), ..selling };
    sold(world.run(&Command::Sell(exactly)));
}

#[test]
fn the_same_card_and_amount_within_two_minutes_is_asked_about_at_the_counter_too() {
    let (mut world, _, drawer, card) = given_a_store();
    let online = world.given_a_credited_top_up(card, "50.00 CNY", &[]);
    let credited_at = world.now;
    let selling = Sell { again: Again::Ask, ..world.selling(drawer, card, "50.00 CNY", &[]) };
    let asked = Refusal::AnotherOne { top_up: online.top_up, credited_at };
    assert_eq!(world.run(&Command::Sell(selling.clone())), Err(asked));
    world.waits(REPEAT_ASKED_WITHIN);
    sold(world.run(&Command::Sell(selling)));
}

#[test]
fn receipts_of_a_store_are_numbered_over_all_its_drawers() {
    let (mut world, safe, drawer, card) = given_a_store();
    let second = world.opens_a_drawer(safe, "0.00 CNY");
    let other_store = world.given_a_safe();
    let elsewhere = world.opens_a_drawer(other_store, "0.00 CNY");
    let sales = [drawer, second, elsewhere, drawer].map(|purse| world.sells(purse, card, "20.00 CNY", &[]));
    let numbers = sales.map(|order| world.top_up(order.top_up).sale.unwrap().number.unwrap());
    assert_eq!(numbers, [1, 2, 1, 3]);
}

#[test]
fn a_top_up_that_is_sold_at_the_till_and_paid_by_a_provider_is_numbered_when_it_is_paid() {
    let (mut world, _, drawer, card) = given_a_store();
    let mut placing = world.placing(card, "50.00 CNY", &[]);
    placing.channel = Channel::Store;
    placing.sold_by = Some(SoldBy { purse: drawer, credit_at: None });
    let order = sold(world.run(&Command::PlaceTopUp(placing)));
    assert_eq!(world.top_up(order.top_up).sale.unwrap().number, None);
    let cash = world.sells(drawer, card, "20.00 CNY", &[]);
    assert_eq!(world.top_up(cash.top_up).sale.unwrap().number, Some(1), "who has not paid takes no number");
    world.closes(drawer, "20.00 CNY").unwrap();
    assert_eq!(world.is_paid(order), Ok(Outcome::Credited), "although the drawer was closed meanwhile");
    assert_eq!(world.top_up(order.top_up).sale.unwrap().number, Some(2));
    assert_eq!(world.in_purse(drawer), 0, "the money is at the provider");
}

#[test]
fn deferred_value_comes_on_the_card_at_its_time_and_once() {
    let (mut world, _, drawer, card) = given_a_store();
    let order = world.sells_for_later(drawer, card, "50.00 CNY", Span::hours(4));
    let until = world.now.plus(Span::hours(4));
    assert_eq!(world.state(order.top_up), &TopUpState::Deferred { since: world.now });
    assert_eq!((world.holds(card), world.in_purse(drawer)), (money("0.00 CNY"), 5_000));
    assert_eq!(world.credits(order.top_up), Ok(Outcome::NotDue { until }));
    world.waits(Span::hours(4));
    assert_eq!(world.credits(order.top_up), Ok(Outcome::Credited));
    assert_eq!(world.credits(order.top_up), Ok(Outcome::NothingToDo));
    assert_eq!(world.holds(card), money("50.00 CNY"));
    assert_eq!(world.timeline(order.top_up), ["placed", "cash_given", "captured", "deferred", "credited"]);
}

#[test]
fn deferred_value_of_a_card_that_was_suspended_meanwhile_is_owed_back_and_handed_over_in_cash() {
    let (mut world, _, drawer, card) = given_a_store();
    let order = world.sells_for_later(drawer, card, "50.00 CNY", Span::hours(4));
    world.staff_make(card, Suspended).unwrap();
    world.waits(Span::hours(4));
    let Ok(Outcome::OwedBack { refund }) = world.credits(order.top_up) else { panic!("it was credited") };
    assert!(matches!(world.state(order.top_up), TopUpState::Refunding { receipt: None, .. }));
    world.pays_out(refund, drawer).unwrap();
    assert!(matches!(world.state(order.top_up), TopUpState::Refunded { .. }));
    assert_eq!(world.in_purse(drawer), 0);
}

#[test]
fn what_has_not_come_on_the_card_yet_is_refunded_whole_or_not_at_all() {
    let (mut world, _, drawer, card) = given_a_store();
    let order = world.sells_for_later(drawer, card, "50.00 CNY", Span::hours(4));
    let part = world.refunds(order.top_up, Part(money("20.00 CNY")), SpentMeanwhile::Refuse);
    assert_eq!(part, Err(Refusal::RefundAmount { refundable: money("50.00 CNY") }));
    let refund = world.refund_of(order.top_up, Whole);
    world.waits(Span::hours(4));
    assert_eq!(world.credits(order.top_up), Ok(Outcome::NothingToDo), "it is not credited as well");
    world.pays_out(refund, drawer).unwrap();
    assert_eq!((world.holds(card), world.in_purse(drawer)), (money("0.00 CNY"), 0));
}

#[test]
fn a_refund_is_handed_over_in_cash_once_however_often_it_is_asked_for() {
    let (mut world, safe, drawer, card) = given_a_store();
    let order = world.sells(drawer, card, "50.00 CNY", &[]);
    world.sells(drawer, card, "100.00 CNY", &[]);
    let refund = world.refund_of(order.top_up, Whole);
    assert_eq!(world.holds(card), money("100.00 CNY"), "it is off the card before cash is handed over");
    let pay_out = PayOutRefund { key: world.next_key(), refund, purse: drawer };
    let paid_out = |repeated| Ok(Outcome::RefundPaidOut { refund, repeated });
    assert_eq!(world.run(&Command::PayOutRefund(pay_out)), paid_out(Repeated::No));
    assert_eq!(world.run(&Command::PayOutRefund(pay_out)), paid_out(Repeated::Yes));
    assert_eq!(world.pays_out(refund, drawer), Err(Refusal::RefundPaidOut), "another clerk, with another key");
    let second = world.opens_a_drawer(safe, "100.00 CNY");
    assert_eq!(world.pays_out(refund, second), Err(Refusal::RefundPaidOut));
    assert_eq!((world.in_purse(drawer), world.in_purse(second)), (10_000, 10_000));
}

#[test]
fn no_provider_can_say_what_became_of_a_refund_in_cash_or_onto_a_float() {
    let (mut world, _, drawer, card) = given_a_store();
    let float = world.given_a_float("50.00 CNY", "0.00 CNY");
    let orders = [drawer, float].map(|purse| world.sells(purse, card, "50.00 CNY", &[]));
    let [in_cash, onto_float] = orders.map(|order| world.refund_of(order.top_up, Whole));
    let now = world.now;
    for refund in [in_cash, onto_float] {
        for word in [
            RefundWord::Succeeded { succeeded_at: now },
            RefundWord::Failed { reason: "REFUSED".to_owned() },
            RefundWord::Processing,
        ] {
            let told = world.run(&Command::RecordRefund(RecordRefund { refund, word }));
            assert_eq!(told, Err(Refusal::ReportDiffers(Difference::Provider)));
        }
    }
    assert_eq!((world.in_purse(drawer), world.in_purse(float)), (5_000, 5_000));
    world.pays_out(in_cash, drawer).unwrap();
    assert_eq!(world.in_purse(drawer), 0);
}

#[test]
fn cash_is_handed_over_only_out_of_an_open_drawer_that_has_it_and_only_for_what_was_paid_in_cash() {
    let (mut world, safe, drawer, card) = given_a_store();
    let order = world.sells(drawer, card, "50.00 CNY", &[]);
    let refund = world.refund_of(order.top_up, Whole);
    let empty = world.opens_a_drawer(safe, "49.99 CNY");
    assert_eq!(world.pays_out(refund, empty), Err(Refusal::CashInsufficient));
    assert_eq!(world.pays_out(refund, safe), Err(Refusal::PurseUnsuited));
    world.closes(drawer, "50.00 CNY").unwrap();
    assert_eq!(world.pays_out(refund, drawer), Err(Refusal::PurseClosed));
    assert_eq!(world.pays_out(RefundId::from_u64(1), empty), Err(Refusal::RefundUnknown));
    let online = world.given_a_credited_top_up(card, "30.00 CNY", &[]);
    let online = world.refund_of(online.top_up, Whole);
    assert_eq!(world.pays_out(online, empty), Err(Refusal::PurseUnsuited), "Alipay sends it");
}

#[test]
fn a_drawer_is_closed_once_and_what_is_missing_or_too_much_is_named() {
    for (counted, over_short) in [("350.00 CNY", 0), ("345.00 CNY", 500), ("350.01 CNY", -1), ("0.00 CNY", 35_000)] {
        let (mut world, safe, _, card) = given_a_store();
        let drawer = world.opens_a_drawer(safe, "300.00 CNY");
        world.sells(drawer, card, "50.00 CNY", &[]);
        let count = Count { closed_at: world.now, expected: money("350.00 CNY"), counted: money(counted) };
        let closed = |repeated| Ok(Outcome::PurseClosed { count, repeated });
        assert_eq!(world.closes(drawer, counted), closed(Repeated::No));
        world.waits(Span::minutes(1));
        assert_eq!(world.closes(drawer, counted), closed(Repeated::Yes));
        assert_eq!(world.closes(drawer, "1.00 CNY"), Err(Refusal::PurseClosed));
        assert_eq!(world.in_purse(drawer), 0);
        assert_eq!(world.in_purse(safe), -30_000 + money(counted).minor_signed());
        let key = crate::ledger::AccountKey {
            shard: drawer.shard(),
            code: crate::ledger::AccountCode::SuspenseOverShort,
            owner: drawer.as_u64(),
            unit: crate::money::Unit::Cny,
        };
        assert_eq!(world.books.balance(&key).minor(), over_short, "{counted}");
        assert_eq!(world.books.purse(drawer).unwrap().state, PurseState::Closed(count));
    }
}

#[test]
fn only_what_is_filled_from_a_safe_can_be_opened_with_money_and_counted() {
    let mut world = World::new();
    let safe = world.given_a_safe();
    let drawer = world.opens_a_drawer(safe, "10.00 CNY");
    let float = world.given_a_float("0.00 CNY", "0.00 CNY");
    let unsuited = Err(Refusal::PurseUnsuited);
    assert_eq!(world.opens(PurseKind::TillSession, None, "0.00 CNY"), unsuited);
    assert_eq!(world.opens(PurseKind::TillSession, Some(drawer), "0.00 CNY"), unsuited);
    assert_eq!(world.opens(PurseKind::Safe, None, "5.00 CNY"), unsuited);
    assert_eq!(world.opens(PurseKind::Safe, Some(safe), "0.00 CNY"), unsuited);
    assert_eq!(world.opens(PurseKind::Float, Some(safe), "0.00 CNY"), unsuited);
    assert_eq!(world.opens(PurseKind::CashBox, Some(PurseId::from_u64(1)), "0.00 CNY"), Err(Refusal::PurseUnknown));
    assert_eq!(world.closes(safe, "0.00 CNY"), unsuited);
    assert_eq!(world.closes(float, "0.00 CNY"), unsuited);
    assert_eq!(world.closes(drawer, "10.00 USD"), unsuited);
    let (key, credit_limit, parent) = (world.next_key(), money("1.00 CNY"), Some(safe));
    let open = OpenPurse { key, kind: PurseKind::TillSession, parent, credit_limit, opening: money("0.00 CNY") };
    assert_eq!(world.run(&Command::OpenPurse(open)), unsuited, "no drawer goes below zero");
}

#[test]
fn opening_a_purse_again_with_the_same_key_opens_no_other() {
    let mut world = World::new();
    let safe = world.given_a_safe();
    let (key, parent, opening) = (world.next_key(), Some(safe), money("300.00 CNY"));
    let credit_limit = Amount::zero(opening.unit());
    let open = OpenPurse { key, kind: PurseKind::TillSession, parent, credit_limit, opening };
    let first = world.run(&Command::OpenPurse(open));
    let Ok(Outcome::PurseOpened { purse, repeated: Repeated::No }) = first else { panic!("{first:?}") };
    let again = Ok(Outcome::PurseOpened { purse, repeated: Repeated::Yes });
    assert_eq!(world.run(&Command::OpenPurse(open)), again);
    assert_eq!(world.in_purse(safe), -30_000);
    let other = OpenPurse { key: altered(key), ..open };
    assert_eq!(world.run(&Command::OpenPurse(other)), Err(Refusal::KeyUsedForSomethingElse));
}

#[test]
fn a_purse_takes_and_gives_one_currency_only() {
    let (mut world, safe, drawer, card) = given_a_store();
    let unsuited = Err(Refusal::PurseUnsuited);
    let dollars = money("0.00 USD");
    let open = |key, kind, parent| OpenPurse { key, kind, parent, credit_limit: dollars, opening: dollars };
    let mut opens = |kind, parent| {
        let key = world.next_key();
        match world.run(&Command::OpenPurse(open(key, kind, parent))) {
            Ok(Outcome::PurseOpened { purse, .. }) => purse,
            other => panic!("{other:?}"),
        }
    };
    let dollar_safe = opens(PurseKind::Safe, None);
    let dollar_drawer = opens(PurseKind::TillSession, Some(dollar_safe));
    let dollar_float = opens(PurseKind::Float, None);
    for purse in [dollar_drawer, dollar_float] {
        let selling = world.selling(purse, card, "50.00 CNY", &[]);
        assert_eq!(world.run(&Command::Sell(selling)), unsuited);
    }
    let selling = world.selling(drawer, card, "50.00 CNY", &[]);
    let in_dollars = Sell { cash_given: Some(money("50.00 USD")), ..selling };
    let asked = money("50.00 CNY");
    assert_eq!(world.run(&Command::Sell(in_dollars)), Err(Refusal::CashTooLittle { asked }));
    let order = world.sells(drawer, card, "50.00 CNY", &[]);
    let refund = world.refund_of(order.top_up, Whole);
    assert_eq!(world.pays_out(refund, dollar_drawer), unsuited);
    let banked = CashMove::Banked { sent: money("5.00 CNY"), banked: money("5.00 USD") };
    assert_eq!(world.moves_cash(safe, banked), unsuited);
    let (key, kind, parent) = (world.next_key(), PurseKind::TillSession, Some(safe));
    let (credit_limit, opening) = (money("0.00 CNY"), money("5.00 USD"));
    let mixed = OpenPurse { key, kind, parent, credit_limit, opening };
    assert_eq!(world.run(&Command::OpenPurse(mixed)), unsuited);
}

#[test]
fn a_float_sells_what_it_covers_with_its_credit_and_not_a_fen_more() {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    let float = world.given_a_float("50.00 CNY", "30.00 CNY");
    world.sells(float, card, "60.00 CNY", &[]);
    let selling = world.selling(float, card, "20.01 CNY", &[]);
    let available = money("20.00 CNY");
    assert_eq!(world.run(&Command::Sell(selling)), Err(Refusal::FloatInsufficient { available }));
    world.sells(float, card, "20.00 CNY", &[]);
    assert_eq!(world.in_purse(float), -3_000);
    let selling = world.selling(float, card, "1.00 CNY", &[]);
    let available = money("0.00 CNY");
    assert_eq!(world.run(&Command::Sell(selling)), Err(Refusal::FloatInsufficient { available }));
}

#[test]
fn what_an_agent_sold_is_back_on_his_float_as_soon_as_it_is_refunded() {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    let float = world.given_a_float("100.00 CNY", "0.00 CNY");
    let order = world.sells(float, card, "100.00 CNY", &summer());
    assert_eq!(world.in_purse(float), 500);
    world.refund_of(order.top_up, Part(money("19.00 CNY")));
    assert_eq!(world.in_purse(float), 2_400);
    assert_eq!(world.holds(card), money("80.00 CNY"));
    world.refund_of(order.top_up, Whole);
    assert_eq!(world.in_purse(float), 10_000);
    assert!(matches!(world.state(order.top_up), TopUpState::Refunded { .. }));
    let refunds = world.refunds_of(order.top_up);
    assert_eq!(refunds, ["19.00 CNY by_staff succeeded", "76.00 CNY by_staff succeeded"]);
}

#[test]
fn money_goes_between_a_safe_and_the_bank_and_from_the_bank_on_a_float() {
    let mut world = World::new();
    let (safe, float) = (world.given_a_safe(), world.given_a_float("0.00 CNY", "0.00 CNY"));
    let drawer = world.opens_a_drawer(safe, "0.00 CNY");
    let amount = money("500.00 CNY");
    world.moves_cash(safe, CashMove::FetchedFromBank(amount)).unwrap();
    let key = world.next_key();
    let sent = MoveCash { key, purse: safe, how: CashMove::SentToBank(money("200.00 CNY")) };
    assert_eq!(world.run(&Command::MoveCash(sent)), Ok(Outcome::CashMoved { repeated: Repeated::No }));
    assert_eq!(world.run(&Command::MoveCash(sent)), Ok(Outcome::CashMoved { repeated: Repeated::Yes }));
    assert_eq!(world.in_purse(safe), 30_000);
    let unsuited = Err(Refusal::PurseUnsuited);
    assert_eq!(world.moves_cash(safe, CashMove::FloatBought(amount)), unsuited);
    assert_eq!(world.moves_cash(safe, CashMove::FloatPaid { provider: Provider::Alipay, amount }), unsuited);
    assert_eq!(world.moves_cash(float, CashMove::SentToBank(amount)), unsuited);
    assert_eq!(world.moves_cash(drawer, CashMove::SentToBank(amount)), unsuited);
    assert_eq!(world.moves_cash(safe, CashMove::SentToBank(money("1.00 USD"))), unsuited);
    assert_eq!(world.moves_cash(safe, CashMove::SentToBank(money("0.00 CNY"))), Err(Refusal::AmountZero));
}

#[test]
fn commission_is_earned_taken_back_also_below_zero_and_paid_as_far_as_it_was_earned() {
    let mut world = World::new();
    let (safe, float) = (world.given_a_safe(), world.given_a_float("0.00 CNY", "0.00 CNY"));
    let amount = |text: &str| money(&format!("{text} CNY"));
    let payable = |world: &World| {
        let code = crate::ledger::AccountCode::CommissionPayable;
        let (shard, owner, unit) = (float.shard(), float.as_u64(), Unit::Cny);
        world.books.balance(&crate::ledger::AccountKey { shard, code, owner, unit }).minor()
    };
    assert_eq!(
        world.moves_cash(float, CashMove::CommissionPaid(amount("1.00"))),
        Err(Refusal::CommissionInsufficient { payable: amount("0.00") })
    );
    world.moves_cash(float, CashMove::CommissionEarned(amount("30.00"))).unwrap();
    world.moves_cash(float, CashMove::CommissionToFloat(amount("12.00"))).unwrap();
    world.moves_cash(float, CashMove::CommissionPaid(amount("10.00"))).unwrap();
    assert_eq!((payable(&world), world.in_purse(float)), (8_00, 12_00));
    assert_eq!(
        world.moves_cash(float, CashMove::CommissionToFloat(amount("8.01"))),
        Err(Refusal::CommissionInsufficient { payable: amount("8.00") })
    );
    world.moves_cash(float, CashMove::CommissionTakenBack(amount("9.00"))).unwrap();
    assert_eq!(payable(&world), -1_00);
    let unsuited = Err(Refusal::PurseUnsuited);
    assert_eq!(world.moves_cash(safe, CashMove::CommissionEarned(amount("1.00"))), unsuited);
    assert_eq!(world.moves_cash(float, CashMove::CommissionEarned(money("1.00 USD"))), unsuited);
    assert_eq!(world.moves_cash(float, CashMove::CommissionEarned(amount("0.00"))), Err(Refusal::AmountZero));
}
