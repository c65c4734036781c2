mod file;
mod index;

use ringup_core::id::PlaceId;
use ringup_core::place::{Crediting, PlaceKind, PlaceState, Position, Takes};
use ringup_core::product::Name;
use ringup_core::time::Timestamp;

use super::*;

/// 2026-11-26T14:02:31+08:00, a Thursday.
const NOW: Timestamp = Timestamp::from_seconds(1_795_672_951);

fn name(en: &str, zh_hans: &str) -> Name {
    Name { en: en.to_owned(), zh_hans: zh_hans.to_owned() }
}

fn place(code: &str, position: &str) -> Place {
    Place {
        id: PlaceId::from_u64(1),
        kind: PlaceKind::Store,
        code: code.parse().unwrap(),
        name: name("East Gate Store", "东门营业厅"),
        city: name("Beijing", "北京"),
        district: name("Haidian", "海淀区"),
        address: name("1 Zhongguancun Street", "中关村大街 1 号"),
        position: position.parse().unwrap(),
        time_zone: "Asia/Shanghai".to_owned(),
        hours: "Mo-Su 09:00-21:00".parse().unwrap(),
        takes: Takes { cash: true, codes: true, cards: false },
        crediting: Crediting::AtOnce,
        licence: None,
        reach_cm: None,
        phone: None,
        state: PlaceState::InBusiness,
    }
}

#[test]
fn when_a_sale_is_credited_is_told_by_the_places_own_clock() {
    let at = |zone: &str, times: &str| {
        let place = Place { time_zone: zone.to_owned(), crediting: times.parse().unwrap(), ..place("A", "0,0") };
        credited_at(&place, NOW)
    };
    let later = |minutes: i64| Timestamp::from_seconds(NOW.seconds() - 31 + minutes * 60);
    assert_eq!(at("Asia/Shanghai", ""), NOW);
    assert_eq!(at("Asia/Shanghai", "12:00,18:00"), later(3 * 60 + 58));
    // There it is 06:02 in the morning.
    assert_eq!(at("UTC", "06:00,18:00"), later(11 * 60 + 58));
    assert_eq!(at("UTC", "06:00"), later(23 * 60 + 58));
}

#[test]
fn a_time_that_the_clocks_leave_out_or_show_twice_means_one_moment() {
    let mut zones = Zones::new(NOW);
    let mut moment = |date: &str, minutes| {
        let clock = ringup_core::place::Clock::from_minutes(minutes).unwrap();
        let local = ringup_core::place::LocalMoment { date: date.parse().unwrap(), clock };
        zones.moment("Europe/Berlin", local).unwrap()
    };
    // On 2026-03-29 the clocks go from 02:00 to 03:00, on 2026-10-25 from 03:00 back to 02:00.
    assert_eq!(moment("2026-03-29", 150), moment("2026-03-29", 210));
    assert_eq!(moment("2026-10-25", 150).seconds() - moment("2026-10-25", 90).seconds(), 3_600);
    assert_eq!(Zones::new(NOW).local("Mars/Olympus"), None);
    assert!(Zones::exists("Asia/Shanghai") && !Zones::exists("Mars/Olympus") && !Zones::exists(""));
}
