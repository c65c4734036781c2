use serde_json::{Value, json};

use crate::{
    PayEffect, PayerAct, Provider,
    certificate::Certificate,
    testing::{NOON, Shop, keys, open, wechat_pay_is_genuine},
};

const WECHAT_PAY: Provider = Provider::WechatPay;
const NATIVE: &str = "/v3/pay/transactions/native";

#[tokio::test]
async fn a_native_order_is_made_paid_told_and_asked_for() {
    let shop = Shop::open().await;
    let (status, made) = shop.native("W00001", 9_500).await;
    assert_eq!(status, 200);
    assert!(made["code_url"].as_str().unwrap().ends_with("/_sandbox/phone/wechat_pay/W00001"));
    let (_, waiting) = shop.query_native("W00001").await;
    assert_eq!((&waiting["trade_state"], waiting.get("transaction_id")), (&json!("NOTPAY"), None));

    assert_eq!(shop.control.pay(WECHAT_PAY, "W00001", PayerAct::Pay), Ok(PayEffect::Paid));
    let (_, paid) = shop.query_native("W00001").await;
    assert_eq!((&paid["trade_state"], &paid["amount"]["total"]), (&json!("SUCCESS"), &json!(9_500)));
    let path = format!(
        "/v3/pay/transactions/id/{}?mchid={}",
        paid["transaction_id"].as_str().unwrap(),
        keys().wechat_pay.mchid
    );
    assert_eq!(shop.wechat_pay("GET", &path, Value::Null).await, (200, paid.clone()));

    let received = shop.inbox.wait_for(1).await;
    let (envelope, resource) = received[0].wechat_pay().expect("the notification is signed");
    assert_eq!(
        (&envelope["event_type"], &envelope["resource_type"]),
        (&json!("TRANSACTION.SUCCESS"), &json!("encrypt-resource"))
    );
    assert_eq!(resource, paid);
}

#[tokio::test]
async fn h5_and_jsapi_orders_want_their_own_fields() {
    let shop = Shop::open().await;
    let mut body = shop.native_body("W00001", 100);
    assert_eq!(shop.wechat_pay("POST", "/v3/pay/transactions/h5", body.clone()).await.0, 400);
    body["scene_info"] = json!({ "payer_client_ip": "127.0.0.1", "h5_info": { "type": "Wap" } });
    let (_, made) = shop.wechat_pay("POST", "/v3/pay/transactions/h5", body).await;
    assert!(made["h5_url"].as_str().unwrap().contains("?prepay_id=wx"));
    let mut body = shop.native_body("W00002", 100);
    assert_eq!(shop.wechat_pay("POST", "/v3/pay/transactions/jsapi", body.clone()).await.0, 400);
    body["payer"] = json!({ "openid": "o123" });
    let (_, made) = shop.wechat_pay("POST", "/v3/pay/transactions/jsapi", body).await;
    assert!(made["prepay_id"].as_str().unwrap().starts_with("wx20261123"));
}

#[tokio::test]
async fn a_request_whose_signature_is_not_quite_right_is_refused() {
    let shop = Shop::open().await;
    let body = shop.native_body("W00001", 100).to_string();
    let right = shop.authorization("POST", NATIVE, &body, NOON);
    let changed_byte = body.replace("\"total\":100", "\"total\":101");
    let cases = [
        (body.as_str(), right.clone(), 200),
        (&changed_byte, right.clone(), 401),
        (&body, shop.authorization("GET", NATIVE, &body, NOON), 401),
        (&body, shop.authorization("POST", "/v3/pay/transactions/h5", &body, NOON), 401),
        (&body, shop.authorization("POST", NATIVE, &body, NOON - 301_000_000), 401),
        (&body, shop.authorization("POST", NATIVE, &body, NOON + 301_000_000), 401),
        (&body, shop.authorization("POST", NATIVE, &body, NOON - 299_000_000), 200),
        (&body, right.replace(&keys().wechat_pay.merchant_serial, "00FF"), 401),
        (&body, right.replace(&keys().wechat_pay.mchid, "1900000999"), 401),
        (&body, right.replace("WECHATPAY2-SHA256-RSA2048", "WECHATPAY2-SM2-WITH-SM3"), 401),
        (&body, right.replace("nonce_str", "nonce"), 401),
        (&body, String::new(), 401),
    ];
    for (body, authorization, status) in cases {
        let response =
            shop.wechat_pay_send("POST", NATIVE, body.to_owned(), &[("authorization", &authorization)]).await;
        assert_eq!(response.status().as_u16(), status, "{authorization}");
        if status == 401 {
            let headers = response.headers().clone();
            let text = response.text().await.unwrap();
            assert!(text.contains("SIGN_ERROR") && wechat_pay_is_genuine(&headers, text.as_bytes()), "{text}");
        }
    }
}

