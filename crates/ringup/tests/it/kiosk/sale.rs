use ringup_core::card::CardState;
use ringup_core::job::CaseKind;
use serde_json::json;

use crate::support::{TestApp, in_the_purse, key};

#[tokio::test]
async fn notes_come_on_the_card_at_once_with_what_promotions_give() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card_of("gifts", "0.00 CNY").await;
    let answer = kiosk.sells(&card, &["50", "20", "50"]).await;
    let told = answer.json();
    assert_eq!((&told["state"], &told["paid"]), (&json!("credited"), &json!("120.00 CNY")));
    assert_eq!((&told["card_gets"], &told["bonus"]), (&json!("125.00 CNY"), &json!("10.00 CNY")));
    assert_eq!((&told["number"], &told["claim_code"]), (&json!("BJ-K001-000001"), &json!(null)));
    app.should_hold(&card, "125.00 CNY").await;
    let status = kiosk.gets("/api/v1/kiosk").await.json();
    assert_eq!((&status["box"]["notes"], &status["box"]["holds"]), (&json!(3), &json!("120.00 CNY")));
    let receipt = app.reader("en").gets(&format!("/verify/{}", answer.field("code"))).await;
    app.reader("en").should_read(&receipt, "verify-genuine-heading");
    insta::assert_snapshot!(app.journal(&card).await);
    let masked = told["slip"].to_string();
    for expected in ["On your card", "¥120.00", "¥125.00", "¥10.00", "BJ-K001-000001", "400 000 0001", "Licence No. 8"]
    {
        assert!(masked.contains(expected), "{expected} is not in {masked}");
    }
}

#[tokio::test]
async fn a_slip_speaks_the_language_of_its_sale() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    let mut sale = kiosk.sale(&card, &["50"]).await;
    sale["language"] = json!("zh-Hans");
    let slip = kiosk.sends_sale(&key(), &sale).await.json()["slip"].to_string();
    assert!(slip.contains("已充入您的卡") && slip.contains("北门自助终端"), "{slip}");
}

#[tokio::test]
async fn the_same_sale_again_is_the_same_answer_and_another_wish_is_refused() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let (card, other) = (app.given_a_card("0.00 CNY").await, app.given_a_card("0.00 CNY").await);
    let (key, sale) = (key(), kiosk.sale(&card, &["50", "20"]).await);
    let first = kiosk.sends_sale(&key, &sale).await;
    let second = kiosk.sends_sale(&key, &sale).await;
    assert_eq!((first.status, &first.text), (201, &second.text));
    assert_eq!((first.header("idempotent-replayed"), second.header("idempotent-replayed")), (None, Some("true")));
    let mut wish = sale.clone();
    wish["card"] = json!(other.number.to_string());
    assert_eq!(kiosk.sends_sale(&key, &wish).await.problem(), (422, "idempotency_key_reused".to_owned()));
    let stolen = kiosk.sends_sale(&crate::support::key(), &wish).await;
    assert_eq!(stolen.problem(), (422, "note_used".to_owned()), "a note pays once");
    app.should_hold(&card, "70.00 CNY").await;
    app.should_hold(&other, "0.00 CNY").await;
    kiosk.is_emptied().await;
    assert_eq!(kiosk.sends_sale(&key, &sale).await.text, first.text, "after the box was taken out as well");
}

#[tokio::test]
async fn two_that_are_sent_at_once_are_one_sale() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    let (key, sale) = (key(), kiosk.sale(&card, &["50"]).await);
    let (one, two) = tokio::join!(kiosk.sends_sale(&key, &sale), kiosk.sends_sale(&key, &sale));
    assert_eq!((one.status, two.status, one.field("code")), (201, 201, two.field("code")));
    app.should_hold(&card, "50.00 CNY").await;
}

#[tokio::test]
async fn receipts_are_numbered_without_a_gap_over_all_boxes_of_a_kiosk() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let second = app.given_a_kiosk_at("BJ-K002").await;
    let card = app.given_a_card("0.00 CNY").await;
    let mut numbers = vec![kiosk.sells(&card, &["10"]).await.field("number")];
    numbers.push(second.sells(&card, &["10"]).await.field("number"));
    kiosk.is_emptied().await;
    numbers.push(kiosk.sells(&card, &["10"]).await.field("number"));
    assert_eq!(numbers, ["BJ-K001-000001", "BJ-K002-000001", "BJ-K001-000002"]);
}

#[tokio::test]
async fn a_card_is_asked_about_before_a_note_is_taken() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let ask = async |number: &str| kiosk.posts("/api/v1/kiosk/cards", &json!({ "card": number })).await;
    let asks = async |card: &crate::support::TestCard| ask(&card.number.to_string()).await;
    let gifts = asks(&app.given_a_card_of("gifts", "0.00 CNY").await).await.json();
    assert_eq!(gifts["most"], "500.00 CNY");
    assert!(gifts["offered"].as_array().unwrap().contains(&json!("100.00 CNY")), "{gifts}");
    assert_eq!(gifts["rule"]["discount"][0]["gives"], "5.00 CNY");
    assert_eq!(gifts["rule"]["bonus"][0]["from"], "100.00 CNY");
    let nearly_full = asks(&app.given_a_card("970.00 CNY").await).await.json();
    assert_eq!((&nearly_full["most"], &nearly_full["offered"]), (&json!("30.00 CNY"), &json!(["20.00 CNY"])));
    let full = asks(&app.given_a_card("995.00 CNY").await).await;
    assert_eq!(full.problem(), (422, "balance_too_high".to_owned()), "the smallest note is 10.00");
    let suspended = app.given_a_card("0.00 CNY").await;
    app.card_becomes(&suspended, CardState::Suspended).await;
    assert_eq!(asks(&suspended).await.problem(), (422, "card_suspended".to_owned()));
    assert_eq!(asks(&app.given_a_card_not_sold().await).await.problem(), (404, "card_unknown".to_owned()));
    assert_eq!(ask("62").await.problem(), (400, "card_number_length".to_owned()));
}

