//! Where cards are topped up face to face.

mod mapping;
mod plot;
mod words;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ringup_core::place::ParsePositionError;
use ringup_engine::place::{self, Found, PlaceIndex, Search};
use ringup_engine::rating;

use super::form::Asked;
use super::mapping::name;
use super::page_error::{self, PageError};
use super::settings::KeptLanguage;
use crate::web::place::query::{AskedPlaces, PlaceQuery, PlaceQueryProblem};
use crate::web::state::App;
use crate::web::view::place::{Choice, Filter, NearNotice, NothingFound, PlaceForm, PlacesPage};
use crate::web::view::top_up::Action;
use crate::web::view::{Page, Problems};

/// `GET /places`
pub(super) async fn show(
    State(app): State<App>,
    Asked(query): Asked<PlaceQuery>,
    kept: KeptLanguage,
    page: Page,
) -> Result<(KeptLanguage, Response), PageError> {
    let unavailable = |error| PageError::unavailable(&page, &error);
    let index = place::index(&app.engine).await.map_err(unavailable)?;
    let form = form(&page, &query, &index);
    let asked = match query.read(&app.engine).await.map_err(unavailable)? {
        Ok(asked) => asked,
        Err(problem) => {
            let problems = Problems::one("q", page.t(problem_key(problem)));
            let view = PlacesPage { problems, ..without_places(page, form) };
            return Ok((kept, page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view)));
        }
    };
    let search = asked.search.clone();
    let found = place::search(&app.engine, search).await.map_err(unavailable)?;
    let nothing = found.places.is_empty().then(|| nothing(&page, &query, &index));
    let ids = found.places.iter().map(|found| found.place.id).collect();
    let tallies = rating::tallies(&app.engine, ids).await.map_err(unavailable)?;
    let rows = found.places.iter().zip(1..).map(|(found, number)| {
        let tally = tallies.get(&found.place.id);
        mapping::row(&page, &query, (found, tally), number)
    });
    let view = PlacesPage {
        near: near(&page, &query, &asked),
        places: rows.collect(),
        plot: plot(&page, &asked.search, &found),
        nothing,
        first_url: (!query.after.is_empty()).then(|| PlaceQuery { after: String::new(), ..query.clone() }.url()),
        next_url: found.next.map(|next| PlaceQuery { after: next.to_string(), ..query.clone() }.url()),
        ..without_places(page, form)
    };
    Ok((kept, page_error::show(StatusCode::OK, &view)))
}

fn without_places(page: Page, form: PlaceForm) -> PlacesPage {
    PlacesPage {
        page,
        form,
        problems: Problems::none(),
        near: None,
        places: Vec::new(),
        plot: None,
        nothing: None,
        first_url: None,
        next_url: None,
    }
}

const fn problem_key(problem: PlaceQueryProblem) -> &'static str {
    match problem {
        PlaceQueryProblem::Position(ParsePositionError::Form) => "place-problem-position",
        PlaceQueryProblem::Position(ParsePositionError::OutOfRange) => "place-problem-position-range",
        PlaceQueryProblem::NearUnknown => "place-problem-near",
        PlaceQueryProblem::TextTooLong => "place-problem-long",
        // Nobody types these: the address was cut or mended by hand.
        PlaceQueryProblem::Kind | PlaceQueryProblem::Flag(_) | PlaceQueryProblem::Cursor | PlaceQueryProblem::Limit => {
            "place-problem-address"
        }
    }
}

fn form(page: &Page, query: &PlaceQuery, index: &PlaceIndex) -> PlaceForm {
    let kind = |value: &str, key| Choice { value: value.to_owned(), label: page.t(key), chosen: query.kind == value };
    let filter = |name, key, value: &str| Filter { name, label: page.t(key), is_on: matches!(value, "yes" | "true") };
    let all = Choice { value: String::new(), label: page.t("place-all-cities"), chosen: query.city.is_empty() };
    let cities = index.cities().iter().map(|city| Choice {
        value: city.name.en.clone(),
        label: name(page.words, &city.name),
        chosen: query.city == city.name.en,
    });
    PlaceForm {
        q: query.q.clone(),
        near: query.near.clone(),
        cities: std::iter::once(all).chain(cities).collect(),
        kinds: vec![
            kind("", "place-kind-all"),
            kind("store", "place-kind-stores"),
            kind("kiosk", "place-kind-kiosks"),
            kind("agent", "place-kind-agents"),
        ],
        filters: vec![
            filter("open_now", "place-filter-open", &query.open_now),
            filter("cash", "place-filter-cash", &query.cash),
            filter("instant", "place-filter-instant", &query.instant),
            filter("wheelchair", "place-filter-wheelchair", &query.wheelchair),
        ],
    }
}

fn near(page: &Page, query: &PlaceQuery, asked: &AskedPlaces) -> Option<NearNotice> {
    asked.search.centre?;
    let text = match &asked.near_place {
        Some(place) => page.t_one("place-near-place", "place", name(page.words, &place.name)),
        None => page.t("place-near-you"),
    };
    let without_url = PlaceQuery { near: String::new(), after: String::new(), ..query.clone() }.url();
    Some(NearNotice { text, without_url })
}

fn plot(page: &Page, search: &Search, found: &Found) -> Option<crate::web::view::place::Plot> {
    plot::draw(page, &found.places, search.centre)
}

/// What helps: less to ask for, another city, or online.
fn nothing(page: &Page, query: &PlaceQuery, index: &PlaceIndex) -> NothingFound {
    let way = |url: String, label: String| Action { url, label };
    let online = way("/".to_owned(), page.t("place-online"));
    if index.is_empty() {
        let (heading, text) = (page.t("place-none-yet"), page.t("place-none-yet-text"));
        return NothingFound { heading, text, ways: vec![online] };
    }
    let PlaceQuery { near, q, city, .. } = query.clone();
    let plain = PlaceQuery { near: near.clone(), q, city, ..PlaceQuery::default() };
    let mut ways = Vec::new();
    let is_filtered = PlaceQuery { after: String::new(), ..query.clone() }.url() != plain.url();
    if is_filtered {
        ways.push(way(plain.url(), page.t("place-without-filters")));
    }
    if !plain.q.is_empty() || !plain.city.is_empty() {
        let everywhere = PlaceQuery { near, ..PlaceQuery::default() };
        ways.push(way(everywhere.url(), page.t("place-everywhere")));
    }
    ways.push(online);
    let text = if is_filtered { "place-none-filtered-text" } else { "place-none-text" };
    NothingFound { heading: page.t("place-none"), text: page.t(text), ways }
}
