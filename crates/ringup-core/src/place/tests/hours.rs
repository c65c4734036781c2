use proptest::prelude::*;

use super::*;

fn hours(text: &str) -> Hours {
    text.parse().unwrap()
}

/// `open`, `open until 2026-10-01 09:30`, `shut`, `shut until …`.
fn told(hours: &Hours, at: LocalMoment) -> String {
    let (word, moment) = match hours.state_at(at) {
        OpenState::Open { until } => ("open", until),
        OpenState::Shut { opens } => ("shut", opens),
    };
    moment.map_or_else(|| word.to_owned(), |moment| format!("{word} until {moment}"))
}

#[test]
fn open_or_shut_and_until_when() {
    // 2026-11-26 is a Thursday.
    for (text, at, expected) in [
        ("Mo-Su 09:00-21:00", "2026-11-26 08:59", "shut until 2026-11-26 09:00"),
        ("Mo-Su 09:00-21:00", "2026-11-26 09:00", "open until 2026-11-26 21:00"),
        ("Mo-Su 09:00-21:00", "2026-11-26 20:59", "open until 2026-11-26 21:00"),
        ("Mo-Su 09:00-21:00", "2026-11-26 21:00", "shut until 2026-11-27 09:00"),
        ("Mo-Fr 09:00-12:00,13:30-18:00", "2026-11-26 12:15", "shut until 2026-11-26 13:30"),
        ("Mo-Fr 09:00-12:00,12:00-18:00", "2026-11-26 11:00", "open until 2026-11-26 18:00"),
        ("Mo-Fr 09:00-18:00", "2026-11-27 18:00", "shut until 2026-11-30 09:00"),
        // Past midnight.
        ("Mo-Su 10:00-02:00", "2026-11-26 23:30", "open until 2026-11-27 02:00"),
        ("Mo-Su 10:00-02:00", "2026-11-26 01:59", "open until 2026-11-26 02:00"),
        ("Mo-Su 10:00-02:00", "2026-11-26 02:00", "shut until 2026-11-26 10:00"),
        ("Th 10:00-02:00", "2026-11-27 01:00", "open until 2026-11-27 02:00"),
        ("Th 10:00-02:00", "2026-11-26 01:00", "shut until 2026-11-26 10:00"),
        ("Th 20:00-20:00", "2026-11-27 19:59", "open until 2026-11-27 20:00"),
        // Over several midnights, and for ever.
        ("Th 20:00-24:00; Fr 00:00-24:00; Sa 00:00-06:00", "2026-11-26 22:00", "open until 2026-11-28 06:00"),
        ("24/7", "2026-11-26 03:00", "open"),
        ("24/7; 2026-12-01 off", "2026-11-26 03:00", "open until 2026-12-01 00:00"),
        // Exceptions: of that day only what begins on it.
        ("Mo-Su 10:00-02:00; 2026-11-27 off", "2026-11-27 01:00", "open until 2026-11-27 02:00"),
        ("Mo-Su 10:00-02:00; 2026-11-27 off", "2026-11-27 12:00", "shut until 2026-11-28 10:00"),
        ("Mo-Su 09:00-21:00; 2026-11-26 12:00-15:00", "2026-11-26 15:00", "shut until 2026-11-27 09:00"),
        ("Mo-Fr 09:00-18:00; 2026-11-28 10:00-12:00", "2026-11-28 11:00", "open until 2026-11-28 12:00"),
        ("Mo-Su 09:00-18:00; 2027-02-15/2027-02-21 off", "2027-02-14 19:00", "shut until 2027-02-22 09:00"),
        // Never again, as far as it is known.
        ("Mo-Su off", "2026-11-26 12:00", "shut"),
        ("Mo-Su off; 2026-11-25 09:00-18:00", "2026-11-26 12:00", "shut"),
    ] {
        let hours = hours(text);
        assert_eq!(told(&hours, local(at)), expected, "{text} at {at}");
        assert_eq!(hours.is_open_at(local(at)), expected.starts_with("open"), "{text} at {at}");
    }
}

#[test]
fn hours_have_one_text() {
    for (text, canonical) in [
        ("Mo 09:00-21:00;Tu 09:00-21:00 ;We,Th 09:00-21:00", "Mo-Th 09:00-21:00"),
        ("Sa-Mo 10:00-12:00", "Mo 10:00-12:00; Sa-Su 10:00-12:00"),
        ("Mo-Su 00:00-24:00", "24/7"),
        ("Mo-Su off", "Mo-Su off"),
        ("2026-10-02 off; Mo-Fr 09:00-18:00; 2026-10-01 off; Sa off", "Mo-Fr 09:00-18:00; 2026-10-01/2026-10-02 off"),
        ("Fr 22:00-04:30", "Fr 22:00-04:30"),
    ] {
        assert_eq!(hours(text).to_string(), canonical);
    }
}

