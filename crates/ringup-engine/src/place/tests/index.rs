use proptest::prelude::*;
use ringup_core::place::{Chord, LocalMoment, Standing};

use super::*;

fn search() -> Search {
    Search { centre: None, text: None, city: None, filters: Filters::default(), after: None, limit: 10 }
}

fn near(text: &str) -> Search {
    Search { centre: Some(text.parse().unwrap()), ..search() }
}

fn codes(found: &Found) -> Vec<&str> {
    found.places.iter().map(|found| found.place.code.as_str()).collect()
}

/// Positions that crowd around one spot and lie all over the world, at the poles and on the date line too.
fn any_position() -> impl Strategy<Value = Position> {
    let spot = (39_800_000..40_000_000, 116_300_000..116_500_000);
    let world = (-90_000_000..=90_000_000, -180_000_000..=180_000_000);
    let pole = (89_990_000..=90_000_000, -180_000_000..=180_000_000);
    let date_line = (-100_000..100_000, prop_oneof![179_990_000..=180_000_000, -180_000_000..=-179_990_000]);
    let pair = prop_oneof![3 => spot, 1 => world, 1 => pole, 1 => date_line];
    pair.prop_map(|(latitude, longitude)| Position::new(latitude, longitude).unwrap())
}

fn any_place() -> impl Strategy<Value = (Position, u8)> {
    (any_position(), any::<u8>())
}

/// A place whose traits are the bits of a number.
fn with_traits(nth: usize, position: Position, traits: u8) -> Place {
    let has = |bit: u8| traits & (1 << bit) != 0;
    let plain = place(&format!("P-{nth:04}"), "0,0");
    Place {
        position,
        kind: PlaceKind::ALL[usize::from(traits % 3)],
        takes: Takes { cash: has(2), codes: true, cards: false },
        crediting: if has(3) { Crediting::AtOnce } else { "12:00".parse().unwrap() },
        reach_cm: has(4).then_some(100),
        hours: if has(5) { "24/7" } else { "Mo-Su 18:00-20:00" }.parse().unwrap(),
        city: if has(6) { name("Beijing", "北京") } else { name("Shanghai", "上海") },
        district: if has(7) { name("Haidian", "海淀区") } else { name("Pudong", "浦东新区") },
        ..plain
    }
}

/// The same answer by looking at each place, without index or clock.
fn plain_scan<'a>(places: &'a [Place], asked: &Search) -> Vec<&'a str> {
    let filters = &asked.filters;
    let mut all: Vec<(Chord, &Place)> = places
        .iter()
        .filter(|place| filters.kind.is_none_or(|kind| kind == place.kind))
        .filter(|place| !filters.cash || place.takes.cash)
        .filter(|place| !filters.instant || place.crediting == Crediting::AtOnce)
        .filter(|place| !filters.wheelchair || place.reach_cm.is_some())
        .filter(|place| !filters.open_now || place.hours.to_string() == "24/7")
        .filter(|place| asked.city.as_ref().is_none_or(|city| *city == place.city.en))
        .filter(|place| asked.text.is_none() || place.district.en == "Haidian")
        .map(|place| {
            let chord = asked.centre.map(|centre| centre.point().chord_to(place.position.point()));
            (chord.unwrap_or(Chord::ZERO), place)
        })
        .collect();
    all.sort_by(|(one, place), (other, another)| (one, &place.code).cmp(&(other, &another.code)));
    all.into_iter().map(|(_, place)| place.code.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_index_answers_what_a_plain_scan_answers_page_by_page(
        places in prop::collection::vec(any_place(), 0..300),
        centre in prop::option::of(any_position()),
        wants in any::<u8>(),
        kind in prop::option::of(0..3_usize),
        limit in 1..40_usize,
    ) {
        let places: Vec<Place> =
            places.into_iter().enumerate().map(|(nth, (position, traits))| with_traits(nth, position, traits)).collect();
        let wanted = |bit: u8| wants & (3 << (2 * bit)) == 0; // each one in four
        let filters = Filters {
            kind: kind.map(|kind| PlaceKind::ALL[kind]),
            open_now: wants % 5 == 0,
            cash: wanted(0),
            instant: wanted(1),
            wheelchair: wants % 7 == 0,
        };
        let city = wanted(2).then(|| "Beijing".to_owned());
        let text = wanted(3).then(|| SearchText::new("haidian").unwrap());
        let mut asked = Search { centre, text, city, filters, after: None, limit };
        let index = PlaceIndex::new(1, places.clone());
        let mut paged: Vec<String> = Vec::new();
        loop {
            let found = index.search(&asked, NOW);
            paged.extend(codes(&found).into_iter().map(str::to_owned));
            let Some(next) = found.next else { break };
            prop_assert_eq!(found.places.len(), limit);
            asked.after = Some(next.to_string().parse().unwrap());
        }
        asked.after = None;
        prop_assert_eq!(paged, plain_scan(&places, &asked));
    }
}

