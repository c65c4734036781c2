//! Refunds that staff decide on: off the card, bonus and all, and back to the payer, once.

use ringup_core::apply::{RefundHowMuch, Refusal, Repeated};
use ringup_core::job::CaseKind;
use ringup_core::money::Amount;
use ringup_core::payment::Provider;
use ringup_core::time::Span;
use ringup_engine::error::SubmitError;
use ringup_engine::timeline::NextStep;
use ringup_sandbox::{Fault, RefundStatus};

use crate::support::{Order, PROVIDERS, TestApp};

/// Providers whose own waits are over at once, and say nothing by themselves.
async fn given_an_app() -> TestApp {
    let app = TestApp::with(|agreement| agreement.time_scale = 1_000).await;
    app.given_notifications_are_lost();
    app
}

fn part(amount: &str) -> RefundHowMuch {
    RefundHowMuch::Part(amount.parse::<Amount>().unwrap())
}

/// Waits for the provider, which takes its own time.
async fn until_the_provider_is_done(app: &TestApp, order: &Order) {
    let done = || app.at_the_provider(order).refunds.iter().all(|refund| refund.status != RefundStatus::Processing);
    let waiting = async {
        while !done() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), waiting).await.unwrap();
}

#[tokio::test]
async fn a_whole_refund_takes_the_top_up_and_its_bonus_off_the_card() {
    for provider in PROVIDERS {
        let app = given_an_app().await;
        let card = app.given_a_card_of("gifts", "20.00 CNY").await;
        let order = app.given_a_credited_top_up(&card, "100.00 CNY", provider).await;
        app.refunds(&order, "refund-1", RefundHowMuch::Whole).await.unwrap();
        app.should_hold(&card, "20.00 CNY").await;
        assert_eq!(app.state_of(&order).await, "refunding");
        app.runs_due_jobs().await;
        until_the_provider_is_done(&app, &order).await;
        app.after(Span::seconds(10)).await;
        assert_eq!(app.state_of(&order).await, "refunded");
        assert_eq!(app.sent_back(&order), [9_500]);
        let holdings = ringup_engine::balance::show(&app.engine, card.number, None).await.unwrap();
        assert!(holdings.bonuses.is_empty());
        assert!(matches!(app.timeline(&order).await.next, NextStep::IsBack { .. }));
    }
}

#[tokio::test]
async fn many_parts_undo_as_much_as_one_whole() {
    let app = given_an_app().await;
    let card = app.given_a_card_of("gifts", "20.00 CNY").await;
    let order = app.given_a_credited_top_up(&card, "100.00 CNY", Provider::Alipay).await;
    let parts = ["33.33 CNY", "0.01 CNY", "28.47 CNY"];
    for (number, amount) in parts.into_iter().enumerate() {
        app.refunds(&order, &format!("refund-{number}"), part(amount)).await.unwrap();
        assert_eq!(app.state_of(&order).await, "credited");
    }
    let too_much = app.refunds(&order, "refund-too-much", part("33.20 CNY")).await;
    let refundable = "33.19 CNY".parse().unwrap();
    assert_eq!(too_much, Err(SubmitError::Refused(Refusal::RefundAmount { refundable })));
    app.refunds(&order, "refund-rest", RefundHowMuch::Whole).await.unwrap();
    app.runs_due_jobs().await;
    assert_eq!(app.state_of(&order).await, "refunded");
    let mut sent = app.sent_back(&order);
    sent.sort_unstable();
    assert_eq!(sent, [1, 2_847, 3_319, 3_333]);
    app.should_hold(&card, "20.00 CNY").await;
}

#[tokio::test]
async fn a_refund_is_done_once_however_often_it_is_asked_for_by_its_number() {
    let app = given_an_app().await;
    let card = app.given_a_card("20.00 CNY").await;
    let order = app.given_a_credited_top_up(&card, "50.00 CNY", Provider::Alipay).await;
    let (first, repeated) = app.refunds(&order, "refund-1", part("30.00 CNY")).await.unwrap();
    assert_eq!(repeated, Repeated::No);
    app.runs_due_jobs().await;
    assert_eq!(app.refunds(&order, "refund-1", part("30.00 CNY")).await.unwrap(), (first, Repeated::Yes));
    let other = app.refunds(&order, "refund-1", part("20.00 CNY")).await;
    assert_eq!(other, Err(SubmitError::Refused(Refusal::KeyUsedForSomethingElse)));
    app.after_steps(3, Span::minutes(1)).await;
    assert_eq!(app.sent_back(&order), [3_000]);
    app.should_hold(&card, "40.00 CNY").await;
}

