//! Float bought through a provider: on the float once, whoever says so, however often and however late.

use ringup_core::float_purchase::{FloatPurchase, FloatReport};
use ringup_core::money::Amount;
use ringup_core::payment::{PayMethod, PaymentWord, Provider, ReportSource, TransactionId};
use ringup_core::time::Span;
use ringup_core::top_up::TopUpCode;
use ringup_engine::agent::{self, Approval, BuyError, BuyFloat, Standing};
use ringup_engine::error::SubmitError;
use ringup_engine::top_up::{IdempotencyKey, PayBy};
use ringup_sandbox::Forgery;

use crate::support::{Alipay, Order, PROVIDERS, Signer, TestAgent, TestApp, application, hidden, key, yuan};

/// Buys by the page, and finds the order at the provider.
async fn buys(app: &TestApp, agent: &TestAgent, amount: &str, provider: Provider) -> (String, Order) {
    let reader = app.reader("en");
    reader.signs_in_as(agent).await;
    let page = reader.gets("/agent/float").await;
    let key = hidden(&page.text, "idempotency_key");
    let form = [("amount", amount), ("provider", provider.name()), ("idempotency_key", key.as_str())];
    let answer = reader.posts("/agent/float/purchases", &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let again = reader.posts("/agent/float/purchases", &form).await;
    assert_eq!(again.location(), answer.location(), "pressed twice, ordered once");
    let purchase = newest(app, agent).await;
    (answer.location(), order_of(&purchase))
}

fn order_of(purchase: &FloatPurchase) -> Order {
    let (code, id) = (TopUpCode::from_bytes([0; 16]), purchase.id.to_string());
    Order { code, id, provider: purchase.provider, reference: purchase.id.to_reference() }
}

async fn newest(app: &TestApp, agent: &TestAgent) -> FloatPurchase {
    let id = agent.id;
    let read = app.engine.read(move |tx| ringup_db::float_purchase::float_purchases(tx, id, 1)).await;
    read.unwrap().remove(0)
}

async fn asks_to_buy(app: &TestApp, agent: &TestAgent, amount: Amount, key: &str) -> Result<FloatPurchase, BuyError> {
    let seller = agent::of_place(&app.engine, agent.business.place).await.unwrap().unwrap();
    let pay = PayBy { provider: Provider::Alipay, method: PayMethod::Qr, payer_ip: None };
    let key = IdempotencyKey::parse(key).unwrap();
    agent::buy(&app.engine, &seller, BuyFloat { key, amount, pay }).await
}

#[tokio::test]
async fn what_is_paid_is_on_the_float_once_however_often_the_provider_says_so() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        app.given_notifications_are_lost();
        let agent = app.given_an_agent("10.00").await;
        let (url, order) = buys(&app, &agent, "300.00", provider).await;
        let reader = app.reader("en");
        reader.signs_in_as(&agent).await;
        let page = reader.gets(&url).await;
        assert!(page.text.contains("<svg") && page.text.contains("¥300.00"), "{}", page.text);
        let (_, seen) = page.text.split_once("hx-get=\"").unwrap();
        let status = seen.split('"').next().unwrap().to_owned();
        assert_eq!(reader.gets(&status).await.status, 204);
        app.customer_pays(&order);
        assert_eq!(app.can_sell_for(&agent).await, yuan("10.00"), "nobody has said so yet");
        for _ in 0..4 {
            app.provider_says_so(&order).await;
            assert_eq!(app.can_sell_for(&agent).await, yuan("310.00"));
        }
        assert_eq!(reader.gets(&status).await.header("hx-refresh"), Some("true"));
        assert!(reader.gets(&url).await.text.contains("¥300.00 is on your float"));
        let list = reader.gets("/agent/float").await;
        assert!(list.text.contains("+¥300.00") && list.text.contains("first BJ-A001"), "{}", list.text);
        app.after_steps(4, Span::minutes(10)).await;
        assert_eq!(app.can_sell_for(&agent).await, yuan("310.00"));
    }
}

