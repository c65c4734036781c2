//! Notifications: a valid signature is not a payment, and without one nothing is even written down.

mod believed;
mod modes;

use ringup_core::id::PaymentId;
use ringup_core::payment::Provider;
use ringup_sandbox::{Forgery, SignedNotification};
use serde_json::json;

use crate::support::{Alipay, Order, PROVIDERS, Signer, TestApp, TestCard, WechatPay};

/// A top-up that has been paid, of which nobody has been told yet.
async fn given_a_paid_order(provider: Provider) -> (TestApp, TestCard, Order) {
    let app = TestApp::new().await;
    app.given_notifications_are_lost();
    let card = app.given_a_card("20.00 CNY").await;
    let order = app.places(&card, "50.00 CNY", provider).await;
    app.customer_pays(&order);
    (app, card, order)
}

/// Ringup must say no, clearly, and credit nothing; so many notifications are written down for staff.
async fn should_refuse(given: &(TestApp, TestCard, Order), notification: SignedNotification, written_down: &[&str]) {
    let (app, card, order) = given;
    let answer = app.delivers(notification).await;
    assert!(answer.refuses(order.provider), "{answer:?}");
    assert_eq!(app.state_of(order).await, "placed");
    app.should_hold(card, "20.00 CNY").await;
    let odd: Vec<String> = app.odd_notifications().await.into_iter().map(|odd| odd.code).collect();
    assert_eq!(odd, written_down);
}

#[tokio::test]
async fn an_unsigned_notification_is_refused() {
    let given = given_a_paid_order(Provider::Alipay).await;
    let unsigned = Alipay::about(&given.0, &given.2).with("sign_type", "RSA2").unchanged();
    should_refuse(&given, unsigned, &[]).await;
    let given = given_a_paid_order(Provider::WechatPay).await;
    let mut unsigned = given.0.notification(&given.2, Forgery::None);
    unsigned.headers.retain(|(name, _)| name != "wechatpay-signature");
    should_refuse(&given, unsigned, &[]).await;
}

#[tokio::test]
async fn a_notification_signed_by_another_key_is_refused() {
    for provider in PROVIDERS {
        let given = given_a_paid_order(provider).await;
        for forgery in [Forgery::WrongKey, Forgery::Probe] {
            let forged = given.0.notification(&given.2, forgery);
            should_refuse(&given, forged, &[]).await;
        }
        // Nor by our own key, which others may think we would believe.
        let (app, _, order) = &given;
        let forged = match provider {
            Provider::Alipay => Alipay::about(app, order).signed_by(&Signer::of(&app.keys.alipay.merchant_private_key)),
            Provider::WechatPay => {
                WechatPay::about(app, order).signed_by(&Signer::of(&app.keys.wechat_pay.merchant_private_key))
            }
        };
        should_refuse(&given, forged, &[]).await;
    }
}

#[tokio::test]
async fn a_notification_signed_with_sha_1_is_refused_though_the_key_is_right() {
    let given = given_a_paid_order(Provider::Alipay).await;
    let (app, _, order) = &given;
    let notification = Alipay::about(app, order);
    let script = "const [key, text] = process.argv.slice(1);
        process.stdout.write(require('node:crypto').createSign('RSA-SHA1').update(text).sign(key, 'base64'))";
    let text = notification.signed_text();
    let mut node = std::process::Command::new("node");
    let signed = node.args(["-e", script, "--", &app.keys.alipay.platform_private_key, &text]).output().unwrap();
    assert!(signed.status.success());
    let signature = String::from_utf8(signed.stdout).unwrap();
    for sign_type in ["RSA", "RSA2"] {
        let notification = Alipay::about(app, order).with_signature(sign_type, &signature);
        should_refuse(&given, notification, &[]).await;
    }
}

#[tokio::test]
async fn a_stale_notification_is_refused() {
    let given = given_a_paid_order(Provider::Alipay).await;
    let signer = Signer::of(&given.0.keys.alipay.platform_private_key);
    for time in ["2026-11-22 07:59:00", "2026-11-23 10:16:00"] {
        let stale = Alipay::about(&given.0, &given.2).with("notify_time", time).signed_by(&signer);
        should_refuse(&given, stale, &[]).await;
    }
    let given = given_a_paid_order(Provider::WechatPay).await;
    let signer = Signer::of(&given.0.keys.wechat_pay.platform_private_key);
    for seconds in [-301, 301] {
        let stale = WechatPay::about(&given.0, &given.2).signed_later(seconds).signed_by(&signer);
        should_refuse(&given, stale, &[]).await;
    }
    // What was good once is not good for ever.
    let (app, card, order) = given_a_paid_order(Provider::WechatPay).await;
    let old = app.notification(&order, Forgery::None);
    app.clock.advance(ringup_core::time::Span::seconds(301));
    should_refuse(&(app, card, order), old, &[]).await;
}

