use super::support::*;
use crate::apply::*;
use crate::card::CardState;
use crate::id::GrantId;
use crate::job::JobKind;
use crate::promotion::{Gift, Promotion};
use crate::time::Span;

fn bonus_for(amount: &str, days: i64) -> Promotion {
    promotion(2, Gift::Bonus { amount: money(amount), lasts: Span::days(days) })
}

#[test]
fn the_bonus_that_lapses_soonest_is_spent_first_and_the_cards_own_money_last() {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    world.given_a_credited_top_up(card, "100.00 CNY", &[bonus_for("10.00 CNY", 60)]);
    world.given_a_credited_top_up(card, "100.00 CNY", &[bonus_for("20.00 CNY", 7)]);
    world.spends(card, "15.00 CNY").unwrap();
    assert_eq!(world.bonuses(card), [money("10.00 CNY"), money("5.00 CNY")]);
    world.spends(card, "12.00 CNY").unwrap();
    assert_eq!(world.bonuses(card), [money("3.00 CNY"), money("0.00 CNY")]);
    assert_eq!(world.holds(card), money("200.00 CNY"));
    world.spends(card, "53.00 CNY").unwrap();
    assert_eq!(world.bonuses(card), [money("0.00 CNY"), money("0.00 CNY")]);
    assert_eq!(world.holds(card), money("150.00 CNY"));
}

#[test]
fn a_bonus_past_its_date_is_not_spent_even_before_it_has_been_ended() {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    world.given_a_credited_top_up(card, "100.00 CNY", &summer());
    world.waits(Span::days(30));
    world.spends(card, "10.00 CNY").unwrap();
    assert_eq!((world.holds(card), world.bonuses(card)), (money("90.00 CNY"), vec![money("10.00 CNY")]));
}

#[test]
fn call_seconds_are_spent_as_seconds_only() {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    world.given_a_credited_top_up(card, "100.00 CNY", &[bonus_for("600 SEC", 30)]);
    world.spends(card, "90 SEC").unwrap();
    world.spends(card, "1.00 CNY").unwrap();
    assert_eq!((world.holds(card), world.bonuses(card)), (money("99.00 CNY"), vec![money("510 SEC")]));
    let available = money("510 SEC");
    assert_eq!(world.spends(card, "511 SEC"), Err(Refusal::BalanceInsufficient { available }));
}

#[test]
fn more_than_there_is_cannot_be_spent() {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    world.given_a_credited_top_up(card, "100.00 CNY", &summer());
    let available = money("110.00 CNY");
    assert_eq!(world.spends(card, "110.01 CNY"), Err(Refusal::BalanceInsufficient { available }));
    world.spends(card, "110.00 CNY").unwrap();
    assert_eq!(world.holds(card), money("0.00 CNY"));
}

#[test]
fn a_repeated_use_is_charged_once() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let usage = RecordUsage { key: key(1), card, amount: money("3.00 CNY"), number: 77 };
    let charged = |repeated| Ok(Outcome::UsageCharged { repeated });
    assert_eq!(world.run(&Command::RecordUsage(usage)), charged(Repeated::No));
    assert_eq!(world.run(&Command::RecordUsage(usage)), charged(Repeated::Yes));
    let other = RecordUsage { key: key_with_other_body(1), ..usage };
    assert_eq!(world.run(&Command::RecordUsage(other)), Err(Refusal::KeyUsedForSomethingElse));
    assert_eq!(world.holds(card), money("17.00 CNY"));
}

#[test]
fn a_card_that_cannot_be_used_is_not_charged() {
    let mut world = World::new();
    let suspended = world.given_a_card("20.00 CNY");
    world.staff_make(suspended, CardState::Suspended).unwrap();
    let unsold = world.given_a_card_that_is(CardState::InStock);
    for card in [suspended, unsold] {
        assert_eq!(world.spends(card, "1.00 CNY"), Err(Refusal::CardNotUsable));
    }
}

#[test]
fn a_bonus_lapses_at_its_date_and_once() {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    let order = world.given_a_credited_top_up(card, "100.00 CNY", &summer());
    let grant = world.grant(order.top_up);
    let jobs = world.changes().jobs;
    let job = jobs.iter().find(|job| job.kind == JobKind::LapseGrant).unwrap();
    assert_eq!((job.subject, job.run_at), (grant.as_u64(), world.now.plus(Span::days(30))));
    world.spends(card, "4.00 CNY").unwrap();
    world.waits(Span::micros(Span::days(30).as_micros() - 1));
    assert_eq!(world.lapses(grant), Ok(Outcome::NotDue { until: job.run_at }));
    world.waits(Span::micros(1));
    assert_eq!(world.lapses(grant), Ok(Outcome::GrantLapsed));
    assert_eq!(world.lapses(grant), Ok(Outcome::NothingToDo));
    assert_eq!((world.holds(card), world.bonuses(card)), (money("100.00 CNY"), vec![money("0.00 CNY")]));
    assert_eq!(world.lapses(GrantId::from_u64(1)), Err(Refusal::GrantUnknown));
}

#[test]
fn a_bonus_that_was_spent_lapses_without_an_entry() {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    let order = world.given_a_credited_top_up(card, "100.00 CNY", &summer());
    world.spends(card, "10.00 CNY").unwrap();
    world.waits(Span::days(31));
    let entries = world.changes().entries.len();
    assert_eq!(world.lapses(world.grant(order.top_up)), Ok(Outcome::GrantLapsed));
    assert_eq!(world.changes().entries.len(), entries);
}

#[test]
fn a_charge_of_nothing_is_refused_and_raises_no_alarm() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    assert_eq!(world.spends(card, "0.00 CNY"), Err(Refusal::AmountZero));
}

#[test]
fn a_card_that_holds_money_takes_none_in_another_unit() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let mut at = world.moment(card);
    let entry = crate::ledger::recipes::opening_balance(card, money("5.00 USD")).unwrap();
    let posted =
        world.books.post(&entry, crate::ledger::Chain::Card(card), crate::ledger::Cause::Import(1), at.now, &mut at);
    assert!(matches!(posted, Err(crate::books::PostError::UnitDiffers(_))), "{posted:?}");
    world.books.undo();
    assert_eq!(world.holds(card), money("20.00 CNY"));
}
