use ringup_core::apply::Command;
use ringup_core::time::Span;
use ringup_db::clerk::Role;
use ringup_db::store::IdentityRule;

use crate::support::{TestApp, drawer_of, in_the_purse, yuan};

#[tokio::test]
async fn a_sale_for_cash_is_on_the_card_at_once_with_its_change_and_its_slip() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "300").await;
    let card = app.given_a_card_of("gifts", "0.00 CNY").await;
    let code = till.sells(&card, "100.00", "150").await;
    app.should_hold(&card, "100.00 CNY").await;
    let page = till.gets(&format!("/store?sold={code}")).await;
    for expected in ["¥55.00", "¥95.00", "¥395.00", "BJ-S001-000001", "Licence No. 7", "East Gate Store"] {
        assert!(page.text.contains(expected), "{expected} is not in {}", page.text);
    }
    let purse = drawer_of(&app, &clerk).await;
    assert_eq!(in_the_purse(&app, purse).await, 39_500);
    insta::assert_snapshot!(app.journal(&card).await);
}

#[tokio::test]
async fn a_second_press_of_the_button_sells_nothing_more() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    let form = till.chooses(&card, "50.00").await;
    let first = till.sells_what(&form, &[]).await;
    let second = till.sells_what(&form, &[]).await;
    assert_eq!((first.status, first.location()), (303, second.location()));
    let other = till.sells_what(&form, &[("cash", "60")]).await;
    assert_eq!(other.status, 409, "the same key with other cash is another wish");
    app.should_hold(&card, "50.00 CNY").await;
    till.counts("50").await;
    let after = till.sells_what(&form, &[]).await;
    assert_eq!(after.location(), first.location(), "and after the drawer was closed it is still that sale");
}

#[tokio::test]
async fn a_till_whose_line_was_down_asks_by_its_own_key_what_became_of_the_sale() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    let form = till.chooses(&card, "50.00").await;
    let key = &form[2].1;
    assert_eq!(till.gets(&format!("/store/keys/{key}")).await.status, 404, "nothing was sold with it yet");
    let sold = till.sells_what(&form, &[]).await;
    let heard = till.gets(&format!("/store/keys/{key}")).await.json();
    assert_eq!(heard["state"], "credited");
    assert_eq!(heard["url"].as_str(), Some(sold.location().as_str()));
    let elsewhere = app.given_a_store_that("BJ-S002", IdentityRule::default()).await;
    let stranger = app.given_a_clerk(&elsewhere, "01", Role::Clerk).await;
    let other = app.given_an_open_till(&elsewhere, &stranger, "0").await;
    assert_eq!(
        other.gets(&format!("/store/keys/{key}")).await.status,
        404,
        "another store's sale is none of its business"
    );
}

#[tokio::test]
async fn a_price_that_came_late_sells_nothing_to_the_card_before() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let (before, now) = (app.given_a_card("0.00 CNY").await, app.given_a_card("0.00 CNY").await);
    let mut form = till.chooses(&before, "50.00").await;
    form[0].1 = now.number.grouped();
    let other_card = till.sells_what(&form, &[]).await;
    assert_eq!(other_card.status, 422, "{}", other_card.text);
    let mut form = till.chooses(&before, "50.00").await;
    form[1].1 = "20.00".to_owned();
    assert_eq!(till.sells_what(&form, &[]).await.status, 422, "nor another amount than the one chosen");
    app.should_hold(&before, "0.00 CNY").await;
    app.should_hold(&now, "0.00 CNY").await;
}

#[tokio::test]
async fn without_a_price_on_the_screen_the_first_press_shows_it_and_the_second_sells() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await.in_chinese();
    let card = app.given_a_card("0.00 CNY").await;
    let number = card.number.grouped();
    let key = crate::support::hidden(&till.gets("/store").await.text, "idempotency_key");
    let fields = [("card", number.as_str()), ("other", "30"), ("idempotency_key", &key)];
    let shown = till.posts("/store/sales", &fields).await;
    assert_eq!(shown.status, 200);
    assert!(shown.text.contains("应收") && shown.text.contains("¥30.00"), "{}", shown.text);
    app.should_hold(&card, "0.00 CNY").await;
    let quote = crate::support::hidden(&shown.text, "quote");
    let key = crate::support::hidden(&shown.text, "idempotency_key");
    let fields = [("card", number.as_str()), ("other", "30"), ("idempotency_key", &key), ("quote", &quote)];
    assert_eq!(till.posts("/store/sales", &fields).await.status, 303);
    app.should_hold(&card, "30.00 CNY").await;
}

#[tokio::test]
async fn a_store_that_credits_at_stated_times_says_when_and_keeps_its_word() {
    let app = TestApp::new().await;
    let store = app.given_a_store_that("BJ-S002", IdentityRule::default()).await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    // It is ten in the morning; the next stated time is noon.
    let code = till.sells(&card, "50.00", "50").await;
    app.should_hold(&card, "0.00 CNY").await;
    let slip = till.gets(&format!("/store?sold={code}")).await;
    assert!(slip.text.contains("12:00"), "{}", slip.text);
    let holder = app.reader("en").gets(&format!("/top-ups/{code}")).await;
    assert!(holder.text.contains("12:00"), "the holder's page has the clock: {}", holder.text);
    app.after(Span::minutes(119)).await;
    app.should_hold(&card, "0.00 CNY").await;
    app.after(Span::minutes(2)).await;
    app.should_hold(&card, "50.00 CNY").await;
    let receipt = app.reader("en").gets(&format!("/receipts/{code}")).await;
    assert_eq!(receipt.status, 200);
    app.after(Span::hours(24)).await;
    app.should_hold(&card, "50.00 CNY").await;
}

