//! Two servers on one database: whoever hears of a payment, it is credited once, and its jobs are done once.

use ringup_core::time::Span;
use ringup_engine::job;
use ringup_sandbox::{Forgery, SignedNotification};
use tokio::task::JoinSet;

use crate::support::{Answer, Order, PROVIDERS, TestApp, TestCard, client};

async fn given_paid_orders(app: &TestApp, count: usize) -> Vec<(TestCard, Order)> {
    app.given_notifications_are_lost();
    let mut orders = Vec::new();
    for provider in PROVIDERS.into_iter().cycle().take(count) {
        let card = app.given_a_card("0.00 CNY").await;
        let order = app.places(&card, "50.00 CNY", provider).await;
        app.customer_pays(&order);
        orders.push((card, order));
    }
    orders
}

/// Brings a notification to a server, and says it again as long as that server asks for it.
async fn deliver(url: String, notification: SignedNotification) -> Answer {
    loop {
        let mut request = client().post(&url).body(notification.body.clone());
        for (name, value) in &notification.headers {
            request = request.header(name, value);
        }
        let answer = Answer::of(request.send().await.unwrap()).await;
        if answer.status != 503 {
            return answer;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_two_servers_hear_at_the_same_time_is_credited_once() {
    let app = TestApp::new().await;
    let (_, second) = app.with_a_second_server().await;
    let orders = given_paid_orders(&app, 30).await;
    let mut delivering = JoinSet::new();
    for (_, order) in &orders {
        for server in [&app.url, &second, &app.url, &second] {
            let url = format!("{server}/notifications/{}", order.provider.name());
            let (provider, notification) = (order.provider, app.notification(order, Forgery::None));
            delivering.spawn(async move { (provider, deliver(url, notification).await) });
        }
    }
    for (provider, answer) in delivering.join_all().await {
        assert!(answer.acknowledges(provider), "{answer:?}");
    }
    for (card, order) in &orders {
        assert_eq!(app.state_of(order).await, "credited");
        app.should_hold(card, "50.00 CNY").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_workers_of_two_servers_share_the_jobs() {
    let app = TestApp::new().await;
    let (second, _) = app.with_a_second_server().await;
    let orders = given_paid_orders(&app, 30).await;
    app.clock.advance(Span::seconds(10));
    let first = app.engine.clone();
    let (one, other) = tokio::join!(job::run_due(&first), job::run_due(&second));
    assert_eq!(one.unwrap() + other.unwrap(), orders.len());
    for (card, order) in &orders {
        assert_eq!(app.state_of(order).await, "credited");
        app.should_hold(card, "50.00 CNY").await;
    }
}
