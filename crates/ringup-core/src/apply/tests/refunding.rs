use super::support::*;
use crate::apply::*;
use crate::id::{RefundId, TopUpId};
use crate::job::{CaseKind, JobKind};
use crate::money::{Amount, Unit};
use crate::payment::{PaymentWord, Provider, RefundWord, ReportSource};
use crate::promotion::{Gift, Promotion};
use crate::time::Span;

use RefundHowMuch::{Part, Whole};
use SpentMeanwhile::{AcceptLoss, Refuse};

fn given_a_top_up(promotions: &[Promotion]) -> (World, crate::card::CardNumber, Order) {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    let order = world.given_a_credited_top_up(card, "100.00 CNY", promotions);
    (world, card, order)
}

#[test]
fn a_whole_refund_takes_value_and_bonus_off_and_gives_back_what_was_paid() {
    let (mut world, card, order) = given_a_top_up(&summer());
    assert!(matches!(world.refunds(order.top_up, Whole, Refuse), Ok(Outcome::RefundRequested { .. })));
    assert_eq!((world.holds(card), world.bonuses(card)), (money("0.00 CNY"), vec![money("0.00 CNY")]));
    assert_eq!(world.refunds_of(order.top_up), ["95.00 CNY by_staff requested"]);
    assert_eq!(world.state(order.top_up).name(), "refunding");
    let jobs = world.changes().jobs;
    assert!(jobs.iter().any(|job| job.kind == JobKind::SendRefund && job.run_at == world.now));
    world.provider_sends_all_refunds();
    assert_eq!(world.state(order.top_up).name(), "refunded");
    assert!(world.state(order.top_up).receipt().is_some());
}

#[test]
fn a_part_refund_takes_its_share() {
    let (mut world, card, order) = given_a_top_up(&summer());
    world.refunds(order.top_up, Part(money("19.00 CNY")), Refuse).unwrap();
    assert_eq!((world.holds(card), world.bonuses(card)), (money("80.00 CNY"), vec![money("8.00 CNY")]));
    assert_eq!(world.state(order.top_up).name(), "credited");
    assert_eq!(world.top_up(order.top_up).refundable(), Ok(money("76.00 CNY")));
}

#[test]
fn many_small_refunds_undo_exactly_one_whole_one() {
    let odd = [off("3.33 CNY"), bonus("7.77 CNY")];
    let (mut world, card, order) = given_a_top_up(&odd);
    let mut left = world.top_up(order.top_up).quote.you_pay.minor();
    for fen in [1, 2, 3, 331, 997, 1_000, 2_500].into_iter().chain(std::iter::repeat(1_111)) {
        let part = left.min(fen);
        world.refunds(order.top_up, Part(Amount::new(part, Unit::Cny).unwrap()), Refuse).unwrap();
        left -= part;
        if left == 0 {
            break;
        }
    }
    assert_eq!((world.holds(card), world.bonuses(card)), (money("0.00 CNY"), vec![money("0.00 CNY")]));
    assert_eq!(world.state(order.top_up).name(), "refunding");
    world.provider_sends_all_refunds();
    assert_eq!(world.state(order.top_up).name(), "refunded");
}

#[test]
fn a_repeated_refund_is_the_first_answer_again() {
    let (mut world, _, order) = given_a_top_up(&[]);
    let how_much = Part(money("10.00 CNY"));
    let request = RequestRefund { key: key(1), top_up: order.top_up, how_much, spent: Refuse };
    let first = world.run(&Command::RequestRefund(request)).unwrap();
    let Outcome::RefundRequested { refund, repeated: Repeated::No } = first else { panic!("{first:?}") };
    let again = Outcome::RefundRequested { refund, repeated: Repeated::Yes };
    assert_eq!(world.run(&Command::RequestRefund(request)), Ok(again));
    let other = RequestRefund { key: key_with_other_body(1), ..request };
    assert_eq!(world.run(&Command::RequestRefund(other)), Err(Refusal::KeyUsedForSomethingElse));
    assert_eq!(world.refunds_of(order.top_up), ["10.00 CNY by_staff requested"]);
}

#[test]
fn an_amount_that_cannot_be_refunded_is_refused() {
    let (mut world, _, order) = given_a_top_up(&summer());
    let refundable = money("95.00 CNY");
    for wrong in ["0.00 CNY", "95.01 CNY", "1.00 USD"] {
        let refused = world.refunds(order.top_up, Part(money(wrong)), Refuse);
        assert_eq!(refused, Err(Refusal::RefundAmount { refundable }), "{wrong}");
    }
}

