//! Providers that do not answer, or not in a way that can be believed: a time-out is neither success nor failure.

use ringup_core::job::CaseKind;
use ringup_core::payment::Provider;
use ringup_core::time::Span;
use ringup_sandbox::{Fault, Operation};

use crate::support::{PROVIDERS, TestApp};

#[tokio::test]
async fn a_top_up_whose_notification_never_comes_is_credited_within_a_minute_of_its_payment() {
    for (provider, paid_after) in PROVIDERS.into_iter().cycle().zip([1, 25, 65, 400, 890]) {
        let app = TestApp::new().await;
        app.given_notifications_are_lost();
        let card = app.given_a_card("0.00 CNY").await;
        let order = app.places(&card, "50.00 CNY", provider).await;
        app.after_steps(paid_after, Span::seconds(1)).await;
        app.customer_pays(&order);
        let mut waited = 0;
        while app.state_of(&order).await == "placed" {
            app.after(Span::seconds(1)).await;
            waited += 1;
            assert!(waited <= 60, "paid after {paid_after} s");
        }
        app.should_hold(&card, "50.00 CNY").await;
    }
}

/// What can become of a request, with no more waiting than a test wants.
const UNBELIEVABLE: [Fault; 6] = [
    Fault::TimeoutBeforeEffect { ms: 0 },
    Fault::TimeoutAfterEffect { ms: 0 },
    Fault::Http5xx { status: 503 },
    Fault::Rubbish,
    Fault::WrongAnswerSignature,
    Fault::AnotherOrder,
];

#[tokio::test]
async fn an_order_that_its_provider_did_not_answer_is_begun_again_and_made_once() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        for (fault, amount) in UNBELIEVABLE.into_iter().zip(["20", "21", "22", "23", "24", "25"]) {
            let card = app.given_a_card("0.00 CNY").await;
            app.given_next(1, Operation::Create, fault.clone());
            let order = app.places(&card, &format!("{amount}.00 CNY"), provider).await;
            // WeChat Pay's answer to this names no order, so that there is nothing to confuse.
            let told =
                if fault == Fault::AnotherOrder && provider == Provider::WechatPay { "pending" } else { "created" };
            assert_eq!(app.payments_of(&order).await, [told], "{fault:?}");
            app.after(Span::seconds(10)).await;
            assert_eq!(app.payments_of(&order).await, ["pending"], "{fault:?}");
            app.customer_pays(&order);
            app.until_it_is(&order, "credited").await;
            app.should_hold(&card, &format!("{amount}.00 CNY")).await;
        }
        assert_eq!(app.sandbox.control().orders().len(), UNBELIEVABLE.len());
    }
}

#[tokio::test]
async fn an_order_that_was_not_begun_is_begun_when_its_page_is_looked_at() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    app.given_next(1, Operation::Create, Fault::Http5xx { status: 502 });
    let order = app.places(&card, "50.00 CNY", Provider::WechatPay).await;
    assert_eq!(app.payments_of(&order).await, ["created"]);
    let looked = app.reader("en").posts(&format!("/top-ups/{}/look", order.code), &[]).await;
    assert!(looked.status < 400, "{}", looked.text);
    assert_eq!(app.payments_of(&order).await, ["pending"]);
}

#[tokio::test]
async fn a_provider_slower_than_our_patience_does_not_lose_the_top_up() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    app.given_next(1, Operation::Create, Fault::Slow { ms: 60_000 });
    let order = app.places(&card, "50.00 CNY", Provider::Alipay).await;
    assert_eq!(app.payments_of(&order).await, ["created"]);
    app.after(Span::seconds(10)).await;
    app.customer_pays(&order);
    app.until_it_is(&order, "credited").await;
    assert_eq!(app.sandbox.control().orders().len(), 1);
}

