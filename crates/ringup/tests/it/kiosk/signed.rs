use ringup_core::time::Span;
use ringup_db::device::DeviceKind;
use ringup_engine::device;
use ringup_engine::kiosk::{self, AddKioskError, Policy};
use serde_json::json;

use crate::support::{Forged, TestApp, policy, yuan};

#[tokio::test]
async fn a_kiosk_is_enrolled_once_and_told_all_that_it_must_know() {
    let app = TestApp::new().await;
    app.given_places_for_kiosks().await;
    let kiosk = kiosk::add(&app.engine, &"BJ-K001".parse().unwrap(), policy()).await.unwrap();
    let invited = (DeviceKind::Kiosk, kiosk.place);
    let (_, code) = device::invite(&app.engine, invited, "Machine 1".to_owned()).await.unwrap();
    let machine = app.enrols_kiosk(kiosk.clone(), &code.grouped()).await.unwrap();
    let again = app.enrols_kiosk(kiosk.clone(), &code.grouped()).await.err().unwrap();
    assert_eq!(again.problem(), (422, "enrol_code_unusable".to_owned()));
    let answer = machine.gets("/api/v1/kiosk").await;
    let told = answer.json();
    assert_eq!(told["place"]["code"], "BJ-K001");
    assert_eq!(told["server_time"], "2026-11-23T10:00:00+08:00");
    assert_eq!(answer.header("ringup-time"), Some("2026-11-23T10:00:00+08:00"));
    assert_eq!((&told["kiosk"], &told["hot_line"]), (&json!(1), &json!("400 000 0001")));
    let notes = json!({
        "values": ["10.00 CNY", "20.00 CNY", "50.00 CNY", "100.00 CNY"],
        "visit_most": "500.00 CNY",
        "offline_most": "100.00 CNY",
    });
    assert_eq!(told["notes"], notes);
    assert_eq!((&told["box"]["notes"], &told["box"]["state"]), (&json!(0), &json!("in_use")));
    assert_eq!(told["providers"], json!(["alipay", "wechat_pay"]));
    let second = app.given_a_kiosk_at("BJ-K002").await;
    assert_eq!(second.kiosk.number, 2, "each kiosk has a number of its own");
}

#[tokio::test]
async fn nobody_speaks_for_a_kiosk_but_itself_and_each_reason_has_a_code() {
    let app = TestApp::new().await;
    let mut kiosk = app.given_a_kiosk().await;
    let card = app.given_a_card("0.00 CNY").await;
    let (path, body) = ("/api/v1/kiosk/cards", json!({ "card": card.number.to_string() }));
    assert_eq!(app.post_json(path, None, &body).await.problem(), (401, "signature_missing".to_owned()));
    let nonce = Some("nonce-used-twice".to_owned());
    let forged = Forged { nonce, ..Forged::default() };
    assert_eq!(kiosk.posts_forged(path, &body, &forged).await.status, 200);
    let refused = |code: &str| (401, code.to_owned());
    assert_eq!(kiosk.posts_forged(path, &body, &forged).await.problem(), refused("signature_replayed"));
    let changed = Forged { body_after_signing: Some(b"{\"card\":\"1\"}".to_vec()), ..Forged::default() };
    assert_eq!(kiosk.posts_forged(path, &body, &changed).await.problem(), refused("content_digest_wrong"));
    let elsewhere = Forged { path_signed: Some("/api/v1/kiosk/health".to_owned()), ..Forged::default() };
    assert_eq!(kiosk.posts_forged(path, &body, &elsewhere).await.problem(), refused("signature_wrong"));
    kiosk.clock_off = Span::minutes(3);
    let late = kiosk.posts(path, &body).await;
    assert_eq!(late.problem(), refused("clock_wrong"));
    assert_eq!(late.header("ringup-time"), Some("2026-11-23T10:00:00+08:00"), "it can set its clock by that");
    kiosk.clock_off = Span::seconds(0);
    device::revoke(&app.engine, kiosk.id).await.unwrap();
    assert_eq!(kiosk.posts(path, &body).await.problem(), refused("device_unknown"));
}

#[tokio::test]
async fn a_till_is_no_kiosk_and_a_store_no_place_for_one() {
    let app = TestApp::new().await;
    let kiosk = app.given_a_kiosk().await;
    let store = app.given_a_store().await;
    let (_, code) = device::invite(&app.engine, (DeviceKind::Till, store.place), "Till 1".to_owned()).await.unwrap();
    let refused = app.enrols_kiosk(kiosk.kiosk.clone(), &code.grouped()).await.err().unwrap();
    assert_eq!(refused.problem(), (422, "enrol_code_unusable".to_owned()));
    assert!(app.enrols(&code.grouped()).await.is_ok(), "and the code still enrols the till");
    let add = async |code: &str, policy: Policy| kiosk::add(&app.engine, &code.parse().unwrap(), policy).await.err();
    assert_eq!(add("BJ-S009", policy()).await, Some(AddKioskError::NotAKiosk));
    assert_eq!(add("BJ-K009", policy()).await, Some(AddKioskError::PlaceUnknown));
    assert_eq!(add("BJ-K001", policy()).await, Some(AddKioskError::Exists));
    for odd in [
        Policy { notes: Vec::new(), ..policy() },
        Policy { box_nearly_full: 7, ..policy() },
        Policy { visit_max: yuan("0"), ..policy() },
    ] {
        assert_eq!(add("BJ-K002", odd).await, Some(AddKioskError::Policy));
    }
}
