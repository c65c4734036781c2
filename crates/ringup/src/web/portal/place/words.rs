//! Hours, distances and days in words.

use ringup_core::place::{Clock, Hours, Interval, LocalDate, LocalMoment, Weekday};

use crate::web::i18n::{Words, grouped, time};
use crate::web::view::Fact;

/// Days that are otherwise are told so long before.
const EXCEPTIONS_AHEAD_DAYS: i32 = 60;
/// So many of them at most.
const EXCEPTIONS_SHOWN: usize = 6;

/// `450 m`, `1.2 km`, `85 km`. What a browser tells is rounded before it comes here, so no more is promised than 50 m.
pub(super) fn distance(words: Words, metres: u64) -> String {
    if metres < 975 {
        let rounded = (metres.saturating_add(25) / 50 * 50).max(50);
        return words.t_one("place-metres", "metres", rounded.to_string());
    }
    let hundreds = metres.saturating_add(50) / 100;
    let kilometres = if hundreds < 100 {
        format!("{}.{}", hundreds / 10, hundreds % 10)
    } else {
        grouped(metres.saturating_add(500) / 1_000)
    };
    words.t_one("place-kilometres", "kilometres", kilometres)
}

/// `21:00`, `tomorrow at 02:00`, `Monday at 09:00`, `7 October at 09:00`: as somebody says it at this moment.
pub(super) fn moment(words: Words, moment: LocalMoment, now: LocalMoment) -> String {
    let clock = moment.clock.to_string();
    match moment.date.days_since(now.date) {
        0 => clock,
        1 => words.t_one("place-tomorrow-at", "time", clock),
        2..=6 => {
            let day = words.t(weekday_key(moment.date.weekday()));
            words.t_with("place-weekday-at", &[("day", &day), ("time", &clock)])
        }
        _ => words.t_with("place-date-at", &[("date", &date(words, moment.date)), ("time", &clock)]),
    }
}

/// The same with the day said of today's moments too: `today at 18:00`.
pub(super) fn day_and_moment(words: Words, then: LocalMoment, now: LocalMoment) -> String {
    if then.date == now.date {
        return words.t_one("place-today-at", "time", then.clock.to_string());
    }
    moment(words, then, now)
}

fn date(words: Words, date: LocalDate) -> String {
    time::day_without_year(words, date)
}

/// The week, with days of equal hours together, and the days that are otherwise soon.
pub(super) fn hours(words: Words, hours: &Hours, today: Option<LocalDate>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut days = Weekday::ALL.into_iter().peekable();
    while let Some(first) = days.next() {
        let intervals = hours.of_weekday(first);
        let mut last = first;
        while let Some(next) = days.next_if(|next| hours.of_weekday(*next) == intervals) {
            last = next;
        }
        let named = |day| words.t(short_weekday_key(day));
        let label = match (first, last) {
            (Weekday::Monday, Weekday::Sunday) => words.t("place-every-day"),
            _ if first == last => named(first),
            _ => words.t_with("place-days", &[("first", &named(first)), ("last", &named(last))]),
        };
        facts.push(Fact::new(label, intervals_in_words(words, intervals)));
    }
    let Some(today) = today else { return facts };
    let soon = hours.exceptions().filter(|(date, _)| (0..EXCEPTIONS_AHEAD_DAYS).contains(&date.days_since(today)));
    let soon = soon.take(EXCEPTIONS_SHOWN);
    facts.extend(soon.map(|(day, intervals)| Fact::new(date(words, day), intervals_in_words(words, intervals))));
    facts
}

fn intervals_in_words(words: Words, intervals: &[Interval]) -> String {
    if intervals.is_empty() {
        return words.t("place-day-off");
    }
    let day = 24 * 60;
    if intervals.iter().any(|interval| (interval.from(), interval.to()) == (0, day)) {
        return words.t("place-day-and-night");
    }
    let clock = |minutes: u16| {
        if minutes == day { "24:00".to_owned() } else { clock_of(minutes % day) }
    };
    let shown: Vec<String> =
        intervals.iter().map(|interval| format!("{}–{}", clock(interval.from()), clock(interval.to()))).collect();
    shown.join(&words.t("place-list-comma"))
}

fn clock_of(minutes: u16) -> String {
    Clock::from_minutes(minutes).unwrap_or(Clock::MIDNIGHT).to_string()
}

const fn weekday_key(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "place-monday",
        Weekday::Tuesday => "place-tuesday",
        Weekday::Wednesday => "place-wednesday",
        Weekday::Thursday => "place-thursday",
        Weekday::Friday => "place-friday",
        Weekday::Saturday => "place-saturday",
        Weekday::Sunday => "place-sunday",
    }
}

const fn short_weekday_key(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "place-mon",
        Weekday::Tuesday => "place-tue",
        Weekday::Wednesday => "place-wed",
        Weekday::Thursday => "place-thu",
        Weekday::Friday => "place-fri",
        Weekday::Saturday => "place-sat",
        Weekday::Sunday => "place-sun",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::i18n::Locale;

    const EN: Words = Words::of(Locale::En);
    const ZH: Words = Words::of(Locale::ZhHans);

    fn at(date: &str, minutes: u16) -> LocalMoment {
        LocalMoment { date: date.parse().unwrap(), clock: Clock::from_minutes(minutes).unwrap() }
    }

    #[test]
    fn distances_promise_no_more_than_is_known() {
        for (metres, en, zh) in [
            (0, "50 m", "50 米"),
            (60, "50 m", "50 米"),
            (974, "950 m", "950 米"),
            (975, "1.0 km", "1.0 公里"),
            (1_249, "1.2 km", "1.2 公里"),
            (9_949, "9.9 km", "9.9 公里"),
            (9_951, "10 km", "10 公里"),
            (1_067_312, "1,067 km", "1,067 公里"),
        ] {
            assert_eq!((distance(EN, metres).as_str(), distance(ZH, metres).as_str()), (en, zh));
        }
    }

    #[test]
    fn a_moment_is_told_as_people_say_it() {
        let now = at("2026-11-26", 14 * 60);
        for (then, en, zh) in [
            (at("2026-11-26", 21 * 60), "21:00", "21:00"),
            (at("2026-11-27", 9 * 60), "tomorrow at 09:00", "明天 09:00"),
            (at("2026-11-30", 9 * 60), "Monday at 09:00", "星期一 09:00"),
            (at("2026-12-03", 9 * 60), "3 December at 09:00", "12月3日 09:00"),
        ] {
            assert_eq!((moment(EN, then, now).as_str(), moment(ZH, then, now).as_str()), (en, zh));
        }
    }

    #[test]
    fn a_week_is_told_in_as_few_lines_as_it_needs() {
        let hours_of = |words, text: &str| -> Vec<String> {
            let facts = hours(words, &text.parse().unwrap(), Some("2026-11-26".parse().unwrap()));
            facts.iter().map(|fact| format!("{}: {}", fact.label, fact.value)).collect()
        };
        let text = "Mo-Fr 09:00-12:00,13:30-24:00; Sa 10:00-02:00; 2026-11-25 off; 2026-12-25 off; 2027-03-01 off";
        assert_eq!(
            hours_of(EN, text),
            ["Mon–Fri: 09:00–12:00, 13:30–24:00", "Sat: 10:00–02:00", "Sun: closed", "25 December: closed"]
        );
        assert_eq!(
            hours_of(ZH, text),
            ["周一至周五: 09:00–12:00、13:30–24:00", "周六: 10:00–02:00", "周日: 休息", "12月25日: 休息"]
        );
        assert_eq!(hours_of(EN, "24/7"), ["Every day: day and night"]);
    }
}
