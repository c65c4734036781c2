use super::*;
use crate::id::{CaptureId, PaymentId, RefundId, TopUpId};
use crate::money::{Amount, Unit};
use crate::payment::{Capture, PayMethod, Provider, TransactionId};
use crate::top_up::RefundReason;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn refund(state: RefundState) -> Refund {
    Refund {
        previous: None,
        id: RefundId::from_u64(1),
        payment: PaymentId::from_u64(1),
        top_up: TopUpId::from_u64(1),
        amount: Amount::new(10_000, Unit::Cny).unwrap(),
        reason: RefundReason::ByStaff,
        state,
        requested_at: NOW,
        version: 0,
    }
}

fn payment(state: PaymentState) -> Payment {
    Payment {
        previous: None,
        unallocated: None,
        id: PaymentId::from_u64(1),
        top_up: TopUpId::from_u64(1),
        tender: Tender::Provider { provider: Provider::WechatPay, method: PayMethod::Qr },
        amount: Amount::new(10_000, Unit::Cny).unwrap(),
        state,
        created_at: NOW,
        expires_at: NOW.plus(Span::minutes(15)),
        version: 0,
    }
}

fn captured() -> Payment {
    let transaction = TransactionId::parse("T1").unwrap();
    let amount = Amount::new(10_000, Unit::Cny).unwrap();
    payment(PaymentState::Captured(Capture {
        id: CaptureId::from_u64(3),
        previous: None,
        captured_at: NOW,
        transaction: Some(transaction),
        amount,
    }))
}

#[test]
fn after_the_first_time_a_provider_is_asked_before_it_is_told_again() {
    let requested = refund(RefundState::Requested);
    assert_eq!(begins_with(&requested, &captured(), 1), Beginning::Send);
    assert_eq!(begins_with(&requested, &captured(), 2), Beginning::AskFirst);
    assert_eq!(begins_with(&requested, &captured(), ATTEMPTS_MAX), Beginning::AskFirst);
}

#[test]
fn what_has_ended_or_was_never_taken_is_not_sent() {
    let sent = refund(RefundState::Succeeded { succeeded_at: NOW });
    let failed = refund(RefundState::Failed { failed_at: NOW, reason: "no".to_owned() });
    assert_eq!(begins_with(&sent, &captured(), 1), Beginning::Nothing);
    assert_eq!(begins_with(&failed, &captured(), 2), Beginning::Nothing);
    assert_eq!(begins_with(&refund(RefundState::Requested), &payment(PaymentState::Created), 1), Beginning::Nothing);
}

#[test]
fn only_a_word_that_is_final_ends_it() {
    assert_eq!(after_word(&RefundWord::Succeeded { succeeded_at: NOW }), Progress::Ended);
    assert_eq!(after_word(&RefundWord::Failed { reason: "no".to_owned() }), Progress::Ended);
    assert_eq!(after_word(&RefundWord::Processing), Progress::UnderWay);
    assert_eq!(after_word(&RefundWord::NotFound), Progress::UnderWay);
}

#[test]
fn it_is_tried_ever_more_rarely_for_more_than_a_day_and_then_a_person_looks() {
    let mut now = NOW;
    let mut pauses = Vec::new();
    for attempt in 1..ATTEMPTS_MAX {
        match ends_with(Ok(Progress::UnderWay), attempt, now) {
            Next::Again { at, why } => {
                assert_eq!(why, "the provider is at work");
                pauses.push(at.since(now).as_seconds());
                now = at;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(pauses[..10], [10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600]);
    assert!(pauses[9..].iter().all(|pause| *pause == 3_600));
    assert!(now.since(NOW) > Span::hours(24));
    let given_up = Next::GiveUp { why: "no answer".to_owned() };
    assert_eq!(ends_with(Err("no answer".to_owned()), ATTEMPTS_MAX, now), given_up);
    assert_eq!(ends_with(Ok(Progress::Ended), ATTEMPTS_MAX, now), Next::Done);
}
