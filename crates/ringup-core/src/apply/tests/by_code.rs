use super::support::*;
use crate::apply::*;
use crate::payment::{CodeRefusal, PayMethod, PaymentState, PaymentWord, Provider, ReportSource, TransactionId};
use crate::promotion::Promotion;
use crate::time::Span;
use crate::top_up::Channel;

use RefundHowMuch::{Part, Whole};

/// A top-up that is to be paid by a code, at a till or not.
fn places_by_code(world: &mut World, card: crate::card::CardNumber, promotions: &[Promotion]) -> Order {
    let mut placing = world.placing(card, "100.00 CNY", promotions);
    placing.method = PayMethod::Code;
    placing.again = Again::Confirmed;
    match world.run(&Command::PlaceTopUp(placing)) {
        Ok(Outcome::Placed { top_up, payment, .. }) => Order { top_up, payment },
        other => panic!("{other:?}"),
    }
}

fn given_one(promotions: &[Promotion]) -> (World, crate::card::CardNumber, Order) {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    let order = places_by_code(&mut world, card, promotions);
    (world, card, order)
}

fn sends_the_code(world: &mut World, order: Order) -> Result<Outcome, Refusal> {
    world.run(&Command::RecordHandOver(RecordHandOver { payment: order.payment, hand_over: String::new() }))
}

fn was_refused(world: &mut World, order: Order, why: CodeRefusal) -> Result<Outcome, Refusal> {
    let hand_over = why.code().to_owned();
    world.run(&Command::RecordHandOver(RecordHandOver { payment: order.payment, hand_over }))
}

fn was_given_back(world: &mut World, order: Order) -> Result<Outcome, Refusal> {
    let transaction = TransactionId::parse(&format!("T{}", order.payment.as_u64())).unwrap();
    let (amount, paid_at) = (world.payment(order.payment).amount, world.now);
    let word = PaymentWord::GivenBack { transaction, amount, paid_at };
    world.hears_word(order.payment, ReportSource::Query, word)
}

#[test]
fn a_code_is_sent_once_and_only_while_enough_is_left_of_its_time() {
    let (mut world, _, order) = given_one(&[]);
    assert_eq!(world.payment(order.payment).expires_at, world.now.plus(CODE_PAYABLE_FOR));
    assert_eq!(sends_the_code(&mut world, order), Ok(Outcome::HandedOver));
    assert_eq!(sends_the_code(&mut world, order), Ok(Outcome::NothingToDo));
    let (mut world, _, order) = given_one(&[]);
    world.waits(CODE_SENT_WITHIN);
    assert_eq!(sends_the_code(&mut world, order), Ok(Outcome::NothingToDo));
    let (mut world, _, order) = given_one(&[]);
    world.hears_word(order.payment, ReportSource::Query, PaymentWord::Closed).unwrap();
    assert_eq!(sends_the_code(&mut world, order), Ok(Outcome::NothingToDo));
}

#[test]
fn a_refusal_is_kept_once_after_the_code_was_sent_and_the_payment_can_still_come() {
    let (mut world, card, order) = given_one(&[]);
    let refused = CodeRefusal::BalanceInsufficient;
    assert_eq!(was_refused(&mut world, order, refused), Ok(Outcome::NothingToDo), "nothing was sent yet");
    sends_the_code(&mut world, order).unwrap();
    assert_eq!(was_refused(&mut world, order, refused), Ok(Outcome::HandedOver));
    assert_eq!(was_refused(&mut world, order, CodeRefusal::Refused), Ok(Outcome::NothingToDo));
    assert_eq!(sends_the_code(&mut world, order), Ok(Outcome::NothingToDo));
    let kept = PaymentState::Pending { hand_over: refused.code().to_owned() };
    assert_eq!(world.payment(order.payment).state, kept);
    assert_eq!(world.is_paid(order), Ok(Outcome::Credited));
    assert_eq!(world.holds(card), money("100.00 CNY"));
}

#[test]
fn what_came_and_went_back_without_our_knowledge_is_booked_as_both() {
    for cancelled_first in [false, true] {
        let (mut world, card, order) = given_one(&summer());
        sends_the_code(&mut world, order).unwrap();
        if cancelled_first {
            world.hears_word(order.payment, ReportSource::Query, PaymentWord::Closed).unwrap();
        }
        assert_eq!(was_given_back(&mut world, order), Ok(Outcome::RefundRecorded));
        assert_eq!(world.state(order.top_up).name(), "refunded");
        assert_eq!(world.refunds_of(order.top_up), ["95.00 CNY cancelled succeeded"]);
        assert_eq!(world.holds(card), money("0.00 CNY"));
        assert_eq!(was_given_back(&mut world, order), Ok(Outcome::AlreadyRecorded));
        assert_eq!(world.is_paid(order), Ok(Outcome::AlreadyRecorded), "a late notification of the payment");
        assert_eq!(world.holds(card), money("0.00 CNY"));
    }
}

