use ringup_core::apply::Refusal;
use ringup_core::ledger::{AccountCode, Chain, Entry};
use ringup_core::money::Amount;
use ringup_core::time::Span;
use ringup_engine::error::SubmitError;
use ringup_engine::kiosk::{self, BoxError};
use ringup_engine::store;
use serde_json::json;

use crate::support::{TestApp, in_the_purse, yuan};

#[tokio::test]
async fn a_box_tells_when_somebody_should_come_and_when_it_is_full() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    let state = async || kiosk.gets("/api/v1/kiosk").await.json()["box"]["state"].as_str().unwrap().to_owned();
    kiosk.sells(&card, &["10", "10", "10"]).await;
    assert_eq!(state().await, "in_use");
    kiosk.sells(&card, &["20"]).await;
    assert_eq!(state().await, "nearly_full");
    kiosk.sells(&card, &["10", "20"]).await;
    assert_eq!(state().await, "full");
    kiosk.is_emptied().await;
    assert_eq!(state().await, "in_use");
}

#[tokio::test]
async fn two_different_people_take_a_box_out_and_each_code_counts_once() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    kiosk.sells(&card, &["50", "20"]).await;
    let (one, two) = (app.given_a_collector(&kiosk, "01").await, app.given_a_collector(&kiosk, "02").await);
    let cash_box = kiosk.cash_box().await;
    let refused = |code: &str| (422, code.to_owned());
    let (mine, mine_too) = (kiosk.code_for(one).await, kiosk.code_for(one).await);
    let alone = kiosk.collects(&cash_box, [&mine, &mine]).await.problem();
    assert_eq!(alone, refused("collection_same_person"));
    assert_eq!(kiosk.collects(&cash_box, [&mine, &mine_too]).await.problem(), refused("collection_same_person"));
    let guessed = kiosk.collects(&cash_box, [&mine, "0123456789ABCDEFGHJKMNPQRS"]).await.problem();
    assert_eq!(guessed, refused("collection_code_unusable"));
    let old = kiosk.code_for(two).await;
    app.after(Span::minutes(61)).await;
    let (mine, yours) = (kiosk.code_for(one).await, kiosk.code_for(two).await);
    assert_eq!(kiosk.collects(&cash_box, [&mine, &old]).await.problem(), refused("collection_code_unusable"));
    let taken = kiosk.collects(&cash_box, [&mine, &yours]).await;
    assert_eq!((taken.status, &taken.json()["taken"]["holds"]), (200, &json!("70.00 CNY")), "{}", taken.text);
    assert_eq!(kiosk.collects(&cash_box, [&mine, &yours]).await.text, taken.text, "a repeat is the same answer");
    let next = kiosk.cash_box().await;
    assert_eq!(taken.json()["box"]["id"], next.as_str());
    assert_eq!(kiosk.collects(&next, [&mine, &yours]).await.problem(), refused("collection_code_unusable"));
    let (mine, yours) = (kiosk.code_for(one).await, kiosk.code_for(two).await);
    assert_eq!(kiosk.collects(&cash_box, [&mine, &yours]).await.problem(), refused("box_taken"));
    let elsewhere = app.given_a_kiosk_at("BJ-K002").await;
    let theirs = elsewhere.cash_box().await;
    assert_eq!(elsewhere.collects(&theirs, [&mine, &yours]).await.problem(), refused("collection_code_unusable"));
}

/// What was too little in a box, by its journal.
fn off(entries: &[Entry]) -> Vec<Amount> {
    let postings = entries.iter().flat_map(|entry| &entry.postings);
    let named = postings.filter(|posting| posting.account.code == AccountCode::SuspenseOverShort);
    named.map(|posting| posting.amount).collect()
}

#[tokio::test]
async fn a_box_is_counted_against_its_sales_and_the_difference_is_its_own() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    kiosk.sells(&card, &["50", "20"]).await;
    let first = kiosk.cash_box().await.parse().unwrap();
    assert_eq!(kiosk::count(&app.engine, first, yuan("70")).await, Err(BoxError::InUse));
    assert_eq!(kiosk.is_emptied().await, first);
    kiosk.sells(&card, &["100"]).await;
    let second = kiosk.is_emptied().await;
    let count = kiosk::count(&app.engine, first, yuan("60")).await.unwrap();
    assert_eq!((count.expected, count.counted), (yuan("70"), yuan("60")));
    assert_eq!(kiosk::count(&app.engine, first, yuan("60")).await.unwrap(), count);
    let other = kiosk::count(&app.engine, first, yuan("70")).await;
    assert_eq!(other, Err(BoxError::Submit(SubmitError::Refused(Refusal::PurseClosed))));
    kiosk::count(&app.engine, second, yuan("100")).await.unwrap();
    assert_eq!(in_the_purse(&app, kiosk.kiosk.safe).await, 16_000);
    let differences = app.engine.read(move |tx| {
        let entries = ringup_db::journal::entries_of(tx, Chain::Purse(first), None, 10)?;
        let of_second = ringup_db::journal::entries_of(tx, Chain::Purse(second), None, 10)?;
        Ok((off(&entries), off(&of_second)))
    });
    assert_eq!(differences.await.unwrap(), (vec![yuan("10")], Vec::new()), "the second box was right");
}

#[tokio::test]
async fn what_was_counted_goes_to_the_bank_in_bags() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    kiosk.sells(&card, &["100", "100"]).await;
    let cash_box = kiosk.is_emptied().await;
    kiosk::count(&app.engine, cash_box, yuan("200")).await.unwrap();
    let person = app.given_a_collector(&kiosk, "01").await;
    let send = async |amount: &str| kiosk::send_to_bank(&app.engine, &kiosk.kiosk, person, ("B-1", yuan(amount))).await;
    let bag = send("200").await.unwrap();
    assert_eq!(send("200").await, Ok(bag), "the same bag leaves once");
    assert_eq!(send("100").await, Err(store::BagError::NumberUsed));
    assert_eq!(in_the_purse(&app, kiosk.kiosk.safe).await, 0);
    store::banked(&app.engine, bag, yuan("199")).await.unwrap();
    let open = app.engine.read(|tx| ringup_db::cash_transit::open_transits(tx, 10)).await.unwrap();
    assert_eq!(open, []);
}
