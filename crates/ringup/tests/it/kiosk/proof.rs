use aws_lc_rs::digest;
use ringup_core::bank_note::NoteNumber;
use ringup_core::books::KeyHash;
use ringup_core::id::TopUpId;
use ringup_db::kiosk_claim::SettledAs;
use ringup_db::kiosk_sale::{KioskNote, KioskSale};

use crate::support::{Program, TestApp, key, yuan};

const CODE: &str = "0123456789ABCDEFGHJKMNPQRS";

/// What `ringup verify` says once a row was changed behind its back.
async fn after_tampering(sql: &str) -> String {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let (card, other) = (app.given_a_card("0.00 CNY").await, app.given_a_card("0.00 CNY").await);
    kiosk.sells(&card, &["50", "20"]).await;
    kiosk.sells(&other, &["20"]).await;
    kiosk.claims(&kiosk.claim(CODE, Some(&card), Some("50"))).await;
    app.settles(CODE, SettledAs::Card, None, None).await.unwrap();
    let sql = sql.to_owned();
    let database = app.leaves_its_database();
    let said = tokio::task::spawn_blocking(move || {
        database.tampered_with(&sql);
        let output = Program::on(database).runs(&["verify"]);
        assert_eq!(output.status.code(), Some(1), "{sql}");
        String::from_utf8(output.stdout).unwrap()
    });
    said.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_changed_behind_the_back_of_a_kiosks_books_is_found() {
    for (sql, expected) in [
        (
            "update kiosk_note set value_minor = 10000 where value_minor = 5000",
            "VIOLATED what was sold into a cash box",
        ),
        ("delete from kiosk_note where value_minor = 2000", "VIOLATED what was sold into a cash box"),
        ("update kiosk_sale set card_number = card_number + 1", "VIOLATED every sale of a kiosk is of its own card"),
        ("update kiosk_claim set top_up_id = null", "VIOLATED every settled claim has its money"),
        ("update kiosk_claim set settled_as = 'nothing'", "VIOLATED every settled claim has its money"),
    ] {
        let said = after_tampering(sql).await;
        assert!(said.contains(expected), "{sql}: {said}");
    }
}

#[tokio::test]
async fn a_sale_that_was_cut_off_after_it_was_booked_is_finished_by_its_repeat() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    let (key, sale) = (key(), kiosk.sale(&card, &["50"]).await);
    // As if the server had died before it wrote down what came of it.
    let answer = kiosk.sends_sale(&key, &sale).await;
    let sold: TopUpId = answer.field("id").parse().unwrap();
    app.database.tampered_with("update kiosk_sale set top_up_id = null");
    app.database.should_verify(app.clock.now());
    let again = kiosk.sends_sale(&key, &sale).await;
    assert_eq!(again.text, answer.text, "what came of it is found by the key");
    let running = sale["notes"][0]["number"].as_str().unwrap().split_once('-').unwrap().1.parse().unwrap();
    let note = NoteNumber { kiosk: kiosk.kiosk.number, running };
    let kept = app.engine.read(move |tx| {
        let Some(key) = ringup_db::kiosk_sale::key_of_note(tx, note)? else { return Ok(None) };
        Ok(ringup_db::kiosk_sale::find_kiosk_sale(tx, &key)?.and_then(|sale| sale.top_up))
    });
    assert_eq!(kept.await.unwrap(), Some(sold), "and written down again");
}

#[tokio::test]
async fn a_sale_that_was_cut_off_before_it_was_booked_is_booked_by_its_repeat_and_by_no_other_key() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    let (key, sale) = (key(), kiosk.sale(&card, &["50"]).await);
    // As if the server had died after it wrote the notes down: the key is kept as the first half of its hash.
    let hash = digest::digest(&digest::SHA256, format!("kiosk_sale\n{key}").as_bytes());
    let running = sale["notes"][0]["number"].as_str().unwrap().split_once('-').unwrap().1.parse().unwrap();
    let note = KioskNote { number: NoteNumber { kiosk: kiosk.kiosk.number, running }, value: yuan("50") };
    let row = KioskSale {
        key: KeyHash(hash.as_ref()[..16].try_into().unwrap()),
        place: kiosk.kiosk.place,
        purse: sale["box"].as_str().unwrap().parse().unwrap(),
        card: card.number,
        paid: yuan("50"),
        begun_at: None,
        offline_since: None,
        told_at: app.clock.now(),
        top_up: None,
    };
    app.engine.write(move |tx| ringup_db::kiosk_sale::insert_kiosk_sale(tx, &row, &[note])).await.unwrap();
    app.database.should_verify(app.clock.now());
    let other = kiosk.sends_sale(&crate::support::key(), &sale).await;
    assert_eq!(other.problem(), (422, "note_used".to_owned()));
    let wish = app.given_a_card("0.00 CNY").await;
    let mut wished = sale.clone();
    wished["card"] = serde_json::json!(wish.number.to_string());
    assert_eq!(kiosk.sends_sale(&key, &wished).await.problem(), (422, "idempotency_key_reused".to_owned()));
    let repeated = kiosk.sends_sale(&key, &sale).await;
    assert_eq!((repeated.status, repeated.field("state")), (201, "credited".to_owned()));
    app.should_hold(&card, "50.00 CNY").await;
}