#[tokio::test]
async fn an_unbelievable_answer_about_a_payment_is_not_believed_and_asked_for_again() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        app.given_notifications_are_lost();
        for fault in UNBELIEVABLE {
            let card = app.given_a_card("0.00 CNY").await;
            let order = app.places(&card, "50.00 CNY", provider).await;
            app.customer_pays(&order);
            app.given_each(Operation::Query, fault.clone());
            app.after_steps(2, Span::seconds(30)).await;
            assert_eq!(app.state_of(&order).await, "placed", "{fault:?}");
            app.should_hold(&card, "0.00 CNY").await;
            app.given_all_is_well_again();
            app.after(Span::seconds(40)).await;
            assert_eq!(app.state_of(&order).await, "credited", "{fault:?}");
            app.should_hold(&card, "50.00 CNY").await;
        }
    }
}

#[tokio::test]
async fn an_order_that_could_not_be_closed_is_closed_later() {
    for fault in UNBELIEVABLE {
        let app = TestApp::new().await;
        let card = app.given_a_card("0.00 CNY").await;
        let order = app.places(&card, "50.00 CNY", Provider::WechatPay).await;
        app.given_each(Operation::Close, fault.clone());
        app.after(Span::seconds(15 * 60 + 5)).await;
        app.given_all_is_well_again();
        app.after_steps(2, Span::minutes(5)).await;
        assert_eq!(app.state_of(&order).await, "abandoned", "{fault:?}");
        assert_eq!(app.at_the_provider(&order).state, "closed", "{fault:?}");
    }
}

#[tokio::test]
async fn a_refund_that_its_provider_did_not_answer_is_sent_once() {
    for provider in PROVIDERS {
        for fault in UNBELIEVABLE {
            let app = TestApp::with(|agreement| agreement.time_scale = 1_000).await;
            app.given_notifications_are_lost();
            let card = app.given_a_card("0.00 CNY").await;
            let order = app.given_a_credited_top_up(&card, "50.00 CNY", provider).await;
            app.given_next(2, Operation::Refund, fault.clone());
            app.given_next(1, Operation::RefundQuery, fault.clone());
            app.refunds(&order, "refund-1", ringup_core::apply::RefundHowMuch::Whole).await.unwrap();
            let refunded = async {
                while app.state_of(&order).await != "refunded" {
                    app.after(Span::minutes(1)).await;
                }
            };
            let refunded = tokio::time::timeout(std::time::Duration::from_secs(20), refunded).await;
            refunded.unwrap_or_else(|_| panic!("{provider} {fault:?}"));
            assert_eq!(app.sent_back(&order), [5_000], "{fault:?}");
            app.should_hold(&card, "0.00 CNY").await;
        }
    }
}

#[tokio::test]
async fn a_worker_that_dies_leaves_its_jobs_to_another() {
    let app = TestApp::new().await;
    app.given_notifications_are_lost();
    let card = app.given_a_card("0.00 CNY").await;
    let order = app.places(&card, "50.00 CNY", Provider::Alipay).await;
    app.customer_pays(&order);
    app.clock.advance(Span::seconds(10));
    let now = app.clock.now();
    // It takes the job, and is never heard of again.
    let lease = ringup_engine::limits::JOB_LEASE;
    let taken = app.engine.write(move |tx| ringup_db::job::claim_due_jobs(tx, now, lease, 10)).await.unwrap();
    assert_eq!(taken.len(), 1);
    app.after(Span::seconds(59)).await;
    assert_eq!(app.state_of(&order).await, "placed");
    app.after(Span::seconds(1)).await;
    assert_eq!(app.state_of(&order).await, "credited");
}

#[tokio::test]
async fn a_payment_that_nobody_can_tell_about_for_a_day_goes_to_a_person() {
    let app = TestApp::new().await;
    app.given_notifications_are_lost();
    let card = app.given_a_card("0.00 CNY").await;
    let order = app.places(&card, "50.00 CNY", Provider::WechatPay).await;
    app.customer_pays(&order);
    app.given_each(Operation::Query, Fault::Http5xx { status: 500 });
    app.after_steps(30, Span::hours(1)).await;
    assert_eq!(app.state_of(&order).await, "placed");
    let cases = app.cases().await;
    assert_eq!(cases.len(), 1, "{cases:?}");
    assert_eq!((cases[0].kind, cases[0].top_up), (CaseKind::JobGivenUp, order.top_up()));
    app.expects_given_up_jobs();

    // The notification that comes after all is booked all the same.
    app.provider_says_so(&order).await;
    assert_eq!(app.state_of(&order).await, "credited");
}
