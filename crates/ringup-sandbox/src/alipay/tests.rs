use serde_json::json;

use crate::{
    AlipayKeyMode, PayEffect, PayerAct, Provider,
    testing::{Shop, field, keys, read_alipay},
};

const ALIPAY: Provider = Provider::Alipay;

#[tokio::test]
async fn a_qr_order_is_made_scanned_paid_told_and_asked_for() {
    let shop = Shop::open().await;
    let made = shop.precreate("A0001", "95.00").await;
    assert_eq!((&made["code"], &made["out_trade_no"]), (&json!("10000"), &json!("A0001")));
    assert!(made["qr_code"].as_str().unwrap().ends_with("/_sandbox/phone/alipay/A0001"));

    // Before the scan there is no trade.
    let query = || shop.alipay("alipay.trade.query", json!({ "out_trade_no": "A0001" }));
    assert_eq!(query().await["sub_code"], "ACQ.TRADE_NOT_EXIST");
    shop.control.pay(ALIPAY, "A0001", PayerAct::Nothing).unwrap();
    let waiting = query().await;
    assert_eq!((&waiting["trade_status"], &waiting["total_amount"]), (&json!("WAIT_BUYER_PAY"), &json!("95.00")));

    assert_eq!(shop.control.pay(ALIPAY, "A0001", PayerAct::Pay).unwrap(), PayEffect::Paid);
    let paid = query().await;
    assert_eq!((&paid["trade_status"], &paid["receipt_amount"]), (&json!("TRADE_SUCCESS"), &json!("95.00")));

    let received = shop.inbox.wait_for(1).await;
    let told = received[0].alipay().expect("the notification is signed");
    assert_eq!(field(&told, "trade_status"), "TRADE_SUCCESS");
    assert_eq!(field(&told, "total_amount"), "95.00");
    assert_eq!(field(&told, "app_id"), keys().alipay.app_id);
    assert_eq!(field(&told, "seller_id"), keys().alipay.seller_id);
    assert_eq!(field(&told, "subject"), "充值 & 100%");
    assert_eq!(field(&told, "trade_no"), paid["trade_no"]);
}