#[test]
fn only_a_credited_top_up_can_be_refunded() {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    let order = world.places(card, "100.00 CNY", &[]);
    let refused_as = |world: &mut World, state: &'static str| {
        let refused = world.refunds(order.top_up, Whole, AcceptLoss);
        assert_eq!(refused, Err(Refusal::NotRefundable { state }));
    };
    refused_as(&mut world, "placed");
    world.hears_word(order.payment, ReportSource::Query, PaymentWord::Closed).unwrap();
    refused_as(&mut world, "abandoned");
    world.is_paid(order).unwrap();
    world.refunds(order.top_up, Whole, Refuse).unwrap();
    refused_as(&mut world, "refunding");
    world.provider_sends_all_refunds();
    refused_as(&mut world, "refunded");
    let unknown = world.refunds(TopUpId::from_u64(1), Whole, Refuse);
    assert_eq!(unknown, Err(Refusal::TopUpUnknown));
}

#[test]
fn what_was_spent_is_named_and_only_refunded_as_a_loss() {
    let (mut world, card, order) = given_a_top_up(&summer());
    world.spends(card, "40.00 CNY").unwrap();
    let (main_short, bonus_short) = (money("30.00 CNY"), money("10.00 CNY"));
    let refused = world.refunds(order.top_up, Whole, Refuse);
    assert_eq!(refused, Err(Refusal::CardHasSpent { main_short, bonus_short }));
    world.refunds(order.top_up, Whole, AcceptLoss).unwrap();
    assert_eq!((world.holds(card), world.bonuses(card)), (money("0.00 CNY"), vec![money("0.00 CNY")]));
    assert_eq!(world.refunds_of(order.top_up), ["95.00 CNY by_staff requested"]);
}

#[test]
fn what_is_short_of_the_money_or_of_the_bonus_alone_is_refused_too() {
    let mut world = World::new();
    // No bonus: only the money is short.
    let card = world.given_a_card("20.00 CNY");
    let order = world.given_a_credited_top_up(card, "100.00 CNY", &[]);
    world.spends(card, "50.00 CNY").unwrap();
    let refused = world.refunds(order.top_up, RefundHowMuch::Whole, SpentMeanwhile::Refuse);
    let (main_short, bonus_short) = (money("30.00 CNY"), money("0.00 CNY"));
    assert_eq!(refused, Err(Refusal::CardHasSpent { main_short, bonus_short }));
    // Bonuses are spent first: only the bonus is short.
    let card = world.given_a_card("20.00 CNY");
    let order = world.given_a_credited_top_up(card, "100.00 CNY", &[bonus("10.00 CNY")]);
    world.spends(card, "4.00 CNY").unwrap();
    let refused = world.refunds(order.top_up, RefundHowMuch::Whole, SpentMeanwhile::Refuse);
    let (main_short, bonus_short) = (money("0.00 CNY"), money("4.00 CNY"));
    assert_eq!(refused, Err(Refusal::CardHasSpent { main_short, bonus_short }));
}

#[test]
fn a_bonus_that_lapsed_is_no_loss() {
    let (mut world, card, order) = given_a_top_up(&summer());
    let grant = world.grant(order.top_up);
    world.waits(Span::days(30));
    assert_eq!(world.lapses(grant), Ok(Outcome::GrantLapsed));
    world.refunds_and_sends(order.top_up, Whole, Refuse);
    assert_eq!(world.holds(card), money("0.00 CNY"));
    assert_eq!(world.state(order.top_up).name(), "refunded");
}

#[test]
fn a_bonus_in_call_seconds_goes_with_its_top_up() {
    let seconds = promotion(2, Gift::Bonus { amount: money("600 SEC"), lasts: Span::days(30) });
    let (mut world, card, order) = given_a_top_up(&[seconds]);
    world.refunds(order.top_up, Part(money("33.33 CNY")), Refuse).unwrap();
    assert_eq!(world.bonuses(card), [money("401 SEC")]);
    world.refunds(order.top_up, Whole, Refuse).unwrap();
    assert_eq!((world.holds(card), world.bonuses(card)), (money("0.00 CNY"), vec![money("0 SEC")]));
}

