//! The journal of whole top-ups, as a person reads it.

use ringup_core::apply::RefundHowMuch;
use ringup_core::payment::Provider;
use ringup_core::time::Span;

use crate::support::TestApp;

#[tokio::test]
async fn a_top_up_with_a_promotion_and_its_refund() {
    let app = TestApp::new().await;
    app.given_notifications_are_lost();
    let card = app.given_a_card_of("gifts", "20.00 CNY").await;
    let order = app.places(&card, "100.00 CNY", Provider::Alipay).await;
    app.clock.advance(Span::seconds(8));
    app.customer_pays(&order);
    app.clock.advance(Span::seconds(4));
    app.provider_says_so(&order).await;
    app.clock.advance(Span::minutes(5));
    app.refunds(&order, "refund-1", RefundHowMuch::Whole).await.unwrap();
    app.runs_due_jobs().await;
    insta::assert_snapshot!(app.journal(&card).await);
}

#[tokio::test]
async fn a_top_up_that_is_paid_too_much() {
    let app = TestApp::new().await;
    app.given_notifications_are_lost();
    let card = app.given_a_card("0.00 CNY").await;
    let order = app.places(&card, "50.99 CNY", Provider::WechatPay).await;
    app.customer_pays(&order);
    app.after(Span::seconds(10)).await;
    assert_eq!(app.state_of(&order).await, "credited");
    insta::assert_snapshot!(app.journal(&card).await);
}
