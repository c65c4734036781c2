//! Lists: uploaded and checked, confirmed once, and watched while they are sold.

mod mapping;
mod upload;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::id::SaleListId;
use ringup_engine::agent::{self, ListError, ListSeen};
use serde::Deserialize;

pub(super) use upload::{BODY_MAX, Uploaded};

use super::signed_in::{AtWork, Working};
use crate::web::form::{Asked, TypedCode};
use crate::web::mapping::language;
use crate::web::page_error::{self, PageError};
use crate::web::state::App;
use crate::web::view::{Page, Problems};

/// So many wrong rows are shown; all of them are in the file.
const NAMED_MAX: u32 = 100;

/// `GET /agent/lists`
pub(super) async fn all(State(app): State<App>, Working(at_work): Working, page: Page) -> Result<Response, PageError> {
    let view = mapping::lists_page(&app, page, &at_work, Problems::none()).await?;
    Ok(page_error::show(StatusCode::OK, &view))
}

/// `POST /agent/lists`: checked, and shown with its prices; or what is wrong with the file.
pub(super) async fn upload(
    State(app): State<App>,
    Working(at_work): Working,
    page: Page,
    Uploaded(content): Uploaded,
) -> Result<Response, PageError> {
    if content.is_empty() {
        return again(&app, page, &at_work, "problem-list-missing").await;
    }
    let uploaded = agent::upload_list(&app.engine, &at_work.seller, content, language(page.words)).await;
    let key = match uploaded {
        Ok(id) => return Ok(Redirect::to(&format!("/agent/lists/{id}")).into_response()),
        Err(ListError::TooLarge) => "problem-list-too-large",
        Err(ListError::TooLong) => "problem-list-too-long",
        Err(ListError::Encoding) => "problem-list-encoding",
        Err(ListError::Columns) => "problem-list-columns",
        Err(ListError::Empty | ListError::NothingToSell) => "problem-list-empty",
        Err(ListError::Unknown | ListError::NotSelling(_)) => return Err(PageError::not_found(&page)),
        Err(ListError::Submit(error)) => return Err(PageError::submit(&page, &error)),
    };
    again(&app, page, &at_work, key).await
}

async fn again(app: &App, page: Page, at_work: &AtWork, key: &str) -> Result<Response, PageError> {
    let problems = Problems::one("list", page.t(key));
    let page = Page { here: "/agent/lists".to_owned(), ..page };
    let view = mapping::lists_page(app, page, at_work, problems).await?;
    Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

/// `GET /agent/lists/{id}`
pub(super) async fn show(
    State(app): State<App>,
    Working(at_work): Working,
    TypedCode(id): TypedCode,
    page: Page,
) -> Result<Response, PageError> {
    let seen = find(&app, &page, &at_work, &id).await?;
    let view = mapping::list_page(&app, page, &at_work, &seen).await?;
    Ok(page_error::show(StatusCode::OK, &view))
}

/// `POST /agent/lists/{id}/sell`: the one confirm; and going on with what stopped.
pub(super) async fn sell(
    State(app): State<App>,
    Working(at_work): Working,
    TypedCode(id): TypedCode,
    page: Page,
) -> Result<Redirect, PageError> {
    let id = parse(&page, &id)?;
    match agent::start_list(&app.engine, &at_work.seller, id).await {
        // What keeps it from being sold stands on its page.
        Ok(()) | Err(ListError::NothingToSell | ListError::NotSelling(_)) => {}
        Err(ListError::Submit(error)) => return Err(PageError::submit(&page, &error)),
        Err(
            ListError::Unknown
            | ListError::TooLarge
            | ListError::TooLong
            | ListError::Encoding
            | ListError::Columns
            | ListError::Empty,
        ) => return Err(PageError::not_found(&page)),
    }
    Ok(Redirect::to(&format!("/agent/lists/{id}")))
}

/// The address of a button was fetched, by a refresh or a kept address.
pub(super) async fn back(TypedCode(id): TypedCode, page: Page) -> Result<Redirect, PageError> {
    Ok(Redirect::to(&format!("/agent/lists/{}", parse(&page, &id)?)))
}

/// What the page shows now.
#[derive(Default, Deserialize)]
pub(super) struct ProgressQuery {
    #[serde(default)]
    seen: String,
}

/// `GET /agent/lists/{id}/progress`: nothing while all is as it was seen, else "fetch the page again".
pub(super) async fn progress(
    State(app): State<App>,
    Working(at_work): Working,
    TypedCode(id): TypedCode,
    Asked(query): Asked<ProgressQuery>,
    page: Page,
) -> Result<Response, PageError> {
    let seen = find(&app, &page, &at_work, &id).await?;
    if query.seen == mapping::mark_of(&seen) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(([(HeaderName::from_static("hx-refresh"), "true")], "").into_response())
}

/// `GET /agent/lists/{id}/result.csv`
pub(super) async fn result(
    State(app): State<App>,
    Working(at_work): Working,
    TypedCode(id): TypedCode,
    page: Page,
) -> Result<Response, PageError> {
    let id = parse(&page, &id)?;
    let words = page.words;
    let explain = move |reason: &str, other_line| mapping::reason(words, reason, other_line);
    let file = agent::result_file(&app.engine, &at_work.seller, id, explain).await;
    let file = file.map_err(|error| PageError::unavailable(&page, &error))?;
    let file = file.ok_or_else(|| PageError::not_found(&page))?;
    let mut response = ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], file).into_response();
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{id}.csv\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

fn parse(page: &Page, id: &str) -> Result<SaleListId, PageError> {
    id.parse().map_err(|_| PageError::not_found(page))
}

async fn find(app: &App, page: &Page, at_work: &AtWork, id: &str) -> Result<ListSeen, PageError> {
    let found = agent::find_list(&app.engine, &at_work.seller, parse(page, id)?, NAMED_MAX).await;
    let found = found.map_err(|error| PageError::unavailable(page, &error))?;
    found.ok_or_else(|| PageError::not_found(page))
}
