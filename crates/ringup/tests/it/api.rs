//! The JSON API as a program meets it: every documented path answers, and every problem has its code.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use ringup_core::card::CardState;
use ringup_core::payment::Provider;
use ringup_core::time::Span;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, TestCard, key, sale_of};

#[tokio::test]
async fn every_documented_path_answers() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    let contract = app.get("/api/v1/openapi.json").await;
    assert_eq!(contract.json()["openapi"], "3.1.0");
    let order = app.given_a_credited_top_up(&card, "50.00 CNY", Provider::Alipay).await;
    let quote = app.given_a_quote(&card, "20.00 CNY").await;
    let agent = app.given_an_agent("100.00").await;
    let api_key = app.given_a_key(&agent, "127.0.0.1").await;
    let kiosk = app.given_a_kiosk().await;
    let mut seen = BTreeSet::new();
    for (path, operations) in contract.json()["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let at = path.replace("{code}", &order.code.to_string());
            let answer = match (method.as_str(), path.as_str()) {
                ("post", "/api/v1/balance") => app.asks_what_is_on(&card, &card.pin).await,
                ("post", "/api/v1/rates") => app.post_json(path, None, &json!({ "to": "+44 161" })).await,
                ("post", "/api/v1/advice") => app.post_json(path, None, &crate::plan::question()).await,
                ("post", "/api/v1/quotes") => app.quotes(&card, "20.00 CNY").await,
                ("post", "/api/v1/top-ups") => app.takes_quote(&quote, Provider::Alipay, Some(&key())).await,
                ("get", "/api/v1/agent/float") => app.asks_for_the_float(&api_key).await,
                ("post", "/api/v1/agent/sales") => {
                    app.sells_by_key(&api_key, &key(), &sale_of(&card, "10.00 CNY")).await
                }
                (_, path) if path.starts_with("/api/v1/kiosk") => kiosk.does(path, &card).await,
                ("get", _) => app.get(&at).await,
                other => panic!("no scenario for {other:?}"),
            };
            let documented = operations[method]["responses"].as_object().unwrap().keys();
            assert!(documented.clone().any(|status| *status == answer.status.to_string()), "{method} {path}");
            assert!(answer.status < 300, "{method} {path}: {}", answer.text);
            seen.insert(format!("{method} {path}"));
        }
    }
    assert_eq!(seen.len(), 20, "{seen:?}");
}

/// What the API says to each kind of bad request, as a table.
struct Table(String);

impl Table {
    fn add(&mut self, what: &str, answer: &Answer) {
        let (status, code) = answer.problem();
        writeln!(self.0, "{what:<44} {status} {code}").unwrap();
    }
}

#[tokio::test]
async fn every_problem_of_a_quote_has_its_code() {
    let app = TestApp::new().await;
    let card = app.given_a_card("980.00 CNY").await;
    let mut table = Table(String::new());
    let number = card.number.to_string();
    let mistyped = format!("{}{}", &number[..15], (number[15..].parse::<u8>().unwrap() + 1) % 10);
    let unknown = app_unknown().number.to_string();
    for (what, text) in [
        ("card: none", ""),
        ("card: letters", "6225 88AB 0000 0000"),
        ("card: too short", "622588"),
        ("card: too long", "62258800000000000000000"),
        ("card: mistyped", &mistyped),
        ("card: unknown", &unknown),
    ] {
        let body = json!({ "card": text, "amount": "50.00 CNY" });
        table.add(what, &app.post_json("/api/v1/quotes", None, &body).await);
    }
    for (what, amount) in [
        ("amount: none", ""),
        ("amount: without a figure", " CNY"),
        ("amount: words", "fifty CNY"),
        ("amount: not a unit", "50.00 XYZ"),
        ("amount: zero", "0.00 CNY"),
        ("amount: negative", "-50.00 CNY"),
        ("amount: three decimals", "50.001 CNY"),
        ("amount: more than can be counted", "99999999999999999999.00 CNY"),
        ("amount: larger than any offered", "500.01 CNY"),
        ("amount: smaller than any offered", "9.99 CNY"),
        ("amount: another currency", "50.00 USD"),
        ("amount: the card would hold too much", "50.00 CNY"),
    ] {
        table.add(what, &app.quotes(&card, amount).await);
    }
    for state in [CardState::Suspended, CardState::Closed] {
        let card = app.given_a_card("0.00 CNY").await;
        app.card_becomes(&card, state).await;
        table.add(&format!("card: {state}"), &app.quotes(&card, "50.00 CNY").await);
    }
    table.add("card: made and not sold", &app.quotes(&app.given_a_card_not_sold().await, "50.00 CNY").await);
    app.clock.advance(Span::days(189));
    assert_eq!(app.quotes(&card, "20.00 CNY").await.status, 200, "it has 90 days of grace");
    app.clock.advance(Span::days(1));
    table.add("card: expired beyond its grace", &app.quotes(&card, "20.00 CNY").await);
    insta::assert_snapshot!(table.0);
}