#[tokio::test]
async fn headers_that_the_documents_demand_are_demanded() {
    let shop = Shop::open().await;
    let body = shop.native_body("W00001", 100).to_string();
    let authorization = shop.authorization("POST", NATIVE, &body, NOON);
    for header in
        [("accept", "text/html"), ("user-agent", ""), ("content-type", "text/plain"), ("wechatpay-serial", "FF")]
    {
        let headers = [("authorization", authorization.as_str()), header];
        assert_eq!(shop.wechat_pay_send("POST", NATIVE, body.clone(), &headers).await.status(), 400, "{header:?}");
    }
}

#[tokio::test]
async fn an_order_with_a_field_out_of_its_bounds_is_refused() {
    let shop = Shop::open().await;
    let cases = [
        ("/appid", json!("wxother"), "APPID_MCHID_NOT_MATCH"),
        ("/mchid", json!("1900000999"), "MCH_NOT_EXISTS"),
        ("/out_trade_no", json!("W1"), "PARAM_ERROR"),
        ("/out_trade_no", json!("W".repeat(33)), "PARAM_ERROR"),
        ("/out_trade_no", json!("W00001/2"), "PARAM_ERROR"),
        ("/description", json!("x".repeat(128)), "PARAM_ERROR"),
        ("/amount/total", json!(0), "PARAM_ERROR"),
        ("/amount/total", json!(-1), "PARAM_ERROR"),
        ("/amount/total", json!(95.5), "PARAM_ERROR"),
        ("/amount/total", json!("100"), "PARAM_ERROR"),
        ("/amount/currency", json!("USD"), "PARAM_ERROR"),
        ("/notify_url", json!("https://ringup.test/notify?shop=1"), "PARAM_ERROR"),
        ("/notify_url", json!("ftp://ringup.test/"), "PARAM_ERROR"),
    ];
    for (pointer, value, code) in cases {
        let mut body = shop.native_body("W00001", 100);
        *body.pointer_mut(pointer).unwrap() = value;
        let (status, answer) = shop.wechat_pay("POST", NATIVE, body).await;
        assert_eq!((status, &answer["code"]), (400, &json!(code)), "{pointer}: {answer}");
    }
}

#[tokio::test]
async fn a_number_is_used_once() {
    let shop = Shop::open().await;
    shop.native("W00001", 100).await;
    assert_eq!(shop.native("W00001", 100).await.0, 200, "the same order again");
    assert_eq!(shop.native("W00001", 200).await.1["code"], "OUT_TRADE_NO_USED");
    shop.control.pay(WECHAT_PAY, "W00001", PayerAct::Pay).unwrap();
    assert_eq!(shop.native("W00001", 100).await.1["code"], "ORDERPAID");
}

#[tokio::test]
async fn closing_answers_without_a_body_and_an_order_closes_once() {
    let shop = Shop::open().await;
    let close = |number: &str| {
        let path = format!("/v3/pay/transactions/out-trade-no/{number}/close");
        async { (path, json!({ "mchid": keys().wechat_pay.mchid })) }
    };
    shop.native("W00001", 100).await;
    for expected in [(204, Value::Null), (400, json!("ORDER_CLOSED"))] {
        let (path, body) = close("W00001").await;
        let (status, answer) = shop.wechat_pay("POST", &path, body).await;
        assert_eq!((status, answer["code"].clone()), expected);
    }
    assert_eq!(shop.query_native("W00001").await.1["trade_state"], "CLOSED");
    assert!(shop.control.pay(WECHAT_PAY, "W00001", PayerAct::Pay).is_err());
    assert_eq!(shop.native("W00001", 100).await.1["code"], "ORDER_CLOSED");
    let (path, body) = close("W00009").await;
    let (status, answer) = shop.wechat_pay("POST", &path, body).await;
    assert_eq!((status, &answer["code"]), (404, &json!("ORDER_NOT_EXIST")));
    assert_eq!(shop.query_native("W00009").await.0, 404);
}

