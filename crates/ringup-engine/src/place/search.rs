use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use memchr::memmem::Finder;
use ringup_core::id::PlaceId;
use ringup_core::place::{Chord, Crediting, LocalMoment, Place, PlaceCode, PlaceKind, Position, Standing};
use ringup_core::time::Timestamp;

use super::index::{Entry, Look, PlaceIndex};
use super::local::Zones;
use crate::limits;

/// What somebody looks for.
#[derive(Clone, Debug)]
pub struct Search {
    /// From where distances are measured, the nearest first; without it, places come by their codes.
    pub centre: Option<Centre>,
    /// Words that must all be in a place's code, name, city, district or address.
    pub text: Option<SearchText>,
    /// The English name of the city.
    pub city: Option<String>,
    /// What else must hold.
    pub filters: Filters,
    /// Where the page before this one ended.
    pub after: Option<Cursor>,
    /// How many places at most.
    pub limit: usize,
}

/// From where distances are measured.
pub type Centre = Position;

/// What must hold of a place. What is not asked for may be either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Its kind.
    pub kind: Option<PlaceKind>,
    /// It serves now.
    pub open_now: bool,
    /// It takes cash.
    pub cash: bool,
    /// It credits at once.
    pub instant: bool,
    /// It can be used from a wheelchair.
    pub wheelchair: bool,
}

/// The words of a search, ready to be looked for.
#[derive(Clone, Debug)]
pub struct SearchText(Vec<Finder<'static>>);

/// Where a page ends: the last place on it. What is written meanwhile neither repeats nor hides what follows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    chord: Chord,
    code: PlaceCode,
}

/// A text is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no cursor that a page or an answer of ours holds")]
pub struct ParseCursorError;

/// A page of what was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The places, in order.
    pub places: Vec<FoundPlace>,
    /// Where the next page begins; nothing when this is the last one.
    pub next: Option<Cursor>,
}

/// A place that was found.
#[derive(Clone, Debug)]
pub struct FoundPlace {
    /// The place.
    pub place: Arc<Place>,
    /// How far away it is, when that was asked for.
    pub metres: Option<u64>,
    /// What its clock shows; nothing when its zone is not known to this server.
    pub local: Option<LocalMoment>,
    /// Whether it serves now.
    pub standing: Standing,
    /// When a sale made there now would be credited, by its clock; nothing when that is at once.
    pub credited_at: Option<LocalMoment>,
}

impl SearchText {
    /// The words of a text; nothing when there are none.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let words: BTreeSet<String> = text.split_whitespace().map(comparable).filter(|word| !word.is_empty()).collect();
        (!words.is_empty()).then(|| Self(words.iter().map(|word| Finder::new(word.as_str()).into_owned()).collect()))
    }

    /// Whether a text is longer than any that is looked for.
    #[must_use]
    pub fn is_too_long(text: &str) -> bool {
        text.chars().nth(limits::PLACE_SEARCH_MAX).is_some()
    }

    fn is_in(&self, entry: &Entry) -> bool {
        self.0.iter().all(|word| word.find(entry.words.as_bytes()).is_some())
    }
}

/// What a search compares its words with. Chinese is written without spaces, so its parts stand together and a whole address
/// is found as it is written on an envelope.
pub(super) fn haystack(place: &Place) -> String {
    let Place { code, name, city, district, address, .. } = place;
    let en = [code.as_str(), &name.en, &city.en, &district.en, &address.en].join(" ");
    let zh = [&city.zh_hans, &district.zh_hans, &address.zh_hans].map(|part| part.replace(char::is_whitespace, ""));
    let sign = name.zh_hans.replace(char::is_whitespace, "");
    format!("{} {} {}", comparable(&en), comparable(&zh.concat()), comparable(&sign))
}

/// Small letters; and without the word for "city", which some write after its name and some do not.
fn comparable(text: &str) -> String {
    text.chars().filter(|c| *c != '市').flat_map(char::to_lowercase).collect()
}

