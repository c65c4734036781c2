use std::pin::pin;
use std::task::Poll;

use ringup_core::id::SaleListId;
use ringup_core::time::Span;
use ringup_db::idempotency_key;
use ringup_engine::agent::Approval;
use ringup_engine::catalogue::{self, Catalogue};
use ringup_engine::{Engine, agent, job};

use super::{given_cards, list_for, list_of, result_of, seen, starts, uploads};
use crate::support::{CATALOGUE, TestAgent, TestApp, TestCard, application, sale_of, yuan};

/// Another server has a job when this lease of a dead one has run out.
const LEASE: Span = Span::seconds(61);

async fn should_be_sold_once(app: &TestApp, agent: &TestAgent, id: SaleListId, cards: &[TestCard]) {
    let list = seen(app, agent, id).await;
    let count = u64::try_from(cards.len()).unwrap();
    assert_eq!((list.progress.sold, list.progress.waiting, list.progress.refused), (count, 0, 0));
    assert!(list.list.ended_at.is_some());
    for card in cards {
        app.should_hold(card, "20.00 CNY").await;
    }
}

/// Runs due jobs until the server is killed: after it was looked at so often.
async fn runs_until_killed(engine: &Engine, looks: u32) {
    let mut running = pin!(job::run_due(engine));
    for _ in 0..looks {
        let look = std::future::poll_fn(|context| Poll::Ready(running.as_mut().poll(context).is_ready()));
        if look.await {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_confirmed_list_is_sold_and_each_row_has_its_receipt() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("5000.00").await;
    let cards = given_cards(&app, 100).await;
    let id = uploads(&app, &agent, &list_for(&cards, "20")).await;
    starts(&app, &agent, id).await;
    starts(&app, &agent, id).await;
    app.runs_due_jobs().await;
    should_be_sold_once(&app, &agent, id, &cards).await;
    assert_eq!(app.can_sell_for(&agent).await, yuan("3000.00"));
    let seller = super::seller_of(&app, &agent).await;
    let file = agent::result_file(&app.engine, &seller, id, |_, _| String::new()).await.unwrap().unwrap();
    let code = file.lines().nth(1).unwrap().rsplit(',').next().unwrap().to_owned();
    assert_eq!(app.reader("en").gets(&format!("/receipts/{code}")).await.status, 200);
    starts(&app, &agent, id).await;
    app.runs_due_jobs().await;
    assert_eq!(app.can_sell_for(&agent).await, yuan("3000.00"), "confirmed once more it is not sold once more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_whose_server_is_killed_at_any_point_goes_on_and_sells_each_row_once() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("9000.00").await;
    let cards = given_cards(&app, 300).await;
    let id = uploads(&app, &agent, &list_for(&cards, "20")).await;
    starts(&app, &agent, id).await;
    let mut looks = 1;
    while seen(&app, &agent, id).await.list.ended_at.is_none() {
        runs_until_killed(&app.engine, looks).await;
        app.clock.advance(LEASE);
        looks += looks / 2 + 1;
    }
    app.runs_due_jobs().await;
    should_be_sold_once(&app, &agent, id, &cards).await;
    assert_eq!(app.can_sell_for(&agent).await, yuan("3000.00"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_that_sell_the_same_list_at_once_sell_each_row_once() {
    let app = TestApp::new().await;
    let (second, _) = app.with_a_second_server().await;
    let agent = app.given_an_agent("9000.00").await;
    let cards = given_cards(&app, 200).await;
    let id = uploads(&app, &agent, &list_for(&cards, "20")).await;
    starts(&app, &agent, id).await;
    while seen(&app, &agent, id).await.list.ended_at.is_none() {
        // The first has the job, and is so slow that the second takes it too.
        let mut first = pin!(job::run_due(&app.engine));
        let begun = async {
            for _ in 0..20 {
                let look = std::future::poll_fn(|context| Poll::Ready(first.as_mut().poll(context)));
                if look.await.is_ready() {
                    return false;
                }
                tokio::task::yield_now().await;
            }
            true
        };
        let begun = begun.await;
        app.clock.advance(LEASE);
        if begun {
            let (one, other) = tokio::join!(first, job::run_due(&second));
            one.unwrap();
            other.unwrap();
        } else {
            job::run_due(&second).await.unwrap();
        }
    }
    app.clock.advance(LEASE);
    app.runs_due_jobs().await;
    should_be_sold_once(&app, &agent, id, &cards).await;
    assert_eq!(app.can_sell_for(&agent).await, yuan("5000.00"));
}

#[tokio::test]
async fn one_reference_in_two_lists_is_sold_once() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("500.00").await;
    let cards = given_cards(&app, 2).await;
    // Both are checked before either is sold.
    let same = [uploads(&app, &agent, &list_for(&cards[..1], "50")).await];
    let others = [
        uploads(&app, &agent, &list_for(&cards[..1], "50")).await,
        uploads(&app, &agent, &list_for(&cards[1..], "20")).await,
    ];
    for id in same.into_iter().chain(others) {
        starts(&app, &agent, id).await;
    }
    app.runs_due_jobs().await;
    let mut sold = 0;
    for id in same.into_iter().chain(others) {
        let list = seen(&app, &agent, id).await;
        sold += list.progress.sold;
        assert!(list.refused.iter().all(|row| row.reason.as_deref() == Some("reference_used")), "{list:?}");
        assert_eq!(list.progress.sold + list.progress.refused, 1);
    }
    assert_eq!(sold, 1);
}

#[tokio::test]
async fn what_the_float_does_not_cover_is_named_and_gone_on_with() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("60.00").await;
    let cards = given_cards(&app, 5).await;
    let id = uploads(&app, &agent, &list_for(&cards, "20")).await;
    starts(&app, &agent, id).await;
    app.runs_due_jobs().await;
    let list = seen(&app, &agent, id).await;
    assert_eq!(list.list.stopped.as_deref(), Some("float_insufficient"));
    assert_eq!((list.progress.sold, list.progress.waiting), (3, 2));
    assert_eq!(list.waiting.len(), 2, "they are named on the page, and in the file");
    let named = result_of(&app, &agent, id).await;
    assert_eq!(named.iter().filter(|line| line.ends_with(",not_sold,float_insufficient,")).count(), 2, "{named:?}");
    agent::confirm_transfer(&app.engine, agent.id, "second", yuan("40.00")).await.unwrap();
    starts(&app, &agent, id).await;
    app.runs_due_jobs().await;
    should_be_sold_once(&app, &agent, id, &cards).await;
    assert_eq!(app.can_sell_for(&agent).await, yuan("0.00"));
}

#[tokio::test]
async fn a_licence_that_ends_during_the_run_stops_it_until_it_is_renewed() {
    let app = TestApp::new().await;
    let approval = Approval { place: "BJ-A001".parse().unwrap(), credit_limit: yuan("0.00"), alert_below: None };
    let ends_soon = application("Asia/Shanghai", "2026-11-24");
    let agent = app.given_an_agent_of("BJ-A001", ends_soon, approval, "5000.00").await;
    let cards = given_cards(&app, 70).await;
    let id = uploads(&app, &agent, &list_for(&cards, "20")).await;
    starts(&app, &agent, id).await;
    job::run_due(&app.engine).await.unwrap();
    app.clock.advance(Span::days(2));
    app.runs_due_jobs().await;
    let list = seen(&app, &agent, id).await;
    assert_eq!(list.list.stopped.as_deref(), Some("agent_licence_expired"));
    assert_eq!((list.progress.sold, list.progress.waiting), (64, 6));
    let start = agent::start_list(&app.engine, &super::seller_of(&app, &agent).await, id).await;
    assert_eq!(start.unwrap_err().code(), "agent_licence_expired");
    agent::renew(&app.engine, agent.id, (None, None), "2029-01-31".parse().unwrap()).await.unwrap();
    starts(&app, &agent, id).await;
    app.runs_due_jobs().await;
    should_be_sold_once(&app, &agent, id, &cards).await;
}

#[tokio::test]
async fn a_card_that_expires_before_its_row_is_sold_is_named() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("5000.00").await;
    let cards = given_cards(&app, 70).await;
    let id = uploads(&app, &agent, &list_for(&cards, "20")).await;
    starts(&app, &agent, id).await;
    job::run_due(&app.engine).await.unwrap();
    // The grace in which a top-up revives it is over, and the licence holds.
    app.clock.advance(Span::days(200));
    app.runs_due_jobs().await;
    let list = seen(&app, &agent, id).await;
    assert_eq!((list.progress.sold, list.progress.refused, list.progress.waiting), (64, 6, 0));
    assert!(list.refused.iter().all(|row| row.reason.as_deref() == Some("card_expired")), "{list:?}");
}

#[tokio::test]
async fn a_reference_is_sold_once_even_when_the_key_of_its_sale_is_forgotten() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("500.00").await;
    let cards = given_cards(&app, 1).await;
    // Both are checked before either is sold.
    let first = uploads(&app, &agent, &list_for(&cards, "20")).await;
    let second = uploads(&app, &agent, &list_for(&cards, "20")).await;
    starts(&app, &agent, first).await;
    app.runs_due_jobs().await;
    let long_after = app.clock.now().plus(Span::days(401));
    let forgotten = app.engine.write(move |tx| idempotency_key::forget_old_keys(tx, long_after)).await;
    assert!(forgotten.unwrap() > 0);
    app.clock.advance(Span::minutes(3));
    starts(&app, &agent, second).await;
    app.runs_due_jobs().await;
    assert_eq!(seen(&app, &agent, second).await.refused[0].reason.as_deref(), Some("reference_used"));
    should_be_sold_once(&app, &agent, first, &cards).await;
}

#[tokio::test]
async fn a_row_that_costs_or_gives_something_else_by_now_is_named_and_not_sold() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("500.00").await;
    let gifts = app.given_a_card_of("gifts", "0.00 CNY").await;
    let plain = app.given_a_card("0.00 CNY").await;
    let change = async |name: &str, what: &str, by: &str| {
        let list = list_of([(format!("{name}1"), &gifts, "100"), (format!("{name}2"), &plain, "20")]);
        let id = uploads(&app, &agent, &list).await;
        let changed = CATALOGUE.replace(what, by);
        assert_ne!(changed, CATALOGUE);
        catalogue::load(&app.engine, Catalogue::parse(&changed).unwrap()).await.unwrap();
        starts(&app, &agent, id).await;
        app.runs_due_jobs().await;
        catalogue::load(&app.engine, Catalogue::parse(CATALOGUE).unwrap()).await.unwrap();
        app.clock.advance(Span::minutes(3));
        result_of(&app, &agent, id).await
    };
    for (name, what, by) in
        [("A", "discount = \"5\"", "discount = \"4\""), ("B", "amount = \"10 CNY\"", "amount = \"9 CNY\"")]
    {
        let lines = change(name, what, by).await;
        assert!(lines[0].ends_with(",refused,price_differs,"), "{lines:?}");
        assert!(lines[1].ends_with(",sold,,"), "{lines:?}");
    }
    app.should_hold(&gifts, "0.00 CNY").await;
}

#[tokio::test]
async fn what_was_put_on_a_card_a_moment_ago_is_not_put_on_it_again_by_a_list() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("500.00").await;
    let api_key = app.given_a_key(&agent, "127.0.0.1").await;
    let cards = given_cards(&app, 1).await;
    let id = uploads(&app, &agent, &list_for(&cards, "20")).await;
    assert_eq!(app.sells_by_key(&api_key, "a-sale-by-hand", &sale_of(&cards[0], "20.00 CNY")).await.status, 201);
    starts(&app, &agent, id).await;
    app.runs_due_jobs().await;
    assert_eq!(seen(&app, &agent, id).await.refused[0].reason.as_deref(), Some("another_one"));
    app.should_hold(&cards[0], "20.00 CNY").await;
}
