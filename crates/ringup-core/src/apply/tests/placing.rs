use super::support::*;
use crate::apply::*;
use crate::card::{CardNumber, CardState};
use crate::id::{IdBlock, Node, PaymentId, TopUpId};
use crate::job::JobKind;
use crate::ledger::{Account, OwnerKind};
use crate::payment::{PayMethod, PaymentState, PaymentWord, Provider, ReportSource};
use crate::quote::QuoteRefusal;
use crate::time::Span;
use crate::top_up::TopUpState;

#[test]
fn placing_writes_an_order_and_a_payment_and_moves_no_money() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let entries_before = world.changes().entries.len();
    let order = world.places(card, "100.00 CNY", &summer());
    assert_eq!(world.state(order.top_up), &TopUpState::Placed);
    let payment = world.payment(order.payment);
    assert_eq!((payment.amount, &payment.state), (money("95.00 CNY"), &PaymentState::Created));
    assert_eq!(payment.expires_at, world.now.plus(PAYABLE_FOR));
    let changes = world.changes();
    assert_eq!(changes.entries.len(), entries_before);
    assert_eq!(world.timeline(order.top_up), ["placed"]);
    let [job] = changes.jobs.as_slice() else { panic!("{:?}", changes.jobs) };
    assert_eq!((job.kind, job.subject), (JobKind::FollowPayment, order.payment.as_u64()));
    assert_eq!(job.run_at, world.now.plus(Span::seconds(10)));
}

#[test]
fn all_that_belongs_to_a_card_lives_in_its_shard() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.given_a_credited_top_up(card, "100.00 CNY", &summer());
    let shard = World::shard(card);
    assert_eq!((order.top_up.shard(), order.payment.shard()), (shard, shard));
    let changes = world.changes();
    assert!(changes.entries.iter().all(|entry| entry.shard == shard && entry.id.shard() == shard));
    let (of_the_day, others): (Vec<&Account>, Vec<&Account>) =
        changes.new_accounts.iter().partition(|account| account.key.code.owner_kind() == OwnerKind::Day);
    assert!(others.iter().all(|account| account.key.shard == shard));
    assert!(of_the_day.iter().all(|account| account.key.shard == HOUSE), "the issuer's own are the server's");
    assert!(changes.jobs.iter().all(|job| job.shard == shard));
}

#[test]
fn the_same_key_and_wish_again_is_the_first_answer_again() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let placing = Command::PlaceTopUp(world.placing(card, "100.00 CNY", &summer()));
    let first = world.run(&placing).unwrap();
    let Outcome::Placed { top_up, code, payment, repeated: Repeated::No } = first else { panic!("{first:?}") };
    world.waits(Span::days(3));
    let again = Outcome::Placed { top_up, code, payment, repeated: Repeated::Yes };
    assert_eq!(world.run(&placing), Ok(again));
    assert_eq!(world.changes().new_top_ups.len(), 1);
}

#[test]
fn the_first_answer_again_names_the_first_payment_though_a_server_that_is_behind_has_begun_another() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let placing = Command::PlaceTopUp(world.placing(card, "100.00 CNY", &summer()));
    let first = world.run(&placing).unwrap();
    let Outcome::Placed { top_up, code, payment, .. } = first else { panic!("{first:?}") };

    let (key, provider, method) = (key(9), Provider::WechatPay, PayMethod::Qr);
    let add = Command::AddPayment(AddPayment { key, top_up, provider, method });
    let behind = world.now.minus(Span::seconds(3));
    let ids = IdBlock::starting_at(behind.millis(), add.shard(), Node::new(2).unwrap(), 0);
    let added = apply(&mut world.books, &add, Moment { now: behind, ids, house: HOUSE, nonce: [0; 16] });
    let Ok(Outcome::PaymentAdded { payment: other, .. }) = added else { panic!("{added:?}") };
    assert!(other < payment);

    let again = Outcome::Placed { top_up, code, payment, repeated: Repeated::Yes };
    assert_eq!(world.run(&placing), Ok(again));
}

#[test]
fn the_same_key_for_another_wish_is_refused() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let mut placing = world.placing(card, "100.00 CNY", &[]);
    placing.key = key(1);
    world.run(&Command::PlaceTopUp(placing.clone())).unwrap();
    placing.key = key_with_other_body(1);
    assert_eq!(world.run(&Command::PlaceTopUp(placing)), Err(Refusal::KeyUsedForSomethingElse));
}

#[test]
fn a_quote_can_be_taken_until_its_fifteenth_minute_is_over() {
    for (waited, expected) in [(Span::seconds(899), None), (Span::minutes(15), Some(Refusal::QuoteExpired))] {
        let mut world = World::new();
        let card = world.given_a_card("20.00 CNY");
        let placing = world.placing(card, "100.00 CNY", &[]);
        world.waits(waited);
        assert_eq!(world.run(&Command::PlaceTopUp(placing)).err(), expected);
    }
}

#[test]
fn a_card_that_changed_since_its_quote_is_refused_before_any_money_moves() {
    for (to, refusal) in
        [(CardState::Suspended, QuoteRefusal::CardSuspended), (CardState::Closed, QuoteRefusal::CardClosed)]
    {
        let mut world = World::new();
        let card = world.given_a_card("20.00 CNY");
        let placing = world.placing(card, "100.00 CNY", &[]);
        world.staff_make(card, to).unwrap();
        assert_eq!(world.run(&Command::PlaceTopUp(placing)), Err(Refusal::Quote(refusal)));
    }
}

