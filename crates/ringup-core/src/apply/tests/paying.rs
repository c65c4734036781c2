use super::support::*;
use crate::apply::*;
use crate::card::CardState;
use crate::id::PaymentId;
use crate::payment::{PaymentState, PaymentWord, Provider, ProviderReport, ReportSource, TransactionId};
use crate::time::Span;
use crate::top_up::TopUpState;

use ReportSource::{Notification, Query};

#[test]
fn a_capture_puts_value_and_bonus_on_the_card_and_extends_it() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.places(card, "100.00 CNY", &summer());
    let promised = world.top_up(order.top_up).quote.card_valid_until;
    assert_eq!(world.is_paid(order), Ok(Outcome::Credited));
    assert_eq!(world.holds(card), money("120.00 CNY"));
    assert_eq!(world.bonuses(card), [money("10.00 CNY")]);
    assert_eq!(world.books.card(card).unwrap().expires_at, Some(promised));
    assert!(world.state(order.top_up).receipt().is_some());
    assert_eq!(world.timeline(order.top_up), ["placed", "captured", "credited"]);
}

#[test]
fn a_top_up_never_shortens_a_card() {
    let mut world = World::new();
    let card = world.given_a_card_that_is(CardState::InStock);
    world.staff_make(card, CardState::Active).unwrap();
    let before = world.books.card(card).unwrap().expires_at;
    world.given_a_credited_top_up(card, "100.00 CNY", &[]);
    assert_eq!(world.books.card(card).unwrap().expires_at, before);
}

#[test]
fn a_repeated_notification_books_nothing() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.given_a_credited_top_up(card, "50.00 CNY", &[]);
    let before = world.changes();
    for _ in 0..14 {
        world.waits(Span::minutes(7));
        assert_eq!(world.is_paid(order), Ok(Outcome::AlreadyRecorded));
        assert_eq!(world.hears(order.payment, Query, money("50.00 CNY")), Ok(Outcome::AlreadyRecorded));
    }
    assert_eq!(world.changes(), before);
    assert_eq!(world.holds(card), money("70.00 CNY"));
}

#[test]
fn waiting_and_unknown_orders_change_nothing() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.places(card, "50.00 CNY", &[]);
    let before = world.changes();
    for word in [PaymentWord::NotFound, PaymentWord::Waiting] {
        assert_eq!(world.hears_word(order.payment, Query, word), Ok(Outcome::StillWaiting));
    }
    assert_eq!(world.changes(), before);
}

#[test]
fn a_notification_of_another_amount_is_not_believed() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.places(card, "50.00 CNY", &[]);
    let asked = money("50.00 CNY");
    for told in [money("0.01 CNY"), money("49.99 CNY"), money("50.01 CNY")] {
        let differs = Refusal::ReportDiffers(Difference::Amount { told, asked });
        assert_eq!(world.hears(order.payment, Notification, told), Err(differs));
    }
    assert_eq!(world.holds(card), money("20.00 CNY"));
}

#[test]
fn what_is_not_ours_is_refused() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.places(card, "50.00 CNY", &[]);
    let dollars = money("50.00 USD");
    let differs = Err(Refusal::ReportDiffers(Difference::Unit));
    assert_eq!(world.hears(order.payment, Query, dollars), differs);
    let report = |provider, payment| {
        let word = PaymentWord::Waiting;
        Command::RecordPayment(ProviderReport { provider, payment, source: Notification, word })
    };
    let differs = Err(Refusal::ReportDiffers(Difference::Provider));
    assert_eq!(world.run(&report(Provider::WechatPay, order.payment)), differs);
    let unknown = PaymentId::from_u64(1);
    assert_eq!(world.run(&report(Provider::Alipay, unknown)), Err(Refusal::PaymentUnknown));
}

#[test]
fn a_second_transaction_for_a_captured_payment_is_shown_to_staff() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.given_a_credited_top_up(card, "50.00 CNY", &[]);
    let transaction = TransactionId::parse("SOMETHING-ELSE").unwrap();
    let word = PaymentWord::Paid { transaction, amount: money("50.00 CNY"), paid_at: world.now };
    for source in [Notification, Query] {
        let differs = Err(Refusal::ReportDiffers(Difference::Transaction));
        assert_eq!(world.hears_word(order.payment, source, word.clone()), differs);
    }
}

