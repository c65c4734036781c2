use ringup_core::place::Standing;
use ringup_core::time::Span;
use ringup_engine::place::{self, Filters, Search};
use serde_json::json;

use crate::support::{START, TestApp};

/// The standing of the kiosk that is found, and whether it is found among the open ones.
async fn found(app: &TestApp) -> (Standing, bool) {
    let search = |open_now: bool| Search {
        centre: None,
        text: place::SearchText::new("North Gate"),
        city: None,
        filters: Filters { open_now, ..Filters::default() },
        after: None,
        limit: 5,
    };
    let all = place::search(&app.engine, search(false)).await.unwrap().places;
    let open = place::search(&app.engine, search(true)).await.unwrap().places;
    (all[0].standing, !open.is_empty())
}

#[tokio::test]
async fn a_kiosk_is_found_as_out_of_order_until_it_says_otherwise_and_when_it_falls_silent() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    assert!(matches!(found(&app).await, (Standing::OutOfOrder { .. }, false)), "it was never heard");
    let heard = kiosk.says("ok", "low").await;
    assert_eq!((heard.status, &heard.json()["in_order"]), (200, &json!(true)), "{}", heard.text);
    assert!(matches!(found(&app).await, (Standing::Open { .. }, true)));
    app.clock.advance(Span::minutes(5));
    assert!(matches!(found(&app).await, (Standing::Open { .. }, true)));
    app.clock.advance(Span::seconds(1));
    assert_eq!(found(&app).await, (Standing::OutOfOrder { since: START }, false), "silent for five minutes");
    kiosk.says("ok", "ok").await;
    assert!(found(&app).await.1);
}

#[tokio::test]
async fn a_kiosk_that_says_what_is_wrong_is_out_of_order_since_it_said_so_first() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    assert_eq!(kiosk.says("jammed", "ok").await.json()["in_order"], false);
    app.clock.advance(Span::minutes(1));
    assert_eq!(kiosk.says("ok", "out").await.json()["in_order"], false);
    assert_eq!(found(&app).await, (Standing::OutOfOrder { since: START }, false));
    kiosk.says("ok", "ok").await;
    assert!(found(&app).await.1);
    assert_eq!(kiosk.says("sleepy", "ok").await.problem(), (400, "health_malformed".to_owned()));
}
