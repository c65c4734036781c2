//! The online door, from the quote to the receipt.

use ringup_core::payment::Provider;
use ringup_core::time::Span;
use ringup_sandbox::Forgery;
use serde_json::json;

use crate::support::{PROVIDERS, TestApp, key};

#[tokio::test]
async fn a_top_up_is_credited_when_its_provider_says_so_by_itself() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        let card = app.given_a_card("20.00 CNY").await;
        let order = app.places(&card, "50.00 CNY", provider).await;
        assert_eq!(app.state_of(&order).await, "placed");
        app.customer_pays(&order);
        app.until_it_is(&order, "credited").await;
        app.should_hold(&card, "70.00 CNY").await;
    }
}

#[tokio::test]
async fn a_credited_top_up_has_a_receipt_that_proves_it() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    let order = app.places(&card, "50.00 CNY", Provider::Alipay).await;
    let path = format!("/api/v1/receipts/{}", order.code);
    assert_eq!(app.get(&path).await.problem(), (404, "receipt_unknown".to_owned()));
    app.customer_pays(&order);
    app.until_it_is(&order, "credited").await;

    let receipt = app.get(&path).await;
    assert_eq!(receipt.status, 200);
    let (text, signature) = (receipt.field("signed_text"), receipt.field("signature"));
    assert!(text.contains(&format!("code {}\n", order.code)) && text.contains("paid 50.00 CNY by alipay\n"), "{text}");
    let key = app.get("/.well-known/ringup/keys.json").await.json()["keys"][0].clone();
    assert_eq!(key["kid"], receipt.json()["key_id"]);
    assert!(is_signed(&text, &signature, key["x"].as_str().unwrap()));
    assert!(!is_signed(&text.replace("50.00", "60.00"), &signature, key["x"].as_str().unwrap()));
}

fn is_signed(text: &str, signature: &str, key: &str) -> bool {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let (key, signature) = (URL_SAFE_NO_PAD.decode(key).unwrap(), URL_SAFE_NO_PAD.decode(signature).unwrap());
    let key = aws_lc_rs::signature::UnparsedPublicKey::new(&aws_lc_rs::signature::ED25519, key);
    key.verify(text.as_bytes(), &signature).is_ok()
}

#[tokio::test]
async fn a_top_up_is_credited_once_however_often_its_provider_says_so() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        app.given_notifications_are_lost();
        let card = app.given_a_card("20.00 CNY").await;
        let order = app.places(&card, "50.00 CNY", provider).await;
        app.customer_pays(&order);
        let answers = app.provider_notifies(&order, 15, Forgery::None).await;
        let accepted = if provider == Provider::Alipay { (200, "success") } else { (204, "") };
        assert!(answers.iter().all(|(status, text)| (*status, text.as_str()) == accepted), "{answers:?}");
        app.after_steps(5, Span::seconds(60)).await;
        app.should_hold(&card, "70.00 CNY").await;
    }
}

#[tokio::test]
async fn the_same_key_gets_the_same_answer_byte_for_byte() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    let (quote, key) = (app.given_a_quote(&card, "50.00 CNY").await, key());
    let first = app.takes_quote(&quote, Provider::Alipay, Some(&key)).await;
    assert_eq!((first.status, first.header("idempotent-replayed")), (201, None));
    let order = app.order(&first).await;
    app.customer_pays(&order);
    app.until_it_is(&order, "credited").await;
    // Also long after the quote has expired and the top-up is done.
    for wait in [Span::seconds(0), Span::minutes(30), Span::days(399)] {
        app.clock.advance(wait);
        let again = app.takes_quote(&quote, Provider::Alipay, Some(&key)).await;
        assert_eq!((again.status, &again.text), (first.status, &first.text));
        assert_eq!(again.header("content-type"), first.header("content-type"));
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
    }
    app.should_hold(&card, "50.00 CNY").await;
}

#[tokio::test]
async fn a_key_is_good_for_one_intent_only() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    let (quote, key) = (app.given_a_quote(&card, "50.00 CNY").await, key());
    assert_eq!(app.takes_quote(&quote, Provider::Alipay, Some(&key)).await.status, 201);
    let other_quote = app.given_a_quote(&card, "100.00 CNY").await;
    for answer in [
        app.takes_quote(&quote, Provider::WechatPay, Some(&key)).await,
        app.takes_quote(&other_quote, Provider::Alipay, Some(&key)).await,
    ] {
        assert_eq!(answer.problem(), (422, "idempotency_key_reused".to_owned()));
    }
    let answer = app.takes_quote(&quote, Provider::Alipay, None).await;
    assert_eq!(answer.problem(), (400, "idempotency_key_missing".to_owned()));
    for unusable in ["short", "with a space in it", &"x".repeat(129)] {
        let answer = app.takes_quote(&quote, Provider::Alipay, Some(unusable)).await;
        assert_eq!(answer.problem(), (400, "idempotency_key_malformed".to_owned()));
    }
    assert_eq!(app.sandbox.control().orders().len(), 1);
}