#[tokio::test]
async fn when_no_notification_comes_the_job_asks_and_so_does_whoever_presses() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        app.given_notifications_are_lost();
        let agent = app.given_an_agent("0.00").await;
        let (_, order) = buys(&app, &agent, "300.00", provider).await;
        app.customer_pays(&order);
        app.after(Span::seconds(10)).await;
        assert_eq!(app.can_sell_for(&agent).await, yuan("300.00"));
        let (url, order) = buys(&app, &agent, "50.00", provider).await;
        app.customer_pays(&order);
        let reader = app.reader("zh-Hans");
        reader.signs_in_as(&agent).await;
        let looked = reader.posts(&format!("{url}/look"), &[]).await;
        assert!(reader.gets(&looked.location()).await.text.contains("¥50.00 已记入预存款"));
        assert_eq!(app.can_sell_for(&agent).await, yuan("350.00"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notification_and_the_answer_to_our_question_at_the_same_time_book_once() {
    let app = TestApp::new().await;
    app.given_notifications_are_lost();
    let (second, _) = app.with_a_second_server().await;
    let agent = app.given_an_agent("0.00").await;
    for provider in PROVIDERS.into_iter().cycle().take(10) {
        let (_, order) = buys(&app, &agent, "10.00", provider).await;
        app.customer_pays(&order);
        app.clock.advance(Span::seconds(10));
        let said = || app.delivers(app.notification(&order, Forgery::None));
        let (one, other) = (ringup_engine::job::run_due(&app.engine), ringup_engine::job::run_due(&second));
        let (asked, asked_too, ..) = tokio::join!(one, other, said(), said());
        assert!(asked.is_ok() && asked_too.is_ok());
    }
    app.after(Span::minutes(2)).await;
    assert_eq!(app.can_sell_for(&agent).await, yuan("100.00"));
}

#[tokio::test]
async fn another_amount_is_not_believed_but_asked_about_and_what_was_really_paid_is_on_the_float() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        app.given_notifications_are_lost();
        let agent = app.given_an_agent("0.00").await;
        let (_, order) = buys(&app, &agent, "300.00", provider).await;
        app.customer_pays(&order);
        assert!(app.delivers(app.notification(&order, Forgery::Amount)).await.acknowledges(provider));
        assert_eq!(app.can_sell_for(&agent).await, yuan("0.00"));
        let odd = app.odd_notifications().await;
        let told = (odd[0].code.as_str(), odd[0].reference.as_deref());
        assert_eq!(told, ("report_differs", Some(order.reference.as_str())));
        app.runs_due_jobs().await; // asked at once
        assert_eq!(app.can_sell_for(&agent).await, yuan("300.00"));
    }
}

#[tokio::test]
async fn a_forged_notification_and_another_providers_word_put_nothing_on_the_float() {
    let app = TestApp::new().await;
    app.given_notifications_are_lost();
    let agent = app.given_an_agent("0.00").await;
    let (_, paid) = buys(&app, &agent, "20.00", Provider::Alipay).await;
    app.customer_pays(&paid);
    for forgery in [Forgery::WrongKey, Forgery::Probe] {
        assert!(app.delivers(app.notification(&paid, forgery)).await.refuses(Provider::Alipay));
    }
    let (_, unpaid) = buys(&app, &agent, "300.00", Provider::WechatPay).await;
    let signer = Signer::of(&app.keys.alipay.platform_private_key);
    let claim = Alipay::about(&app, &paid).with("out_trade_no", &unpaid.reference).with("total_amount", "300.00");
    app.delivers(claim.signed_by(&signer)).await;
    assert_eq!(app.odd_notifications().await[0].code, "report_differs");
    assert_eq!(app.can_sell_for(&agent).await, yuan("0.00"));
    app.after_steps(3, Span::minutes(10)).await;
    assert_eq!(app.can_sell_for(&agent).await, yuan("20.00"));
}

#[tokio::test]
async fn nobody_pays_and_the_order_is_closed_but_money_that_comes_late_is_on_the_float_whoever_the_agent_is_by_then() {
    let app = TestApp::new().await;
    app.given_notifications_are_lost();
    let agent = app.given_an_agent("0.00").await;
    let (url, order) = buys(&app, &agent, "300.00", Provider::Alipay).await;
    app.customer_pays(&order);
    let late = app.notification(&order, Forgery::None);
    // We hear nothing of it before the time is over, and believed that nobody had paid.
    let id = newest(&app, &agent).await.id;
    let now = app.clock.now();
    app.engine
        .write(move |tx| {
            let purchase = ringup_db::float_purchase::find_float_purchase(tx, id)?.unwrap();
            let state = purchase.state.clone().abandon(now).unwrap();
            ringup_db::float_purchase::update_float_purchase(tx, &FloatPurchase { state, ..purchase })
        })
        .await
        .unwrap();
    let reader = app.reader("en");
    reader.signs_in_as(&agent).await;
    assert!(reader.gets(&url).await.text.contains("This purchase was not paid"));
    agent::suspend(&app.engine, agent.id).await.unwrap();
    app.clock.advance(Span::minutes(16));
    assert!(app.delivers(late).await.acknowledges(Provider::Alipay));
    assert_eq!(app.can_sell_for(&agent).await, yuan("300.00"));
    assert_eq!(asks_to_buy(&app, &agent, yuan("10.00"), &key()).await, Err(BuyError::NotSelling(Standing::Suspended)));
}

#[tokio::test]
async fn an_unpaid_order_is_closed_when_its_time_is_over() {
    for provider in PROVIDERS {
        let app = TestApp::new().await;
        let agent = app.given_an_agent("0.00").await;
        let (_, order) = buys(&app, &agent, "300.00", provider).await;
        app.after_steps(20, Span::minutes(1)).await;
        assert_eq!(newest(&app, &agent).await.state.name(), "abandoned");
        assert!(app.tries_to_pay(&order).is_err(), "nobody can pay it any more");
        app.after_steps(6, Span::hours(6)).await;
        assert_eq!(app.can_sell_for(&agent).await, yuan("0.00"));
    }
}

