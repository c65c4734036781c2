use ringup_db::clerk::Role;

use crate::support::{TestApp, hidden};

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    let number = card.number.grouped();
    let good = till.chooses(&card, "50.00").await;
    let quote = good[3].1.clone();
    let cases: [(&[(&str, &str)], &str); 6] = [
        (&[("card", ""), ("amount", "50.00")], "card-error"),
        (&[("card", "6225 8800 0000 0001"), ("amount", "50.00")], "card-error"),
        (&[("card", &number), ("amount", "")], "amount-error"),
        (&[("card", &number), ("other", "a lot")], "other-error"),
        (&[("card", &number), ("amount", "50.00"), ("cash", "49.99")], "cash-error"),
        (&[("card", &number), ("amount", "50.00"), ("cash", "fifty")], "cash-error"),
    ];
    for (fields, id) in cases {
        let key = hidden(&till.gets("/store").await.text, "idempotency_key");
        let mut form = fields.to_vec();
        form.extend([("idempotency_key", key.as_str()), ("quote", quote.as_str())]);
        let answer = till.posts("/store/sales", &form).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        assert!(answer.text.contains(&format!("id=\"{id}\"")), "{fields:?}: {}", answer.text);
    }
    app.should_hold(&card, "0.00 CNY").await;
}

#[tokio::test]
async fn more_than_the_store_may_sell_at_once_is_not_sold() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    let most = ringup_db::store::Store { sale_max: crate::support::yuan("40.00"), ..store.store.clone() };
    app.engine.write(move |tx| ringup_db::store::update_store(tx, &most)).await.unwrap();
    let form = till.chooses(&card, "50.00").await;
    let answer = till.sells_what(&form, &[]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("At most ¥40.00"), "{}", answer.text);
    app.should_hold(&card, "0.00 CNY").await;
}

#[tokio::test]
async fn nothing_is_sold_without_a_drawer_or_without_a_clerk() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    let form = till.chooses(&card, "50.00").await;
    till.counts("0").await;
    let closed = till.sells_what(&form, &[]).await;
    assert_eq!((closed.status, closed.location()), (303, "/store".to_owned()));
    till.posts("/store/sign-out", &[]).await;
    let nobody = till.sells_what(&form, &[]).await;
    assert_eq!((nobody.status, nobody.location()), (303, "/store".to_owned()));
    app.should_hold(&card, "0.00 CNY").await;
}

#[tokio::test]
async fn a_sale_of_another_store_is_shown_to_nobody_here() {
    let app = TestApp::new().await;
    let one = app.given_a_store().await;
    let clerk = app.given_a_clerk(&one, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&one, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    let code = till.sells(&card, "50.00", "").await;
    let other = app.given_a_store_that("BJ-S002", ringup_db::store::IdentityRule::default()).await;
    let stranger = app.given_a_clerk(&other, "01", Role::Supervisor).await;
    let elsewhere = app.given_an_open_till(&other, &stranger, "0").await;
    assert_eq!(elsewhere.gets(&format!("/store/sales/{code}")).await.status, 404);
    let undo = elsewhere.posts(&format!("/store/sales/{code}/undo"), &[("reason", "x")]).await;
    assert_eq!(undo.status, 404);
}
