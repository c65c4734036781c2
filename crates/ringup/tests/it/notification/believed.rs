//! Notifications that bear the provider's signature: booked once, and where they differ, the provider is asked.

use ringup_core::payment::Provider;
use ringup_core::time::Span;
use ringup_sandbox::Forgery;

use super::given_a_paid_order;
use crate::support::{Alipay, PROVIDERS, Signer, TestApp};

#[tokio::test]
async fn a_notification_that_is_replayed_byte_for_byte_is_credited_once() {
    for provider in PROVIDERS {
        let (app, card, order) = given_a_paid_order(provider).await;
        let notification = app.notification(&order, Forgery::None);
        for _ in 0..5 {
            assert!(app.delivers(notification.clone()).await.acknowledges(provider));
            app.should_hold(&card, "70.00 CNY").await;
        }
    }
}

#[tokio::test]
async fn another_amount_is_not_believed_but_asked_about_at_once() {
    for provider in PROVIDERS {
        let (app, card, order) = given_a_paid_order(provider).await;
        let answer = app.delivers(app.notification(&order, Forgery::Amount)).await;
        assert!(answer.acknowledges(provider), "{answer:?}");
        assert_eq!(app.state_of(&order).await, "placed");
        let odd = app.odd_notifications().await;
        assert_eq!(odd.len(), 1);
        assert_eq!(
            (odd[0].code.as_str(), odd[0].reference.as_deref()),
            ("report_differs", Some(order.reference.as_str()))
        );
        // Due now, and not only ten seconds after the order.
        app.runs_due_jobs().await;
        assert_eq!(app.state_of(&order).await, "credited");
        app.should_hold(&card, "70.00 CNY").await;
        assert!(app.sent_back(&order).is_empty());

        // After the credit the same is only written down.
        app.delivers(app.notification(&order, Forgery::Amount)).await;
        app.after_steps(3, Span::minutes(1)).await;
        app.should_hold(&card, "70.00 CNY").await;
        assert_eq!(app.odd_notifications().await.len(), 2);
    }
}

#[tokio::test]
async fn a_second_transaction_for_one_payment_is_written_down() {
    let (app, card, order) = given_a_paid_order(Provider::Alipay).await;
    app.provider_says_so(&order).await;
    let signer = Signer::of(&app.keys.alipay.platform_private_key);
    let other = Alipay::about(&app, &order).with("trade_no", "2026112322001").signed_by(&signer);
    assert!(app.delivers(other).await.acknowledges(Provider::Alipay));
    assert_eq!(app.odd_notifications().await.len(), 1);
    app.should_hold(&card, "70.00 CNY").await;
}

#[tokio::test]
async fn one_provider_cannot_speak_for_another() {
    let app = TestApp::new().await;
    app.given_notifications_are_lost();
    let card = app.given_a_card("0.00 CNY").await;
    let paid = app.places(&card, "20.00 CNY", Provider::Alipay).await;
    let unpaid = app.places(&card, "50.00 CNY", Provider::WechatPay).await;
    app.customer_pays(&paid);
    let signer = Signer::of(&app.keys.alipay.platform_private_key);
    let claim = Alipay::about(&app, &paid).with("out_trade_no", &unpaid.reference).with("total_amount", "50.00");
    app.delivers(claim.signed_by(&signer)).await;
    app.after_steps(3, Span::seconds(30)).await;
    assert_eq!(app.state_of(&unpaid).await, "placed");
    assert_eq!(app.odd_notifications().await[0].code, "report_differs");
    app.should_hold(&card, "20.00 CNY").await;
}

#[tokio::test]
async fn a_payment_that_its_provider_only_claims_to_wait_for_is_not_credited() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    let paid = app.places(&card, "20.00 CNY", Provider::Alipay).await;
    let unpaid = app.places(&card, "50.00 CNY", Provider::Alipay).await;
    app.customer_pays(&paid);
    let signer = Signer::of(&app.keys.alipay.platform_private_key);
    for status in ["WAIT_BUYER_PAY", "TRADE_PENDING", ""] {
        let claim = Alipay::about(&app, &paid).with("out_trade_no", &unpaid.reference).with("total_amount", "50.00");
        let answer = app.delivers(claim.with("trade_status", status).signed_by(&signer)).await;
        assert!(answer.acknowledges(Provider::Alipay), "{status}");
    }
    assert_eq!(app.state_of(&unpaid).await, "placed");
}