#[tokio::test]
async fn what_was_cut_off_between_the_word_and_the_booking_is_booked_by_the_job_once() {
    let app = TestApp::new().await;
    app.given_notifications_are_lost();
    let agent = app.given_an_agent("0.00").await;
    let (_, order) = buys(&app, &agent, "300.00", Provider::WechatPay).await;
    app.customer_pays(&order);
    let (purchase, now) = (newest(&app, &agent).await, app.clock.now());
    let word = PaymentWord::Paid {
        transaction: TransactionId::parse("4200000000000000000000000001").unwrap(),
        amount: yuan("300.00"),
        paid_at: now,
    };
    let (provider, source) = (Provider::WechatPay, ReportSource::Query);
    let told = purchase.clone().told(&FloatReport { provider, purchase: purchase.id, source, word }, now).unwrap();
    app.engine.write(move |tx| ringup_db::float_purchase::update_float_purchase(tx, &told)).await.unwrap();
    assert_eq!(app.can_sell_for(&agent).await, yuan("0.00"));
    app.after(Span::seconds(10)).await;
    assert_eq!(app.can_sell_for(&agent).await, yuan("300.00"));
    // Cut off once more, between the booking and its mark: the key says that it was booked.
    let id = purchase.id.as_u64();
    app.engine
        .write(move |tx| {
            let purchase = ringup_db::float_purchase::find_float_purchase(tx, purchase.id)?.unwrap();
            let mut paid = purchase.paid().unwrap().clone();
            paid.booked_at = None;
            let state = ringup_core::float_purchase::FloatPurchaseState::Paid(paid);
            ringup_db::float_purchase::update_float_purchase(tx, &FloatPurchase { state, ..purchase })?;
            let job = ringup_core::job::NewJob {
                id: ringup_core::id::JobId::from_u64(id + 1),
                shard: ringup_core::id::shard_of(id),
                kind: ringup_core::job::JobKind::FollowFloatPurchase,
                subject: id,
                run_at: now,
            };
            ringup_db::job::insert_job(tx, &job)
        })
        .await
        .unwrap();
    app.runs_due_jobs().await;
    assert_eq!(app.can_sell_for(&agent).await, yuan("300.00"));
    assert!(newest(&app, &agent).await.paid().unwrap().booked_at.is_some());
}

#[tokio::test]
async fn another_agent_sees_nothing_of_it() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("0.00").await;
    let (url, _) = buys(&app, &agent, "300.00", Provider::Alipay).await;
    let approval = Approval { place: "NY-A001".parse().unwrap(), credit_limit: yuan("0.00"), alert_below: None };
    let zone = application("America/New_York", "2027-11-22");
    let other = app.given_an_agent_of("NY-A001", zone, approval, "0.00").await;
    let reader = app.reader("en");
    assert_eq!(reader.gets(&url).await.location(), "/agent", "nobody is signed in");
    reader.signs_in_as(&other).await;
    assert_eq!(reader.gets(&url).await.status, 404);
    assert_eq!(reader.gets(&format!("{url}/status")).await.status, 404);
    assert_eq!(reader.posts(&format!("{url}/look"), &[]).await.status, 404);
    assert_eq!(reader.gets("/agent/float/purchases/flo_x").await.status, 404);
    assert!(!reader.gets("/agent/float").await.text.contains("300.00"));
}

#[tokio::test]
async fn amounts_keys_and_waiting_orders_have_their_bounds() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("0.00").await;
    for wrong in ["0.00", "0.99", "50000.01"] {
        let bounds = BuyError::Amount { least: yuan("1.00"), most: yuan("50000.00") };
        assert_eq!(asks_to_buy(&app, &agent, yuan(wrong), &key()).await, Err(bounds), "{wrong}");
    }
    let reader = app.reader("en");
    reader.signs_in_as(&agent).await;
    for (amount, provider) in [("", "alipay"), ("ten", "alipay"), ("50000.01", "alipay"), ("10.00", "paypal")] {
        let form = [("amount", amount), ("provider", provider), ("idempotency_key", &key())];
        let page = reader.posts("/agent/float/purchases", &form).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.text.matches("class=\"error\"").count(), 1, "{}", page.text);
    }
    let intent = key();
    let first = asks_to_buy(&app, &agent, yuan("50000.00"), &intent).await.unwrap();
    assert_eq!(asks_to_buy(&app, &agent, yuan("50000.00"), &intent).await.unwrap().id, first.id);
    let other = asks_to_buy(&app, &agent, yuan("1.00"), &intent).await;
    assert!(matches!(other, Err(BuyError::Submit(SubmitError::Refused(_)))), "{other:?}");
    for _ in 1..10 {
        asks_to_buy(&app, &agent, yuan("1.00"), &key()).await.unwrap();
    }
    assert_eq!(asks_to_buy(&app, &agent, yuan("1.00"), &key()).await, Err(BuyError::TooManyWaiting));
    app.after_steps(20, Span::minutes(1)).await;
    assert!(asks_to_buy(&app, &agent, yuan("1.00"), &key()).await.is_ok());
}
