use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use ringup_core::place::{Crediting, LocalMoment, Place, Standing};
use ringup_core::rating::Tally;
use ringup_core::time::Timestamp;
use ringup_engine::place::{self, FoundPlace, Zones};
use ringup_engine::rating;
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::i18n::time::iso;
use crate::web::mapping;
use crate::web::place::query::{PlaceQuery, PlaceQueryProblem};
use crate::web::problem::Problem;
use crate::web::state::App;

/// A page of places.
#[derive(Serialize, ToSchema)]
pub(super) struct PlacesAnswer {
    /// The places: the nearest first, or by their codes when `near` was not given.
    places: Vec<PlaceAnswer>,
    /// To be sent as `after` for the next page; nothing when this is the last one.
    next: Option<String>,
}

/// A place where cards are topped up.
#[derive(Serialize, ToSchema)]
pub(super) struct PlaceAnswer {
    /// Its id.
    id: String,
    /// What people name it by.
    code: String,
    /// `store`, `kiosk` or `agent`.
    kind: &'static str,
    /// Its name.
    name: NameAnswer,
    /// Its city.
    city: NameAnswer,
    /// Its district.
    district: NameAnswer,
    /// Street and number.
    address: NameAnswer,
    /// Latitude and longitude in degrees (WGS 84): `39.904200,116.407400`.
    position: String,
    /// How far it is from `near`, in metres.
    distance_m: Option<u64>,
    /// The IANA name of its time zone.
    time_zone: String,
    /// When it is open, by its own clock: `Mo-Fr 09:00-21:00; 2026-10-01 off`.
    hours: String,
    /// `open`, `shut` (outside its hours), `closed` (until further notice) or `out_of_order`.
    standing: &'static str,
    /// Until when it is open (RFC 3339), if it closes.
    open_until: Option<String>,
    /// When it opens (RFC 3339), if it is shut.
    opens_at: Option<String>,
    /// Since when it is out of order (RFC 3339).
    out_of_order_since: Option<String>,
    /// What it takes: `cash`, `codes` (Alipay, WeChat Pay), `cards`.
    takes: Vec<&'static str>,
    /// Whether a top-up sold here is credited at once.
    credits_at_once: bool,
    /// The times of the day at which it is credited otherwise: `12:00`.
    credited_at_times: Vec<String>,
    /// When a top-up sold now would be credited (RFC 3339).
    credited_at: String,
    /// Its licence, word for word.
    licence: Option<String>,
    /// How high the highest thing is that must be reached, in centimetres.
    reach_cm: Option<u32>,
    /// Whether all of it can be reached from a wheelchair, as far as that is known.
    wheelchair: bool,
    /// Its phone number.
    phone: Option<String>,
    /// How it is rated by the holders of its receipts; nothing before the first rating.
    rating: Option<RatingAnswer>,
}

/// How a place is rated.
#[derive(Serialize, ToSchema)]
pub(super) struct RatingAnswer {
    /// The average in tenths of a star, from `1.0` to `5.0`.
    average: String,
    /// How many ratings there are.
    count: u64,
    /// How many with each number of stars, from one to five.
    stars: Vec<u64>,
}

/// A name in both languages.
#[derive(Serialize, ToSchema)]
pub(super) struct NameAnswer {
    /// In English.
    en: String,
    /// In simplified Chinese.
    zh_hans: String,
}

/// A search in an address, or the problem document that says what is wrong with it.
pub(super) struct AskedPlaces(PlaceQuery);

impl FromRequestParts<App> for AskedPlaces {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // A program that asks for something else than it means is told so.
        let mut names = parts.uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split('=').next());
        if let Some(unknown) = names.find(|name| !name.is_empty() && !PlaceQuery::NAMES.contains(name)) {
            let unknown: String = unknown.chars().take(40).collect();
            let detail = format!("{unknown:?} is none of {}", PlaceQuery::NAMES.join(", "));
            return Err(Problem::new(StatusCode::BAD_REQUEST, "query_malformed", detail));
        }
        let malformed =
            |rejection: QueryRejection| Problem::new(StatusCode::BAD_REQUEST, "query_malformed", rejection.body_text());
        let Query(query) = Query::<PlaceQuery>::from_request_parts(parts, app).await.map_err(malformed)?;
        Ok(Self(query))
    }
}