#[tokio::test]
async fn a_notification_about_somebody_else_is_refused_and_written_down() {
    let unknown = PaymentId::from_u64(1).to_reference();
    let cases = [
        ("seller_id", "2088000000000000", "notification_other_merchant"),
        ("app_id", "9021000000000009", "notification_other_app"),
        ("trans_currency", "USD", "notification_currency"),
        ("total_amount", "fifty", "notification_amount"),
        ("out_trade_no", "T0001", "notification_unknown_reference"),
        ("out_trade_no", unknown.as_str(), "payment_unknown"),
    ];
    let given = given_a_paid_order(Provider::Alipay).await;
    let signer = Signer::of(&given.0.keys.alipay.platform_private_key);
    let mut written_down = Vec::new();
    for (field, value, code) in cases {
        let odd = Alipay::about(&given.0, &given.2).with(field, value).signed_by(&signer);
        written_down.insert(0, code);
        should_refuse(&given, odd, &written_down).await;
    }

    let amount = |total: serde_json::Value, currency: &str| json!({ "total": total, "currency": currency });
    let cases = [
        ("mchid", json!("1900000009"), "notification_other_merchant"),
        ("appid", json!("wx0000000000000009"), "notification_other_app"),
        ("amount", amount(json!(5_000), "USD"), "notification_currency"),
        ("amount", amount(json!(50.5), "CNY"), "notification_amount"),
        ("out_trade_no", json!("T0001"), "notification_unknown_reference"),
        ("out_trade_no", json!(unknown), "payment_unknown"),
    ];
    let given = given_a_paid_order(Provider::WechatPay).await;
    let signer = Signer::of(&given.0.keys.wechat_pay.platform_private_key);
    let mut written_down = Vec::new();
    for (field, value, code) in cases {
        let odd = WechatPay::about(&given.0, &given.2).with(field, value).signed_by(&signer);
        written_down.insert(0, code);
        should_refuse(&given, odd, &written_down).await;
    }
}

#[tokio::test]
async fn a_notification_that_was_encrypted_with_another_key_is_refused() {
    let given = given_a_paid_order(Provider::WechatPay).await;
    let signer = Signer::of(&given.0.keys.wechat_pay.platform_private_key);
    let odd = WechatPay::about(&given.0, &given.2).encrypted_with(&[b'k'; 32]).signed_by(&signer);
    should_refuse(&given, odd, &[]).await;
}

#[tokio::test]
async fn one_changed_byte_is_refused() {
    for provider in PROVIDERS {
        let given = given_a_paid_order(provider).await;
        let genuine = given.0.notification(&given.2, Forgery::None);
        let length = genuine.body.len();
        for position in [length / 7, length / 3, length / 2, length - 20] {
            let mut bytes = genuine.body.clone().into_bytes();
            bytes[position] = if bytes[position] == b'7' { b'8' } else { b'7' };
            let changed = SignedNotification { body: String::from_utf8(bytes).unwrap(), ..genuine.clone() };
            should_refuse(&given, changed, &[]).await;
        }
        // Untouched it is good.
        assert!(given.0.delivers(genuine).await.acknowledges(provider));
        given.0.should_hold(&given.1, "70.00 CNY").await;
    }
}

#[tokio::test]
async fn what_is_no_notification_at_all_is_refused() {
    for provider in PROVIDERS {
        let given = given_a_paid_order(provider).await;
        let genuine = given.0.notification(&given.2, Forgery::None);
        let too_long = format!("{}{}", genuine.body, "x".repeat(64 * 1024));
        for body in [String::new(), "rubbish".to_owned(), "{}".to_owned(), "a=%ff&b=%zz".to_owned(), too_long] {
            let rubbish = SignedNotification { body, ..genuine.clone() };
            should_refuse(&given, rubbish, &[]).await;
        }
        let response = given.0.http.post(&genuine.url).body(vec![0xff, 0xfe, 0x00]).send().await.unwrap();
        assert_eq!(response.status(), 400);
    }
}

#[tokio::test]
async fn notifications_go_to_one_address_for_each_provider() {
    let app = TestApp::new().await;
    assert_eq!(app.get("/notifications/alipay").await.status, 405);
    let answer = app.http.post(format!("{}/notifications/paypal", app.url)).body("x").send().await.unwrap();
    assert_eq!(answer.status(), 404);
}
