use crate::id::{CaptureId, PaymentId, TopUpId};
use crate::money::{Amount, Unit};
use crate::payment::{Capture, PayMethod, Provider, Tender, TransactionId};

use super::*;

const CREATED: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn payment() -> Payment {
    Payment {
        previous: None,
        unallocated: None,
        id: PaymentId::from_u64(1),
        top_up: TopUpId::from_u64(1),
        tender: Tender::Provider { provider: Provider::Alipay, method: PayMethod::Qr },
        amount: Amount::new(10_000, Unit::Cny).unwrap(),
        state: PaymentState::Created,
        created_at: CREATED,
        expires_at: CREATED.plus(Span::minutes(15)),
        version: 0,
    }
}

#[test]
fn a_payment_is_asked_about_every_forty_seconds_while_it_can_be_paid_and_then_ever_more_rarely_for_a_day() {
    let mut at = CREATED;
    let mut after = Vec::new();
    while let Some(next) = next_query(&payment(), at) {
        assert!(next > at, "it never stands still");
        after.push(next.since(CREATED).as_seconds());
        at = next;
    }
    let while_payable: Vec<i64> = after.iter().copied().filter(|seconds| *seconds <= 905).collect();
    assert_eq!(&while_payable[..4], [10, 30, 70, 110]);
    assert!(while_payable.windows(2).all(|pair| pair[1] - pair[0] <= 40));
    assert_eq!(after[while_payable.len()..], [960, 1_200, 2_700, 8_100, 22_500, 87_300]);
}

fn standing(state: PaymentState) -> Payment {
    Payment { state, ..payment() }
}

fn captured() -> PaymentState {
    let transaction = TransactionId::parse("T1").unwrap();
    PaymentState::Captured(Capture {
        id: CaptureId::from_u64(3),
        previous: None,
        captured_at: CREATED,
        transaction: Some(transaction),
        amount: Amount::new(10_000, Unit::Cny).unwrap(),
    })
}

#[test]
fn a_captured_payment_is_followed_no_more_and_an_abandoned_one_is_for_it_may_be_paid_late() {
    let over = CREATED.plus(Span::minutes(15));
    let abandoned = standing(PaymentState::Abandoned { abandoned_at: over });
    let pending = standing(PaymentState::Pending { hand_over: "https://qr.example".to_owned() });
    assert_eq!(begins_with(&payment(), CREATED), Beginning::MakeAndAsk);
    assert_eq!(begins_with(&payment(), over), Beginning::Ask, "an order that is over is not made any more");
    assert_eq!(begins_with(&pending, CREATED), Beginning::Ask);
    assert_eq!(begins_with(&abandoned, over), Beginning::Ask);
    assert_eq!(begins_with(&standing(captured()), CREATED), Beginning::Nothing);
    let settled = [payment(), pending, abandoned, standing(captured())].map(|payment| is_settled(&payment));
    assert_eq!(settled, [false, false, true, true]);
}

#[test]
fn an_order_that_waits_is_closed_when_its_time_is_over_and_not_before() {
    let over = CREATED.plus(Span::minutes(15));
    let just_before = Timestamp::from_micros(over.micros() - 1);
    for word in [PaymentWord::NotFound, PaymentWord::Waiting] {
        assert_eq!(after_word(&payment(), &word, just_before), AfterWord::Wait);
        assert_eq!(after_word(&payment(), &word, over), AfterWord::Close);
    }
    assert_eq!(after_word(&payment(), &PaymentWord::Closed, CREATED), AfterWord::Book);
}

#[test]
fn a_run_ends_done_again_or_with_a_last_look() {
    let again = |seconds, why: &str| {
        Ending::Next(Next::Again { at: CREATED.plus(Span::seconds(seconds)), why: why.to_owned() })
    };
    let late = CREATED.plus(Span::minutes(15)).plus(Span::hours(24));
    assert_eq!(ends_with(&payment(), Ok(&Outcome::Credited), CREATED), Ending::Next(Next::Done));
    assert_eq!(ends_with(&payment(), Ok(&Outcome::StillWaiting), CREATED), again(10, "the payer has not paid"));
    let no_answer = || Failure::NoAnswer { why: "no answer".to_owned() };
    assert_eq!(ends_with(&payment(), Err(no_answer()), CREATED), again(10, "no answer"));
    let last_look = Ending::LastLook { why: "no answer".to_owned() };
    assert_eq!(ends_with(&payment(), Err(no_answer()), late), last_look);
}