#[test]
fn a_refund_under_way_changes_nothing() {
    let (mut world, _, order) = given_a_top_up(&[]);
    world.refunds(order.top_up, Whole, Refuse).unwrap();
    let refund = world.changes().new_refunds[0].id;
    let before = world.changes();
    for word in [RefundWord::NotFound, RefundWord::Processing] {
        assert_eq!(world.provider_says_of_refund(refund, word), Ok(Outcome::StillWaiting));
    }
    assert_eq!(world.changes(), before);
    let unknown = world.provider_says_of_refund(RefundId::from_u64(1), RefundWord::Processing);
    assert_eq!(unknown, Err(Refusal::RefundUnknown));
}

#[test]
fn a_refund_that_fails_goes_to_a_person_with_a_clock() {
    let (mut world, _, order) = given_a_top_up(&[]);
    world.refunds(order.top_up, Whole, Refuse).unwrap();
    let refund = world.changes().new_refunds[0].id;
    let failed = RefundWord::Failed { reason: "USER_ACCOUNT_ABNORMAL".to_owned() };
    assert_eq!(world.provider_says_of_refund(refund, failed.clone()), Ok(Outcome::RefundRecorded));
    assert_eq!(world.provider_says_of_refund(refund, failed), Ok(Outcome::AlreadyRecorded));
    let cases = world.changes().cases;
    let [case] = cases.as_slice() else { panic!("{cases:?}") };
    assert_eq!((case.kind, case.top_up), (CaseKind::RefundFailed, order.top_up));
    assert_eq!(case.detail, format!("{refund} of 100.00 CNY: USER_ACCOUNT_ABNORMAL"));
    assert_eq!(case.due_at, world.now.plus(Span::hours(24)));
    assert_eq!(world.state(order.top_up).name(), "refunding");
}

#[test]
fn a_refund_may_succeed_after_it_failed_but_not_fail_after_it_succeeded() {
    let (mut world, _, order) = given_a_top_up(&[]);
    world.refunds(order.top_up, Whole, Refuse).unwrap();
    let refund = world.changes().new_refunds[0].id;
    let failed = RefundWord::Failed { reason: "BALANCE_NOT_ENOUGH".to_owned() };
    world.provider_says_of_refund(refund, failed.clone()).unwrap();
    let succeeded = RefundWord::Succeeded { succeeded_at: world.now };
    assert_eq!(world.provider_says_of_refund(refund, succeeded.clone()), Ok(Outcome::RefundRecorded));
    assert_eq!(world.provider_says_of_refund(refund, succeeded), Ok(Outcome::AlreadyRecorded));
    assert_eq!(world.provider_says_of_refund(refund, failed), Ok(Outcome::AlreadyRecorded));
    assert_eq!(world.state(order.top_up).name(), "refunded");
    let told = ["placed", "captured", "credited", "refund_requested", "refund_failed", "refund_succeeded"];
    assert_eq!(world.timeline(order.top_up), told);
}

#[test]
fn a_top_up_is_refunded_only_when_all_its_money_is_back() {
    let (mut world, _, order) = given_a_top_up(&[]);
    world.refunds(order.top_up, Part(money("40.00 CNY")), Refuse).unwrap();
    world.refunds(order.top_up, Whole, Refuse).unwrap();
    let refunds: Vec<RefundId> = world.changes().new_refunds.iter().map(|refund| refund.id).collect();
    let succeeded = RefundWord::Succeeded { succeeded_at: world.now };
    world.provider_says_of_refund(refunds[1], succeeded.clone()).unwrap();
    assert_eq!(world.state(order.top_up).name(), "refunding");
    world.provider_says_of_refund(refunds[0], succeeded).unwrap();
    assert_eq!(world.state(order.top_up).name(), "refunded");
}

#[test]
fn a_payment_that_comes_after_the_refund_goes_back_too() {
    let mut world = World::new();
    let card = world.given_a_card("0.00 CNY");
    let order = world.places(card, "100.00 CNY", &[]);
    let second = world.begins_another_payment(order.top_up, Provider::WechatPay);
    world.is_paid(order).unwrap();
    world.refunds_and_sends(order.top_up, Whole, Refuse);
    let late = world.hears(second, ReportSource::Notification, money("100.00 CNY"));
    assert!(matches!(late, Ok(Outcome::OwedBack { .. })), "{late:?}");
    let expected = ["100.00 CNY by_staff succeeded", "100.00 CNY paid_twice requested"];
    assert_eq!(world.refunds_of(order.top_up), expected);
    world.provider_sends_all_refunds();
    assert_eq!((world.state(order.top_up).name(), world.holds(card)), ("refunded", money("0.00 CNY")));
}
