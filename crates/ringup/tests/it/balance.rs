//! Balance and history, with card number and PIN; and how guessing is kept from paying.

use ringup_core::payment::Provider;
use ringup_core::time::Span;
use ringup_engine::balance::{PinError, unlock};
use ringup_engine::pin::Pin;
use serde_json::json;

use crate::support::{Answer, Reader, TestApp, TestCard};

async fn asks(reader: &Reader<'_>, card: &TestCard, pin: &str) -> Answer {
    reader.posts("/balance", &[("card", &card.number.to_string()), ("pin", pin)]).await
}

/// A PIN that is not this card's.
fn wrong(card: &TestCard) -> &'static str {
    if card.pin == "000000" { "111111" } else { "000000" }
}

#[tokio::test]
async fn the_pin_opens_a_card_for_ten_minutes() {
    for (language, shown) in [("zh-Hans", "¥20.00"), ("en", "¥20.00")] {
        let app = TestApp::new().await;
        let card = app.given_a_card("20.00 CNY").await;
        let reader = app.reader(language);
        assert_eq!(reader.gets("/balance/card").await.status, 303);
        let answer = asks(&reader, &card, &card.pin).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some("/balance/card")));
        let page = reader.gets("/balance/card").await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains(shown) && page.text.contains(&card.number.last_four()), "{}", page.text);
        assert!(!page.text.contains(&card.pin));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        app.clock.advance(Span::minutes(10));
        assert_eq!(reader.gets("/balance/card").await.header("location"), Some("/balance"));
    }
}

#[tokio::test]
async fn an_unknown_number_is_answered_like_a_wrong_pin() {
    let app = TestApp::new().await;
    let card = app.given_a_card("20.00 CNY").await;
    let reader = app.reader("en");
    let known = asks(&reader, &card, wrong(&card)).await;
    let unknown = TestCard { number: "4111111111111111".parse().unwrap(), pin: String::new() };
    let not_there = asks(&reader, &unknown, "000000").await;
    assert_eq!((known.status, not_there.status), (422, 422));
    let without = |text: &str, card: &TestCard| text.replace(&card.number.to_string(), "");
    assert_eq!(without(&known.text, &card), without(&not_there.text, &unknown));
    let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&known), names(&not_there));
    // An unknown number locks as well, or the lock would tell the two apart.
    for _ in 0..4 {
        asks(&app.reader_at("en", "192.0.2.2"), &unknown, "000000").await;
    }
    assert_eq!(asks(&reader, &unknown, "000000").await.status, 429);
}

#[tokio::test]
async fn five_wrong_pins_lock_a_card_and_each_time_for_longer() {
    let app = TestApp::new().await;
    let card = app.given_a_card("20.00 CNY").await;
    for (round, minutes) in [1, 2, 4, 8].into_iter().enumerate() {
        for _ in 0..5 {
            // From elsewhere each time, so that no address locks.
            let reader = app.reader_at("en", &format!("192.0.2.{round}"));
            assert_eq!(asks(&reader, &card, wrong(&card)).await.status, 422);
        }
        let reader = app.reader("en");
        // Not even the right one is looked at now.
        let locked = asks(&reader, &card, &card.pin).await;
        assert_eq!((locked.status, locked.header("retry-after")), (429, Some((minutes * 60).to_string().as_str())));
        assert!(locked.text.contains(&format!("{minutes} minute")) || minutes == 1, "{}", locked.text);
        app.clock.advance(Span::seconds(minutes * 60 - 1));
        assert_eq!(asks(&reader, &card, &card.pin).await.status, 429);
        app.clock.advance(Span::seconds(1));
    }
    // The right PIN opens it and ends the counting.
    let reader = app.reader("en");
    assert_eq!(asks(&reader, &card, &card.pin).await.status, 303);
    for _ in 0..4 {
        assert_eq!(asks(&reader, &card, wrong(&card)).await.status, 422);
    }
    assert_eq!(asks(&reader, &card, &card.pin).await.status, 303);
    // Another card was never locked, and topping up works all the same.
    let other = app.given_a_card("20.00 CNY").await;
    assert_eq!(asks(&reader, &other, &other.pin).await.status, 303);
}

#[tokio::test]
async fn twenty_wrong_pins_lock_an_address_for_every_card() {
    let app = TestApp::new().await;
    let reader = app.reader_at("en", "198.51.100.7");
    for _ in 0..20 {
        let card = app.given_a_card("0.00 CNY").await;
        assert_eq!(asks(&reader, &card, wrong(&card)).await.status, 422);
    }
    let card = app.given_a_card("0.00 CNY").await;
    let locked = asks(&reader, &card, &card.pin).await;
    assert_eq!((locked.status, locked.header("retry-after")), (429, Some("300")));
    // "Where is my money?" is the same door.
    let form = [("card", card.number.to_string()), ("pin", card.pin.clone())];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(reader.posts("/where", &form).await.status, 429);
    assert_eq!(asks(&app.reader_at("en", "198.51.100.8"), &card, &card.pin).await.status, 303);
    // What a sender writes into the header himself is not believed: only the last address is the proxy's.
    assert_eq!(asks(&app.reader_at("en", "198.51.100.9, 198.51.100.7"), &card, &card.pin).await.status, 429);
}

