//! From what was found to what the page shows.

use ringup_core::place::{LocalMoment, Place, PlaceKind, Standing, Takes};
use ringup_core::rating::Tally;
use ringup_engine::place::{FoundPlace, Zones};

use super::words;
use crate::web::i18n::{Locale, Words, time};
use crate::web::mapping::rating;
use crate::web::place::query::PlaceQuery;
use crate::web::portal::mapping::name;
use crate::web::view::place::PlaceRow;
use crate::web::view::{Fact, Page, Tone};

/// A place in the list.
pub(super) fn row(
    page: &Page,
    query: &PlaceQuery,
    (found, tally): (&FoundPlace, Option<&Tally>),
    number: usize,
) -> PlaceRow {
    let (place, text) = (&*found.place, page.words);
    let (tone, standing) = standing(text, found);
    let near_url = PlaceQuery {
        near: place.code.to_string(),
        q: String::new(),
        city: String::new(),
        after: String::new(),
        ..query.clone()
    };
    PlaceRow {
        number,
        mark: mark(found),
        name: name(text, &place.name),
        distance: found.metres.map(|metres| words::distance(text, metres)),
        address: address(text, place),
        tone,
        standing,
        takes: takes(text, place.takes),
        is_instant: found.credited_at.is_none(),
        credited: credited(text, found),
        wheelchair: place
            .reach_cm
            .filter(|_| place.is_in_reach_of_a_wheelchair())
            .map(|height| height_in_words(text, height)),
        geo_url: format!("geo:{}", place.position),
        near_url: near_url.url(),
        phone: place.phone.as_ref().map(|phone| (phone.clone(), telephone_url(phone))),
        hours: words::hours(text, &place.hours, found.local.map(|local| local.date)),
        facts: facts(text, place),
        rating: tally.and_then(|tally| rating::summary(text, tally)),
        ratings_url: format!("/places/{}/ratings", place.code),
    }
}

/// The class of a place's mark: its shape says the kind, and whether it is filled that it serves now.
pub(super) fn mark(found: &FoundPlace) -> &'static str {
    match (found.place.kind, matches!(found.standing, Standing::Open { .. })) {
        (PlaceKind::Store, true) => "store",
        (PlaceKind::Store, false) => "store shut",
        (PlaceKind::Kiosk, true) => "kiosk",
        (PlaceKind::Kiosk, false) => "kiosk shut",
        (PlaceKind::Agent, true) => "agent",
        (PlaceKind::Agent, false) => "agent shut",
    }
}

fn kind(words: Words, kind: PlaceKind) -> String {
    words.t(match kind {
        PlaceKind::Store => "place-store",
        PlaceKind::Kiosk => "place-kiosk",
        PlaceKind::Agent => "place-agent",
    })
}

/// From the house to the city in English, from the city to the house in Chinese.
fn address(words: Words, place: &Place) -> String {
    let kind = kind(words, place.kind);
    let [city, district, address] = [&place.city, &place.district, &place.address].map(|part| name(words, part));
    let place = match words.locale() {
        Locale::En => format!("{address}, {district}, {city}"),
        Locale::ZhHans => format!("{city}{district}{address}"),
    };
    words.t_with("place-kind-and-address", &[("kind", &kind), ("address", &place)])
}

/// A machine is also said to be in order: that is what people want to know of one before they walk there.
fn standing(text: Words, found: &FoundPlace) -> (Tone, String) {
    let is_kiosk = found.place.kind == PlaceKind::Kiosk;
    let said =
        |moment: LocalMoment| found.local.map_or_else(|| moment.to_string(), |now| words::moment(text, moment, now));
    let opening = |moment: LocalMoment| {
        found.local.map_or_else(|| moment.to_string(), |now| words::day_and_moment(text, moment, now))
    };
    match found.standing {
        Standing::Open { until: None } => {
            (Tone::Ok, text.t(if is_kiosk { "place-in-order-always" } else { "place-open-always" }))
        }
        Standing::Open { until: Some(until) } => {
            let key = if is_kiosk { "place-in-order-until" } else { "place-open-until" };
            (Tone::Ok, text.t_one(key, "time", said(until)))
        }
        Standing::Shut { opens: Some(opens) } => (Tone::Wait, text.t_one("place-opens-at", "time", opening(opens))),
        Standing::Shut { opens: None } => (Tone::Ended, text.t("place-shut")),
        Standing::Closed => (Tone::Ended, text.t("place-closed")),
        Standing::OutOfOrder { since } => {
            let local = Zones::new(since).local(&found.place.time_zone);
            let since = local.map_or_else(|| time::short_date_time(text, since.micros()), said);
            (Tone::Warn, text.t_one("place-out-of-order", "time", since))
        }
    }
}

fn takes(words: Words, takes: Takes) -> String {
    let all =
        [(takes.cash, "place-takes-cash"), (takes.codes, "place-takes-codes"), (takes.cards, "place-takes-cards")];
    let taken: Vec<String> = all.into_iter().filter(|(taken, _)| *taken).map(|(_, key)| words.t(key)).collect();
    words.t_one("place-takes", "what", taken.join(&words.t("place-list-comma")))
}

fn credited(text: Words, found: &FoundPlace) -> String {
    let (Some(at), Some(now)) = (found.credited_at, found.local) else { return text.t("place-credited-at-once") };
    let times: Vec<String> = found.place.crediting.times().iter().map(ToString::to_string).collect();
    let times = times.join(&text.t("place-list-comma"));
    if !matches!(found.standing, Standing::Open { .. }) {
        return text.t_one("place-credited-at-times", "times", times);
    }
    text.t_with("place-credited-next", &[("times", &times), ("next", &words::day_and_moment(text, at, now))])
}

fn height_in_words(words: Words, height: u32) -> String {
    words.t_one("place-wheelchair", "height", height.to_string())
}

fn facts(words: Words, place: &Place) -> Vec<Fact> {
    let mut facts = vec![Fact::new(words.t("place-fact-code"), place.code.to_string())];
    if let Some(licence) = &place.licence {
        facts.push(Fact::new(words.t("place-fact-licence"), licence.clone()));
    }
    if let Some(height) = place.reach_cm {
        facts.push(Fact::new(
            words.t("place-fact-reach"),
            words.t_one("place-centimetres", "height", height.to_string()),
        ));
    }
    facts.push(Fact::new(words.t("place-fact-position"), place.position.to_string().replace(',', ", ")));
    facts
}

/// `tel:` and the number without what only people read (RFC 3966).
fn telephone_url(phone: &str) -> String {
    let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    format!("tel:{digits}")
}