#[test]
fn a_card_that_became_too_full_since_its_quote_is_refused() {
    let mut world = World::new();
    let card = world.given_a_card("1900.00 CNY");
    let placing = world.placing(card, "100.00 CNY", &[]);
    world.given_a_credited_top_up(card, "50.00 CNY", &[]);
    let too_high = QuoteRefusal::BalanceTooHigh { balance_max: money("2000.00 CNY") };
    assert_eq!(world.run(&Command::PlaceTopUp(placing)), Err(Refusal::Quote(too_high)));
}

#[test]
fn an_unknown_card_is_refused() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let mut placing = world.placing(card, "100.00 CNY", &[]);
    placing.quote.card = CardNumber::with_check_digit(866_199_999_999_999).unwrap();
    assert_eq!(world.run(&Command::PlaceTopUp(placing)), Err(Refusal::CardUnknown));
}

#[test]
fn another_one_within_two_minutes_must_be_confirmed() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let first = world.given_a_credited_top_up(card, "100.00 CNY", &[]);
    let credited_at = world.now;
    world.waits(Span::seconds(119));
    let asked = world.placing(card, "100.00 CNY", &[]);
    let refusal = Refusal::AnotherOne { top_up: first.top_up, credited_at };
    assert_eq!(world.run(&Command::PlaceTopUp(asked.clone())), Err(refusal));
    let confirmed = PlaceTopUp { again: Again::Confirmed, ..asked };
    assert!(matches!(world.run(&Command::PlaceTopUp(confirmed)), Ok(Outcome::Placed { .. })));
}

#[test]
fn another_amount_or_a_later_one_is_not_asked_about() {
    for (amount, waited) in [("50.00 CNY", 1), ("100.00 CNY", 120)] {
        let mut world = World::new();
        let card = world.given_a_card("20.00 CNY");
        world.given_a_credited_top_up(card, "100.00 CNY", &[]);
        world.waits(Span::seconds(waited));
        let placing = world.placing(card, amount, &[]);
        assert!(matches!(world.run(&Command::PlaceTopUp(placing)), Ok(Outcome::Placed { .. })), "{amount}");
    }
}

#[test]
fn a_hand_over_is_kept_until_the_payment_ends() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.places(card, "100.00 CNY", &[]);
    let hand_over =
        |text: &str| Command::RecordHandOver(RecordHandOver { payment: order.payment, hand_over: text.to_owned() });
    assert_eq!(world.run(&hand_over("https://qr.example/1")), Ok(Outcome::HandedOver));
    assert_eq!(world.run(&hand_over("https://qr.example/2")), Ok(Outcome::HandedOver));
    let pending = PaymentState::Pending { hand_over: "https://qr.example/2".to_owned() };
    assert_eq!(world.payment(order.payment).state, pending);
    world.is_paid(order).unwrap();
    assert_eq!(world.run(&hand_over("https://qr.example/3")), Ok(Outcome::NothingToDo));
    let unknown = RecordHandOver { payment: PaymentId::from_u64(1), hand_over: String::new() };
    assert_eq!(world.run(&Command::RecordHandOver(unknown)), Err(Refusal::PaymentUnknown));
}

#[test]
fn the_payer_may_choose_another_provider_until_the_quote_ends() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let order = world.places(card, "100.00 CNY", &summer());
    let add =
        AddPayment { key: key(1), top_up: order.top_up, provider: Provider::WechatPay, method: PayMethod::Mobile };
    let Ok(Outcome::PaymentAdded { payment, repeated: Repeated::No }) = world.run(&Command::AddPayment(add)) else {
        panic!("not added")
    };
    assert_eq!(world.payment(payment).amount, money("95.00 CNY"));
    let again = Outcome::PaymentAdded { payment, repeated: Repeated::Yes };
    assert_eq!(world.run(&Command::AddPayment(add)), Ok(again));
    let other = AddPayment { key: key_with_other_body(1), ..add };
    assert_eq!(world.run(&Command::AddPayment(other)), Err(Refusal::KeyUsedForSomethingElse));
    let unknown = AddPayment { key: key(2), top_up: TopUpId::from_u64(1), ..add };
    assert_eq!(world.run(&Command::AddPayment(unknown)), Err(Refusal::TopUpUnknown));
    world.waits(Span::minutes(15));
    let late = AddPayment { key: key(3), ..add };
    assert_eq!(world.run(&Command::AddPayment(late)), Err(Refusal::QuoteExpired));
}

#[test]
fn nobody_pays_for_what_is_paid_or_over() {
    let mut world = World::new();
    let card = world.given_a_card("20.00 CNY");
    let paid = world.given_a_credited_top_up(card, "100.00 CNY", &[]);
    let over = world.places(card, "50.00 CNY", &[]);
    world.hears_word(over.payment, ReportSource::Query, PaymentWord::Closed).unwrap();
    for (top_up, state) in [(paid.top_up, "credited"), (over.top_up, "abandoned")] {
        let key = world.next_key();
        let add = AddPayment { key, top_up, provider: Provider::Alipay, method: PayMethod::Qr };
        assert_eq!(world.run(&Command::AddPayment(add)), Err(Refusal::NotPayable { state }));
    }
}
