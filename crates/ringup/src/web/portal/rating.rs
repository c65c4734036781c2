//! Ratings: the holder of a receipt rates the place that sold it, and anybody reads, and reports abuse.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::id::RatingId;
use ringup_core::place::{Place, PlaceCode, PlaceKind};
use ringup_core::rating::{RatingState, Remark, Stars};
use ringup_core::top_up::TopUpCode;
use ringup_engine::rating::{RateError, Rateable, ReportError, Reported};
use ringup_engine::{place, rating, top_up};
use serde::Deserialize;

use super::form::{Asked, Filled, TypedCode};
use super::mapping::name;
use super::page_error::{self, PageError};
use super::receipt;
use super::settings::KeptLanguage;
use crate::web::client_address::ClientAddress;
use crate::web::i18n::time;
use crate::web::mapping::rating::{board, row};
use crate::web::state::App;
use crate::web::view::rating::{PlaceRatingsPage, RatingForm, ReceiptRating, StarChoice};
use crate::web::view::receipt::ReceiptPage;
use crate::web::view::{Page, Problems};

/// Stars and comment as they were typed.
#[derive(Deserialize)]
pub(super) struct TypedRating {
    #[serde(default)]
    stars: String,
    #[serde(default)]
    comment: String,
    /// The place that the form was about.
    #[serde(default)]
    place: String,
}

/// What an address says beside.
#[derive(Default, Deserialize)]
pub(super) struct ShowQuery {
    /// What came of a report.
    #[serde(default)]
    reported: String,
}

/// `GET /places/{code}/ratings`
pub(super) async fn show(
    State(app): State<App>,
    TypedCode(code): TypedCode,
    Asked(query): Asked<ShowQuery>,
    kept: KeptLanguage,
    page: Page,
) -> Result<(KeptLanguage, Response), PageError> {
    let code: PlaceCode = code.parse().map_err(|_| PageError::not_found(&page))?;
    let place = place::find(&app.engine, &code).await.map_err(|error| PageError::unavailable(&page, &error))?;
    let place = place.ok_or_else(|| PageError::not_found(&page))?;
    let notice = match query.reported.as_str() {
        "opened" => Some(page.t("rating-reported-opened")),
        "waiting" => Some(page.t("rating-reported-waiting")),
        "decided" => Some(page.t("rating-reported-decided")),
        _ => None,
    };
    let view = PlaceRatingsPage { notice, ..of_place(&app, page, &place).await? };
    Ok((kept, page_error::show(StatusCode::OK, &view)))
}

async fn of_place(app: &App, page: Page, place: &Place) -> Result<PlaceRatingsPage, PageError> {
    let found = rating::board(&app.engine, place.id).await.map_err(|error| PageError::unavailable(&page, &error))?;
    let name = name(page.words, &place.name);
    Ok(PlaceRatingsPage {
        board: board(page.words, &name, &found),
        name,
        notice: None,
        refused: None,
        agent_url: (place.kind == PlaceKind::Agent).then(|| format!("/agents/{}", place.code)),
        // The address of a report cannot be fetched.
        page: Page { here: format!("/places/{}/ratings", place.code), ..page },
    })
}

/// `POST /ratings/{id}/report`
pub(super) async fn report(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    TypedCode(id): TypedCode,
    page: Page,
) -> Result<Response, PageError> {
    let id: RatingId = id.parse().map_err(|_| PageError::not_found(&page))?;
    let outcome = rating::report(&app.engine, id, &address).await;
    let unavailable = |error| PageError::unavailable(&page, &error);
    let found = app.engine.read(move |tx| ringup_db::rating::find_rating(tx, id)).await.map_err(unavailable)?;
    let place = found.ok_or_else(|| PageError::not_found(&page))?.place;
    let place = app.engine.read(move |tx| ringup_db::place::find_place(tx, place)).await.map_err(unavailable)?;
    let place = place.ok_or_else(|| PageError::not_found(&page))?;
    let reported = match outcome {
        Ok(Reported::Opened) => "opened",
        Ok(Reported::Waiting) => "waiting",
        Ok(Reported::Decided) => "decided",
        Err(ReportError::Unknown) => return Err(PageError::not_found(&page)),
        Err(ReportError::Submit(error)) => return Err(PageError::submit(&page, &error)),
        Err(ReportError::TooMany) => {
            let refused = Some(page.t("problem-rating-reports"));
            let view = PlaceRatingsPage { refused, ..of_place(&app, page, &place).await? };
            return Ok(page_error::show(StatusCode::TOO_MANY_REQUESTS, &view));
        }
    };
    Ok(Redirect::to(&format!("/places/{}/ratings?reported={reported}", place.code)).into_response())
}

/// The address of a report was fetched, by a refresh or a kept address.
pub(super) async fn to_places() -> Redirect {
    Redirect::to("/places")
}

