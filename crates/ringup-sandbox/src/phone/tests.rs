use reqwest::header::LOCATION;

use crate::{
    PayerAct, Provider,
    phone::page::escape,
    testing::{Shop, keys},
};

async fn get(shop: &Shop, path: &str, language: &str) -> (u16, String) {
    let request = shop.http.get(format!("{}/_sandbox/phone/{path}", shop.sandbox.url()));
    let response = request.header("accept-language", language).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn press(shop: &Shop, path: &str, act: &str) -> String {
    let request = shop.http.post(format!("{}/_sandbox/phone/{path}", shop.sandbox.url()));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(format!("act={act}"));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 303);
    let location = response.headers()[LOCATION].to_str().unwrap();
    location.strip_prefix("/_sandbox/phone/").unwrap().to_owned()
}

#[tokio::test]
async fn the_phone_asks_in_both_languages_and_opening_it_is_the_scan() {
    let shop = Shop::open().await;
    shop.precreate("A1", "95.00").await;
    assert_eq!(shop.control.order(Provider::Alipay, "A1").unwrap().state, "unseen");
    let (_, english) = get(&shop, "alipay/A1", "en-GB,en;q=0.9").await;
    assert_eq!(shop.control.order(Provider::Alipay, "A1").unwrap().state, "waiting");
    for text in ["Pay ¥95.00", "Decline", "Not now", "充值 &amp; 100%", keys().alipay.seller_id.as_str(), "lang=\"en\""]
    {
        assert!(english.contains(text), "{text}");
    }
    let (_, chinese) = get(&shop, "alipay/A1", "zh-CN,zh;q=0.9").await;
    for text in ["支付 ¥95.00", "拒绝付款", "先不付", "lang=\"zh-CN\""] {
        assert!(chinese.contains(text), "{text}");
    }
    assert!(get(&shop, "alipay/A1?lang=zh-CN", "en").await.1.contains("拒绝付款"), "the link's language comes first");
}

#[tokio::test]
async fn each_button_leads_to_its_own_screen() {
    let shop = Shop::open().await;
    shop.native("W00001", 9_500).await;
    for (act, text, state) in [
        ("decline", "did not go through", "waiting"),
        ("nothing", "You have not paid", "waiting"),
        ("pay", "The merchant has the money", "paid"),
    ] {
        let next = press(&shop, "wechat_pay/W00001", act).await;
        assert!(get(&shop, &next, "en").await.1.contains(text), "{act}");
        assert_eq!(shop.control.order(Provider::WechatPay, "W00001").unwrap().state, state, "{act}");
    }
}

#[tokio::test]
async fn closed_expired_and_unknown_orders_say_so() {
    let shop = Shop::open().await;
    assert_eq!(get(&shop, "alipay/A9", "en").await.0, 404);
    shop.precreate("A1", "1.00").await;
    shop.precreate("A2", "1.00").await;
    shop.control.pay(Provider::Alipay, "A1", PayerAct::Nothing).unwrap();
    shop.alipay("alipay.trade.close", serde_json::json!({ "out_trade_no": "A1" })).await;
    assert!(get(&shop, "alipay/A1", "en").await.1.contains("This order is closed"));
    shop.pass(2 * 3_600);
    assert!(get(&shop, "alipay/A2", "en").await.1.contains("This code has expired"));
    let next = press(&shop, "alipay/A2", "pay").await;
    assert!(get(&shop, &next, "en").await.1.contains("This code has expired"));
}

#[tokio::test]
async fn the_way_back_is_kept_through_the_buttons_and_leads_to_the_web_only() {
    let shop = Shop::open().await;
    shop.native("W00001", 100).await;
    let next = press(&shop, "wechat_pay/W00001?redirect_url=https%3A%2F%2Fringup.test%2Fback%3Fa%3D1%26b", "pay").await;
    assert!(get(&shop, &next, "en").await.1.contains("href=\"https://ringup.test/back?a=1&amp;b\""));
    let (_, page) = get(&shop, "wechat_pay/W00001?redirect_url=javascript%3Aalert(1)", "en").await;
    assert!(!page.contains("javascript:alert"), "{page}");
}

#[test]
fn text_from_outside_is_escaped() {
    assert_eq!(escape(r#"<b a="1" c='2'>&"#), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
}

#[tokio::test]
async fn the_phone_shows_a_payment_code_that_stands_in_no_address_and_what_waits_to_be_confirmed() {
    let shop = Shop::open().await;
    let (status, page) = get(&shop, "alipay", "en").await;
    assert_eq!(status, 200);
    assert!(page.contains("Show a payment code"), "{page}");
    assert!(get(&shop, "wechat_pay?lang=zh-CN", "en").await.1.contains("显示付款码"));

    let request = shop.http.post(format!("{}/_sandbox/phone/alipay?lang=en", shop.sandbox.url()));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body("payer=must_confirm");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200, "it leads nowhere");
    let page = response.text().await.unwrap();
    let code = page.split("<p class=\"code number\">").nth(1).unwrap().split('<').next().unwrap().replace(' ', "");
    assert!(shop.pay_by_code("A1", "50.00", &code).await["code"] == "10003");
    let (_, page) = get(&shop, "alipay", "en").await;
    assert!(page.contains("/_sandbox/phone/alipay/A1?lang=en") && !page.contains(&code), "{page}");
    press(&shop, "alipay/A1", "pay").await;
    assert!(!get(&shop, "alipay", "en").await.1.contains("A1"));
}
