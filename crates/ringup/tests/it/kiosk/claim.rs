use ringup_core::card::CardState;
use ringup_core::top_up::TopUpCode;
use ringup_db::kiosk_claim::SettledAs;
use ringup_engine::kiosk::{self, SettleError};
use serde_json::json;

use crate::support::{Program, TestApp, in_the_purse, key, yuan};

const CODE: &str = "0123456789ABCDEFGHJKMNPQRS";

#[tokio::test]
async fn a_claim_is_kept_once_however_often_it_is_told() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let mut claim = kiosk.claim(CODE, None, Some("50"));
    let first = kiosk.claims(&claim).await;
    assert_eq!((first.status, first.field("state")), (200, "open".to_owned()), "{}", first.text);
    assert_eq!(kiosk.claims(&claim).await.text, first.text);
    claim["late"] = json!("stacked");
    assert_eq!(kiosk.claims(&claim).await.status, 200, "the validator's late word is added");
    let kept = app.engine.read(|tx| ringup_db::kiosk_claim::open_claims(tx, 10)).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].late, Some(ringup_core::bank_note::LateWord::Stacked));
    let sends = async |field: &str, value: serde_json::Value| {
        let mut claim = claim.clone();
        claim[field] = value;
        kiosk.claims(&claim).await.problem()
    };
    let refused = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(sends("note", json!(kiosk.next_note())).await, refused(422, "claim_differs"));
    assert_eq!(sends("code", json!("1123456789ABCDEFGHJKMNPQRS")).await, refused(422, "note_claimed"));
    assert_eq!(sends("note", json!("9-7")).await, refused(422, "note_of_other_kiosk"));
    assert_eq!(sends("code", json!("short")).await, refused(400, "claim_code_malformed"));
    assert_eq!(sends("reason", json!("mood")).await, refused(400, "claim_reason_unknown"));
    assert_eq!(sends("late", json!("soon")).await, refused(400, "late_word_unknown"));
}

#[tokio::test]
async fn a_person_puts_a_claimed_note_on_the_card_once() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    let claim = kiosk.claim(CODE, Some(&card), None);
    kiosk.claims(&claim).await;
    assert_eq!(app.settles(CODE, SettledAs::Card, None, None).await, Err(SettleError::ValueNeeded));
    let settled = app.settles(CODE, SettledAs::Card, None, Some("50")).await.unwrap();
    assert_eq!(app.settles(CODE, SettledAs::Card, None, Some("50")).await.unwrap().top_up, settled.top_up);
    app.should_hold(&card, "50.00 CNY").await;
    assert_eq!(app.settles(CODE, SettledAs::Refund, None, Some("50")).await, Err(SettleError::SettledBefore("card")));
    assert_eq!(kiosk.claims(&claim).await.field("state"), "settled");
    let cash_box = kiosk.cash_box().await.parse().unwrap();
    assert_eq!(in_the_purse(&app, cash_box).await, 5_000);
    let mut sale = kiosk.sale(&card, &["50"]).await;
    sale["notes"][0]["number"] = claim["note"].clone();
    let again = kiosk.sends_sale(&key(), &sale).await;
    assert_eq!(again.problem(), (422, "note_used".to_owned()), "a note that was settled pays for nothing else");
}

#[tokio::test]
async fn a_note_that_was_credited_is_settled_for_nobody() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    let sale = kiosk.sale(&card, &["50"]).await;
    kiosk.sends_sale(&key(), &sale).await;
    let mut claim = kiosk.claim(CODE, Some(&card), Some("50"));
    claim["note"] = sale["notes"][0]["number"].clone();
    kiosk.claims(&claim).await;
    let settled = app.settles(CODE, SettledAs::Card, None, None).await;
    assert!(matches!(settled, Err(SettleError::NoteUsed(_))), "{settled:?}");
    app.settles(CODE, SettledAs::Nothing, None, None).await.unwrap();
    app.should_hold(&card, "50.00 CNY").await;
}

