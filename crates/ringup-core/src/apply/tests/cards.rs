use super::support::*;
use crate::apply::*;
use crate::card::{CardNumber, CardState};
use crate::ledger::Cause;
use crate::money::Unit;
use crate::product::ProductId;
use crate::quote::QuoteRefusal;
use crate::time::Span;

/// States down, commands of staff across: done, nothing to do, or refused.
#[test]
fn every_state_meets_every_decision() {
    let mut table = format!("{:<10}", "");
    for to in CardState::ALL {
        table.push_str(&format!(" {:<10}", to.name()));
    }
    for from in CardState::ALL {
        table = format!("{}\n{:<10}", table.trim_end(), from.name());
        for to in CardState::ALL {
            let mut world = World::new();
            let card = world.given_a_card_that_is(*from);
            let cell = match world.staff_make(card, *to) {
                Ok(Outcome::CardStateChanged) => "done",
                Ok(Outcome::NothingToDo) => "same",
                Err(Refusal::CardState { .. }) => "-",
                other => panic!("{other:?}"),
            };
            table.push_str(&format!(" {cell:<10}"));
        }
    }
    let expected = "           \
generated  in_stock   active     suspended  closed
generated  same       done       done       -          done
in_stock   -          same       done       -          done
active     -          -          same       done       done
suspended  -          -          done       same       done
closed     -          -          -          -          same";
    assert_eq!(table.trim_end(), expected);
}

#[test]
fn a_cards_validity_begins_when_it_first_becomes_active() {
    let mut world = World::new();
    let card = world.given_a_card_that_is(CardState::InStock);
    world.staff_make(card, CardState::Active).unwrap();
    let expected = Some(world.now.plus(Span::days(365)));
    world.waits(Span::days(10));
    world.staff_make(card, CardState::Suspended).unwrap();
    world.staff_make(card, CardState::Active).unwrap();
    assert_eq!(world.books.card(card).unwrap().expires_at, expected);
}

#[test]
fn an_unknown_card_cannot_be_changed() {
    let mut world = World::new();
    let card = CardNumber::with_check_digit(866_199_999_999_999).unwrap();
    assert_eq!(world.staff_make(card, CardState::Closed), Err(Refusal::CardUnknown));
}

#[test]
fn an_imported_card_is_active_with_one_opening_entry() {
    let mut world = World::new();
    let card = world.given_a_card("33.30 CNY");
    assert_eq!(world.holds(card), money("33.30 CNY"));
    let changes = world.changes();
    assert_eq!(changes.new_cards[0].0.state, CardState::Active);
    assert_eq!(changes.new_cards[0].0.expires_at, Some(world.now.plus(Span::days(100))));
    assert_eq!(changes.entries.len(), 1);
    assert_eq!(changes.entries[0].cause, Cause::Import(1));
}

#[test]
fn an_imported_card_without_a_balance_has_no_entry() {
    let mut world = World::new();
    world.given_a_card("0.00 CNY");
    assert_eq!(world.changes().entries, []);
}

#[test]
fn an_import_that_does_not_fit_is_refused() {
    let mut world = World::new();
    let known = world.given_a_card("1.00 CNY");
    let fresh = CardNumber::with_check_digit(866_155_555_555_555).unwrap();
    let good = world.import(fresh, money("1.00 CNY"));
    let balance_max = money("2000.00 CNY");
    let cases = [
        (ImportCard { number: known, ..good.clone() }, Refusal::CardExists),
        (ImportCard { product: ProductId(9), ..good.clone() }, Refusal::ProductUnknown),
        (ImportCard { balance: money("1.00 USD"), ..good.clone() }, QuoteRefusal::WrongUnit(Unit::Cny).into()),
        (
            ImportCard { balance: money("2000.01 CNY"), ..good.clone() },
            QuoteRefusal::BalanceTooHigh { balance_max }.into(),
        ),
    ];
    for (import, refusal) in cases {
        assert_eq!(world.run(&Command::ImportCard(import)), Err(refusal));
    }
    assert_eq!(world.run(&Command::ImportCard(good)), Ok(Outcome::CardImported));
}
