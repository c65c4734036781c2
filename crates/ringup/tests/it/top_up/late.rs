//! Money that comes late, in the wrong amount, or for a card that can no longer take it: on the card or back, never lost.

use ringup_core::card::CardState;
use ringup_core::payment::Provider;
use ringup_core::time::Span;
use ringup_engine::timeline::NextStep;
use ringup_sandbox::{Fault, PayRefusal};

use crate::support::{Alipay, Order, PROVIDERS, Signer, TestApp, TestCard};

/// Alipay's clock is four minutes behind: it takes money for a code whose time, by our clock, is over.
async fn given_an_abandoned_top_up(product: &str, amount: &str) -> (TestApp, TestCard, Order) {
    let app = TestApp::with(|agreement| agreement.providers_behind = Span::minutes(4)).await;
    app.given_notifications_are_lost();
    let card = app.given_a_card_of(product, "0.00 CNY").await;
    let order = app.places(&card, amount, Provider::Alipay).await;
    app.after(Span::seconds(15 * 60 + 10)).await;
    assert_eq!(app.state_of(&order).await, "abandoned");
    assert_eq!(app.timeline(&order).await.next, NextStep::Nothing);
    (app, card, order)
}

#[tokio::test]
async fn a_payment_that_comes_after_its_order_was_closed_is_credited() {
    let (app, card, order) = given_an_abandoned_top_up("plain", "50.00 CNY").await;
    app.customer_pays(&order);
    app.provider_says_so(&order).await;
    assert_eq!(app.state_of(&order).await, "credited");
    app.should_hold(&card, "50.00 CNY").await;
}

#[tokio::test]
async fn a_late_payment_is_found_even_when_its_notification_never_comes() {
    let (app, card, order) = given_an_abandoned_top_up("plain", "50.00 CNY").await;
    app.customer_pays(&order);
    app.after_steps(2, Span::minutes(1)).await;
    assert_eq!(app.state_of(&order).await, "credited");
    app.should_hold(&card, "50.00 CNY").await;
}

#[tokio::test]
async fn a_late_payment_still_gets_the_promotions_of_its_quote() {
    let (app, card, order) = given_an_abandoned_top_up("gifts", "100.00 CNY").await;
    app.customer_pays(&order);
    app.provider_says_so(&order).await;
    app.should_hold(&card, "100.00 CNY").await;
}

#[tokio::test]
async fn a_payment_a_day_too_late_for_its_promotions_goes_back() {
    let (app, card, order) = given_an_abandoned_top_up("gifts", "100.00 CNY").await;
    app.customer_pays(&order);
    app.clock.advance(Span::hours(25));
    // Alipay says that it took the money a day after the quote.
    let signer = Signer::of(&app.keys.alipay.platform_private_key);
    let late = Alipay::about(&app, &order).with("gmt_payment", "2026-11-24 10:30:00").signed_by(&signer);
    assert!(app.delivers(late).await.acknowledges(Provider::Alipay));
    assert_eq!(app.state_of(&order).await, "refunding");
    app.runs_due_jobs().await;
    assert_eq!(app.state_of(&order).await, "refunded");
    assert_eq!(app.sent_back(&order), [9_500]);
    app.should_hold(&card, "0.00 CNY").await;
}

#[tokio::test]
async fn money_for_a_card_that_was_stopped_meanwhile_goes_back() {
    for (provider, state) in PROVIDERS.into_iter().zip([CardState::Suspended, CardState::Closed]) {
        let app = TestApp::new().await;
        app.given_notifications_are_lost();
        let card = app.given_a_card("20.00 CNY").await;
        let order = app.places(&card, "50.00 CNY", provider).await;
        app.card_becomes(&card, state).await;
        app.customer_pays(&order);
        app.provider_says_so(&order).await;
        assert_eq!(app.state_of(&order).await, "refunding");
        assert!(matches!(app.timeline(&order).await.next, NextStep::MoneyBack { .. }));
        app.runs_due_jobs().await;
        assert_eq!(app.sent_back(&order), [5_000]);
        app.should_hold(&card, "20.00 CNY").await;
    }
}

#[tokio::test]
async fn money_that_would_fill_the_card_over_its_brim_goes_back() {
    let app = TestApp::new().await;
    let card = app.given_a_card("850.00 CNY").await;
    let first = app.places(&card, "100.00 CNY", Provider::Alipay).await;
    let second = app.places(&card, "50.01 CNY", Provider::Alipay).await;
    // One after the other: which of two notifications comes first is nobody's promise.
    app.customer_pays(&first);
    app.until_it_is(&first, "credited").await;
    app.customer_pays(&second);
    app.until_it_is(&second, "refunding").await;
    app.runs_due_jobs().await;
    assert_eq!(app.state_of(&second).await, "refunded");
    app.should_hold(&card, "950.00 CNY").await;
}

#[tokio::test]
async fn too_little_goes_back_whole() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        app.given_notifications_are_lost();
        let card = app.given_a_card("0.00 CNY").await;
        let order = app.places(&card, "50.00 CNY", provider).await;
        app.given(Fault::PaidOtherAmount { amount_minor: 4_999 });
        app.customer_pays(&order);
        app.after(Span::seconds(10)).await;
        assert_eq!(app.sent_back(&order), [4_999]);
        app.should_hold(&card, "0.00 CNY").await;
        let states = ["refunding", "refunded"];
        assert!(states.contains(&app.state_of(&order).await.as_str()));
    }
}

#[tokio::test]
async fn of_too_much_the_excess_goes_back() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        app.given_notifications_are_lost();
        let card = app.given_a_card("0.00 CNY").await;
        // The sandbox's amount outcome: one yuan too much is paid.
        let order = app.places(&card, "50.99 CNY", provider).await;
        app.customer_pays(&order);
        app.after(Span::seconds(10)).await;
        assert_eq!(app.state_of(&order).await, "credited");
        assert_eq!(app.sent_back(&order), [100]);
        app.should_hold(&card, "50.99 CNY").await;
    }
}

#[tokio::test]
async fn an_order_whose_time_is_over_is_closed_at_the_provider() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    let order = app.places(&card, "50.00 CNY", Provider::WechatPay).await;
    app.after(Span::seconds(15 * 60 + 5)).await;
    assert_eq!(app.state_of(&order).await, "abandoned");
    assert_eq!(app.at_the_provider(&order).state, "closed");
    assert_eq!(app.tries_to_pay(&order), Err(PayRefusal::Closed));
    app.should_hold(&card, "0.00 CNY").await;
}
