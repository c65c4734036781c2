mod distance;
mod hours;

use super::*;

/// What a place's clock shows: `2026-10-01 09:30`.
fn local(text: &str) -> LocalMoment {
    let (date, clock) = text.split_once(' ').unwrap();
    LocalMoment { date: date.parse().unwrap(), clock: Clock::parse(clock).unwrap() }
}

fn place(state: PlaceState) -> Place {
    let name = |text: &str| Name { en: text.to_owned(), zh_hans: text.to_owned() };
    Place {
        id: PlaceId::from_u64(1),
        kind: PlaceKind::Store,
        code: "BJ-S001".parse().unwrap(),
        name: name("Store"),
        city: name("Beijing"),
        district: name("Dongcheng"),
        address: name("1 East Street"),
        position: Position::new(39_904_200, 116_407_400).unwrap(),
        time_zone: "Asia/Shanghai".to_owned(),
        hours: "Mo-Su 09:00-21:00".parse().unwrap(),
        takes: Takes { cash: true, codes: true, cards: false },
        crediting: Crediting::AtOnce,
        licence: None,
        reach_cm: None,
        phone: None,
        state,
    }
}

#[test]
fn when_a_sale_is_credited() {
    for (crediting, sold_at, credited_at) in [
        ("", "2026-11-26 14:02", "2026-11-26 14:02"),
        ("12:00,18:00", "2026-11-26 08:15", "2026-11-26 12:00"),
        ("12:00,18:00", "2026-11-26 11:59", "2026-11-26 12:00"),
        ("12:00,18:00", "2026-11-26 12:00", "2026-11-26 18:00"), // its own minute has begun
        ("12:00,18:00", "2026-11-26 17:59", "2026-11-26 18:00"),
        ("12:00,18:00", "2026-11-26 18:00", "2026-11-27 12:00"),
        ("12:00,18:00", "2026-12-31 23:59", "2027-01-01 12:00"),
        ("12:00,18:00", "2028-02-28 20:00", "2028-02-29 12:00"),
        ("00:00", "2026-11-26 00:00", "2026-11-27 00:00"),
        ("00:00", "2026-11-26 23:59", "2026-11-27 00:00"),
        ("23:59", "2026-11-26 00:00", "2026-11-26 23:59"),
    ] {
        let crediting: Crediting = crediting.parse().unwrap();
        assert_eq!(crediting.credited_at(local(sold_at)), local(credited_at), "{crediting} at {sold_at}");
    }
}

#[test]
fn times_that_cannot_be_stated_are_refused() {
    for text in ["noon", "12:00,", "18:00,12:00", "12:00,12:00", "24:00", "9:00", "12:60", "12:00;18:00"] {
        assert_eq!(text.parse::<Crediting>(), Err(ParseCreditingError), "{text}");
    }
    let too_many: Vec<String> = (0..=TIMES_MAX).map(|nth| format!("{:02}:{:02}", nth / 2, nth % 2 * 30)).collect();
    assert_eq!(too_many.join(",").parse::<Crediting>(), Err(ParseCreditingError));
    let most: Crediting = too_many[1..].join(",").parse().unwrap();
    assert_eq!(most.to_string().parse(), Ok(most));
}

#[test]
fn a_place_out_of_business_does_not_serve_whatever_its_hours_are() {
    let noon = local("2026-11-26 12:00");
    let since = Timestamp::from_seconds(1_795_000_000);
    let until = Some(local("2026-11-26 21:00"));
    for (state, standing) in [
        (PlaceState::InBusiness, Standing::Open { until }),
        (PlaceState::Closed, Standing::Closed),
        (PlaceState::OutOfOrder { since }, Standing::OutOfOrder { since }),
    ] {
        assert_eq!(place(state).standing(noon), standing);
        assert_eq!(place(state).serves_at(noon), state == PlaceState::InBusiness);
    }
}

#[test]
fn a_place_of_unknown_height_promises_nothing_to_a_wheelchair() {
    let reachable = |reach_cm| Place { reach_cm, ..place(PlaceState::InBusiness) }.is_in_reach_of_a_wheelchair();
    assert!(!reachable(None) && reachable(Some(85)) && reachable(Some(120)) && !reachable(Some(121)));
}

#[test]
fn a_code_is_kept_in_capitals() {
    assert_eq!(" bj-s001 ".parse::<PlaceCode>().unwrap().as_str(), "BJ-S001");
    for text in ["", "-1", "BJ S001", "BJ_1", "北京", "=1+1", &"A".repeat(21)] {
        assert_eq!(text.parse::<PlaceCode>(), Err(ParsePlaceCodeError), "{text}");
    }
}
