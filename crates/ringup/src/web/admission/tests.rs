use axum::Router;
use axum::body::Body;
use axum::routing::get;
use tokio::sync::Notify;
use tower::ServiceExt as _;

use super::*;

#[test]
fn nobody_is_sent_away_for_a_slow_machine_but_only_for_a_crowd() {
    let admission = Admission::new();
    let long = TURN_WAIT_MAX + Duration::from_millis(1);
    let mut places: Vec<_> = (0..FEW).map(|_| admission.admit(long).unwrap()).collect();
    assert!(admission.admit(long).is_none());
    places.push(admission.admit(Duration::ZERO).unwrap());
    places.clear();
    assert!(admission.admit(long).is_some(), "who is gone has left his place");
    assert_eq!(admission.under_way.load(Ordering::Relaxed), 0, "also who was sent away");
}

fn ask() -> Request {
    Request::get("/").body(Body::empty()).unwrap()
}

#[tokio::test]
async fn one_too_many_is_told_when_to_come_back_and_is_served_then() {
    let (begun, end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let work = {
        let (begun, end) = (Arc::clone(&begun), Arc::clone(&end));
        move || async move {
            begun.notify_one();
            end.notified().await;
            "done"
        }
    };
    let layer = axum::middleware::from_fn_with_state(Admission::with_room_for(1), admit);
    let router: Router = Router::new().route("/", get(work)).layer(layer);
    let first = tokio::spawn(router.clone().oneshot(ask()));
    begun.notified().await;
    let sent_away = router.clone().oneshot(ask()).await.unwrap();
    assert_eq!(sent_away.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(sent_away.headers()[header::RETRY_AFTER], "2");
    end.notify_one();
    assert_eq!(first.await.unwrap().unwrap().status(), StatusCode::OK);
    end.notify_one();
    assert_eq!(router.oneshot(ask()).await.unwrap().status(), StatusCode::OK);
}
