//! Independent proof: what the providers' SDKs sign is believed and credited, and with one changed byte it is not. The
//! signers are in `e2e/sdk`; `cargo xtask test` installs what they need.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ringup_core::payment::Provider;
use ringup_sandbox::SignedNotification;
use serde_json::{Value, json};

use crate::support::{Order, PROVIDERS, TestApp, TestCard};

/// The folder of the signers.
fn signers() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e/sdk");
    for needed in ["node_modules/wechatpay-axios-plugin", ".venv/bin/python"] {
        assert!(folder.join(needed).exists(), "e2e/sdk/{needed} is missing: run `cargo xtask test`, which installs it");
    }
    folder
}

/// Has the SDK sign a notification for each of these orders.
fn signed(app: &TestApp, provider: Provider, orders: &[Value]) -> Vec<SignedNotification> {
    let keys = app.database.folder().join("agreed");
    app.keys.write_to(&keys).unwrap();
    let (program, script) = match provider {
        Provider::Alipay => (".venv/bin/python", "alipay_signer.py"),
        Provider::WechatPay => ("node", "wechat_pay_signer.mjs"),
    };
    let mut signer = Command::new(program);
    signer.current_dir(signers()).args([script, "--keys"]).arg(keys).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut signer = signer.spawn().unwrap();
    let lines: String = orders.iter().map(|order| format!("{order}\n")).collect();
    signer.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = signer.wait_with_output().unwrap();
    assert!(output.status.success(), "{script}");
    let notifications = String::from_utf8(output.stdout).unwrap();
    let url = format!("{}/notifications/{}", app.url, provider.name());
    let read = |line: &str| {
        let signed: Value = serde_json::from_str(line).unwrap();
        let headers = serde_json::from_value(signed["headers"].clone()).unwrap();
        SignedNotification { url: url.clone(), headers, body: signed["body"].as_str().unwrap().to_owned() }
    };
    notifications.lines().map(read).collect()
}

/// An order as the signers read it, signed when the scenario's clock says.
fn paid(app: &TestApp, order: &Order, total_minor: u64) -> Value {
    json!({
        "out_trade_no": order.reference,
        "trade_no": "2026112322001400000000000001",
        "transaction_id": "4200002026112300000000000001",
        "total_minor": total_minor,
        "timestamp": app.clock.now().seconds(),
        "fields": { "notify_time": "2026-11-23 10:00:00", "gmt_payment": "2026-11-23 10:00:00" },
    })
}

async fn given_an_order(provider: Provider) -> (TestApp, TestCard, Order) {
    let app = TestApp::new().await;
    let card = app.given_a_card("20.00 CNY").await;
    let order = app.places(&card, "50.00 CNY", provider).await;
    (app, card, order)
}

#[tokio::test]
async fn a_notification_that_the_sdk_signed_credits_its_order() {
    for provider in PROVIDERS {
        let (app, card, order) = given_an_order(provider).await;
        let notifications = signed(&app, provider, &[paid(&app, &order, 5_000)]);
        for _ in 0..2 {
            let answer = app.delivers(notifications[0].clone()).await;
            assert!(answer.acknowledges(provider), "{answer:?}");
            assert_eq!(app.state_of(&order).await, "credited");
            app.should_hold(&card, "70.00 CNY").await;
        }
    }
}

#[tokio::test]
async fn a_notification_that_wechat_pays_certificate_signed_credits_its_order() {
    let (app, card, order) = given_an_order(Provider::WechatPay).await;
    let mut paid = paid(&app, &order, 5_000);
    paid["signer"] = json!("certificate");
    let notifications = signed(&app, Provider::WechatPay, &[paid]);
    assert!(app.delivers(notifications[0].clone()).await.acknowledges(Provider::WechatPay));
    app.should_hold(&card, "70.00 CNY").await;
}

#[tokio::test]
async fn one_changed_byte_of_what_the_sdk_signed_is_refused() {
    for provider in PROVIDERS {
        let (app, card, order) = given_an_order(provider).await;
        let genuine = signed(&app, provider, &[paid(&app, &order, 5_000)]).remove(0);
        for position in (0..genuine.body.len()).step_by(genuine.body.len() / 12) {
            let mut bytes = genuine.body.clone().into_bytes();
            bytes[position] = if bytes[position] == b'x' { b'y' } else { b'x' };
            let changed = SignedNotification { body: String::from_utf8(bytes).unwrap(), ..genuine.clone() };
            let answer = app.delivers(changed).await;
            assert!(answer.refuses(provider), "byte {position}: {answer:?}");
        }
        assert_eq!(app.state_of(&order).await, "placed");
        app.should_hold(&card, "20.00 CNY").await;
    }
}

#[tokio::test]
async fn what_the_sdk_signs_for_another_app_or_amount_or_with_sha_1_or_too_long_ago_credits_nothing() {
    let (app, card, order) = given_an_order(Provider::Alipay).await;
    let genuine = paid(&app, &order, 5_000);
    let with = |name: &str, value: Value| {
        let mut changed = genuine.clone();
        changed[name] = value;
        changed
    };
    let mut other_app = genuine.clone();
    other_app["fields"]["app_id"] = json!("9021000000000009");
    let mut stale = genuine.clone();
    stale["fields"]["notify_time"] = json!("2026-11-22 07:00:00");
    let odd = [with("sign_type", json!("RSA")), with("total_minor", json!(5_100)), other_app, stale];
    for notification in signed(&app, Provider::Alipay, &odd) {
        app.delivers(notification).await;
        assert_eq!(app.state_of(&order).await, "placed");
    }
    app.should_hold(&card, "20.00 CNY").await;

    let (app, card, order) = given_an_order(Provider::WechatPay).await;
    let genuine = paid(&app, &order, 5_000);
    let mut stale = genuine.clone();
    stale["timestamp"] = json!(app.clock.now().seconds() - 301);
    let mut other_app = genuine.clone();
    other_app["resource"] = json!({ "appid": "wx0000000000000009" });
    let mut other_amount = genuine;
    other_amount["total_minor"] = json!(5_100);
    for notification in signed(&app, Provider::WechatPay, &[stale, other_app, other_amount]) {
        app.delivers(notification).await;
        assert_eq!(app.state_of(&order).await, "placed");
    }
    app.should_hold(&card, "20.00 CNY").await;
}