/// Finds stores, kiosks and agents.
#[utoipa::path(get, path = "/api/v1/places", operation_id = "find_places",
    params(
        ("near" = Option<String>, Query, description = "from where distances are measured: `39.9042,116.4074` (WGS 84), or the code of a place"),
        ("q" = Option<String>, Query, description = "words that must all be in code, name, city, district or address; 100 characters at most"),
        ("city" = Option<String>, Query, description = "the English name of a city"),
        ("kind" = Option<String>, Query, description = "`store`, `kiosk` or `agent`"),
        ("open_now" = Option<String>, Query, description = "`yes`: serves now"),
        ("cash" = Option<String>, Query, description = "`yes`: takes cash"),
        ("instant" = Option<String>, Query, description = "`yes`: credits at once"),
        ("wheelchair" = Option<String>, Query, description = "`yes`: can be used from a wheelchair"),
        ("after" = Option<String>, Query, description = "the `next` of the answer before"),
        ("limit" = Option<String>, Query, description = "1 to 50 places; 10 without it"),
    ),
    responses(
        (status = 200, body = PlacesAnswer),
        (status = 400, description = "something in the address cannot be read", body = Problem),
        (status = 404, description = "there is no place with the code in `near`", body = Problem),
        (status = 503, description = "try again after Retry-After", body = Problem),
))]
pub(super) async fn find(
    State(app): State<App>,
    AskedPlaces(query): AskedPlaces,
) -> Result<Json<PlacesAnswer>, Problem> {
    let asked = query.read(&app.engine).await?.map_err(problem)?;
    let found = place::search(&app.engine, asked.search).await?;
    let now = app.engine.now();
    let mut zones = Zones::new(now);
    let ids = found.places.iter().map(|found| found.place.id).collect();
    let tallies = rating::tallies(&app.engine, ids).await?;
    let places = found.places.iter().map(|found| {
        let rating = tallies.get(&found.place.id).and_then(RatingAnswer::of);
        PlaceAnswer { rating, ..PlaceAnswer::of(found, &mut zones, now) }
    });
    Ok(Json(PlacesAnswer { places: places.collect(), next: found.next.map(|next| next.to_string()) }))
}

fn problem(problem: PlaceQueryProblem) -> Problem {
    let status = match problem {
        PlaceQueryProblem::NearUnknown => StatusCode::NOT_FOUND,
        PlaceQueryProblem::Position(_)
        | PlaceQueryProblem::TextTooLong
        | PlaceQueryProblem::Kind
        | PlaceQueryProblem::Flag(_)
        | PlaceQueryProblem::Cursor
        | PlaceQueryProblem::Limit => StatusCode::BAD_REQUEST,
    };
    Problem::new(status, problem.code(), problem.to_string())
}

impl RatingAnswer {
    fn of(tally: &Tally) -> Option<Self> {
        let average = mapping::rating::average(tally)?;
        Some(Self { average, count: tally.count(), stars: tally.counts().to_vec() })
    }
}

impl PlaceAnswer {
    fn of(found: &FoundPlace, zones: &mut Zones, now: Timestamp) -> Self {
        let place: &Place = &found.place;
        let name =
            |name: &ringup_core::product::Name| NameAnswer { en: name.en.clone(), zh_hans: name.zh_hans.clone() };
        let mut moment = |local: Option<LocalMoment>| zones.moment(&place.time_zone, local?).map(|at| iso(at.micros()));
        let (standing, open_until, opens_at, since) = match found.standing {
            Standing::Open { until } => ("open", moment(until), None, None),
            Standing::Shut { opens } => ("shut", None, moment(opens), None),
            Standing::Closed => ("closed", None, None, None),
            Standing::OutOfOrder { since } => ("out_of_order", None, None, Some(iso(since.micros()))),
        };
        let takes = [(place.takes.cash, "cash"), (place.takes.codes, "codes"), (place.takes.cards, "cards")];
        Self {
            id: place.id.to_string(),
            code: place.code.to_string(),
            kind: place.kind.name(),
            name: name(&place.name),
            city: name(&place.city),
            district: name(&place.district),
            address: name(&place.address),
            position: place.position.to_string(),
            distance_m: found.metres,
            time_zone: place.time_zone.clone(),
            hours: place.hours.to_string(),
            standing,
            open_until,
            opens_at,
            out_of_order_since: since,
            takes: takes.into_iter().filter_map(|(taken, name)| taken.then_some(name)).collect(),
            credits_at_once: place.crediting == Crediting::AtOnce,
            credited_at_times: place.crediting.times().iter().map(ToString::to_string).collect(),
            credited_at: iso(place::credited_at(place, now).micros()),
            licence: place.licence.clone(),
            reach_cm: place.reach_cm,
            wheelchair: place.is_in_reach_of_a_wheelchair(),
            phone: place.phone.clone(),
            rating: None,
        }
    }
}