#[tokio::test]
async fn notes_for_a_card_that_was_suspended_meanwhile_are_owed_back_and_claimed() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card_of("gifts", "0.00 CNY").await;
    let (key, sale) = (key(), kiosk.sale(&card, &["100"]).await);
    app.card_becomes(&card, CardState::Suspended).await;
    let answer = kiosk.sends_sale(&key, &sale).await;
    let told = answer.json();
    assert_eq!((answer.status, &told["state"], &told["paid"]), (201, &json!("refunding"), &json!("100.00 CNY")));
    assert_eq!((&told["card_gets"], &told["number"]), (&json!("0.00 CNY"), &json!(null)));
    assert_eq!(told["claim_code"], told["code"]);
    assert!(told["slip"]["title"].as_str().unwrap().contains("Claim"));
    app.should_hold(&card, "0.00 CNY").await;
    let cash_box = sale["box"].as_str().unwrap().parse().unwrap();
    assert_eq!(in_the_purse(&app, cash_box).await, 10_000, "the money is in the box and in the books");
    let cases = app.cases().await;
    assert_eq!((cases.len(), cases[0].kind), (1, CaseKind::CashNotCredited));
    assert_eq!(kiosk.sends_sale(&key, &sale).await.text, answer.text);
    assert_eq!(app.cases().await.len(), 1, "a repeat opens no second case");
    for (language, expected) in [("en", "the kiosk’s box"), ("zh-Hans", "自助终端的钱箱")] {
        let page = app.reader(language).gets(&format!("/top-ups/{}", answer.field("code"))).await;
        assert!(page.text.contains(expected), "{}", page.text);
    }
}

#[tokio::test]
async fn notes_that_would_lift_a_card_too_high_are_owed_back_but_a_promotion_never_is_why() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let full = app.given_a_card("950.00 CNY").await;
    assert_eq!(kiosk.sells(&full, &["100"]).await.field("state"), "refunding");
    app.should_hold(&full, "950.00 CNY").await;
    let almost = app.given_a_card_of("gifts", "898.00 CNY").await;
    assert_eq!(kiosk.sells(&almost, &["100"]).await.field("card_gets"), "102.00 CNY");
    app.should_hold(&almost, "1000.00 CNY").await;
}

#[tokio::test]
async fn what_cannot_be_booked_is_refused_with_a_code_and_nothing_is_written() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let second = app.given_a_kiosk_at("BJ-K002").await;
    let (card, unsold) = (app.given_a_card("0.00 CNY").await, "6225880000000004");
    let sale = kiosk.sale(&card, &["50"]).await;
    let sends = async |field: &str, value: serde_json::Value| {
        let mut sale = sale.clone();
        sale[field] = value;
        kiosk.sends_sale(&key(), &sale).await.problem()
    };
    let refused = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(kiosk.posts("/api/v1/kiosk/sales", &sale).await.problem(), refused(400, "idempotency_key_missing"));
    let unknown =
        sends("card", json!(ringup_core::card::CardNumber::with_check_digit(622_588_000_000_000).unwrap().to_string()))
            .await;
    assert_eq!(unknown, refused(404, "card_unknown"));
    assert_eq!(sends("card", json!(unsold)).await.0, 400);
    assert_eq!(sends("notes", json!([])).await, refused(400, "notes_missing"));
    let note = |number: &str, value: &str| json!([{ "number": number, "value": value }]);
    assert_eq!(sends("notes", note("1-07", "50.00 CNY")).await, refused(400, "note_number_malformed"));
    assert_eq!(sends("notes", note("1-7", "50")).await, refused(400, "note_value_malformed"));
    assert_eq!(sends("notes", note("1-7", "0.00 CNY")).await, refused(400, "notes_unusable"));
    assert_eq!(sends("notes", note("2-7", "50.00 CNY")).await, refused(422, "note_of_other_kiosk"));
    let twice = json!([{ "number": "1-7", "value": "50.00 CNY" }, { "number": "1-7", "value": "50.00 CNY" }]);
    assert_eq!(sends("notes", twice).await, refused(400, "notes_unusable"));
    assert_eq!(sends("box", json!(second.cash_box().await)).await, refused(422, "box_unknown"));
    assert_eq!(sends("box", json!("pur")).await, refused(400, "box_malformed"));
    assert_eq!(sends("begun_at", json!("yesterday")).await, refused(400, "moment_malformed"));
    app.should_hold(&card, "0.00 CNY").await;
    assert_eq!(kiosk.sends_sale(&key(), &sale).await.status, 201, "no refusal has used the note up");
}

#[tokio::test]
async fn a_sale_from_before_the_line_was_back_is_booked_although_its_box_is_gone_and_counted() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    let mut sale = kiosk.sale(&card, &["50"]).await;
    sale["begun_at"] = json!("2026-11-23T01:30:00Z");
    sale["offline_since"] = json!("2026-11-23T01:00:00Z");
    let cash_box = kiosk.is_emptied().await;
    ringup_engine::kiosk::count(&app.engine, cash_box, crate::support::yuan("50")).await.unwrap();
    let answer = kiosk.sends_sale(&key(), &sale).await;
    assert_eq!((answer.status, answer.field("state")), (201, "credited".to_owned()));
    app.should_hold(&card, "50.00 CNY").await;
    insta::assert_snapshot!(app.journal(&card).await);
}
