use reqwest::Response;
use serde_json::{Value, json};

use crate::testing::Shop;

async fn call(shop: &Shop, method: &str, path: &str, body: Value) -> (u16, Value) {
    let request = shop.http.request(method.parse().unwrap(), format!("{}/_sandbox/{path}", shop.sandbox.url()));
    let request = if body.is_null() { request } else { request.json(&body) };
    let response: Response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap_or(Value::Null))
}

#[tokio::test]
async fn orders_are_paid_shown_and_told_over_http() {
    let shop = Shop::open().await;
    shop.precreate("A1", "95.00").await;
    let order = json!({ "provider": "alipay", "out_trade_no": "A1", "outcome": "pay" });
    let (status, paid) = call(&shop, "POST", "pay", order.clone()).await;
    assert_eq!((status, &paid["result"], &paid["order"]["state"]), (200, &json!("paid"), &json!("paid")));
    assert_eq!(call(&shop, "POST", "pay", order).await, (409, json!({ "error": "the order is paid already" })));
    shop.inbox.wait_for(1).await;
    let again = json!({ "provider": "alipay", "out_trade_no": "A1", "times": 2, "forgery": "wrong_key" });
    let (_, attempts) = call(&shop, "POST", "notify", again).await;
    assert_eq!((attempts[1]["twist"].clone(), attempts[1]["status"].clone()), (json!("forged"), json!(200)));
    let (_, shown) = call(&shop, "GET", "orders/alipay/A1", Value::Null).await;
    assert_eq!(shown["notifications"].as_array().unwrap().len(), 3);
    let (_, all) = call(&shop, "GET", "orders", Value::Null).await;
    assert_eq!(all.as_array().unwrap().len(), 1);
    let (_, made) = call(&shop, "GET", "notification/alipay/A1?forgery=amount", Value::Null).await;
    assert!(made["body"].as_str().unwrap().contains("total_amount=96.00"));
}

#[tokio::test]
async fn switches_are_set_shown_and_cleared_over_http() {
    let shop = Shop::open().await;
    let switch = json!({ "fault": "notification_late", "ms": 500, "provider": "alipay", "next": 3 });
    let (status, on) = call(&shop, "POST", "switches", switch.clone()).await;
    assert_eq!((status, &on[0]), (200, &switch));
    assert_eq!(call(&shop, "GET", "switches", Value::Null).await.1, json!([switch]));
    assert_eq!(call(&shop, "DELETE", "switches", Value::Null).await.0, 204);
    assert_eq!(call(&shop, "GET", "switches", Value::Null).await.1, json!([]));
}

#[tokio::test]
async fn a_control_call_that_makes_no_sense_is_refused() {
    let shop = Shop::open().await;
    let cases = [
        ("POST", "pay", json!({ "provider": "alipay", "out_trade_no": "A9", "outcome": "pay" }), 404),
        ("POST", "pay", json!({ "provider": "paypal", "out_trade_no": "A9", "outcome": "pay" }), 422),
        ("POST", "switches", json!({ "fault": "something" }), 422),
        ("POST", "notify", json!({ "provider": "alipay", "out_trade_no": "A9" }), 404),
        ("GET", "orders/alipay/A9", Value::Null, 404),
        ("GET", "orders/paypal/A9", Value::Null, 400),
    ];
    for (method, path, body, expected) in cases {
        assert_eq!(call(&shop, method, path, body).await.0, expected, "{method} {path}");
    }
}
