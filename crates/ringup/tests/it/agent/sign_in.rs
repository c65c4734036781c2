use ringup_core::time::Span;
use ringup_db::clerk::Role;
use ringup_engine::clerk;

use crate::support::TestApp;

#[tokio::test]
async fn whoever_does_not_belong_to_the_agent_is_kept_out() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("100.00").await;
    let reader = app.reader("en");
    let pin = agent.pin.reveal();
    for (code, number, pin) in [
        ("BJ-A001", "01", "000000"),
        ("BJ-A001", "02", pin),
        ("NY-A001", "01", pin),
        ("BJ-S001", "01", pin),
        ("nonsense!", "01", pin),
        ("", "", ""),
    ] {
        let answer = reader.posts("/agent/sign-in", &[("agent", code), ("number", number), ("pin", pin)]).await;
        assert_eq!(answer.status, 422, "{code} {number}");
        assert!(answer.text.contains("do not belong together"), "{}", answer.text);
    }
    for path in ["/agent/float", "/agent/sales/AAAA"] {
        let answer = reader.gets(path).await;
        assert_eq!((answer.status, answer.location()), (303, "/agent".to_owned()), "{path}");
    }
    assert_eq!(reader.posts("/agent/sales", &[]).await.location(), "/agent");
    reader.signs_in_as(&agent).await;
    assert_eq!(reader.gets("/agent/float").await.status, 200);
    reader.posts("/agent/sign-out", &[]).await;
    assert_eq!(reader.gets("/agent/float").await.status, 303);
}

#[tokio::test]
async fn five_wrong_pins_lock_a_number_for_a_quarter_of_an_hour() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("100.00").await;
    let reader = app.reader("en");
    let wrong = [("agent", "BJ-A001"), ("number", "01"), ("pin", "000000")];
    for _ in 0..4 {
        assert!(reader.posts("/agent/sign-in", &wrong).await.text.contains("do not belong together"));
    }
    let locked = reader.posts("/agent/sign-in", &wrong).await;
    assert!(locked.text.contains("Try again in 15 minutes"), "{}", locked.text);
    let right = [("agent", "bj-a001"), ("number", "01"), ("pin", agent.pin.reveal())];
    assert_eq!(reader.posts("/agent/sign-in", &right).await.status, 422);
    app.clock.advance(Span::minutes(15));
    assert_eq!(reader.posts("/agent/sign-in", &right).await.status, 303);
}

#[tokio::test]
async fn half_an_hour_without_a_touch_locks_the_page() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("100.00").await;
    let reader = app.reader("en");
    reader.signs_in_as(&agent).await;
    app.clock.advance(Span::minutes(29));
    assert_eq!(reader.gets("/agent/float").await.status, 200);
    app.clock.advance(Span::minutes(29));
    assert_eq!(reader.gets("/agent/float").await.status, 200, "it was touched");
    app.clock.advance(Span::minutes(30));
    assert!(reader.gets("/agent").await.text.contains("locked itself"));
}

#[tokio::test]
async fn whoever_was_dismissed_is_out_at_once() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("100.00").await;
    let reader = app.reader("en");
    reader.signs_in_as(&agent).await;
    let place = agent.business.place;
    let people = app.engine.read(move |tx| ringup_db::clerk::clerks_of(tx, place)).await.unwrap();
    clerk::dismiss(&app.engine, people[0].id).await.unwrap();
    assert_eq!(reader.gets("/agent/float").await.status, 303);
}

#[tokio::test]
async fn a_clerk_of_a_store_does_not_get_in_at_the_agents_door() {
    let app = TestApp::new().await;
    app.given_an_agent("100.00").await;
    let store = app.given_a_store().await;
    let clerk = app.given_a_clerk(&store, "07", Role::Clerk).await;
    let form = [("agent", "BJ-S001"), ("number", "07"), ("pin", clerk.pin.reveal())];
    assert_eq!(app.reader("en").posts("/agent/sign-in", &form).await.status, 422);
}