#[test]
fn what_was_put_on_the_card_meanwhile_is_taken_off_with_its_bonus() {
    let (mut world, card, order) = given_one(&summer());
    world.is_paid(order).unwrap();
    assert_eq!(was_given_back(&mut world, order), Ok(Outcome::RefundRecorded));
    assert_eq!((world.holds(card), world.bonuses(card)), (money("0.00 CNY"), vec![money("0.00 CNY")]));
    assert_eq!(world.refunds_of(order.top_up), ["95.00 CNY cancelled succeeded"]);
    assert_eq!(world.state(order.top_up).name(), "refunded");
    assert_eq!(was_given_back(&mut world, order), Ok(Outcome::AlreadyRecorded));
}

#[test]
fn what_the_card_has_spent_of_it_is_a_loss_for_the_money_is_gone() {
    let (mut world, card, order) = given_one(&summer());
    world.is_paid(order).unwrap();
    world.spends(card, "40.00 CNY").unwrap();
    assert_eq!(was_given_back(&mut world, order), Ok(Outcome::RefundRecorded));
    assert_eq!(world.holds(card), money("0.00 CNY"));
    assert_eq!(world.refunds_of(order.top_up), ["95.00 CNY cancelled succeeded"]);
}

#[test]
fn what_was_owed_back_already_is_back_by_it_and_the_rest_with_it() {
    let (mut world, _, order) = given_one(&[]);
    world.is_paid(order).unwrap();
    world.refunds(order.top_up, Part(money("30.00 CNY")), SpentMeanwhile::Refuse).unwrap();
    assert_eq!(was_given_back(&mut world, order), Ok(Outcome::RefundRecorded));
    assert_eq!(world.refunds_of(order.top_up), ["30.00 CNY by_staff succeeded", "70.00 CNY cancelled succeeded"],);
    assert_eq!(world.state(order.top_up).name(), "refunded");

    let (mut world, _, order) = given_one(&[]);
    world.is_paid(order).unwrap();
    world.refunds(order.top_up, Whole, SpentMeanwhile::Refuse).unwrap();
    assert_eq!(was_given_back(&mut world, order), Ok(Outcome::RefundRecorded));
    assert_eq!(world.refunds_of(order.top_up), ["100.00 CNY by_staff succeeded"]);
    assert_eq!(world.state(order.top_up).name(), "refunded");
}

#[test]
fn a_second_payment_that_came_and_went_leaves_the_first_on_the_card() {
    let (mut world, card, order) = given_one(&[]);
    let second = Order { payment: world.begins_another_payment(order.top_up, Provider::WechatPay), ..order };
    world.is_paid(second).unwrap();
    assert_eq!(was_given_back(&mut world, order), Ok(Outcome::RefundRecorded));
    assert_eq!(world.state(order.top_up).name(), "credited");
    assert_eq!(world.refunds_of(order.top_up), ["100.00 CNY paid_twice succeeded"]);
    assert_eq!(world.holds(card), money("100.00 CNY"));
}

#[test]
fn a_deferred_top_up_whose_payment_was_given_back_puts_nothing_on_the_card() {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    let safe = world.given_a_safe();
    let drawer = world.opens_a_drawer(safe, "0.00 CNY");
    let mut placing = world.placing(card, "100.00 CNY", &[]);
    placing.method = PayMethod::Code;
    placing.channel = Channel::Store;
    placing.sold_by = Some(SoldBy { purse: drawer, credit_at: Some(world.now.plus(Span::hours(2))) });
    let Ok(Outcome::Placed { top_up, payment, .. }) = world.run(&Command::PlaceTopUp(placing)) else { panic!() };
    let order = Order { top_up, payment };
    world.is_paid(order).unwrap();
    assert_eq!(world.state(top_up).name(), "deferred");
    assert_eq!(was_given_back(&mut world, order), Ok(Outcome::RefundRecorded));
    assert_eq!(world.state(top_up).name(), "refunded");
    world.waits(Span::hours(3));
    assert_eq!(world.credits(top_up), Ok(Outcome::NothingToDo));
    assert_eq!(world.holds(card), money("0.00 CNY"));
}

#[test]
fn another_transaction_that_was_given_back_is_not_ours() {
    let (mut world, _, order) = given_one(&[]);
    world.is_paid(order).unwrap();
    let transaction = TransactionId::parse("ANOTHER").unwrap();
    let word = PaymentWord::GivenBack { transaction, amount: money("100.00 CNY"), paid_at: world.now };
    let refused = world.hears_word(order.payment, ReportSource::Query, word);
    assert_eq!(refused, Err(Refusal::ReportDiffers(Difference::Transaction)));
}
