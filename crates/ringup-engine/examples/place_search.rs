//! How long a search through 100,000 places takes: `cargo run --release -p ringup-engine --example place_search`.

use std::time::{Duration, Instant};

use ringup_core::id::PlaceId;
use ringup_core::place::{Place, PlaceKind, PlaceState, Position, Takes};
use ringup_core::product::Name;
use ringup_core::time::Timestamp;
use ringup_engine::place::{Filters, PlaceIndex, Search, SearchText};

const PLACES: u32 = 100_000;
const REPEATS: usize = 200;
/// 2026-11-26T14:02:31+08:00
const NOW: Timestamp = Timestamp::from_seconds(1_795_672_951);

fn main() {
    let mut chance = 0x9E37_79B9_7F4A_7C15_u64;
    let mut draw = |below: u32| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((chance >> 33) % u64::from(below)).unwrap_or(0)
    };
    let places: Vec<Place> = (0..PLACES).filter_map(|nth| place(nth, &mut draw)).collect();
    let (index, took) = timed(|| PlaceIndex::new(1, places));
    println!("{} places, index built in {} ms", index.len(), took.as_millis());
    let beijing: Option<Position> = "39.9042,116.4074".parse().ok();
    let lhasa: Option<Position> = "29.6500,91.1000".parse().ok();
    let plain = Search { centre: None, text: None, city: None, filters: Filters::default(), after: None, limit: 10 };
    let open = Filters { open_now: true, ..Filters::default() };
    let rare = Filters { kind: Some(PlaceKind::Agent), open_now: true, cash: true, instant: true, wheelchair: true };
    let searches = [
        ("near a city's centre", Search { centre: beijing, ..plain.clone() }),
        ("near it, open now", Search { centre: beijing, filters: open, ..plain.clone() }),
        ("near it, all filters", Search { centre: beijing, filters: rare, ..plain.clone() }),
        ("far from any city", Search { centre: lhasa, ..plain.clone() }),
        (
            "near, with words that few have",
            Search { centre: beijing, text: SearchText::new("store 98765"), ..plain.clone() },
        ),
        ("near, with the dearest word", Search { centre: beijing, text: SearchText::new("99999"), ..plain.clone() }),
        ("words that many have", Search { text: SearchText::new("district 7"), ..plain.clone() }),
        ("words that none has", Search { text: SearchText::new("nowhere at all"), ..plain.clone() }),
        ("Chinese words that none has", Search { text: SearchText::new("不存在的地方"), ..plain.clone() }),
    ];
    for (what, search) in searches {
        let mut times: Vec<Duration> = (0..REPEATS).map(|_| timed(|| index.search(&search, NOW)).1).collect();
        times.sort_unstable();
        let at = |nth: usize| times.get(nth).map_or(0, Duration::as_micros);
        println!("{what:<32} median {:>6} us, longest {:>6} us", at(REPEATS / 2), at(REPEATS - 1));
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let made = work();
    (made, begun.elapsed())
}

/// Half of the places in one city, half in seven others.
fn place(nth: u32, draw: &mut impl FnMut(u32) -> u32) -> Option<Place> {
    const CITIES: [(i32, i32); 8] = [
        (39_904_200, 116_407_400),
        (31_230_400, 121_473_700),
        (23_129_100, 113_264_400),
        (22_543_100, 114_057_900),
        (30_572_800, 104_066_800),
        (30_592_800, 114_305_500),
        (34_341_600, 108_939_800),
        (45_803_800, 126_535_000),
    ];
    let city = if draw(2) == 0 { 0 } else { usize::try_from(draw(8)).ok()? };
    let (latitude, longitude) = *CITIES.get(city)?;
    let mut off = || i32::try_from(draw(400_000)).unwrap_or(0) - 200_000;
    let position = Position::new(latitude + off(), longitude + off()).ok()?;
    let name = |en: String, zh_hans: String| Name { en, zh_hans };
    let district = draw(16);
    Some(Place {
        id: PlaceId::from_u64(nth.into()),
        kind: *PlaceKind::ALL.get(usize::try_from(draw(3)).ok()?)?,
        code: format!("P-{nth:06}").parse().ok()?,
        name: name(format!("Corner store {nth}"), format!("街角营业厅{nth}")),
        city: name(format!("City {city}"), format!("城{city}")),
        district: name(format!("District {district}"), format!("第{district}区")),
        address: name(format!("{} Long Street, ground floor", draw(999)), format!("长街{}号一层", draw(999))),
        position,
        time_zone: "Asia/Shanghai".to_owned(),
        hours: if draw(2) == 0 { "Mo-Fr 09:00-12:00,13:30-21:00; Sa 10:00-02:00" } else { "Mo-Su 18:00-23:00" }
            .parse()
            .ok()?,
        takes: Takes { cash: draw(4) > 0, codes: true, cards: false },
        crediting: if draw(4) > 0 { "" } else { "12:00,18:00" }.parse().ok()?,
        licence: None,
        reach_cm: (draw(50) == 0).then_some(110),
        phone: None,
        state: PlaceState::InBusiness,
    })
}