impl PlaceIndex {
    /// Looks for places at this moment.
    #[must_use]
    pub fn search(&self, search: &Search, now: Timestamp) -> Found {
        self.search_without(&BTreeMap::new(), search, now)
    }

    /// The same, where some places are not known to be in order, each since a moment: kiosks that say so, or say nothing.
    #[must_use]
    pub fn search_without(&self, broken: &BTreeMap<PlaceId, Timestamp>, search: &Search, now: Timestamp) -> Found {
        let mut zones = Zones::new(now);
        let clocks: Vec<Option<LocalMoment>> = self.zones.iter().map(|zone| zones.local(zone)).collect();
        let clock = |entry: &Entry| clocks.get(entry.zone).copied().flatten();
        let accepts = |entry: &Entry, chord: Chord| {
            let is_after = |cursor: &Cursor| (chord, &entry.place.code) > (cursor.chord, &cursor.code);
            search.after.as_ref().is_none_or(is_after)
                && search.accepts(entry, clock(entry))
                && !(search.filters.open_now && broken.contains_key(&entry.place.id))
        };
        // One more than is shown tells whether there is another page.
        let count = search.limit.saturating_add(1);
        let mut found: Vec<(Chord, &Entry)> = match search.centre {
            Some(centre) => {
                let how = if search.text.is_none() { Look::Around } else { Look::Everywhere };
                self.nearest(centre.point(), count, how, accepts)
            }
            None => {
                let all = self.entries.iter().map(|entry| (Chord::ZERO, entry));
                all.filter(|(chord, entry)| accepts(entry, *chord)).take(count).collect()
            }
        };
        let has_more = found.len() > search.limit;
        found.truncate(search.limit);
        let last = found.last().filter(|_| has_more);
        let next = last.map(|(chord, entry)| Cursor { chord: *chord, code: entry.place.code.clone() });
        let shown = |(chord, entry): (Chord, &Entry)| {
            FoundPlace::new(
                &entry.place,
                search.centre.map(|_| chord.metres()),
                clock(entry),
                broken.get(&entry.place.id),
            )
        };
        Found { places: found.into_iter().map(shown).collect(), next }
    }
}

impl Search {
    /// Cheap questions first.
    fn accepts(&self, entry: &Entry, local: Option<LocalMoment>) -> bool {
        let (place, filters) = (&entry.place, &self.filters);
        filters.kind.is_none_or(|kind| place.kind == kind)
            && (!filters.cash || place.takes.cash)
            && (!filters.instant || place.crediting == Crediting::AtOnce)
            && (!filters.wheelchair || place.is_in_reach_of_a_wheelchair())
            && self.city.as_ref().is_none_or(|city| place.city.en == *city)
            && self.text.as_ref().is_none_or(|text| text.is_in(entry))
            && (!filters.open_now || local.is_some_and(|local| place.serves_at(local)))
    }
}

impl FoundPlace {
    fn new(
        place: &Arc<Place>,
        metres: Option<u64>,
        local: Option<LocalMoment>,
        broken_since: Option<&Timestamp>,
    ) -> Self {
        let standing = local.map_or(Standing::Shut { opens: None }, |local| place.standing(local));
        let standing = match (standing, broken_since) {
            (Standing::Open { .. } | Standing::Shut { .. }, Some(since)) => Standing::OutOfOrder { since: *since },
            (standing, _) => standing,
        };
        let deferred = local.filter(|_| place.crediting != Crediting::AtOnce);
        let credited_at = deferred.map(|local| place.crediting.credited_at(local));
        Self { place: Arc::clone(place), metres, local, standing, credited_at }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.chord.squared(), self.code)
    }
}

impl FromStr for Cursor {
    type Err = ParseCursorError;

    fn from_str(text: &str) -> Result<Self, ParseCursorError> {
        let (chord, code) = text.split_once('.').ok_or(ParseCursorError)?;
        let squared = chord.parse().map_err(|_| ParseCursorError)?;
        Ok(Self { chord: Chord::from_squared(squared), code: code.parse().map_err(|_| ParseCursorError)? })
    }
}