#[tokio::test]
async fn two_thousand_wrong_pins_in_ten_minutes_lock_every_card_for_a_minute() {
    let app = TestApp::new().await;
    let pin = Pin::parse("000000").unwrap();
    let card = app.given_a_card("0.00 CNY").await;
    let mut trying = tokio::task::JoinSet::new();
    for number in 0..2_000_u64 {
        let (engine, pin) = (app.engine.clone(), pin.clone());
        let card = ringup_core::card::CardNumber::with_check_digit(622_588_000_000_000 + number).unwrap();
        let address = format!("10.0.{}.{}", number / 250, number % 250);
        trying.spawn(async move { unlock(&engine, card, &pin, &address).await });
        if trying.len() == 64 {
            assert_eq!(trying.join_next().await.unwrap().unwrap(), Err(PinError::Wrong));
        }
    }
    assert!(trying.join_all().await.iter().all(|tried| *tried == Err(PinError::Wrong)));
    let locked = asks(&app.reader("en"), &card, &card.pin).await;
    assert_eq!((locked.status, locked.header("retry-after")), (429, Some("60")));
    app.clock.advance(Span::minutes(1));
    assert_eq!(asks(&app.reader("en"), &card, &card.pin).await.status, 303);
}

#[tokio::test]
async fn the_history_of_a_card_goes_on_over_pages() {
    let app = TestApp::new().await;
    let card = app.given_a_card("0.00 CNY").await;
    for minor in 0..25 {
        app.given_a_credited_top_up(&card, &format!("10.{minor:02} CNY"), Provider::Alipay).await;
        app.clock.advance(Span::minutes(3));
    }
    let reader = app.reader("en");
    asks(&reader, &card, &card.pin).await;
    let mut path = "/balance/card".to_owned();
    let (mut amounts, mut pages) = (Vec::new(), 0);
    loop {
        let page = reader.gets(&path).await;
        assert_eq!(page.status, 200);
        pages += 1;
        amounts.extend(page.text.split("+¥").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()));
        let Some((before, _)) = page.text.split_once("\" rel=\"next\"") else { break };
        path = before.rsplit_once("href=\"").unwrap().1.to_owned();
    }
    let expected: Vec<String> = (0..25).rev().map(|minor| format!("10.{minor:02}")).collect();
    assert_eq!(amounts, expected);
    assert!(pages > 1);
}

#[tokio::test]
async fn a_program_with_number_and_pin_is_told_what_is_on_the_card() {
    let app = TestApp::new().await;
    let card = app.given_a_card_of("gifts", "20.00 CNY").await;
    let order = app.places(&card, "100.00 CNY", Provider::Alipay).await;
    app.customer_pays(&order);
    app.until_it_is(&order, "credited").await;
    let answer = app.asks_what_is_on(&card, &card.pin).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let told = answer.json();
    assert_eq!(told["balance"], "120.00 CNY");
    assert_eq!(told["bonuses"][0]["amount"], "10.00 CNY");
    assert_eq!(told["card_last_four"], card.number.last_four());
    assert!(told["valid_until"].is_string() && !answer.text.contains(&card.number.to_string()), "{}", answer.text);
}

#[tokio::test]
async fn a_program_with_a_wrong_pin_learns_as_little_as_with_an_unknown_number_and_is_locked_out() {
    let app = TestApp::new().await;
    let card = app.given_a_card("20.00 CNY").await;
    let unknown = TestCard { number: "4111111111111111".parse().unwrap(), pin: String::new() };
    let (known, not_there) =
        (app.asks_what_is_on(&card, wrong(&card)).await, app.asks_what_is_on(&unknown, "000000").await);
    assert_eq!((known.status, &known.text), (403, &not_there.text));
    assert_eq!(known.json()["code"], "pin_wrong");
    for _ in 0..4 {
        assert_eq!(app.asks_what_is_on(&card, wrong(&card)).await.status, 403);
    }
    let locked = app.asks_what_is_on(&card, &card.pin).await;
    assert_eq!((locked.status, locked.json()["code"].as_str()), (429, Some("pin_locked")));
    let seconds: u32 = locked.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=61).contains(&seconds), "{seconds}");
    app.clock.advance(Span::minutes(2));
    assert_eq!(app.asks_what_is_on(&card, &card.pin).await.status, 200, "and the right one ends the counting");
    assert_eq!(app.asks_what_is_on(&card, wrong(&card)).await.status, 403);
}

#[tokio::test]
async fn a_program_is_told_which_part_of_its_question_cannot_be_read() {
    let app = TestApp::new().await;
    let card = app.given_a_card("20.00 CNY").await;
    assert_eq!(app.asks_what_is_on(&card, "12").await.json()["code"], "pin_malformed");
    let body = json!({ "card": "1234", "pin": "123456" });
    let answer =
        Answer::of(app.http.post(format!("{}/api/v1/balance", app.url)).json(&body).send().await.unwrap()).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (400, Some("card_number_length")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn holders_who_ask_at_the_same_time_each_see_their_own_card() {
    let app = std::sync::Arc::new(TestApp::new().await);
    let mut cards = Vec::new();
    for units in 1..=20 {
        cards.push((app.given_a_card(&format!("{units}.00 CNY")).await, format!("{units}.00 CNY")));
    }
    let mut asking = tokio::task::JoinSet::new();
    for (card, held) in cards.iter().cycle().take(200).cloned() {
        let app = std::sync::Arc::clone(&app);
        asking.spawn(async move {
            let answer = app.asks_what_is_on(&card, &card.pin).await;
            assert_eq!(answer.json()["balance"], held, "{}", answer.text);
        });
    }
    while let Some(ended) = asking.join_next().await {
        ended.unwrap();
    }
}