#[test]
fn the_nearest_come_first_with_their_distances() {
    let places =
        vec![place("FAR", "31.2304,121.4737"), place("NEAR", "39.9052,116.4074"), place("HERE", "39.9042,116.4074")];
    let index = PlaceIndex::new(1, places);
    let found = index.search(&near("39.9042,116.4074"), NOW);
    assert_eq!(codes(&found), ["HERE", "NEAR", "FAR"]);
    let metres: Vec<u64> = found.places.iter().map(|found| found.metres.unwrap()).collect();
    assert_eq!(metres, [0, 111, 1_067_312]);
    assert_eq!(found.next, None);
}

#[test]
fn a_place_is_found_by_how_people_write_where_it_is() {
    let index = PlaceIndex::new(1, vec![place("BJ-S001", "39.9,116.4")]);
    let finds = |text: &str| {
        let text = SearchText::new(text);
        assert!(text.is_some());
        !index.search(&Search { text, ..search() }, NOW).places.is_empty()
    };
    for text in [
        "haidian",
        "ZHONGGUANCUN beijing",
        "bj-s001",
        "海淀",
        "北京市海淀区",
        "北京海淀区中关村大街1号",
        "东门 海淀",
        "  East   gate ",
    ] {
        assert!(finds(text), "{text}");
    }
    for text in ["pudong", "haidian pudong", "浦东", "海淀区北京"] {
        assert!(!finds(text), "{text}");
    }
    assert!(SearchText::new("  ").is_none() && SearchText::new("市").is_none());
}

#[test]
fn a_page_goes_on_where_the_last_one_ended_whatever_was_written_meanwhile() {
    let all = |codes: &[&str]| codes.iter().map(|code| place(code, "39.9,116.4")).collect::<Vec<_>>();
    let first = PlaceIndex::new(1, all(&["A", "B", "C", "D"])).search(&Search { limit: 2, ..near("39.9,116.4") }, NOW);
    assert_eq!(codes(&first), ["A", "B"]);
    // B has gone, and A1 has come.
    let index = PlaceIndex::new(2, all(&["A", "A1", "C", "D"]));
    let second = index.search(&Search { limit: 2, after: first.next, ..near("39.9,116.4") }, NOW);
    assert_eq!(codes(&second), ["C", "D"]);
    assert_eq!(second.next, None);
}

#[test]
fn what_was_found_says_how_it_stands_and_when_a_sale_is_credited() {
    let deferred = Place { crediting: "12:00,18:00".parse().unwrap(), ..place("B", "0,0") };
    let index = PlaceIndex::new(1, vec![place("A", "0,0"), deferred]);
    let found = index.search(&search(), NOW).places;
    let local = |minutes| LocalMoment {
        date: "2026-11-26".parse().unwrap(),
        clock: ringup_core::place::Clock::from_minutes(minutes).unwrap(),
    };
    assert_eq!(found[0].local, Some(local(14 * 60 + 2)));
    assert_eq!(found[0].standing, Standing::Open { until: Some(local(21 * 60)) });
    assert_eq!((found[0].metres, found[0].credited_at), (None, None));
    assert_eq!(found[1].credited_at, Some(local(18 * 60)));
}

#[test]
fn cities_come_with_their_counts_the_largest_first() {
    let in_city = |code: &str, en: &str, zh: &str| Place { city: name(en, zh), ..place(code, "0,0") };
    let index = PlaceIndex::new(
        1,
        vec![in_city("A", "Shanghai", "上海"), in_city("B", "Beijing", "北京"), in_city("C", "Shanghai", "上海")],
    );
    let cities: Vec<(&str, usize)> =
        index.cities().iter().map(|city| (city.name.zh_hans.as_str(), city.places)).collect();
    assert_eq!(cities, [("上海", 2), ("北京", 1)]);
    assert_eq!(index.find(&"B".parse().unwrap()).unwrap().city.en, "Beijing");
    assert_eq!(index.find(&"D".parse().unwrap()), None);
}

#[test]
fn what_is_no_cursor_is_refused() {
    for text in ["", "1", "x.A", "-1.A", "1.", "1.A B", "99999999999999999999999.A"] {
        assert_eq!(text.parse::<Cursor>(), Err(ParseCursorError), "{text}");
    }
}