#[test]
fn too_little_goes_back_whole() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.places(card, "50.00 CNY", &[]);
    let outcome = world.hears(order.payment, Query, money("49.99 CNY"));
    assert!(matches!(outcome, Ok(Outcome::OwedBack { .. })), "{outcome:?}");
    assert_eq!(world.holds(card), money("20.00 CNY"));
    assert_eq!(world.refunds_of(order.top_up), ["49.99 CNY underpaid requested"]);
    assert_eq!(world.state(order.top_up).name(), "refunding");
    world.provider_sends_all_refunds();
    assert_eq!(world.state(order.top_up).name(), "refunded");
    let told = ["placed", "captured", "refund_requested", "refund_succeeded"];
    assert_eq!(world.timeline(order.top_up), told);
}

#[test]
fn a_provider_that_calls_nothing_a_payment_is_not_believed() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.places(card, "50.00 CNY", &[]);
    let (told, asked) = (money("0.00 CNY"), money("50.00 CNY"));
    assert_eq!(
        world.hears(order.payment, Query, told),
        Err(Refusal::ReportDiffers(Difference::Amount { told, asked }))
    );
    assert_eq!(world.state(order.top_up).name(), "placed");
}

#[test]
fn of_too_much_the_excess_goes_back() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.places(card, "50.00 CNY", &[]);
    assert_eq!(world.hears(order.payment, Query, money("80.00 CNY")), Ok(Outcome::Credited));
    assert_eq!(world.holds(card), money("70.00 CNY"));
    assert_eq!(world.refunds_of(order.top_up), ["30.00 CNY overpaid requested"]);
    world.provider_sends_all_refunds();
    assert_eq!(world.state(order.top_up).name(), "credited");
    let told = world.hears(order.payment, Notification, money("80.00 CNY"));
    assert_eq!(told, Ok(Outcome::AlreadyRecorded));
}

#[test]
fn who_pays_twice_gets_the_second_payment_back() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.places(card, "100.00 CNY", &summer());
    let second = world.begins_another_payment(order.top_up, Provider::WechatPay);
    assert_eq!(world.is_paid(order), Ok(Outcome::Credited));
    let paid_again = world.hears(second, Notification, money("95.00 CNY"));
    assert!(matches!(paid_again, Ok(Outcome::OwedBack { .. })), "{paid_again:?}");
    assert_eq!(world.holds(card), money("120.00 CNY"));
    assert_eq!(world.refunds_of(order.top_up), ["95.00 CNY paid_twice requested"]);
    world.provider_sends_all_refunds();
    assert_eq!(world.state(order.top_up).name(), "credited");
}

#[test]
fn whichever_payment_comes_first_is_credited() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.places(card, "50.00 CNY", &[]);
    let second = world.begins_another_payment(order.top_up, Provider::WechatPay);
    assert_eq!(world.hears(second, Notification, money("50.00 CNY")), Ok(Outcome::Credited));
    assert_eq!(world.top_up(order.top_up).given.payment, Some(second));
    let closed = world.hears_word(order.payment, Query, PaymentWord::Closed);
    assert_eq!(closed, Ok(Outcome::PaymentAbandoned));
    assert_eq!(world.state(order.top_up).name(), "credited");
}

#[test]
fn a_payment_ends_under_the_version_of_its_top_up() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.places(card, "50.00 CNY", &[]);
    world.begins_another_payment(order.top_up, Provider::WechatPay);
    // Nothing in the top-up changes, but another server that ends its other payment must meet this write.
    let before = world.top_up(order.top_up).version;
    assert_eq!(world.hears_word(order.payment, Query, PaymentWord::Closed), Ok(Outcome::PaymentAbandoned));
    assert_eq!(world.state(order.top_up), &TopUpState::Placed);
    assert_eq!(world.top_up(order.top_up).version, before + 1);
}

