use ringup_core::purse::PurseState;
use ringup_db::clerk::Role;

use crate::support::{TestApp, drawer_of, in_the_purse, yuan};

#[tokio::test]
async fn a_drawer_is_counted_blind_and_what_is_missing_or_too_much_is_named() {
    for (counted, said) in [("345", "¥5.00 missing"), ("350", "is right"), ("351.20", "¥1.20 too much")] {
        let app = TestApp::new().await;
        let store = app.given_a_store().await;
        let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
        let till = app.given_an_open_till(&store, &clerk, "300").await;
        let card = app.given_a_card("0.00 CNY").await;
        till.sells(&card, "50.00", "100").await;
        let asked = till.gets("/store/drawer/close").await;
        assert!(!asked.text.contains("350"), "the count is blind: {}", asked.text);
        let told = till.counts(counted).await;
        assert!(told.text.contains(said), "{said} is not in {}", told.text);
        assert!(told.text.contains("¥350.00"));
        let purse = drawer_of(&app, &clerk).await;
        assert_eq!(in_the_purse(&app, purse).await, 0);
        let drawers = ringup_engine::store::drawers_of(&app.engine, clerk.id, 9).await.unwrap();
        let PurseState::Closed(count) = drawers[0].purse.state else { panic!("{drawers:?}") };
        assert_eq!((count.expected, count.counted), (yuan("350.00"), yuan(counted)), "the office sees it by clerk");
        let again = till.counts("1").await;
        assert_eq!(again.status, 303, "there is nothing to count any more");
        assert!(till.gets("/store").await.text.contains("id=\"opening\""), "the next shift begins with its own count");
    }
}

#[tokio::test]
async fn a_clerk_has_one_drawer_however_often_he_presses() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "300").await;
    let first = drawer_of(&app, &clerk).await;
    let form = [("opening", "300"), ("idempotency_key", "another-key-of-the-form")];
    assert_eq!(till.posts("/store/drawer", &form).await.status, 303);
    assert_eq!(drawer_of(&app, &clerk).await, first);
    assert_eq!(in_the_purse(&app, store.store.safe).await, -30_000);
}

#[tokio::test]
async fn receipts_of_a_store_are_numbered_over_all_its_tills_without_a_gap() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let one = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let two = app.given_a_clerk(&store, "02", Role::Clerk).await;
    let (left, right) =
        (app.given_an_open_till(&store, &one, "0").await, app.given_an_open_till(&store, &two, "0").await);
    let mut numbers = Vec::new();
    for (till, amount) in [(&left, "20.00"), (&right, "50.00"), (&left, "100.00")] {
        let card = app.given_a_card("0.00 CNY").await;
        let code = till.sells(&card, amount, "").await;
        let slip = till.gets(&format!("/store/sales/{code}")).await.text;
        let (_, rest) = slip.split_once("BJ-S001-").unwrap();
        numbers.push(rest[..6].to_owned());
    }
    assert_eq!(numbers, ["000001", "000002", "000003"]);
}