/// `POST /receipts/{code}/rating`
pub(super) async fn rate(
    State(app): State<App>,
    TypedCode(code): TypedCode,
    page: Page,
    Filled(typed): Filled<TypedRating>,
) -> Result<Response, PageError> {
    let code: TopUpCode = code.parse().map_err(|_| PageError::not_found(&page))?;
    let place: PlaceCode = typed.place.parse().map_err(|_| PageError::unreadable(&page))?;
    let (stars, comment) = (Stars::from_name(&typed.stars), Remark::parse(&typed.comment));
    let mut problems = Problems::none();
    if stars.is_none() {
        problems.add("stars", page.t("problem-rating-stars"));
    }
    if comment.is_err() {
        problems.add("comment", page.t("problem-rating-long"));
    }
    let (Some(stars), Ok(comment)) = (stars, comment) else {
        return again(&app, page, (code, &typed), (StatusCode::UNPROCESSABLE_ENTITY, problems)).await;
    };
    let (status, field, problem) = match rating::rate(&app.engine, code, place, (stars, comment)).await {
        Ok(_) => return Ok(Redirect::to(&format!("/receipts/{code}#rating")).into_response()),
        Err(RateError::Unknown | RateError::NotFromPlace) => return Err(PageError::not_found(&page)),
        Err(RateError::OtherPlace) => (StatusCode::UNPROCESSABLE_ENTITY, "rating", "problem-rating-place"),
        Err(RateError::TakenBack) => (StatusCode::CONFLICT, "main", "problem-rating-taken-back"),
        Err(RateError::Rated) => (StatusCode::CONFLICT, "rating", "problem-rating-given"),
        Err(RateError::Submit(error)) => return Err(PageError::submit(&page, &error)),
    };
    let problems = Problems::one(field, page.t(problem));
    again(&app, page, (code, &typed), (status, problems)).await
}

/// The address of the form was fetched, by a refresh or a kept address.
pub(super) async fn back(TypedCode(code): TypedCode, page: Page) -> Result<Redirect, PageError> {
    let code: TopUpCode = code.parse().map_err(|_| PageError::not_found(&page))?;
    Ok(Redirect::to(&format!("/receipts/{code}")))
}

/// The receipt once more, with what was typed and what is wrong with it.
async fn again(
    app: &App,
    page: Page,
    (code, typed): (TopUpCode, &TypedRating),
    (status, problems): (StatusCode, Problems),
) -> Result<Response, PageError> {
    let page = Page { here: format!("/receipts/{code}"), ..page };
    let top_up = top_up::view(&app.engine, code).await.map_err(|error| PageError::unavailable(&page, &error))?;
    let top_up = top_up.ok_or_else(|| PageError::not_found(&page))?;
    let shown = receipt::receipt_page(app, &page, &top_up).await?.ok_or_else(|| PageError::not_found(&page))?;
    let rateable = rateable(app, &page, code).await?;
    let rating = rateable.map(|rateable| of_receipt(&page, code, &rateable, Some(typed)));
    let view = ReceiptPage { rating, problems, ..shown };
    Ok(page_error::show(status, &view))
}

pub(super) async fn rateable(app: &App, page: &Page, code: TopUpCode) -> Result<Option<Rateable>, PageError> {
    rating::rateable(&app.engine, code).await.map_err(|error| PageError::unavailable(page, &error))
}

/// What the holder said of the place that sold it, or the form in which he can.
pub(super) fn of_receipt(
    page: &Page,
    code: TopUpCode,
    rateable: &Rateable,
    typed: Option<&TypedRating>,
) -> ReceiptRating {
    let (words, place) = (page.words, name(page.words, &rateable.place.name));
    let (heading, note, send) = match (&rateable.rating, rateable.changed_until) {
        (None, _) => ("rating-form-heading", words.t("rating-form-lead"), Some("rating-form-send")),
        (Some(_), Some(until)) => {
            let note = words.t_one("rating-given-until", "time", time::clock(until.micros()));
            ("rating-given-heading", note, Some("rating-form-change"))
        }
        (Some(rating), None) => {
            let hidden = rating.state == RatingState::Hidden;
            let note = if hidden { "rating-given-hidden" } else { "rating-given-final" };
            ("rating-given-heading", words.t(note), None)
        }
    };
    let said = rateable.rating.as_ref();
    ReceiptRating {
        heading: words.t_one(heading, "place", &place),
        note,
        given: said.filter(|_| send.is_none()).map(|rating| row(words, &place, rating)),
        form: send.map(|send| {
            let given = (said.map_or("", |rating| rating.stars.name()), said.map_or("", |said| said.comment.as_str()));
            let (stars, comment) = typed.map_or(given, |typed| (typed.stars.as_str(), typed.comment.as_str()));
            RatingForm {
                url: format!("/receipts/{code}/rating"),
                place: rateable.place.code.to_string(),
                stars: Stars::ALL.iter().map(|each| star(page, *each, stars)).collect(),
                comment: comment.to_owned(),
                send: words.t(send),
            }
        }),
    }
}

fn star(page: &Page, stars: Stars, chosen: &str) -> StarChoice {
    let count = u64::try_from(stars.code()).unwrap_or(0);
    StarChoice {
        value: stars.name().to_owned(),
        word: page.t_count("rating-form-star", "count", count),
        chosen: stars.name() == chosen,
    }
}