#[test]
fn hours_that_cannot_be_are_refused_with_their_reason() {
    use ParseHoursError::*;
    let text = str::to_owned;
    for (wrong, reason) in [
        ("", Empty),
        (" ; ", Empty),
        ("09:00-21:00", Times(text("09:00-21:00"))),
        ("Mo-Fr", Times(text("Mo-Fr"))),
        ("Mon 09:00-21:00", Days(text("Mon"))),
        ("Mo-Xx 09:00-21:00", Days(text("Mo-Xx"))),
        ("2026-02-30 off", Days(text("2026-02-30"))),
        ("2026-10-07/2026-10-01 off", Days(text("2026-10-07/2026-10-01"))),
        ("Mo 9-21", Times(text("9-21"))),
        ("Mo 09:00-25:00", Times(text("09:00-25:00"))),
        ("Mo 24:00-25:00", Times(text("24:00-25:00"))),
        ("Mo closed", Times(text("closed"))),
        ("Mo 09:00-12:00,11:00-13:00", Order(text("09:00-12:00,11:00-13:00"))),
        ("Mo 13:00-14:00,09:00-12:00", Order(text("13:00-14:00,09:00-12:00"))),
        ("Mo 09:00-12:00; Mo-Fr 09:00-18:00", Twice(text("Mo"))),
        ("Mo,Mo 09:00-12:00", Twice(text("Mo"))),
        ("Mo 09:00-12:00; 2026-10-01 off; 2026-10-01 off", Twice(text("2026-10-01"))),
        ("2026-01-01/2999-01-01 off", TooMany),
    ] {
        assert_eq!(wrong.parse::<Hours>(), Err(reason), "{wrong}");
    }
}

proptest! {
    #[test]
    fn hours_come_back_from_their_text(
        days in prop::collection::vec((0..1_440_u16, 1..=1_440_u16), 7),
        exceptions in prop::collection::btree_map(20_000..20_400_i32, (0..1_440_u16, 0..=1_440_u16), 0..20),
    ) {
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes % 1_440 / 60, minutes % 60);
        let names = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
        let week = names.iter().zip(&days).map(|(name, (from, long))| format!("{name} {}-{}", clock(*from), clock(from + long)));
        let others = exceptions.iter().map(|(day, (from, long))| {
            let date = LocalDate::from_days(*day);
            if *long == 0 { format!("{date} off") } else { format!("{date} {}-{}", clock(*from), clock(from + long)) }
        });
        let hours = hours(&week.chain(others).collect::<Vec<_>>().join("; "));
        prop_assert_eq!(hours.to_string().parse(), Ok(hours));
    }

    #[test]
    fn an_end_is_the_first_minute_that_is_otherwise(
        days in prop::collection::vec((0..1_440_u16, 1..=1_440_u16), 7), minute in 0..10_080_i32,
    ) {
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes % 1_440 / 60, minutes % 60);
        let names = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
        let week: Vec<String> =
            names.iter().zip(&days).map(|(name, (from, long))| format!("{name} {}-{}", clock(*from), clock(from + long))).collect();
        let hours = hours(&week.join("; "));
        let at = |minute: i32| LocalMoment {
            date: LocalDate::from_days(20_000 + minute.div_euclid(1_440)),
            clock: Clock::from_minutes(u16::try_from(minute.rem_euclid(1_440)).unwrap()).unwrap(),
        };
        let is_open = hours.is_open_at(at(minute));
        let turns = (minute..minute + 20_160).find(|minute| hours.is_open_at(at(*minute)) != is_open).map(at);
        match hours.state_at(at(minute)) {
            OpenState::Open { until } => prop_assert_eq!((true, until), (is_open, turns)),
            OpenState::Shut { opens } => prop_assert_eq!((false, opens), (is_open, turns)),
        }
    }

    #[test]
    fn a_day_comes_back_from_its_text(days in -719_162..2_932_896_i32) {
        let date = LocalDate::from_days(days);
        prop_assert_eq!(date.to_string().parse(), Ok(date));
    }

    #[test]
    fn reading_hours_never_panics(text in "[MoTu0-9:;,/ -]{0,60}") {
        let _ = text.parse::<Hours>();
    }
}

#[test]
fn days_are_counted_as_calendars_count_them() {
    for (text, days, weekday) in [
        ("1970-01-01", 0, Weekday::Thursday),
        ("1969-12-31", -1, Weekday::Wednesday),
        ("2000-02-29", 11_016, Weekday::Tuesday),
        ("2026-11-26", 20_783, Weekday::Thursday),
        ("9999-12-31", 2_932_896, Weekday::Friday),
    ] {
        let date: LocalDate = text.parse().unwrap();
        assert_eq!((date, date.weekday()), (LocalDate::from_days(days), weekday), "{text}");
    }
    for text in ["", "2026-1-1", "2027-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "2026-10-01-1", "+026-10-01"] {
        assert_eq!(text.parse::<LocalDate>(), Err(ParseDateError), "{text}");
    }
}
