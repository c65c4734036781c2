use super::*;
use crate::float_purchase::FloatPaid;
use crate::id::{AgentId, FloatPurchaseId, PurseId};
use crate::money::{Amount, Unit};
use crate::payment::{PayMethod, Provider, TransactionId};

const CREATED: Timestamp = Timestamp::from_seconds(1_800_000_000);
const OVER: Timestamp = Timestamp::from_seconds(1_800_000_900);

fn standing(state: FloatPurchaseState) -> FloatPurchase {
    FloatPurchase {
        id: FloatPurchaseId::from_u64(1),
        agent: AgentId::from_u64(2),
        float: PurseId::from_u64(3),
        amount: Amount::new(10_000, Unit::Cny).unwrap(),
        provider: Provider::Alipay,
        method: PayMethod::Qr,
        state,
        created_at: CREATED,
        expires_at: OVER,
        version: 0,
    }
}

fn paid(booked_at: Option<Timestamp>) -> FloatPurchaseState {
    let (transaction, amount) = (TransactionId::parse("T1").unwrap(), Amount::new(10_000, Unit::Cny).unwrap());
    FloatPurchaseState::Paid(FloatPaid { transaction, amount, paid_at: CREATED, booked_at })
}

fn pending() -> FloatPurchaseState {
    FloatPurchaseState::Pending { hand_over: "https://qr.example".to_owned() }
}

fn no_answer() -> CameTo {
    CameTo::Failed(Failure::NoAnswer { why: "nobody answers".to_owned() })
}

#[test]
fn what_is_paid_is_booked_before_anybody_is_asked() {
    assert_eq!(begins_with(&standing(FloatPurchaseState::Created), CREATED), Beginning::MakeAndAsk);
    assert_eq!(begins_with(&standing(FloatPurchaseState::Created), OVER), Beginning::Ask);
    assert_eq!(begins_with(&standing(pending()), CREATED), Beginning::Ask);
    assert_eq!(begins_with(&standing(FloatPurchaseState::Abandoned { abandoned_at: OVER }), OVER), Beginning::Ask);
    assert_eq!(begins_with(&standing(paid(None)), OVER), Beginning::Book);
    assert_eq!(begins_with(&standing(paid(Some(OVER))), OVER), Beginning::Nothing);
}

#[test]
fn an_order_is_closed_only_when_its_time_is_over_and_nobody_has_paid() {
    let purchase = standing(pending());
    assert!(!closes_after(&purchase, &PaymentWord::Waiting, CREATED));
    assert!(closes_after(&purchase, &PaymentWord::Waiting, OVER));
    assert!(closes_after(&purchase, &PaymentWord::NotFound, OVER));
    assert!(!closes_after(&purchase, &PaymentWord::Closed, OVER));
}

#[test]
fn money_that_is_there_is_booked_again_for_ever() {
    let years_later = OVER.plus(Span::days(800));
    let Next::Again { at, .. } = ends_with(&standing(paid(None)), no_answer(), years_later) else {
        panic!("it was given up");
    };
    assert_eq!(at, years_later.plus(BOOKED_AGAIN_AFTER));
    assert_eq!(ends_with(&standing(paid(Some(OVER))), CameTo::OnFloat, OVER), Next::Done);
}

#[test]
fn an_unpaid_purchase_is_asked_about_for_a_day_and_what_is_not_known_then_is_for_a_person() {
    let day_later = OVER.plus(Span::hours(24));
    let abandoned = standing(FloatPurchaseState::Abandoned { abandoned_at: OVER });
    assert!(matches!(ends_with(&standing(pending()), CameTo::NotPaid, CREATED), Next::Again { .. }));
    assert!(matches!(ends_with(&abandoned, CameTo::NotPaid, OVER), Next::Again { .. }));
    assert_eq!(ends_with(&abandoned, CameTo::NotPaid, day_later), Next::Done);
    assert!(matches!(ends_with(&standing(pending()), no_answer(), day_later), Next::GiveUp { .. }));
    let refused = CameTo::Failed(Failure::Refused { why: "it is another's".to_owned() });
    assert!(matches!(ends_with(&abandoned, refused.clone(), OVER), Next::Again { .. }));
    assert!(matches!(ends_with(&abandoned, refused, day_later), Next::GiveUp { .. }));
}