#[tokio::test]
async fn certificate_mode_names_its_certificates_in_requests_and_answers() {
    let shop = Shop::open_as(AlipayKeyMode::Certificate, 1).await;
    assert_eq!(shop.precreate("A0002", "1.00").await["code"], "10000");
    let params = shop.alipay_params("alipay.trade.query", &json!({ "out_trade_no": "A0002" }), &[]);
    let body = shop.alipay_post(&params).await.text().await.unwrap();
    assert!(body.contains(r#""alipay_cert_sn":""#), "{body}");
    for name in ["app_cert_sn", "alipay_root_cert_sn"] {
        let params = shop.alipay_params("alipay.trade.query", &json!({ "out_trade_no": "A0002" }), &[(name, "0")]);
        let (fields, _) = read_alipay(&shop.alipay_post(&params).await.text().await.unwrap());
        assert_eq!(fields["sub_code"], format!("isv.invalid-{}", name.replace('_', "-")));
    }
}

#[tokio::test]
async fn a_request_that_is_not_quite_right_is_refused_by_name() {
    let shop = Shop::open().await;
    let cases = [
        ("method", "", "isv.missing-method"),
        ("method", "alipay.trade.magic", "isv.invalid-method"),
        ("app_id", "", "isv.missing-app-id"),
        ("app_id", "2021000000000001", "isv.invalid-app-id"),
        ("sign_type", "", "isv.missing-signature-type"),
        ("sign_type", "RSA", "isv.invalid-signature-type"),
        ("timestamp", "", "isv.missing-timestamp"),
        ("timestamp", "2026-11-23T14:02:09", "isv.invalid-timestamp"),
        ("version", "2.0", "isv.invalid-version"),
        ("charset", "GBK", "isv.invalid-charset"),
        ("format", "XML", "isv.invalid-format"),
        ("biz_content", "not json", "isv.invalid-parameter"),
    ];
    for (name, value, sub_code) in cases {
        let params = shop.alipay_params("alipay.trade.query", &json!({ "out_trade_no": "A1" }), &[(name, value)]);
        let (fields, _) = read_alipay(&shop.alipay_post(&params).await.text().await.unwrap());
        assert_eq!((&fields["code"], &fields["sub_code"]), (&json!("40002"), &json!(sub_code)), "{name}={value}");
    }
}

#[tokio::test]
async fn one_changed_byte_of_a_request_is_refused() {
    let shop = Shop::open().await;
    let business = json!({ "out_trade_no": "A1", "total_amount": "95.00", "subject": "x" });
    let mut params = shop.alipay_params("alipay.trade.precreate", &business, &[]);
    let content = params.iter_mut().find(|(name, _)| name == "biz_content").unwrap();
    content.1 = content.1.replace("95.00", "95.01");
    let (fields, _) = read_alipay(&shop.alipay_post(&params).await.text().await.unwrap());
    assert_eq!(fields["sub_code"], "isv.invalid-signature");
    params.retain(|(name, _)| name != "sign");
    let (fields, _) = read_alipay(&shop.alipay_post(&params).await.text().await.unwrap());
    assert_eq!(fields["sub_code"], "isv.missing-signature");
    assert!(shop.control.orders().is_empty());
}

#[tokio::test]
async fn an_order_with_a_field_out_of_its_bounds_is_refused() {
    let shop = Shop::open().await;
    let long = "A".repeat(65);
    let cases = [
        ("out_trade_no", ""),
        ("out_trade_no", "A-1"),
        ("out_trade_no", &long),
        ("total_amount", "0.00"),
        ("total_amount", "-1.00"),
        ("total_amount", "1.000"),
        ("total_amount", "100000000.01"),
        ("subject", ""),
        ("product_code", "QUICK_MSECURITY_PAY"),
        ("timeout_express", "16d"),
        ("timeout_express", "1.5h"),
        ("time_expire", "tomorrow"),
    ];
    for (name, value) in cases {
        let mut business = json!({ "out_trade_no": "A1", "total_amount": "1.00", "subject": "x" });
        business[name] = json!(value);
        let fields = shop.alipay("alipay.trade.precreate", business).await;
        assert_eq!(fields["sub_code"], "ACQ.INVALID_PARAMETER", "{name}={value}");
    }
}

#[tokio::test]
async fn a_number_is_used_once() {
    let shop = Shop::open().await;
    shop.precreate("A1", "1.00").await;
    assert_eq!(shop.precreate("A1", "1.00").await["code"], "10000", "the same order again");
    assert_eq!(shop.precreate("A1", "2.00").await["sub_code"], "ACQ.CONTEXT_INCONSISTENT");
    shop.control.pay(ALIPAY, "A1", PayerAct::Pay).unwrap();
    assert_eq!(shop.precreate("A1", "1.00").await["sub_code"], "ACQ.TRADE_HAS_SUCCESS");
    shop.precreate("A2", "1.00").await;
    shop.control.pay(ALIPAY, "A2", PayerAct::Nothing).unwrap();
    assert_eq!(shop.alipay("alipay.trade.close", json!({ "out_trade_no": "A2" })).await["code"], "10000");
    assert_eq!(shop.precreate("A2", "1.00").await["sub_code"], "ACQ.TRADE_HAS_CLOSE");
}

#[tokio::test]
async fn closing_takes_a_trade_that_waits_and_nothing_else() {
    let shop = Shop::open().await;
    let close = |number: &str| shop.alipay("alipay.trade.close", json!({ "out_trade_no": number }));
    assert_eq!(close("A1").await["sub_code"], "ACQ.TRADE_NOT_EXIST");
    shop.precreate("A1", "1.00").await;
    assert_eq!(close("A1").await["sub_code"], "ACQ.TRADE_NOT_EXIST", "nobody has scanned it");
    assert_eq!(shop.control.pay(ALIPAY, "A1", PayerAct::Pay), Ok(PayEffect::Paid), "so it can still be paid");
    assert_eq!(close("A1").await["sub_code"], "ACQ.TRADE_STATUS_ERROR");

    shop.switch(r#"{"fault":"close_before_scan_blocks","provider":"alipay"}"#);
    shop.precreate("A2", "1.00").await;
    assert_eq!(close("A2").await["sub_code"], "ACQ.TRADE_NOT_EXIST");
    assert!(shop.control.pay(ALIPAY, "A2", PayerAct::Pay).is_err());
}

#[tokio::test]
async fn a_trade_that_nobody_pays_closes_by_itself_and_says_so() {
    let shop = Shop::open().await;
    let business = json!({ "out_trade_no": "A1", "total_amount": "1.00", "subject": "x", "timeout_express": "15m" });
    shop.alipay("alipay.trade.precreate", business).await;
    shop.pass(600);
    shop.control.pay(ALIPAY, "A1", PayerAct::Nothing).unwrap();
    shop.pass(14 * 60);
    let query = || shop.alipay("alipay.trade.query", json!({ "out_trade_no": "A1" }));
    assert_eq!(query().await["trade_status"], "WAIT_BUYER_PAY", "the time starts with the scan");
    shop.pass(60);
    assert_eq!(query().await["trade_status"], "TRADE_CLOSED");
    let told = shop.inbox.wait_for(1).await[0].alipay().unwrap();
    assert_eq!((field(&told, "trade_status"), field(&told, "refund_fee")), ("TRADE_CLOSED", ""));
    assert!(shop.control.pay(ALIPAY, "A1", PayerAct::Pay).is_err());
}

#[tokio::test]
async fn money_goes_back_once_and_only_fund_change_says_so() {
    let shop = Shop::open().await;
    shop.precreate("A1", "95.00").await;
    let refund = |number: &str, yuan: &str| {
        shop.alipay(
            "alipay.trade.refund",
            json!({ "out_trade_no": "A1", "out_request_no": number, "refund_amount": yuan }),
        )
    };
    shop.control.pay(ALIPAY, "A1", PayerAct::Nothing).unwrap();
    assert_eq!(refund("R1", "1.00").await["sub_code"], "ACQ.TRADE_STATUS_ERROR");
    shop.control.pay(ALIPAY, "A1", PayerAct::Pay).unwrap();
    shop.inbox.wait_for(1).await;

    let first = refund("R1", "20.00").await;
    assert_eq!((&first["fund_change"], &first["refund_fee"]), (&json!("Y"), &json!("20.00")));
    let again = refund("R1", "20.00").await;
    assert_eq!((&again["fund_change"], &again["refund_fee"]), (&json!("N"), &json!("20.00")));
    assert_eq!(refund("R1", "21.00").await["sub_code"], "ACQ.DISCORDANT_REPEAT_REQUEST");
    assert_eq!(refund("R2", "75.01").await["sub_code"], "ACQ.REASON_TRADE_REFUND_FEE_ERR");
    let told = shop.inbox.wait_for(2).await[1].alipay().unwrap();
    assert_eq!(field(&told, "trade_status"), "TRADE_SUCCESS");
    assert_eq!((field(&told, "refund_fee"), field(&told, "out_biz_no")), ("20.00", "R1"));

    assert_eq!(refund("R2", "75.00").await["refund_fee"], "95.00");
    let told = shop.inbox.wait_for(3).await[2].alipay().unwrap();
    assert_eq!((field(&told, "trade_status"), field(&told, "refund_fee")), ("TRADE_CLOSED", "95.00"));
    let asked =
        shop.alipay("alipay.trade.fastpay.refund.query", json!({ "out_trade_no": "A1", "out_request_no": "R2" }));
    let asked = asked.await;
    assert_eq!((&asked["refund_status"], &asked["refund_amount"]), (&json!("REFUND_SUCCESS"), &json!("75.00")));
    let unknown =
        shop.alipay("alipay.trade.fastpay.refund.query", json!({ "out_trade_no": "A1", "out_request_no": "R9" }));
    let unknown = unknown.await;
    assert_eq!((&unknown["code"], unknown.get("refund_status")), (&json!("10000"), None));
}

#[tokio::test]
async fn a_payment_page_sends_the_payer_to_the_phone_and_back_with_a_signed_query() {
    let shop = Shop::open().await;
    let business = json!({ "out_trade_no": "A1", "total_amount": "1.00", "subject": "x", "product_code": "FAST_INSTANT_TRADE_PAY" });
    let params = shop.alipay_params("alipay.trade.page.pay", &business, &[("return_url", "https://ringup.test/back")]);
    let query = crate::urlencoded::encode(params.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let response = shop.http.get(format!("{}?{query}", shop.sandbox.alipay_gateway_url())).send().await.unwrap();
    assert_eq!(response.status(), 302);
    let phone = response.headers()["location"].to_str().unwrap().to_owned();
    let page = shop.http.get(&phone).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("¥1.00"), "{page}");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let paid = shop.http.post(&phone).header(form[0].0, form[0].1).body("act=pay").send().await.unwrap();
    assert_eq!(paid.status(), 303);
    let page = shop.http.get(&phone).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("https://ringup.test/back?app_id=") && page.contains("sign="), "{page}");

    let wrong = shop.alipay_params("alipay.trade.page.pay", &json!({ "out_trade_no": "A2" }), &[]);
    let query = crate::urlencoded::encode(wrong.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let response = shop.http.get(format!("{}?{query}", shop.sandbox.alipay_gateway_url())).send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert!(response.text().await.unwrap().contains("ACQ.INVALID_PARAMETER"));
}