#[tokio::test]
async fn what_the_card_has_spent_is_refunded_only_as_a_loss() {
    let app = given_an_app().await;
    let card = app.given_a_card("0.00 CNY").await;
    let order = app.given_a_credited_top_up(&card, "50.00 CNY", Provider::Alipay).await;
    app.spends(&card, "12.00 CNY").await;
    let refused = app.refunds(&order, "refund-1", RefundHowMuch::Whole).await;
    let Err(SubmitError::Refused(Refusal::CardHasSpent { main_short, .. })) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(main_short.to_string(), "12.00 CNY");
    app.should_hold(&card, "38.00 CNY").await;
    app.refunds_at_a_loss(&order, "refund-2").await.unwrap();
    app.runs_due_jobs().await;
    assert_eq!(app.sent_back(&order), [5_000]);
    app.should_hold(&card, "0.00 CNY").await;
}

#[tokio::test]
async fn a_refund_is_known_by_its_notification_alone() {
    for provider in PROVIDERS {
        let app = given_an_app().await;
        let card = app.given_a_card("0.00 CNY").await;
        let order = app.given_a_credited_top_up(&card, "50.00 CNY", provider).await;
        // The answer to the order of the refund is lost, and no question is asked again.
        app.given_next(1, ringup_sandbox::Operation::Refund, Fault::TimeoutAfterEffect { ms: 0 });
        app.refunds(&order, "refund-1", RefundHowMuch::Whole).await.unwrap();
        app.runs_due_jobs().await;
        assert_eq!(app.state_of(&order).await, "refunding");
        until_the_provider_is_done(&app, &order).await;
        for _ in 0..3 {
            app.provider_says_so(&order).await;
            assert_eq!(app.state_of(&order).await, "refunded");
        }
        app.after_steps(2, Span::minutes(1)).await;
        assert_eq!(app.sent_back(&order), [5_000]);
    }
}

#[tokio::test]
async fn a_refund_that_its_provider_cannot_send_goes_to_a_person() {
    let app = given_an_app().await;
    let card = app.given_a_card("0.00 CNY").await;
    let order = app.given_a_credited_top_up(&card, "50.00 CNY", Provider::WechatPay).await;
    app.given(Fault::RefundAbnormal);
    app.refunds(&order, "refund-1", RefundHowMuch::Whole).await.unwrap();
    app.runs_due_jobs().await;
    until_the_provider_is_done(&app, &order).await;
    app.after(Span::seconds(10)).await;
    assert_eq!(app.state_of(&order).await, "refunding");
    let cases = app.cases().await;
    assert_eq!(cases.len(), 1, "{cases:?}");
    assert_eq!((cases[0].kind, cases[0].top_up), (CaseKind::RefundFailed, order.top_up()));
    assert_eq!(app.timeline(&order).await.next, NextStep::PersonLooks { by: cases[0].due_at });
}

#[tokio::test]
async fn what_was_not_credited_cannot_be_refunded() {
    let app = given_an_app().await;
    let card = app.given_a_card("0.00 CNY").await;
    let order = app.places(&card, "50.00 CNY", Provider::Alipay).await;
    let refused = app.refunds(&order, "refund-1", RefundHowMuch::Whole).await;
    assert_eq!(refused, Err(SubmitError::Refused(Refusal::NotRefundable { state: "placed" })));
    let order = app.given_a_credited_top_up(&card, "50.00 CNY", Provider::Alipay).await;
    app.refunds(&order, "refund-2", RefundHowMuch::Whole).await.unwrap();
    let refused = app.refunds(&order, "refund-3", RefundHowMuch::Whole).await;
    assert_eq!(refused, Err(SubmitError::Refused(Refusal::NotRefundable { state: "refunding" })));
}
