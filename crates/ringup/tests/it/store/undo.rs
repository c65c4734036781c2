use ringup_db::clerk::Role;

use crate::support::{Answer, TestApp, TestClerk, TestStore, Till, drawer_of, hidden, in_the_purse};

/// A store with a clerk, a supervisor, a till, and a sale of 50.00 on it.
async fn given_a_sale(app: &TestApp) -> (TestStore, TestClerk, TestClerk, Till<'_>, crate::support::TestCard, String) {
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let supervisor = app.given_a_clerk(&store, "09", Role::Supervisor).await;
    let till = app.given_an_open_till(&store, &clerk, "100").await;
    let card = app.given_a_card("0.00 CNY").await;
    let code = till.sells(&card, "50.00", "").await;
    (store, clerk, supervisor, till, card, code)
}

async fn asks(till: &Till<'_>, code: &str) -> String {
    let answer = till.posts(&format!("/store/sales/{code}/undo"), &[("reason", "wrong card")]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let list = till.gets("/store/undo").await.text;
    assert!(list.contains("wrong card"));
    let (_, rest) = list.split_once("action=\"/store/undo/").unwrap();
    format!("/store/undo/{}", rest.split('"').next().unwrap())
}

async fn decides(till: &Till<'_>, url: &str, by: &TestClerk, decision: &str) -> Answer {
    till.posts(url, &[("number", by.number), ("pin", by.pin.reveal()), ("decision", decision)]).await
}

/// The form that hands the cash over, as the slip has it.
async fn pay_out(till: &Till<'_>, code: &str) -> (String, String) {
    let slip = till.gets(&format!("/store/sales/{code}")).await.text;
    let (_, rest) = slip.split_once("action=\"/store/refunds/").unwrap_or_else(|| panic!("{slip}"));
    (format!("/store/refunds/{}", rest.split('"').next().unwrap()), hidden(&slip, "idempotency_key"))
}

#[tokio::test]
async fn a_sale_is_undone_by_two_people_and_its_cash_goes_out_of_the_drawer_once() {
    let app = TestApp::new().await;
    let (_, clerk, supervisor, till, card, code) = given_a_sale(&app).await;
    let url = asks(&till, &code).await;
    app.should_hold(&card, "50.00 CNY").await;
    assert_eq!(decides(&till, &url, &supervisor, "approve").await.status, 303);
    app.should_hold(&card, "0.00 CNY").await;
    let purse = drawer_of(&app, &clerk).await;
    assert_eq!(in_the_purse(&app, purse).await, 15_000, "the cash is still there");
    let (to, key) = pay_out(&till, &code).await;
    assert_eq!(till.posts(&to, &[("idempotency_key", &key)]).await.status, 303);
    assert_eq!(till.posts(&to, &[("idempotency_key", &key)]).await.status, 303, "the same press");
    assert_eq!(in_the_purse(&app, purse).await, 10_000);
    let other = till.posts(&to, &[("idempotency_key", "another-press-of-it")]).await;
    assert_eq!(other.status, 409);
    assert!(other.text.contains("handed over already"), "{}", other.text);
    assert_eq!(in_the_purse(&app, purse).await, 10_000);
    insta::assert_snapshot!(app.journal(&card).await);
    // Nobody is asked a day later about cash that was handed over.
    app.after(ringup_core::time::Span::hours(25)).await;
    assert_eq!(app.cases().await.len(), 0);
}

#[tokio::test]
async fn nobody_decides_about_what_he_asked_for_himself() {
    let app = TestApp::new().await;
    let (store, _, supervisor, till, card, code) = given_a_sale(&app).await;
    let own = app.given_an_open_till(&store, &supervisor, "0").await;
    let url = asks(&own, &code).await;
    let answer = decides(&own, &url, &supervisor, "approve").await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("You asked for it yourself"), "{}", answer.text);
    let clerk = app.given_a_clerk(&store, "02", Role::Clerk).await;
    let answer = decides(&till, &url, &clerk, "approve").await;
    assert!(answer.text.contains("Only a supervisor"), "{}", answer.text);
    app.should_hold(&card, "50.00 CNY").await;
    let second = app.given_a_clerk(&store, "08", Role::Supervisor).await;
    assert_eq!(decides(&till, &url, &second, "approve").await.status, 303);
    let (to, key) = pay_out(&till, &code).await;
    till.posts(&to, &[("idempotency_key", &key)]).await;
}

#[tokio::test]
async fn what_was_refused_stays_as_it_was_and_can_be_asked_for_again() {
    let app = TestApp::new().await;
    let (_, _, supervisor, till, card, code) = given_a_sale(&app).await;
    let url = asks(&till, &code).await;
    assert_eq!(decides(&till, &url, &supervisor, "refuse").await.status, 303);
    let late = decides(&till, &url, &supervisor, "approve").await;
    assert!(late.text.contains("decided already"), "{}", late.text);
    app.should_hold(&card, "50.00 CNY").await;
    let url = asks(&till, &code).await;
    assert_eq!(decides(&till, &url, &supervisor, "approve").await.status, 303);
    let (to, key) = pay_out(&till, &code).await;
    till.posts(&to, &[("idempotency_key", &key)]).await;
    app.should_hold(&card, "0.00 CNY").await;
}

#[tokio::test]
async fn a_reason_is_needed_and_one_request_at_a_time() {
    let app = TestApp::new().await;
    let (_, _, _, till, _, code) = given_a_sale(&app).await;
    let empty = till.posts(&format!("/store/sales/{code}/undo"), &[("reason", "  ")]).await;
    assert_eq!(empty.status, 422);
    asks(&till, &code).await;
    let again = till.posts(&format!("/store/sales/{code}/undo"), &[("reason", "once more")]).await;
    assert_eq!(again.status, 303);
    assert!(!till.gets("/store/undo").await.text.contains("once more"));
}

#[tokio::test]
async fn a_sale_whose_money_was_spent_is_not_undone_at_the_counter() {
    let app = TestApp::new().await;
    let (_, _, supervisor, till, card, code) = given_a_sale(&app).await;
    app.spends(&card, "10.00 CNY").await;
    let url = asks(&till, &code).await;
    let answer = decides(&till, &url, &supervisor, "approve").await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("The office has to decide"), "{}", answer.text);
    app.should_hold(&card, "40.00 CNY").await;
}