#[tokio::test]
async fn a_claimed_note_is_handed_out_of_the_safe_that_the_box_was_emptied_into() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    kiosk.claims(&kiosk.claim(CODE, Some(&card), Some("50"))).await;
    let poor = app.settles(CODE, SettledAs::Refund, None, None).await;
    assert!(poor.is_err(), "nothing is in the safe yet: {poor:?}");
    let cash_box = kiosk.is_emptied().await;
    let count = kiosk::count(&app.engine, cash_box, yuan("50")).await.unwrap();
    assert_eq!(count.expected, yuan("50"), "the first try has booked the note into its box");
    app.settles(CODE, SettledAs::Refund, None, None).await.unwrap();
    app.should_hold(&card, "0.00 CNY").await;
    assert_eq!(in_the_purse(&app, kiosk.kiosk.safe).await, 0);
    assert_eq!(app.settles(CODE, SettledAs::Card, None, None).await, Err(SettleError::SettledBefore("refund")));
}

#[tokio::test]
async fn a_sale_that_could_not_be_credited_is_handed_out_once_and_its_case_is_closed() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    app.card_becomes(&card, CardState::Suspended).await;
    let code: TopUpCode = kiosk.sells(&card, &["100"]).await.field("claim_code").parse().unwrap();
    let cash_box = kiosk.is_emptied().await;
    kiosk::count(&app.engine, cash_box, yuan("100")).await.unwrap();
    let code = code.to_string();
    assert_eq!(app.settles(&code, SettledAs::Card, None, None).await, Err(SettleError::OwedBack));
    app.settles(&code, SettledAs::Refund, None, None).await.unwrap();
    app.settles(&code, SettledAs::Refund, None, None).await.unwrap();
    assert_eq!(in_the_purse(&app, kiosk.kiosk.safe).await, 0);
    assert_eq!(app.cases().await.len(), 0);
    let holder = app.reader("en").gets(&format!("/top-ups/{code}")).await;
    app.reader("en").should_read(&holder, "status-refunded-heading");
}

#[tokio::test]
async fn a_note_that_came_out_again_is_settled_as_nothing() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    kiosk.claims(&kiosk.claim(CODE, None, Some("50"))).await;
    let unknown = app.settles("1123456789ABCDEFGHJKMNPQRS", SettledAs::Nothing, None, None).await;
    assert_eq!(unknown, Err(SettleError::Unknown));
    assert_eq!(app.settles(CODE, SettledAs::Nothing, None, None).await.unwrap().top_up, None);
    let card = app.given_a_card("0.00 CNY").await;
    let other = app.settles(CODE, SettledAs::Card, Some(&card), None).await;
    assert_eq!(other, Err(SettleError::SettledBefore("nothing")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_sees_and_settles_claims_on_the_command_line() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    kiosk.claims(&kiosk.claim(CODE, Some(&card), Some("50"))).await;
    let program = Program::on(app.database.clone());
    let said = tokio::task::spawn_blocking(move || {
        let claims = program.prints(&["kiosk", "claims"]);
        let cases = program.prints(&["review", "cases"]);
        let settled = program.prints(&["kiosk", "settle", CODE, "card", "--by", "Ms Li"]);
        let list = program.prints(&["kiosk", "list"]);
        (claims, cases, settled, program.prints(&["kiosk", "claims"]), list)
    });
    let (claims, cases, settled, after, list) = said.await.unwrap();
    assert!(claims.contains("0123…") && claims.contains("50.00 CNY") && !claims.contains(CODE), "{claims}");
    assert!(cases.contains("claim 0123…"), "{cases}");
    assert!(settled.starts_with("settled as card  top_"), "{settled}");
    assert_eq!(after, "");
    assert!(list.contains("BJ-K001") && list.contains("1 notes  50.00 CNY"), "{list}");
    app.should_hold(&card, "50.00 CNY").await;
}