#[tokio::test]
async fn a_receipt_from_the_counter_is_proved_like_every_other() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    let code = till.sells(&card, "50.00", "").await;
    let verdict = app.reader("en").gets(&format!("/verify/{code}")).await;
    assert_eq!(verdict.status, 200);
    app.reader("en").should_read(&verdict, "verify-genuine-heading");
    assert!(verdict.text.contains("cash"), "{}", verdict.text);
    let again = till.gets(&format!("/store/sales/{code}")).await;
    assert!(again.text.contains("REPRINT"), "{}", again.text);
}

#[tokio::test]
async fn the_same_card_and_amount_within_two_minutes_is_asked_about_whichever_door_it_came_through() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    till.sells(&card, "50.00", "").await;
    let form = till.chooses(&card, "50.00").await;
    let asked = till.sells_what(&form, &[]).await;
    assert_eq!(asked.status, 409);
    assert!(asked.text.contains("confirm_another"), "{}", asked.text);
    app.should_hold(&card, "50.00 CNY").await;
    assert_eq!(till.sells_what(&form, &[("confirm_another", "yes")]).await.status, 303);
    app.should_hold(&card, "100.00 CNY").await;
}

#[tokio::test]
async fn a_buyer_shows_who_he_is_when_the_store_asks_for_it_and_little_of_it_is_kept() {
    let app = TestApp::new().await;
    let identity = IdentityRule { from: Some(yuan("200.00")), month: Some(yuan("300.00")), first_sale: false };
    let store = app.given_a_store_that("BJ-S001", identity).await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    till.sells(&card, "100.00", "").await;
    app.after(Span::minutes(3)).await;
    let form = till.chooses(&card, "200.00").await;
    let asked = till.sells_what(&form, &[]).await;
    assert_eq!(asked.status, 422);
    assert!(asked.text.contains("¥200.00") && asked.text.contains("document_number"), "{}", asked.text);
    let short = till.sells_what(&form, &[("document_kind", "passport"), ("document_number", "E12")]).await;
    assert_eq!(short.status, 422, "{}", short.text);
    app.should_hold(&card, "100.00 CNY").await;
    let shown = [("document_kind", "passport"), ("document_number", "E 1234 5678")];
    assert_eq!(till.sells_what(&form, &shown).await.status, 303);
    app.should_hold(&card, "300.00 CNY").await;
    app.database.should_not_contain("E12345678");
    // A quarter of an hour later the month's sum asks for it again.
    app.after(Span::minutes(16)).await;
    till.signs_in(&clerk).await;
    let form = till.chooses(&card, "20.00").await;
    assert_eq!(till.sells_what(&form, &[]).await.status, 422);
}

#[tokio::test]
async fn a_cards_first_sale_at_a_store_can_ask_for_a_document() {
    let app = TestApp::new().await;
    let store = app.given_a_store_that("BJ-S001", IdentityRule { first_sale: true, ..IdentityRule::default() }).await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    let form = till.chooses(&card, "20.00").await;
    assert_eq!(till.sells_what(&form, &[]).await.status, 422);
    let shown = [("document_kind", "id_card"), ("document_number", "110101199003070011")];
    assert_eq!(till.sells_what(&form, &shown).await.status, 303);
    app.after(Span::minutes(20)).await;
    till.signs_in(&clerk).await;
    till.sells(&card, "50.00", "").await;
}

#[tokio::test]
async fn a_card_that_is_suspended_before_its_time_comes_is_paid_back_over_the_counter() {
    let app = TestApp::new().await;
    let store = app.given_a_store_that("BJ-S002", IdentityRule::default()).await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    let code = till.sells(&card, "50.00", "").await;
    let change = ringup_core::apply::ChangeCardState { card: card.number, to: ringup_core::card::CardState::Suspended };
    app.engine.submit(Command::ChangeCardState(change)).await.unwrap();
    app.after(Span::hours(2)).await;
    let holder = app.reader("en").gets(&format!("/top-ups/{code}")).await;
    app.reader("en").should_read(&holder, "status-collect-heading");
    till.signs_in(&clerk).await;
    let slip = till.gets(&format!("/store/sales/{code}")).await;
    let (_, rest) = slip.text.split_once("action=\"/store/refunds/").unwrap();
    let url = format!("/store/refunds/{}", rest.split('"').next().unwrap());
    let key = crate::support::hidden(&slip.text, "idempotency_key");
    assert_eq!(till.posts(&url, &[("idempotency_key", &key)]).await.status, 303);
    assert_eq!(in_the_purse(&app, drawer_of(&app, &clerk).await).await, 0);
    let holder = app.reader("en").gets(&format!("/top-ups/{code}")).await;
    app.reader("en").should_read(&holder, "status-refunded-heading");
}

#[tokio::test]
async fn cash_that_nobody_comes_for_is_a_persons_matter_after_a_day() {
    let app = TestApp::new().await;
    app.expects_given_up_jobs();
    let store = app.given_a_store_that("BJ-S002", IdentityRule::default()).await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    till.sells(&card, "50.00", "").await;
    let change = ringup_core::apply::ChangeCardState { card: card.number, to: ringup_core::card::CardState::Suspended };
    app.engine.submit(Command::ChangeCardState(change)).await.unwrap();
    app.after(Span::hours(2)).await;
    assert_eq!(app.cases().await.len(), 0);
    app.after(Span::hours(25)).await;
    let cases = app.cases().await;
    assert_eq!(cases.len(), 1);
    assert!(cases[0].detail.contains("nobody has come for the cash"), "{}", cases[0].detail);
}
