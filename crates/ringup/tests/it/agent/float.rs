use ringup_core::apply::{RefundHowMuch, SpentMeanwhile};
use ringup_core::id::TopUpId;
use ringup_engine::agent::{self, Approval, TransferError};
use ringup_engine::refund;
use ringup_engine::top_up::IdempotencyKey;

use crate::support::{TestApp, application, key, sale_of, yuan};

#[tokio::test]
async fn a_hundred_sales_at_once_on_a_float_that_covers_37_sell_exactly_37() {
    let app = TestApp::new().await;
    // 37 times ten yuan, and nine to spare.
    let agent = app.given_an_agent("379.00").await;
    let api_key = app.given_a_key(&agent, "127.0.0.1").await;
    let mut cards = Vec::new();
    for _ in 0..100 {
        cards.push(app.given_a_card("0.00 CNY").await);
    }
    let sales = cards.iter().map(|card| (key(), sale_of(card, "10.00 CNY"))).collect();
    let answers = app.sell_at_once(&api_key, sales).await;
    let sold = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(sold, 37);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(answer.problem(), (422, "float_insufficient".to_owned()));
    }
    assert_eq!(app.can_sell_for(&agent).await, yuan("9.00"));
    let mut credited = 0;
    for card in &cards {
        credited += ringup_engine::balance::show(&app.engine, card.number, None).await.unwrap().main.minor();
    }
    assert_eq!(credited, 37 * 10_00);
}

#[tokio::test]
async fn a_float_goes_below_zero_as_far_as_its_credit_limit() {
    let app = TestApp::new().await;
    let approval = Approval { place: "BJ-A001".parse().unwrap(), credit_limit: yuan("50.00"), alert_below: None };
    let application = application("Asia/Shanghai", "2027-11-22");
    let agent = app.given_an_agent_of("BJ-A001", application, approval, "20.00").await;
    let (api_key, card) = (app.given_a_key(&agent, "127.0.0.1").await, app.given_a_card("0.00 CNY").await);
    assert_eq!(app.sells_by_key(&api_key, &key(), &sale_of(&card, "50.00 CNY")).await.status, 201);
    assert_eq!(app.can_sell_for(&agent).await, yuan("20.00"));
    let more = app.sells_by_key(&api_key, &key(), &sale_of(&card, "30.00 CNY")).await;
    assert_eq!(more.problem(), (422, "float_insufficient".to_owned()));
    assert_eq!(app.sells_by_key(&api_key, &key(), &sale_of(&card, "20.00 CNY")).await.status, 201);
    assert_eq!(agent::float(&app.engine, &agent.business).await.unwrap().balance.minor(), -50_00);
    let reader = app.reader("en");
    reader.signs_in_as(&agent).await;
    let page = reader.gets("/agent/float").await;
    assert!(page.text.contains("−¥50.00") && page.text.contains("¥0.00"), "{}", page.text);
}

#[tokio::test]
async fn a_transfer_is_on_the_float_once_for_each_reference() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("0.00").await;
    let confirms = async |reference: &str, amount: &str| {
        agent::confirm_transfer(&app.engine, agent.id, reference, yuan(amount)).await.map(drop)
    };
    assert_eq!(confirms("ICBC 7781", "300.00").await, Ok(()));
    assert_eq!(confirms(" ICBC 7781 ", "300.00").await, Ok(()), "the same again");
    assert_eq!(confirms("ICBC 7781", "30.00").await, Err(TransferError::ReferenceUsed));
    assert_eq!(confirms("", "30.00").await, Err(TransferError::Reference));
    assert_eq!(confirms("ICBC 7782", "0.00").await, Err(TransferError::Amount));
    let dollars = agent::confirm_transfer(&app.engine, agent.id, "x", "5.00 USD".parse().unwrap()).await;
    assert_eq!(dollars.map(drop), Err(TransferError::Amount));
    assert_eq!(app.can_sell_for(&agent).await, yuan("300.00"));
    let reader = app.reader("zh-Hans");
    reader.signs_in_as(&agent).await;
    let page = reader.gets("/agent/float").await;
    assert!(page.text.contains("ICBC 7781") && page.text.contains("+¥300.00"), "{}", page.text);
}

#[tokio::test]
async fn what_is_undone_is_back_on_the_float_at_once() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("100.00").await;
    let (api_key, card) = (app.given_a_key(&agent, "127.0.0.1").await, app.given_a_card("0.00 CNY").await);
    let sold = app.sells_by_key(&api_key, &key(), &sale_of(&card, "50.00 CNY")).await;
    let id: TopUpId = sold.field("id").parse().unwrap();
    let number = IdempotencyKey::parse("refund-0001").unwrap();
    refund::request(&app.engine, &number, id, RefundHowMuch::Whole, SpentMeanwhile::Refuse).await.unwrap();
    assert_eq!(app.can_sell_for(&agent).await, yuan("100.00"));
    app.should_hold(&card, "0.00 CNY").await;
    let reader = app.reader("en");
    reader.signs_in_as(&agent).await;
    let page = reader.gets("/agent").await;
    assert!(page.text.contains("Undone, back on the float"), "{}", page.text);
}

#[tokio::test]
async fn a_low_float_is_told_on_every_page_and_to_programs() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("30.00").await;
    let (api_key, card) = (app.given_a_key(&agent, "127.0.0.1").await, app.given_a_card("0.00 CNY").await);
    let asks = async || app.asks_for_the_float(&api_key).await.json();
    let told = asks().await;
    assert_eq!((told["low"].as_bool(), told["available"].as_str()), (Some(false), Some("30.00 CNY")));
    assert_eq!(told["state"], "approved");
    app.sells_by_key(&api_key, &key(), &sale_of(&card, "20.00 CNY")).await;
    assert_eq!(asks().await["low"].as_bool(), Some(true), "10 are below 20");
    let reader = app.reader("en");
    reader.signs_in_as(&agent).await;
    assert!(reader.gets("/agent").await.text.contains("Your float is low"));
}
