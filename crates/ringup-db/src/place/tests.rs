use ringup_core::product::Name;
use ringup_core::time::Timestamp;

use super::*;
use crate::error::WriteError;
use crate::testing::given_a_database;

fn name(text: &str) -> Name {
    Name { en: text.to_owned(), zh_hans: format!("{text}店") }
}

fn place(id: u64, code: &str) -> Place {
    Place {
        id: PlaceId::from_u64(id),
        kind: PlaceKind::Kiosk,
        code: code.parse().unwrap(),
        name: name("Station"),
        city: name("Beijing"),
        district: name("Haidian"),
        address: name("=1+1"), // a formula is a text
        position: Position::new(-90_000_000, 180_000_000).unwrap(),
        time_zone: "Asia/Shanghai".to_owned(),
        hours: "Mo-Fr 10:00-02:00; 2026-10-01/2026-10-07 off".parse().unwrap(),
        takes: Takes { cash: true, codes: false, cards: true },
        crediting: "12:00,18:00".parse().unwrap(),
        licence: Some("Licence 17".to_owned()),
        reach_cm: Some(110),
        phone: Some("+86 10 5555 0100".to_owned()),
        state: PlaceState::OutOfOrder { since: Timestamp::from_seconds(1_795_000_000) },
    }
}

#[test]
fn places_come_back_as_they_were_written() {
    let test = given_a_database();
    let plain = Place {
        crediting: Crediting::AtOnce,
        licence: None,
        reach_cm: None,
        phone: None,
        state: PlaceState::InBusiness,
        ..place(2, "BJ-1")
    };
    let written = [place(1, "BJ-2"), plain.clone(), Place { state: PlaceState::Closed, ..place(3, "BJ-3") }];
    test.write(|tx| Ok(upsert_places(tx, &written)?));
    let [second, first, third] = written;
    assert_eq!(test.read(|tx| places(tx)), [first, second, third], "by their codes");
    assert_eq!(test.read(|tx| find_place_by_code(tx, &plain.code)), Some(plain));
    assert_eq!(test.read(|tx| find_place_by_code(tx, &"BJ-9".parse().unwrap())), None);
}

#[test]
fn a_place_with_a_known_code_is_changed_and_keeps_its_id() {
    let test = given_a_database();
    test.write(|tx| Ok(upsert_places(tx, &[place(1, "BJ-1")])?));
    let changed = Place { kind: PlaceKind::Store, name: name("Corner"), ..place(2, "BJ-1") };
    test.write(|tx| Ok(upsert_places(tx, std::slice::from_ref(&changed))?));
    assert_eq!(test.read(|tx| places(tx)), [Place { id: PlaceId::from_u64(1), ..changed }]);
}

#[test]
fn every_write_shows_in_the_version() {
    let test = given_a_database();
    let version = || test.read(|tx| places_version(tx));
    let before = version();
    test.write(|tx| Ok(upsert_places(tx, &[place(1, "BJ-1")])?));
    let first = version();
    test.write(|tx| Ok(upsert_places(tx, &[place(1, "BJ-1")])?));
    assert!(before < first && first < version());
}

#[test]
fn the_database_keeps_its_own_rules_about_places() {
    let test = given_a_database();
    let mut writer = test.database.writer().unwrap();
    test.write(|tx| Ok(upsert_places(tx, &[place(1, "BJ-1")])?));
    for sql in [
        "update place set latitude_e6 = 90000001",
        "update place set kind = 'bank'",
        "update place set takes_cash = 2",
        "update place set state = 'closed'",
        "update place set state_since = null",
    ] {
        let refused = writer.write(|tx| -> Result<(), crate::error::Stop<String>> { Ok(tx.batch(sql)?) });
        assert!(matches!(refused, Err(WriteError::Failed(DbError::Broken(_)))), "{sql}: {refused:?}");
    }
}