#[test]
fn a_top_up_is_abandoned_when_its_last_payment_is() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.places(card, "50.00 CNY", &[]);
    let second = world.begins_another_payment(order.top_up, Provider::WechatPay);
    let mut close = |payment| world.hears_word(payment, Query, PaymentWord::Closed);
    assert_eq!(close(order.payment), Ok(Outcome::PaymentAbandoned));
    assert_eq!(close(order.payment), Ok(Outcome::AlreadyRecorded));
    assert_eq!(close(second), Ok(Outcome::PaymentAbandoned));
    assert_eq!(world.state(order.top_up), &TopUpState::Abandoned { abandoned_at: world.now });
    assert_eq!(world.timeline(order.top_up), ["placed", "payment_begun", "abandoned"]);
}

#[test]
fn a_captured_payment_is_not_closed_by_a_late_word() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.given_a_credited_top_up(card, "50.00 CNY", &[]);
    let closed = world.hears_word(order.payment, Query, PaymentWord::Closed);
    assert_eq!(closed, Ok(Outcome::AlreadyRecorded));
    assert!(matches!(world.payment(order.payment).state, PaymentState::Captured(_)));
}

/// A top-up that was abandoned, and whose payment comes this much later.
fn paid_late(promotions: &[crate::promotion::Promotion], later: Span) -> (World, Order, Result<Outcome, Refusal>) {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.places(card, "100.00 CNY", promotions);
    world.hears_word(order.payment, Query, PaymentWord::Closed).unwrap();
    world.waits(later);
    let outcome = world.is_paid(order);
    (world, order, outcome)
}

#[test]
fn a_late_capture_is_credited_while_the_promise_can_be_kept() {
    let almost_a_day = Span::micros(Span::hours(24).as_micros() - 1);
    for (promotions, later) in [(summer(), almost_a_day), (vec![], Span::days(20))] {
        let (world, order, outcome) = paid_late(&promotions, later);
        assert_eq!(outcome, Ok(Outcome::Credited));
        assert_eq!(world.timeline(order.top_up), ["placed", "abandoned", "captured", "credited"]);
    }
}

#[test]
fn a_late_capture_goes_back_when_its_promotions_are_over() {
    let (world, order, outcome) = paid_late(&summer(), Span::hours(24));
    assert!(matches!(outcome, Ok(Outcome::OwedBack { .. })), "{outcome:?}");
    assert_eq!(world.refunds_of(order.top_up), ["95.00 CNY too_late requested"]);
}

#[test]
fn money_for_a_card_that_was_stopped_meanwhile_goes_back() {
    for state in [CardState::Suspended, CardState::Closed] {
        let mut world = World::new();
        let card = world.given_a_card("20.00 CNY");
        let order = world.places(card, "50.00 CNY", &[]);
        world.staff_make(card, state).unwrap();
        let outcome = world.is_paid(order);
        assert!(matches!(outcome, Ok(Outcome::OwedBack { .. })), "{outcome:?}");
        assert_eq!(world.refunds_of(order.top_up), ["50.00 CNY card_refused requested"]);
        assert_eq!(world.holds(card), money("20.00 CNY"));
    }
}

#[test]
fn money_for_a_card_that_died_or_filled_up_meanwhile_goes_back() {
    let mut world = World::new();
    let full = world.given_a_card("1950.00 CNY");
    let dead = world.given_a_card("20.00 CNY");
    let too_much = world.places(full, "50.00 CNY", &[]);
    let too_late = world.places(dead, "50.00 CNY", &[]);
    world.given_a_credited_top_up(full, "1.00 CNY", &[]);
    world.waits(Span::days(130));
    for order in [too_much, too_late] {
        assert!(matches!(world.is_paid(order), Ok(Outcome::OwedBack { .. })));
        assert_eq!(world.refunds_of(order.top_up), ["50.00 CNY card_refused requested"]);
    }
}

#[test]
fn a_card_in_its_grace_period_comes_back_to_life() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    world.waits(Span::days(129));
    assert_eq!(world.spends(card, "1.00 CNY"), Err(Refusal::CardNotUsable));
    world.given_a_credited_top_up(card, "50.00 CNY", &[]);
    assert!(world.spends(card, "1.00 CNY").is_ok());
    assert_eq!(world.holds(card), money("69.00 CNY"));
}
