//! Notes in a kiosk's box: they are there, whatever becomes of them.

use super::support::*;
use crate::apply::*;
use crate::card::CardState;
use crate::ledger::AccountCode;
use crate::purse::PurseState;
use crate::top_up::TopUpState;

/// A world with a kiosk's safe and box, and a card.
fn given_a_kiosk(balance: &str) -> (World, crate::id::PurseId, crate::id::PurseId, crate::card::CardNumber) {
    let mut world = World::new();
    let card = world.given_a_card(balance);
    let safe = world.given_a_safe();
    let cash_box = world.opens_a_box(safe);
    (world, safe, cash_box, card)
}

#[test]
fn any_sum_of_notes_comes_on_the_card_and_a_discount_on_top_of_it() {
    let (mut world, _, cash_box, card) = given_a_kiosk("0.00 CNY");
    let notes = world.putting_in(cash_box, card, "130.00 CNY", &summer());
    let order = sold(world.run(&Command::Sell(notes)));
    assert_eq!(world.holds(card), money("135.00 CNY"));
    assert_eq!(world.bonuses(card), [money("10.00 CNY")]);
    assert_eq!(world.in_purse(cash_box), 13_000);
    assert_eq!(world.top_up(order.top_up).sale.unwrap().number, Some(1));
}

#[test]
fn notes_for_a_card_that_cannot_be_topped_up_are_booked_and_owed_back() {
    let (mut world, safe, cash_box, card) = given_a_kiosk("0.00 CNY");
    world.staff_make(card, CardState::Suspended).unwrap();
    let notes = world.putting_in(cash_box, card, "100.00 CNY", &summer());
    let order = sold(world.run(&Command::Sell(notes)));
    assert!(matches!(world.state(order.top_up), TopUpState::Refunding { receipt: None, .. }));
    assert_eq!((world.holds(card), world.in_purse(cash_box)), (money("0.00 CNY"), 10_000));
    assert_eq!(world.refunds_of(order.top_up), ["100.00 CNY card_refused requested"]);
    assert_eq!(world.top_up(order.top_up).sale.unwrap().number, None, "what is no receipt takes no number");
    let refund = world.books.refunds_of(order.top_up).next().unwrap().id;
    assert_eq!(world.pays_out(refund, cash_box), Err(Refusal::PurseUnsuited), "nobody opens a box for that");
    assert_eq!(world.pays_out(refund, safe), Err(Refusal::CashInsufficient));
    world.closes(cash_box, "100.00 CNY").unwrap();
    world.pays_out(refund, safe).unwrap();
    assert_eq!(world.in_purse(safe), 0);
    assert!(matches!(world.state(order.top_up), TopUpState::Refunded { .. }));
}

#[test]
fn the_same_again_within_two_minutes_is_not_asked_about_when_the_notes_are_in_the_box() {
    let (mut world, _, cash_box, card) = given_a_kiosk("0.00 CNY");
    for expected in ["50.00 CNY", "100.00 CNY"] {
        let notes = world.putting_in(cash_box, card, "50.00 CNY", &[]);
        sold(world.run(&Command::Sell(notes)));
        assert_eq!(world.holds(card), money(expected));
    }
}

#[test]
fn what_comes_late_into_a_box_that_was_counted_is_what_was_too_much_in_it() {
    let (mut world, safe, cash_box, card) = given_a_kiosk("0.00 CNY");
    let notes = world.putting_in(cash_box, card, "50.00 CNY", &[]);
    world.closes(cash_box, "50.00 CNY").unwrap();
    sold(world.run(&Command::Sell(notes)));
    assert_eq!((world.holds(card), world.in_purse(cash_box)), (money("50.00 CNY"), 0));
    assert!(matches!(world.books.purse(cash_box).unwrap().state, PurseState::Closed(_)));
    assert_eq!(world.in_purse(safe), 5_000);
    let changes = world.changes();
    let mut over = changes
        .entries
        .iter()
        .flat_map(|entry| entry.postings.clone())
        .filter(|posting| posting.account.code == AccountCode::SuspenseOverShort);
    assert_eq!(over.next_back().unwrap().after.minor(), 0, "what was too much has found its owner");
}
