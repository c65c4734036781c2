use ringup_core::payment::Provider;
use ringup_core::time::Span;
use serde_json::json;

use crate::support::{TestApp, key};

#[tokio::test]
async fn a_qr_code_on_the_screen_goes_the_way_of_every_online_payment() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    for provider in [Provider::Alipay, Provider::WechatPay] {
        let quote = app.given_a_quote(&card, "50.00 CNY").await;
        let body = json!({ "quote": quote, "provider": provider.name(), "language": "en", "another_one": true });
        let key = key();
        let placed = kiosk.posts_with("/api/v1/kiosk/top-ups", Some(&key), &body).await;
        assert_eq!(placed.status, 201, "{}", placed.text);
        assert_eq!(kiosk.posts_with("/api/v1/kiosk/top-ups", Some(&key), &body).await.text, placed.text);
        let order = app.order(&placed).await;
        let address = format!("/api/v1/kiosk/top-ups/{}", placed.field("code"));
        let shown = kiosk.gets(&address).await.json();
        assert!(shown["payments"][0]["hand_over"].as_str().is_some(), "{shown}");
        assert_eq!((&shown["state"], &shown["slip"]), (&json!("placed"), &json!(null)), "nothing is on the card yet");
        app.customer_pays(&order);
        app.until_it_is(&order, "credited").await;
        let credited = kiosk.gets(&address).await.json();
        assert_eq!((&credited["state"], &credited["card_gets"]), (&json!("credited"), &json!("50.00 CNY")));
        let slip = credited["slip"].to_string();
        let with = if provider == Provider::Alipay { "Alipay" } else { "WeChat Pay" };
        for words in ["You paid", with, "The card got", placed.field("code").get(..4).unwrap(), "400 000 0001"] {
            assert!(slip.contains(words), "{words} is missing: {slip}");
        }
        let code = order.code;
        let view = ringup_engine::top_up::view(&app.engine, code).await.unwrap().unwrap();
        assert_eq!(view.top_up.channel, ringup_core::top_up::Channel::Kiosk);
        app.after(Span::minutes(20)).await;
        let late = kiosk.posts_with("/api/v1/kiosk/top-ups", Some(&key), &body).await;
        assert_eq!(
            (late.status, &late.text),
            (201, &placed.text),
            "its quote has expired, and it is placed all the same"
        );
    }
    let sold = kiosk.sells(&card, &["10"]).await;
    for code in [sold.field("code"), "0123456789ABCDEFGHJKMNPQRS".to_owned(), "no-code".to_owned()] {
        let asked = kiosk.gets(&format!("/api/v1/kiosk/top-ups/{code}")).await;
        assert_eq!(asked.problem(), (404, "top_up_unknown".to_owned()), "{code} was not paid by a QR code");
    }
    app.should_hold(&card, "110.00 CNY").await;
}

#[tokio::test]
async fn whoever_pays_after_the_time_and_after_the_kiosk_has_gone_off_is_credited_once() {
    // Alipay's clock is four minutes behind: it takes money for a code whose time, by our clock, is over.
    let app = TestApp::with(|agreement| agreement.providers_behind = Span::minutes(4)).await;
    app.given_notifications_are_lost();
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    let quote = app.given_a_quote(&card, "50.00 CNY").await;
    let (key, body) = (key(), json!({ "quote": quote, "provider": "alipay", "language": "en" }));
    let placed = kiosk.posts_with("/api/v1/kiosk/top-ups", Some(&key), &body).await;
    let order = app.order(&placed).await;
    let address = format!("/api/v1/kiosk/top-ups/{}", placed.field("code"));
    app.after(Span::seconds(15 * 60 + 10)).await;
    let over = kiosk.gets(&address).await.json();
    assert_eq!((&over["state"], &over["slip"]), (&json!("abandoned"), &json!(null)));
    app.customer_pays(&order);
    app.provider_says_so(&order).await;
    // The kiosk is on again, and asks by its own key.
    let again = kiosk.posts_with("/api/v1/kiosk/top-ups", Some(&key), &body).await;
    assert_eq!((again.status, &again.text), (201, &placed.text));
    assert_eq!(kiosk.gets(&address).await.json()["state"], json!("credited"));
    app.should_hold(&card, "50.00 CNY").await;
}
