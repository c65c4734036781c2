use serde_json::json;

use crate::{
    Payer, PayerAct, Provider,
    testing::{Shop, keys},
};

#[tokio::test]
async fn a_code_is_paid_at_once_confirmed_declined_or_refused() {
    let shop = Shop::open().await;
    let show = |payer| shop.control.show_code(Provider::WechatPay, payer);
    let code = show(Payer::PaysAtOnce);
    let (status, paid) = shop.codepay("W00001", 5_000, &code).await;
    assert_eq!((status, &paid["trade_state"], &paid["amount"]["total"]), (200, &json!("SUCCESS"), &json!(5_000)));
    let refused = |answer: (u16, serde_json::Value)| (answer.0, answer.1["code"].as_str().unwrap().to_owned());
    let no = |code: &str| (400, code.to_owned());
    assert_eq!(refused(shop.codepay("W00002", 5_000, &code).await), no("AUTH_CODE_INVALID"));
    assert_eq!(refused(shop.codepay("W00001", 5_000, &code).await), no("ORDERPAID"));
    assert_eq!(refused(shop.codepay("W00003", 5_000, &show(Payer::LacksMoney)).await), no("NOTENOUGH"));
    let old = show(Payer::PaysAtOnce);
    shop.pass(60);
    assert_eq!(refused(shop.codepay("W00004", 5_000, &old).await), no("AUTH_CODE_EXPIRE"));

    for (number, act, state) in [("W00005", PayerAct::Pay, "SUCCESS"), ("W00006", PayerAct::Decline, "PAYERROR")] {
        let (status, waiting) = shop.codepay(number, 5_000, &show(Payer::MustConfirm)).await;
        assert_eq!((status, waiting), (200, json!({ "trade_state": "USERPAYING" })));
        assert_eq!(shop.query_native(number).await.1["trade_state"], "USERPAYING");
        shop.control.pay(Provider::WechatPay, number, act).unwrap();
        assert_eq!(shop.query_native(number).await.1["trade_state"], state);
    }
    assert_eq!(shop.inbox.count(), 0, "nobody is notified of a payment by code");
}

#[tokio::test]
async fn reversing_does_not_say_what_it_did_and_a_query_does() {
    let shop = Shop::open().await;
    let body = json!({ "appid": keys().wechat_pay.appid, "mchid": keys().wechat_pay.mchid });
    let reverse = |number: &str| {
        let path = format!("/v3/pay/transactions/out-trade-no/{number}/reverse");
        let (shop, body) = (&shop, body.clone());
        async move { shop.wechat_pay("POST", &path, body).await }
    };
    assert_eq!(reverse("W00000").await.0, 404);
    for (number, payer, state) in [("W00001", Payer::MustConfirm, "REVOKED"), ("W00002", Payer::PaysAtOnce, "REFUND")] {
        shop.codepay(number, 5_000, &shop.control.show_code(Provider::WechatPay, payer)).await;
        for _ in 0..2 {
            let (status, answer) = reverse(number).await;
            assert_eq!((status, &answer["out_trade_no"]), (200, &json!(number)));
        }
        assert_eq!(shop.query_native(number).await.1["trade_state"], state);
    }
}
