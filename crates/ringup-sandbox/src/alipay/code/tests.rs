use serde_json::json;

use crate::{Payer, PayerAct, Provider, testing::Shop};

#[tokio::test]
async fn a_code_is_paid_at_once_confirmed_or_refused() {
    let shop = Shop::open().await;
    let show = |payer| shop.control.show_code(Provider::Alipay, payer);
    let code = show(Payer::PaysAtOnce);
    let paid = shop.pay_by_code("A1", "50.00", &code).await;
    assert_eq!((&paid["code"], &paid["total_amount"]), (&json!("10000"), &json!("50.00")));
    assert!(paid["gmt_payment"].is_string() && paid["trade_status"].is_null(), "{paid}");
    assert_eq!(shop.pay_by_code("A2", "50.00", &code).await["sub_code"], "ACQ.PAYMENT_AUTH_CODE_INVALID");
    assert_eq!(shop.pay_by_code("A1", "50.00", &code).await["sub_code"], "ACQ.TRADE_HAS_SUCCESS");
    let poor = show(Payer::LacksMoney);
    assert_eq!(shop.pay_by_code("A3", "50.00", &poor).await["sub_code"], "ACQ.BUYER_BALANCE_NOT_ENOUGH");
    let old = show(Payer::PaysAtOnce);
    shop.pass(60);
    assert_eq!(shop.pay_by_code("A4", "50.00", &old).await["sub_code"], "ACQ.PAYMENT_AUTH_CODE_INVALID");

    let waiting = shop.pay_by_code("A5", "50.00", &show(Payer::MustConfirm)).await;
    assert_eq!((&waiting["code"], &waiting["out_trade_no"]), (&json!("10003"), &json!("A5")));
    let query = || shop.alipay("alipay.trade.query", json!({ "out_trade_no": "A5" }));
    assert_eq!(query().await["trade_status"], "WAIT_BUYER_PAY");
    shop.control.pay(Provider::Alipay, "A5", PayerAct::Pay).unwrap();
    assert_eq!(query().await["trade_status"], "TRADE_SUCCESS");
}

#[tokio::test]
async fn cancelling_says_what_it_did() {
    let shop = Shop::open().await;
    let cancel = |number: &'static str| shop.alipay("alipay.trade.cancel", json!({ "out_trade_no": number }));
    let nothing = cancel("A0").await;
    assert_eq!((&nothing["code"], &nothing["retry_flag"]), (&json!("10000"), &json!("N")));
    assert!(nothing["action"].is_null());
    for (number, payer, action) in [("A1", Payer::MustConfirm, "close"), ("A2", Payer::PaysAtOnce, "refund")] {
        shop.pay_by_code(number, "50.00", &shop.control.show_code(Provider::Alipay, payer)).await;
        for _ in 0..2 {
            assert_eq!(cancel(number).await["action"], action);
        }
        let query = shop.alipay("alipay.trade.query", json!({ "out_trade_no": number })).await;
        assert_eq!(query["trade_status"], "TRADE_CLOSED");
        assert_eq!(query["send_pay_date"].is_string(), action == "refund");
    }
}

#[tokio::test]
async fn a_request_without_a_scene_or_a_code_is_refused() {
    let shop = Shop::open().await;
    let full = json!({
        "out_trade_no": "A1", "total_amount": "1.00", "subject": "x", "scene": "bar_code", "auth_code": "280000000000000000",
    });
    for (name, value) in [("scene", json!("wave_code")), ("auth_code", json!("")), ("auth_code", json!("28x"))] {
        let mut business = full.clone();
        business[name] = value;
        assert_eq!(shop.alipay("alipay.trade.pay", business).await["sub_code"], "ACQ.INVALID_PARAMETER");
    }
}
