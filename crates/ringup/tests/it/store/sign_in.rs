use ringup_core::time::Span;
use ringup_db::clerk::Role;
use ringup_engine::{clerk, device};

use crate::support::{Forged, TestApp};

#[tokio::test]
async fn a_till_is_enrolled_once_by_its_code_and_nobody_else_gets_in() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let kind = (ringup_db::device::DeviceKind::Till, store.place);
    let (_, code) = device::invite(&app.engine, kind, "Till 1".to_owned()).await.unwrap();
    assert_eq!(app.reader("en").gets("/store").await.status, 401, "without a signature there is no till");
    let till = app.enrols(&code.grouped()).await.unwrap_or_else(|answer| panic!("{}", answer.text));
    assert_eq!(till.gets("/store").await.status, 200);
    let again = app.enrols(&code.grouped()).await.err().unwrap();
    assert_eq!(again.status, 422, "a code works once");
    let (_, late) = device::invite(&app.engine, kind, "Till 2".to_owned()).await.unwrap();
    app.after(Span::hours(24)).await;
    assert_eq!(app.enrols(&late.grouped()).await.err().unwrap().status, 422, "and for a day");
    assert_eq!(app.enrols("K7QM 2XVD").await.err().unwrap().status, 422);
}

#[tokio::test]
async fn a_till_that_was_stolen_is_shut_out_with_whoever_is_signed_in_on_it() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    let card = app.given_a_card("0.00 CNY").await;
    let form = till.chooses(&card, "50.00").await;
    device::revoke(&app.engine, till.id).await.unwrap();
    assert_eq!(till.gets("/store").await.status, 401);
    assert_eq!(till.sells_what(&form, &[]).await.status, 401);
    app.should_hold(&card, "0.00 CNY").await;
}

#[tokio::test]
async fn a_till_whose_clock_is_wrong_is_told_so() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let mut till = app.given_a_till(&store).await;
    for (off, status) in [(119, 200), (-119, 200), (121, 401), (-3_600, 401)] {
        till.clock_off = off;
        let answer = till.gets("/store").await;
        assert_eq!(answer.status, status, "{off}");
        if status == 401 {
            assert_eq!(answer.headers["ringup-code"], "clock_wrong");
            assert!(answer.text.contains("clock is wrong"), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_request_that_was_copied_or_changed_on_its_way_is_refused() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_a_till(&store).await;
    let form = [("number", clerk.number), ("pin", clerk.pin.reveal())];
    let copied = Forged { nonce: Some("the-same-nonce".to_owned()), ..Forged::default() };
    assert_eq!(till.posts_forged("/store/sign-in", &form, &copied).await.status, 303);
    let again = till.posts_forged("/store/sign-in", &form, &copied).await;
    assert_eq!((again.status, &again.headers["ringup-code"]), (401, &"signature_replayed".parse().unwrap()));
    let body = Forged { body_after_signing: Some(b"number=02&pin=000000".to_vec()), ..Forged::default() };
    let changed = till.posts_forged("/store/sign-in", &form, &body).await;
    assert_eq!((changed.status, &changed.headers["ringup-code"]), (401, &"content_digest_wrong".parse().unwrap()));
    let path = Forged { path_signed: Some("/store".to_owned()), ..Forged::default() };
    let moved = till.posts_forged("/store/sign-in", &form, &path).await;
    assert_eq!((moved.status, &moved.headers["ringup-code"]), (401, &"signature_wrong".parse().unwrap()));
}

#[tokio::test]
async fn five_minutes_without_a_touch_lock_the_till_and_the_drawer_stays_open() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "300").await;
    app.after(Span::minutes(4)).await;
    assert!(till.gets("/store").await.text.contains("id=\"sale\""));
    app.after(Span::minutes(4)).await;
    assert!(till.gets("/store").await.text.contains("id=\"sale\""), "each touch counts");
    app.after(Span::minutes(5)).await;
    let locked = till.gets("/store").await;
    assert!(locked.text.contains("locked itself"), "{}", locked.text);
    till.signs_in(&clerk).await;
    let back = till.gets("/store").await;
    assert!(back.text.contains("¥300.00"), "his drawer is as he left it: {}", back.text);
}

#[tokio::test]
async fn wrong_pins_keep_a_clerk_out_and_a_badge_needs_none() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_a_till(&store).await;
    let wrong = if clerk.pin.reveal() == "000000" { "000001" } else { "000000" };
    for _ in 0..4 {
        let answer = till.posts("/store/sign-in", &[("number", "01"), ("pin", wrong)]).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text.contains("do not belong together"), "{}", answer.text);
    }
    let unknown = till.posts("/store/sign-in", &[("number", "99"), ("pin", wrong)]).await;
    assert!(unknown.text.contains("do not belong together"), "an unknown number is told alike");
    let fifth = till.posts("/store/sign-in", &[("number", "01"), ("pin", wrong)]).await;
    assert!(fifth.text.contains("15 minutes"), "{}", fifth.text);
    let right = till.posts("/store/sign-in", &[("number", "01"), ("pin", clerk.pin.reveal())]).await;
    assert_eq!(right.status, 422, "not even with the right one");
    app.after(Span::minutes(15)).await;
    till.signs_in(&clerk).await;
    let badge = clerk::give_badge(&app.engine, clerk.id).await.unwrap();
    let second = app.given_a_till(&store).await;
    let answer = second.posts("/store/sign-in", &[("number", &badge.to_text())]).await;
    assert_eq!(answer.status, 303);
    assert!(till.gets("/store").await.text.contains("id=\"number\""), "he is at one till at a time");
}

#[tokio::test]
async fn a_clerk_who_left_is_signed_out_and_cannot_come_back() {
    let app = TestApp::new().await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "01", Role::Clerk).await;
    let till = app.given_an_open_till(&store, &clerk, "0").await;
    clerk::dismiss(&app.engine, clerk.id).await.unwrap();
    assert!(till.gets("/store").await.text.contains("id=\"number\""));
    let answer = till.posts("/store/sign-in", &[("number", "01"), ("pin", clerk.pin.reveal())]).await;
    assert_eq!(answer.status, 422);
}
