use ringup_core::time::Span;
use ringup_engine::agent::Approval;

use crate::support::{TestApp, application, yuan};

#[tokio::test]
async fn an_agent_sells_in_three_steps_and_the_buyer_gets_a_receipt() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("100.00").await;
    let card = app.given_a_card("5.00 CNY").await;
    let reader = app.reader("en");
    reader.signs_in_as(&agent).await;
    let home = reader.gets("/agent").await;
    assert!(home.text.contains("Lucky Phone Shop") && home.text.contains("¥100.00"), "{}", home.text);
    let sold = reader.sells_from_float(&card, "50.00").await;
    let page = reader.gets(&sold).await;
    assert!(page.text.contains("BJ-A001-000001") && page.text.contains("¥50.00"), "{}", page.text);
    assert!(page.text.contains("<svg"), "the buyer can scan it");
    app.should_hold(&card, "55.00 CNY").await;
    assert_eq!(app.can_sell_for(&agent).await, yuan("50.00"));
    let receipt = app.reader("en").gets(&sold.replace("/agent/sales/", "/receipts/")).await;
    assert_eq!(receipt.status, 200);
}

#[tokio::test]
async fn pressing_twice_sells_once_and_the_same_again_is_asked_about() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("100.00").await;
    let card = app.given_a_card("0.00 CNY").await;
    let reader = app.reader("zh-Hans");
    reader.signs_in_as(&agent).await;
    let form = reader.looks_at_the_price(&card, "10.00").await;
    let (first, second) = (reader.presses_sell(&form, &[]).await, reader.presses_sell(&form, &[]).await);
    assert_eq!((first.status, first.location()), (303, second.location()));
    app.should_hold(&card, "10.00 CNY").await;

    // The list offers the same once more: the number is filled in without standing in the address.
    let home = reader.gets("/agent").await;
    let (_, rest) = home.text.split_once("/agent?repeat=").unwrap();
    let repeat = format!("/agent?repeat={}", rest.split('"').next().unwrap());
    assert!(!repeat.contains(&card.number.to_string()));
    let filled = reader.gets(&repeat).await;
    assert!(filled.text.contains(&card.number.grouped()), "{}", filled.text);
    let form = reader.looks_at_the_price(&card, "10.00").await;
    let asked = reader.presses_sell(&form, &[]).await;
    assert_eq!(asked.status, 409, "{}", asked.text);
    app.should_hold(&card, "10.00 CNY").await;
    assert_eq!(reader.presses_sell(&form, &[("confirm_another", "yes")]).await.status, 303);
    app.should_hold(&card, "20.00 CNY").await;
}

#[tokio::test]
async fn what_the_float_does_not_cover_is_said_before_and_refused_after() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("30.00").await;
    let card = app.given_a_card("0.00 CNY").await;
    let reader = app.reader("en");
    reader.signs_in_as(&agent).await;
    let form = reader.looks_at_the_price(&card, "50.00").await;
    let refused = reader.presses_sell(&form, &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Your float does not cover it: it is good for ¥30.00"), "{}", refused.text);
    app.should_hold(&card, "0.00 CNY").await;
}

#[tokio::test]
async fn what_is_wrong_is_said_at_the_field_and_what_was_typed_is_kept() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("30.00").await;
    let card = app.given_a_card("0.00 CNY").await;
    let reader = app.reader("en");
    reader.signs_in_as(&agent).await;
    let number = card.number.grouped();
    let unknown = "4000 0000 0000 0002";
    let cases = [
        ("", "10.00", "", "card-error"),
        ("1234", "10.00", "", "card-error"),
        (unknown, "10.00", "", "card-error"),
        (number.as_str(), "", "", "amount-error"),
        (number.as_str(), "", "ten", "other-error"),
        (number.as_str(), "0.01", "", "amount-error"),
    ];
    for (card, amount, other, field) in cases {
        let page = reader.posts("/agent/check", &[("card", card), ("amount", amount), ("other", other)]).await;
        assert_eq!(page.status, 422, "{card} {amount}{other}: {}", page.text);
        assert!(page.text.contains(&format!("id=\"{field}\"")), "{card} {amount}{other}: {}", page.text);
        assert!(card.is_empty() || page.text.contains(&format!("value=\"{card}\"")), "{}", page.text);
    }
    assert_eq!(reader.posts("/agent/sales", &[("quote", "x"), ("idempotency_key", "12345678")]).await.status, 400);
    assert_eq!(reader.posts("/agent/sales", &[]).await.status, 400);
}

#[tokio::test]
async fn an_old_price_is_shown_anew() {
    let app = TestApp::new().await;
    let agent = app.given_an_agent("30.00").await;
    let card = app.given_a_card("0.00 CNY").await;
    let reader = app.reader("en");
    reader.signs_in_as(&agent).await;
    let form = reader.looks_at_the_price(&card, "10.00").await;
    app.clock.advance(Span::minutes(16));
    let page = reader.presses_sell(&form, &[]).await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("The price was shown too long ago"), "{}", page.text);
}

#[tokio::test]
async fn a_sale_is_shown_to_its_own_agent_alone() {
    let app = TestApp::new().await;
    let first = app.given_an_agent("100.00").await;
    let approval = Approval { place: "NY-A001".parse().unwrap(), credit_limit: yuan("0.00"), alert_below: None };
    let application = application("America/New_York", "2027-11-22");
    let second = app.given_an_agent_of("NY-A001", application, approval, "100.00").await;
    let card = app.given_a_card("0.00 CNY").await;
    let (one, other) = (app.reader("en"), app.reader("en"));
    one.signs_in_as(&first).await;
    other.signs_in_as(&second).await;
    let sold = one.sells_from_float(&card, "10.00").await;
    assert_eq!(one.gets(&sold).await.status, 200);
    assert_eq!(other.gets(&sold).await.status, 404);
    let repeat = sold.replace("/agent/sales/", "/agent?repeat=");
    assert!(!other.gets(&repeat).await.text.contains(&card.number.grouped()));
}