#[test]
fn an_answer_that_the_books_refuse_to_the_end_is_a_persons_even_where_the_payment_was_abandoned() {
    let late = CREATED.plus(Span::minutes(15)).plus(Span::hours(24));
    let abandoned = standing(PaymentState::Abandoned { abandoned_at: CREATED });
    let refused = || Failure::Refused { why: "another transaction".to_owned() };
    let again = Next::Again { at: CREATED.plus(Span::seconds(10)), why: "another transaction".to_owned() };
    assert_eq!(ends_with(&abandoned, Err(refused()), CREATED), Ending::Next(again));
    let given_up = Next::GiveUp { why: "another transaction".to_owned() };
    assert_eq!(ends_with(&abandoned, Err(refused()), late), Ending::Next(given_up));
}

fn by_code(state: PaymentState) -> Payment {
    Payment {
        tender: Tender::Provider { provider: Provider::Alipay, method: PayMethod::Code },
        expires_at: CREATED.plus(Span::seconds(75)),
        state,
        ..payment()
    }
}

fn sent() -> PaymentState {
    PaymentState::Pending { hand_over: String::new() }
}

fn after(seconds: i64) -> Timestamp {
    CREATED.plus(Span::seconds(seconds))
}

#[test]
fn a_payment_by_code_is_asked_about_every_few_seconds_for_a_minute_and_cancelled_again_and_again() {
    let mut at = after(2);
    let mut asked = Vec::new();
    while let Some(next) = next_query(&by_code(sent()), at) {
        assert!(next > at, "it never stands still");
        asked.push(next.since(CREATED).as_seconds());
        at = next;
    }
    let (before, rest): (Vec<i64>, Vec<i64>) = asked.into_iter().partition(|seconds| *seconds < 75);
    assert!(before.windows(2).all(|pair| pair[1] - pair[0] == 4) && before.len() == 18, "{before:?}");
    assert_eq!(rest, [75, 80, 90, 105, 135, 375, 1_875, 7_275, 21_675, 86_475]);
}

#[test]
fn a_code_that_was_not_sent_is_asked_about_nowhere_and_never_made_up_for() {
    let created = by_code(PaymentState::Created);
    assert_eq!(begins_with(&created, after(74)), Beginning::NotYet);
    assert_eq!(begins_with(&created, after(75)), Beginning::NeverBegun);
    assert_eq!(begins_with(&by_code(sent()), after(1)), Beginning::Ask);
    assert_eq!(begins_with(&by_code(PaymentState::Abandoned { abandoned_at: after(75) }), after(80)), Beginning::Ask);
}

#[test]
fn a_payment_by_code_is_cancelled_when_its_minute_is_over_but_not_when_it_is_known_to_be_paid() {
    for word in [PaymentWord::NotFound, PaymentWord::Waiting, PaymentWord::Declined] {
        assert_eq!(after_word(&by_code(sent()), &word, after(74)), AfterWord::Wait);
        assert_eq!(after_word(&by_code(sent()), &word, after(75)), AfterWord::Close);
        assert_eq!(after_word(&by_code(captured()), &word, after(75)), AfterWord::Wait, "a stale answer");
    }
    let transaction = TransactionId::parse("T1").unwrap();
    let amount = Amount::new(10_000, Unit::Cny).unwrap();
    let given_back = PaymentWord::GivenBack { transaction, amount, paid_at: CREATED };
    assert_eq!(after_word(&by_code(sent()), &given_back, CREATED), AfterWord::Book);
}

#[test]
fn a_payment_by_code_that_was_paid_as_its_time_ended_is_looked_at_once_more() {
    assert_eq!(begins_with(&by_code(captured()), after(74)), Beginning::Nothing);
    assert_eq!(begins_with(&by_code(captured()), after(75)), Beginning::Ask);
    assert_eq!(ends_with(&by_code(sent()), Ok(&Outcome::Credited), after(74)), Ending::Next(Next::Done));
    let again = Next::Again { at: after(80), why: "it was paid as its time ended".to_owned() };
    assert_eq!(ends_with(&by_code(sent()), Ok(&Outcome::Credited), after(76)), Ending::Next(again));
    assert_eq!(ends_with(&by_code(captured()), Ok(&Outcome::AlreadyRecorded), after(80)), Ending::Next(Next::Done));
}
