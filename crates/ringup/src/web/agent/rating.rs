//! What holders of his receipts say of an agent, and what his people answer.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_engine::{agent, rating};

use super::mapping::head;
use super::signed_in::{AtWork, Working};
use crate::web::form::{Filled, TypedCode};
use crate::web::mapping::name;
use crate::web::mapping::rating::{RefusedAnswer, answers, summary};
use crate::web::page_error::{self, PageError};
use crate::web::rating::{AnswerForm, answer as answer_to};
use crate::web::state::App;
use crate::web::view::Page;
use crate::web::view::rating::AgentRatingsPage;

/// `GET /agent/ratings`
pub(super) async fn list(State(app): State<App>, Working(at_work): Working, page: Page) -> Result<Response, PageError> {
    let view = view(&app, page, &at_work, None).await?;
    Ok(page_error::show(StatusCode::OK, &view))
}

/// The address of a form was fetched, by a refresh or a kept address.
pub(super) async fn back() -> Redirect {
    Redirect::to("/agent/ratings")
}

/// `POST /agent/ratings/{id}/answer`
pub(super) async fn answer(
    State(app): State<App>,
    Working(at_work): Working,
    TypedCode(id): TypedCode,
    page: Page,
    Filled(form): Filled<AnswerForm>,
) -> Result<Response, PageError> {
    let Some(refused) = answer_to(&app, &page, &at_work.clerk, &id, form).await? else {
        return Ok(Redirect::to("/agent/ratings").into_response());
    };
    let page = Page { here: "/agent/ratings".to_owned(), ..page };
    let view = view(&app, page, &at_work, Some(&refused)).await?;
    Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

async fn view(
    app: &App,
    page: Page,
    at_work: &AtWork,
    refused: Option<&RefusedAnswer>,
) -> Result<AgentRatingsPage, PageError> {
    let unavailable = |error| PageError::unavailable(&page, &error);
    let (seller, words) = (&at_work.seller, page.words);
    let float = agent::float(&app.engine, &seller.business).await.map_err(unavailable)?;
    let board = rating::board(&app.engine, seller.place.id).await.map_err(unavailable)?;
    let (rows, problems) = answers(words, (&name(words, &seller.place.name), Some("/agent/ratings")), &board, refused);
    let summary = summary(words, &board.tally);
    Ok(AgentRatingsPage { head: head(words, at_work, &float), summary, rows, problems, page })
}
