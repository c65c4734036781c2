//! How a search for places is read from an address, by the page and by the API alike.

use std::sync::Arc;

use ringup_core::place::{ParsePositionError, Place, PlaceKind, Position};
use ringup_engine::error::Unavailable;
use ringup_engine::place::{Cursor, Filters, Search, SearchText};
use ringup_engine::{Engine, limits, place};
use serde::Deserialize;

/// A search as an address holds it. What is left out or empty is not asked for; what is not known is passed over, because
/// programs that people share addresses with add things of their own to them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlaceQuery {
    /// From where distances are measured: latitude and longitude, or the code of a place.
    pub near: String,
    /// Words in a place's code, name, city, district or address.
    pub q: String,
    /// The English name of a city.
    pub city: String,
    /// `store`, `kiosk` or `agent`.
    pub kind: String,
    /// `yes`: serves now.
    pub open_now: String,
    /// `yes`: takes cash.
    pub cash: String,
    /// `yes`: credits at once.
    pub instant: String,
    /// `yes`: can be used from a wheelchair.
    pub wheelchair: String,
    /// Where the page before this one ended.
    pub after: String,
    /// How many places at most.
    pub limit: String,
}

/// A search that can be made.
#[derive(Clone, Debug)]
pub struct AskedPlaces {
    /// The search.
    pub search: Search,
    /// The place from which distances are measured, when it is one of ours.
    pub near_place: Option<Arc<Place>>,
}

/// Why a search cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceQueryProblem {
    /// What distances are to be measured from is no position.
    #[error("near: {0}")]
    Position(#[from] ParsePositionError),
    /// There is no such place to measure distances from.
    #[error("near: there is no place with this code")]
    NearUnknown,
    /// The words are longer than anybody's.
    #[error("q has more than {} characters", limits::PLACE_SEARCH_MAX)]
    TextTooLong,
    /// There is no such kind.
    #[error("kind is store, kiosk or agent")]
    Kind,
    /// It is neither yes nor no.
    #[error("{0} is yes or no")]
    Flag(&'static str),
    /// It is none of our cursors.
    #[error("after is the cursor that the last answer ended with")]
    Cursor,
    /// So many are not answered at once.
    #[error("limit is a number from 1 to {}", limits::PLACE_PAGE_MAX)]
    Limit,
}

impl PlaceQueryProblem {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Position(ParsePositionError::Form) => "position_malformed",
            Self::Position(ParsePositionError::OutOfRange) => "position_out_of_range",
            Self::NearUnknown => "place_unknown",
            Self::TextTooLong => "text_too_long",
            Self::Kind => "kind_unknown",
            Self::Flag(_) => "flag_malformed",
            Self::Cursor => "cursor_malformed",
            Self::Limit => "limit_out_of_range",
        }
    }
}

impl PlaceQuery {
    /// What it may hold.
    pub const NAMES: [&str; 10] =
        ["near", "q", "city", "kind", "open_now", "cash", "instant", "wheelchair", "after", "limit"];

    /// Reads the search; looks up the place that distances are measured from.
    ///
    /// # Errors
    /// [`Unavailable`] outside, what is wrong with the search inside.
    pub async fn read(&self, engine: &Engine) -> Result<Result<AskedPlaces, PlaceQueryProblem>, Unavailable> {
        let mut search = match self.search() {
            Ok(search) => search,
            Err(problem) => return Ok(Err(problem)),
        };
        let near = self.near.trim();
        if near.is_empty() {
            return Ok(Ok(AskedPlaces { search, near_place: None }));
        }
        if let Ok(code) = near.parse() {
            let Some(place) = place::find(engine, &code).await? else {
                return Ok(Err(PlaceQueryProblem::NearUnknown));
            };
            search.centre = Some(place.position);
            return Ok(Ok(AskedPlaces { search, near_place: Some(place) }));
        }
        Ok(match near.parse::<Position>() {
            Ok(position) => {
                search.centre = Some(position);
                Ok(AskedPlaces { search, near_place: None })
            }
            Err(error) => Err(error.into()),
        })
    }

    /// All of it but what distances are measured from.
    fn search(&self) -> Result<Search, PlaceQueryProblem> {
        if SearchText::is_too_long(&self.q) {
            return Err(PlaceQueryProblem::TextTooLong);
        }
        let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let after = match some(&self.after) {
            Some(text) => Some(text.parse::<Cursor>().map_err(|_| PlaceQueryProblem::Cursor)?),
            None => None,
        };
        let kind = match some(&self.kind) {
            Some(name) => Some(PlaceKind::from_name(&name).ok_or(PlaceQueryProblem::Kind)?),
            None => None,
        };
        let filters = Filters {
            kind,
            open_now: flag("open_now", &self.open_now)?,
            cash: flag("cash", &self.cash)?,
            instant: flag("instant", &self.instant)?,
            wheelchair: flag("wheelchair", &self.wheelchair)?,
        };
        let (text, city) = (SearchText::new(&self.q), some(&self.city));
        Ok(Search { centre: None, text, city, filters, after, limit: self.limit()? })
    }

    fn limit(&self) -> Result<usize, PlaceQueryProblem> {
        match self.limit.trim() {
            "" => Ok(limits::PLACE_PAGE),
            text => {
                let limit = text.parse().ok().filter(|limit| (1..=limits::PLACE_PAGE_MAX).contains(limit));
                limit.ok_or(PlaceQueryProblem::Limit)
            }
        }
    }

    /// The page's address for this search.
    #[must_use]
    pub fn url(&self) -> String {
        let pairs = [
            ("near", &self.near),
            ("q", &self.q),
            ("city", &self.city),
            ("kind", &self.kind),
            ("open_now", &self.open_now),
            ("cash", &self.cash),
            ("instant", &self.instant),
            ("wheelchair", &self.wheelchair),
            ("after", &self.after),
        ];
        let asked = pairs.iter().filter(|(_, value)| !value.trim().is_empty());
        let asked: Vec<String> = asked.map(|(name, value)| format!("{name}={}", escaped(value.trim()))).collect();
        if asked.is_empty() { "/places".to_owned() } else { format!("/places?{}", asked.join("&")) }
    }
}

fn flag(name: &'static str, value: &str) -> Result<bool, PlaceQueryProblem> {
    match value.trim() {
        "" | "no" | "false" => Ok(false),
        "yes" | "true" => Ok(true),
        _ => Err(PlaceQueryProblem::Flag(name)),
    }
}

/// As a value stands in an address (RFC 3986, 2.3).
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b',') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_is_asked_for_and_nothing_else() {
        assert_eq!(PlaceQuery::default().url(), "/places");
        let query = PlaceQuery {
            near: "39.904,116.407".to_owned(),
            q: " 海淀 a&b=c ".to_owned(),
            open_now: "yes".to_owned(),
            ..PlaceQuery::default()
        };
        assert_eq!(query.url(), "/places?near=39.904,116.407&q=%E6%B5%B7%E6%B7%80%20a%26b%3Dc&open_now=yes");
    }
}
