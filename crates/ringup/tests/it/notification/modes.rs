//! The ways in which a provider and a merchant can prove themselves.

use ringup_core::payment::Provider;
use ringup_sandbox::{AlipayKeyMode, Forgery, NotificationSigner};

use crate::support::{Agreement, HeldKeys, Order, Signer, TestApp, WechatPay};

/// Paid and credited by a notification, five times over, with the provider's answers to our own questions proved too.
async fn should_work(provider: Provider, change: impl FnOnce(&mut Agreement)) {
    let app = TestApp::with(change).await;
    app.given_notifications_are_lost();
    app.engine.refresh_certificates().await;
    for amount in ["20.00 CNY", "21.00 CNY", "22.00 CNY", "23.00 CNY"] {
        let card = app.given_a_card("0.00 CNY").await;
        let order = app.places(&card, amount, provider).await;
        assert_eq!(app.payments_of(&order).await, ["pending"]);
        app.customer_pays(&order);
        let forged = app.notification(&order, Forgery::WrongKey);
        assert!(app.delivers(forged).await.refuses(provider));
        app.provider_says_so(&order).await;
        app.should_hold(&card, amount).await;
    }
}

#[tokio::test]
async fn alipay_works_with_keys_and_with_certificates() {
    should_work(Provider::Alipay, |agreement| agreement.alipay_mode = AlipayKeyMode::Key).await;
    should_work(Provider::Alipay, |agreement| agreement.alipay_mode = AlipayKeyMode::Certificate).await;
}

#[tokio::test]
async fn wechat_pay_works_with_its_public_key_with_its_certificate_and_with_both_in_turn() {
    for (held, notify_with) in [
        (HeldKeys::PublicKey, NotificationSigner::PublicKey),
        (HeldKeys::Certificate, NotificationSigner::Certificate),
        (HeldKeys::Both, NotificationSigner::Mixed),
    ] {
        should_work(Provider::WechatPay, |agreement| (agreement.held, agreement.notify_with) = (held, notify_with))
            .await;
    }
}

async fn given_a_paid_order(held: HeldKeys) -> (TestApp, Order) {
    let app = TestApp::with(|agreement| agreement.held = held).await;
    app.given_notifications_are_lost();
    let card = app.given_a_card("0.00 CNY").await;
    let order = app.places(&card, "50.00 CNY", Provider::WechatPay).await;
    app.customer_pays(&order);
    (app, order)
}

#[tokio::test]
async fn a_notification_that_names_a_key_we_do_not_hold_is_refused() {
    let (app, order) = given_a_paid_order(HeldKeys::Certificate).await;
    let notification = app.notification(&order, Forgery::None);
    assert!(app.delivers(notification).await.refuses(Provider::WechatPay));
    assert_eq!(app.state_of(&order).await, "placed");
}

#[tokio::test]
async fn a_notification_that_names_another_key_than_it_was_signed_with_is_refused() {
    let (app, order) = given_a_paid_order(HeldKeys::Both).await;
    let signer = Signer::of(&app.keys.wechat_pay.platform_private_key);
    let certificate = app.keys.wechat_pay.platform_certificate_serial.clone();
    let odd = WechatPay::about(&app, &order).naming(&certificate).signed_by(&signer);
    assert!(app.delivers(odd).await.refuses(Provider::WechatPay));
    assert_eq!(app.state_of(&order).await, "placed");
}