/// A number that no card has: of another issuer.
fn app_unknown() -> TestCard {
    TestCard { number: "4111111111111111".parse().unwrap(), pin: "123456".to_owned() }
}

#[tokio::test]
async fn every_problem_of_a_placing_has_its_code() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    let mut table = Table(String::new());
    let quote = app.given_a_quote(&card, "50.00 CNY").await;
    let tampered =
        if quote.ends_with('A') { quote.replace('A', "B") } else { format!("{}A", &quote[..quote.len() - 1]) };
    let body = |quote: &str| json!({ "quote": quote, "provider": "alipay", "method": "qr" });
    let place = async |body: Value| app.post_json("/api/v1/top-ups", Some(&key()), &body).await;

    table.add("no idempotency key", &app.post_json("/api/v1/top-ups", None, &body(&quote)).await);
    table.add("a key of three characters", &app.post_json("/api/v1/top-ups", Some("abc"), &body(&quote)).await);
    table.add("quote: changed", &place(body(&tampered)).await);
    table.add("quote: not one of ours", &place(body("bm90IG9uZSBvZiBvdXJz")).await);
    table.add("quote: empty", &place(body("")).await);
    let with = |name: &str, value: &str| {
        let mut changed = body(&quote);
        changed[name] = json!(value);
        changed
    };
    table.add("provider: unknown", &place(with("provider", "paypal")).await);
    table.add("method: unknown", &place(with("method", "telepathy")).await);
    table.add("a field that nobody knows", &place(with("amount", "1.00 CNY")).await);
    table.add("a field is missing", &place(json!({ "quote": quote })).await);
    let used = key();
    assert_eq!(app.takes_quote(&quote, Provider::Alipay, Some(&used)).await.status, 201);
    table.add(
        "a key that was used for something else",
        &app.takes_quote(&quote, Provider::WechatPay, Some(&used)).await,
    );
    app.given_a_credited_top_up(&card, "50.00 CNY", Provider::Alipay).await;
    table.add("the same a moment ago", &place(body(&quote)).await);
    let expiring = app.given_a_quote(&card, "20.00 CNY").await;
    app.clock.advance(Span::seconds(15 * 60 - 1));
    assert_eq!(place(body(&expiring)).await.status, 201);
    app.clock.advance(Span::seconds(1));
    table.add("quote: expired", &place(body(&expiring)).await);
    let quote = app.given_a_quote(&card, "20.00 CNY").await;
    app.card_becomes(&card, CardState::Suspended).await;
    table.add("card: suspended since the quote", &place(body(&quote)).await);
    insta::assert_snapshot!(table.0);
    app.should_hold(&card, "50.00 CNY").await;
}

#[tokio::test]
async fn every_problem_of_a_request_has_its_code() {
    let app = TestApp::new().await;
    let mut table = Table(String::new());
    let send = async |content_type: &str, body: Vec<u8>| {
        let request = app.http.post(format!("{}/api/v1/quotes", app.url)).header("content-type", content_type);
        Answer::of(request.body(body).send().await.unwrap()).await
    };
    let json = "application/json";
    let padding = "x".repeat(64 * 1024);
    let too_large = format!("{{\"card\":\"{padding}\",\"amount\":\"50.00 CNY\"}}");
    table.add("content type: form", &send("application/x-www-form-urlencoded", b"card=1&amount=2".to_vec()).await);
    table.add("content type: none", &send("", b"{}".to_vec()).await);
    table.add("body: empty", &send(json, Vec::new()).await);
    table.add("body: not JSON", &send(json, b"{\"card\":".to_vec()).await);
    table.add("body: not UTF-8", &send(json, b"{\"card\":\"\xff\xfe\",\"amount\":\"1 CNY\"}".to_vec()).await);
    table.add("body: a number for a text", &send(json, b"{\"card\":1,\"amount\":\"1 CNY\"}".to_vec()).await);
    table.add("body: nested too deeply", &send(json, "[".repeat(60_000).into_bytes()).await);
    table.add("body: over 64 KiB", &send(json, too_large.into_bytes()).await);
    table.add("top-up: unknown code", &app.get("/api/v1/top-ups/00000000000000000000000000").await);
    table.add("top-up: no code", &app.get("/api/v1/top-ups/1234").await);
    table.add("top-up: a code that is no text", &app.get("/api/v1/top-ups/%FF").await);
    table.add("receipt: a code that is no text", &app.get("/api/v1/receipts/%FF").await);
    table.add("receipt: unknown code", &app.get("/api/v1/receipts/00000000000000000000000000").await);
    table.add("route: unknown", &app.get("/api/v1/nothing").await);
    table.add("route: nothing after api", &app.get("/api/").await);
    table.add("route: unknown, with POST", &app.post_json("/api/v2/quotes", None, &json!({})).await);
    table.add("method: not for this route", &app.get("/api/v1/quotes").await);
    insta::assert_snapshot!(table.0);
}
