use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    PayerAct, Provider,
    testing::{NOON, Shop, keys, read_alipay, wechat_pay_is_genuine},
};

/// Sends the request of a precreate without looking at the answer.
async fn precreate(shop: &Shop, number: &str, yuan: &str) -> reqwest::Response {
    let business = json!({ "out_trade_no": number, "total_amount": yuan, "subject": "x" });
    shop.alipay_post(&shop.alipay_params("alipay.trade.precreate", &business, &[])).await
}

/// Sends a WeChat Pay query without looking at the answer.
async fn query(shop: &Shop, number: &str) -> reqwest::Response {
    let path = format!("/v3/pay/transactions/out-trade-no/{number}?mchid={}", keys().wechat_pay.mchid);
    let authorization = shop.authorization("GET", &path, "", NOON);
    shop.wechat_pay_send("GET", &path, String::new(), &[("authorization", &authorization)]).await
}

#[tokio::test]
async fn a_timeout_before_the_effect_leaves_nothing_and_one_after_it_leaves_the_order() {
    for (fault, is_made) in [("timeout_before_effect", false), ("timeout_after_effect", true)] {
        let shop = Shop::open().await;
        shop.switch(&format!(r#"{{"fault":"{fault}","ms":50,"next":1}}"#));
        assert_eq!(precreate(&shop, "A1", "1.00").await.status(), 504, "{fault}");
        assert_eq!(shop.control.order(Provider::Alipay, "A1").is_some(), is_made, "{fault}");
    }
}

#[tokio::test]
async fn a_client_that_stops_waiting_finds_the_effect_there_all_the_same() {
    let shop = Shop::open().await;
    shop.switch(r#"{"fault":"timeout_after_effect","next":1}"#);
    let waited = tokio::time::timeout(Duration::from_millis(300), precreate(&shop, "A1", "1.00")).await;
    assert!(waited.is_err(), "no answer");
    assert!(shop.control.order(Provider::Alipay, "A1").is_some());
}

#[tokio::test]
async fn a_server_error_leaves_nothing() {
    let shop = Shop::open().await;
    shop.switch(r#"{"fault":"http_5xx","status":503,"operation":"create","next":1}"#);
    assert_eq!(precreate(&shop, "A1", "1.00").await.status(), 503);
    assert!(shop.control.orders().is_empty());
    assert_eq!(precreate(&shop, "A1", "1.00").await.status(), 200);
}

#[tokio::test]
async fn rubbish_is_no_json() {
    let shop = Shop::open().await;
    shop.switch(r#"{"fault":"rubbish","next":1}"#);
    let text = precreate(&shop, "A1", "1.00").await.text().await.unwrap();
    assert!(serde_json::from_str::<Value>(&text).is_err());
    assert_eq!(shop.control.orders().len(), 1);
}

#[tokio::test]
async fn an_answer_signed_by_another_key_and_one_about_another_order() {
    let shop = Shop::open().await;
    shop.native("W00001", 100).await;
    shop.switch(r#"{"fault":"wrong_answer_signature","next":2}"#);
    let (fields, is_genuine) = read_alipay(&precreate(&shop, "A1", "1.00").await.text().await.unwrap());
    assert_eq!((&fields["out_trade_no"], is_genuine), (&json!("A1"), false));
    let answer = query(&shop, "W00001").await;
    let headers = answer.headers().clone();
    assert!(!wechat_pay_is_genuine(&headers, &answer.bytes().await.unwrap()));

    shop.switch(r#"{"fault":"another_order","next":2}"#);
    let (fields, is_genuine) = read_alipay(&precreate(&shop, "A1", "1.00").await.text().await.unwrap());
    assert!(is_genuine && fields["out_trade_no"] != "A1");
    let answer = query(&shop, "W00001").await;
    let headers = answer.headers().clone();
    let body = answer.bytes().await.unwrap();
    assert!(wechat_pay_is_genuine(&headers, &body) && !String::from_utf8_lossy(&body).contains("W00001"));
}

#[tokio::test]
async fn a_switch_for_one_order_leaves_the_others_alone() {
    let shop = Shop::open().await;
    shop.switch(r#"{"fault":"http_5xx","out_trade_no":"A1"}"#);
    assert_eq!(precreate(&shop, "A2", "1.00").await.status(), 200);
    assert_eq!(precreate(&shop, "A1", "1.00").await.status(), 502);
}

#[tokio::test]
async fn amounts_choose_what_happens_to_the_first_request_of_a_kind() {
    let shop = Shop::open().await;
    assert_eq!(precreate(&shop, "A1", "1.97").await.status(), 502);
    assert_eq!(precreate(&shop, "A1", "1.97").await.status(), 200);
    let waited = tokio::time::timeout(Duration::from_millis(300), precreate(&shop, "A2", "1.96")).await;
    assert!(waited.is_err(), "no answer to the first");
    assert_eq!(precreate(&shop, "A2", "1.96").await.status(), 200);

    assert_eq!(shop.native("W00001", 100).await.0, 200);
    shop.control.pay(Provider::WechatPay, "W00001", PayerAct::Pay).unwrap();
    assert_eq!(query(&shop, "W00001").await.status(), 200);
}

#[tokio::test]
async fn a_payment_of_another_amount_is_told_truthfully_by_everyone() {
    let shop = Shop::open().await;
    shop.switch(r#"{"fault":"paid_other_amount","amount_minor":9000}"#);
    shop.precreate("A1", "95.00").await;
    shop.control.pay(Provider::Alipay, "A1", PayerAct::Pay).unwrap();
    let asked = shop.alipay("alipay.trade.query", json!({ "out_trade_no": "A1" })).await;
    let told = shop.inbox.wait_for(1).await[0].alipay().unwrap();
    assert_eq!(asked["total_amount"], "90.00");
    assert_eq!(crate::testing::field(&told, "total_amount"), "90.00");
}
