use ringup_core::time::Span;
use ringup_engine::agent;
use serde_json::json;

use crate::support::{TestApp, key, sale_of, yuan};

#[tokio::test]
async fn a_program_sells_once_for_each_key_and_hears_the_same_again() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("200.00").await;
    let (api_key, card) = (app.given_a_key(&agent, "127.0.0.1").await, app.given_a_card("5.00 CNY").await);
    let intent = key();
    let first = app.sells_by_key(&api_key, &intent, &sale_of(&card, "50.00 CNY")).await;
    assert_eq!(first.status, 201, "{}", first.text);
    assert_eq!(first.field("receipt_number"), "BJ-A001-000001");
    assert_eq!(first.header("idempotent-replayed"), None);
    app.should_hold(&card, "55.00 CNY").await;
    // The agent is suspended, and a day later: what was sold was sold.
    agent::suspend(&app.engine, agent.id).await.unwrap();
    app.after(Span::days(1)).await;
    let again = app.sells_by_key(&api_key, &intent, &sale_of(&card, "50.00 CNY")).await;
    assert_eq!((again.status, &again.text), (201, &first.text));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let other = app.sells_by_key(&api_key, &intent, &sale_of(&card, "20.00 CNY")).await;
    assert_eq!(other.problem(), (422, "idempotency_key_reused".to_owned()));
    let missing = app.sells_by_key(&api_key, "", &sale_of(&card, "20.00 CNY")).await;
    assert_eq!(missing.problem(), (400, "idempotency_key_missing".to_owned()));
    let suspended = app.sells_by_key(&api_key, &key(), &sale_of(&card, "20.00 CNY")).await;
    assert_eq!(suspended.problem(), (403, "agent_suspended".to_owned()));
    agent::resume(&app.engine, agent.id).await.unwrap();
    assert_eq!(app.sells_by_key(&api_key, &key(), &sale_of(&card, "20.00 CNY")).await.status, 201);
    assert_eq!(app.can_sell_for(&agent).await, yuan("130.00"));
}

#[tokio::test]
async fn the_same_key_at_the_same_time_sells_once() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("200.00").await;
    let (api_key, card) = (app.given_a_key(&agent, "127.0.0.1").await, app.given_a_card("0.00 CNY").await);
    let (intent, body) = (key(), sale_of(&card, "10.00 CNY"));
    let answers = app.sell_at_once(&api_key, vec![(intent, body); 20]).await;
    assert!(answers.iter().all(|answer| answer.status == 201 && answer.text == answers[0].text), "{answers:?}");
    assert_eq!(answers.iter().filter(|answer| answer.header("idempotent-replayed").is_none()).count(), 1);
    assert_eq!(app.can_sell_for(&agent).await, yuan("190.00"));
}

#[tokio::test]
async fn a_key_opens_the_door_from_its_own_addresses_until_it_is_revoked() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("200.00").await;
    let card = app.given_a_card("0.00 CNY").await;
    let body = sale_of(&card, "10.00 CNY");
    for wrong in ["", "ringup_agent_x", "ringup_agent_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let answer = app.sells_by_key(wrong, &key(), &body).await;
        assert_eq!(answer.problem(), (401, "api_key_unknown".to_owned()), "{wrong}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    let elsewhere = app.given_a_key(&agent, "192.0.2.0/24").await;
    let answer = app.sells_by_key(&elsewhere, &key(), &body).await;
    assert_eq!(answer.problem(), (403, "address_not_allowed".to_owned()));
    let request = app.http.post(format!("{}/api/v1/agent/sales", app.url)).json(&body).bearer_auth(&elsewhere);
    let request = request.header("idempotency-key", key()).header("x-forwarded-for", "203.0.113.9, 192.0.2.77");
    assert_eq!(request.send().await.unwrap().status(), 201, "as the proxy says");
    let id = agent.id;
    let keys = app.engine.read(move |tx| ringup_db::agent_key::agent_keys(tx, id)).await.unwrap();
    assert!(!format!("{keys:?}").contains(&elsewhere), "a key is kept as a hash");
    let (revoked, now) = (keys[0].id, app.clock.now());
    app.engine.write(move |tx| ringup_db::agent_key::revoke_agent_key(tx, revoked, now)).await.unwrap();
    let answer = app.sells_by_key(&elsewhere, &key(), &body).await;
    assert_eq!(answer.problem(), (401, "api_key_unknown".to_owned()));
}

#[tokio::test]
async fn bad_input_is_a_problem_document_with_a_stable_code() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("600.00").await;
    let (api_key, card) = (app.given_a_key(&agent, "127.0.0.1").await, app.given_a_card("0.00 CNY").await);
    let number = card.number.to_string();
    let cases = [
        (json!({ "card": number }), 422, "body_malformed"),
        (json!({ "card": number, "amount": "10.00 CNY", "more": 1 }), 422, "body_malformed"),
        (json!({ "card": "1", "amount": "10.00 CNY" }), 400, "card_number_length"),
        (json!({ "card": number, "amount": "ten" }), 400, "amount_not_a_number"),
        (json!({ "card": number, "amount": "10.00 USD" }), 422, "wrong_unit"),
        (json!({ "card": number, "amount": "0.01 CNY" }), 422, "amount_not_offered"),
        (json!({ "card": "4000000000000002", "amount": "10.00 CNY" }), 404, "card_unknown"),
        (json!({ "card": number, "amount": "10.00 CNY", "quote": "x" }), 422, "quote_unreadable"),
    ];
    for (body, status, code) in cases {
        assert_eq!(app.sells_by_key(&api_key, &key(), &body).await.problem(), (status, code.to_owned()), "{body}");
    }
    let quote = app.given_a_quote(&card, "20.00 CNY").await;
    let other = json!({ "card": number, "amount": "10.00 CNY", "quote": quote });
    assert_eq!(app.sells_by_key(&api_key, &key(), &other).await.problem(), (422, "quote_of_something_else".to_owned()));
    let taken = json!({ "card": number, "amount": "20.00 CNY", "quote": quote });
    assert_eq!(app.sells_by_key(&api_key, &key(), &taken).await.status, 201);
    let again = app.sells_by_key(&api_key, &key(), &sale_of(&card, "20.00 CNY")).await;
    assert_eq!(again.problem(), (409, "another_one".to_owned()));
    let another = json!({ "card": number, "amount": "20.00 CNY", "another_one": true });
    assert_eq!(app.sells_by_key(&api_key, &key(), &another).await.status, 201);
}