#[tokio::test]
async fn the_same_top_up_within_two_minutes_must_be_confirmed() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    app.given_a_credited_top_up(&card, "50.00 CNY", Provider::Alipay).await;
    app.clock.advance(Span::seconds(119));
    let quote = app.given_a_quote(&card, "50.00 CNY").await;
    let key = key();
    let asked = app.takes_quote(&quote, Provider::WechatPay, Some(&key)).await;
    assert_eq!(asked.problem(), (409, "another_one".to_owned()));
    // Another amount is plainly another one.
    assert_eq!(app.tries_to_place(&card, "20.00 CNY", Provider::Alipay, &crate::support::key()).await.status, 201);

    let body = json!({ "quote": quote, "provider": "wechat_pay", "method": "qr", "another_one": true });
    let confirmed = app.post_json("/api/v1/top-ups", Some(&key), &body).await;
    assert_eq!(confirmed.status, 201);
    let order = app.order(&confirmed).await;
    app.customer_pays(&order);
    app.until_it_is(&order, "credited").await;
    app.should_hold(&card, "100.00 CNY").await;

    app.clock.advance(Span::seconds(120));
    app.places(&card, "50.00 CNY", Provider::Alipay).await;
}

#[tokio::test]
async fn a_promotion_is_explained_in_the_quote_and_given_at_the_credit() {
    let app = TestApp::new().await;
    let card = app.given_a_card_of("gifts", "0.00 CNY").await;
    let quote = app.quotes(&card, "100.00 CNY").await.json();
    assert_eq!((&quote["you_pay"], &quote["card_gets"]), (&json!("95.00 CNY"), &json!("100.00 CNY")));
    assert_eq!(quote["bonus"], "10.00 CNY");
    let explained: Vec<&str> =
        quote["adjustments"].as_array().unwrap().iter().map(|one| one["name_en"].as_str().unwrap()).collect();
    assert_eq!(explained, ["5 off from 100", "10 bonus from 100"]);

    let order = app.given_a_credited_top_up(&card, "100.00 CNY", Provider::WechatPay).await;
    assert_eq!(app.at_the_provider(&order).paid_minor, Some(9_500));
    app.should_hold(&card, "100.00 CNY").await;
    let holdings = ringup_engine::balance::show(&app.engine, card.number, None).await.unwrap();
    let bonuses: Vec<String> = holdings.bonuses.iter().map(|(_, left)| left.to_string()).collect();
    assert_eq!(bonuses, ["10.00 CNY"]);

    // Below the threshold there is none.
    let quote = app.quotes(&card, "50.00 CNY").await.json();
    assert_eq!((&quote["you_pay"], &quote["bonus"]), (&json!("50.00 CNY"), &json!(null)));
}

#[tokio::test]
async fn a_bonus_lapses_on_its_day() {
    let app = TestApp::new().await;
    let card = app.given_a_card_of("gifts", "0.00 CNY").await;
    app.given_a_credited_top_up(&card, "100.00 CNY", Provider::Alipay).await;
    let bonuses = async || ringup_engine::balance::show(&app.engine, card.number, None).await.unwrap().bonuses.len();
    app.after(Span::seconds(30 * 86_400 - 1)).await;
    assert_eq!(bonuses().await, 1);
    app.after(Span::seconds(1)).await;
    assert_eq!(bonuses().await, 0);
    assert!(app.journal(&card).await.contains("bonus_lapsed"));
    app.should_hold(&card, "100.00 CNY").await;
}

#[tokio::test]
async fn a_top_up_makes_the_card_valid_for_longer() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    let before = app.card(&card).await.expires_at.unwrap();
    let promised = app.quotes(&card, "50.00 CNY").await.field("card_valid_until");
    app.given_a_credited_top_up(&card, "50.00 CNY", Provider::Alipay).await;
    let after = app.card(&card).await.expires_at.unwrap();
    assert!(after > before);
    assert_eq!(ringup::web::i18n::time::iso(after.micros()), promised);
}

#[tokio::test]
async fn what_is_paid_twice_by_two_ways_goes_back_by_the_second() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    let first = app.places(&card, "50.00 CNY", Provider::Alipay).await;
    let reader = app.reader("en");
    let form = [("way", "wechat_pay/qr"), ("idempotency_key", &key())];
    let answer = reader.posts(&format!("/top-ups/{}/payments", first.code), &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let second = app.order_of(first.code).await;
    assert_eq!(second.provider, Provider::WechatPay);

    app.customer_pays(&first);
    app.customer_pays(&second);
    app.until_it_is(&first, "credited").await;
    let both_captured = async { while app.payments_of(&first).await != ["captured", "captured"] {} };
    tokio::time::timeout(std::time::Duration::from_secs(30), both_captured).await.unwrap();
    app.runs_due_jobs().await;
    app.should_hold(&card, "50.00 CNY").await;
    let refunds = [app.sent_back(&first), app.sent_back(&second)].concat();
    assert_eq!(refunds, [5_000]);
    assert_eq!(app.state_of(&first).await, "credited");
}