#[tokio::test]
async fn an_expired_order_stays_unpaid_until_it_is_closed_or_a_week_has_passed() {
    let shop = Shop::open().await;
    let mut body = shop.native_body("W00001", 100);
    body["time_expire"] = json!("2026-11-23T14:07:09+08:00");
    shop.wechat_pay("POST", NATIVE, body.clone()).await;
    shop.pass(301);
    assert!(shop.control.pay(WECHAT_PAY, "W00001", PayerAct::Pay).is_err());
    assert_eq!(shop.query_native("W00001").await.1["trade_state"], "NOTPAY");
    shop.pass(7 * 86_400);
    assert_eq!(shop.query_native("W00001").await.1["trade_state"], "CLOSED");
    assert_eq!(shop.inbox.count(), 0, "nobody is told");
    body["out_trade_no"] = json!("W00002");
    assert_eq!(shop.wechat_pay("POST", NATIVE, body).await.1["code"], "PARAM_ERROR", "an end in the past");
}

#[tokio::test]
async fn money_goes_back_once_and_is_told_when_it_has_arrived() {
    let shop = Shop::open().await;
    shop.native("W00001", 9_500).await;
    let refund = |number: &str, fen: u64, total: u64| {
        let body = json!({
            "out_trade_no": "W00001", "out_refund_no": number, "notify_url": shop.inbox.url(WECHAT_PAY),
            "amount": { "refund": fen, "total": total, "currency": "CNY" },
        });
        shop.wechat_pay("POST", "/v3/refund/domestic/refunds", body)
    };
    assert_eq!(refund("R1", 100, 9_500).await.1["code"], "INVALID_REQUEST", "not paid yet");
    shop.control.pay(WECHAT_PAY, "W00001", PayerAct::Pay).unwrap();
    shop.inbox.wait_for(1).await;

    let (_, first) = refund("R1", 2_000, 9_500).await;
    let (_, again) = refund("R1", 2_000, 9_500).await;
    assert_eq!(first["refund_id"], again["refund_id"]);
    assert_eq!(refund("R1", 2_100, 9_500).await.1["code"], "INVALID_REQUEST");
    assert_eq!(refund("R2", 2_000, 9_400).await.1["code"], "INVALID_REQUEST");
    assert_eq!(refund("R2", 7_501, 9_500).await.1["code"], "INVALID_REQUEST");
    let (envelope, resource) = shop.inbox.wait_for(2).await[1].wechat_pay().unwrap();
    assert_eq!((&envelope["event_type"], &resource["refund_status"]), (&json!("REFUND.SUCCESS"), &json!("SUCCESS")));
    let (_, asked) = shop.wechat_pay("GET", "/v3/refund/domestic/refunds/R1", Value::Null).await;
    assert_eq!((&asked["status"], &asked["amount"]["refund"]), (&json!("SUCCESS"), &json!(2_000)));
    assert_eq!(shop.query_native("W00001").await.1["trade_state"], "REFUND");
    assert_eq!(shop.wechat_pay("GET", "/v3/refund/domestic/refunds/R9", Value::Null).await.0, 404);

    shop.switch(r#"{"fault":"refund_abnormal"}"#);
    refund("R3", 100, 9_500).await;
    assert_eq!(shop.inbox.wait_for(3).await[2].wechat_pay().unwrap().0["event_type"], "REFUND.ABNORMAL");
}

#[tokio::test]
async fn the_platform_certificate_is_handed_out_encrypted() {
    let shop = Shop::open().await;
    let (_, answer) = shop.wechat_pay("GET", "/v3/certificates", Value::Null).await;
    let one = &answer["data"][0];
    let pem = open(&one["encrypt_certificate"]);
    assert_eq!(pem, keys().wechat_pay.platform_certificate);
    assert_eq!(one["serial_no"], Certificate::from_pem(&pem).unwrap().serial_hex);
}

#[tokio::test]
async fn an_answer_is_signed_by_the_key_that_the_request_names() {
    let shop = Shop::open().await;
    let wechat_pay = &keys().wechat_pay;
    let cases = [
        ("", &wechat_pay.platform_certificate_serial),
        (&wechat_pay.platform_public_key_id, &wechat_pay.platform_public_key_id),
        (&wechat_pay.platform_certificate_serial, &wechat_pay.platform_certificate_serial),
    ];
    for (named, signs) in cases {
        let authorization = shop.authorization("GET", "/v3/certificates", "", NOON);
        let headers = [("authorization", authorization.as_str()), ("wechatpay-serial", named)];
        let response = shop.wechat_pay_send("GET", "/v3/certificates", String::new(), &headers).await;
        assert_eq!(response.headers()["wechatpay-serial"].to_str().unwrap(), signs);
    }
}
