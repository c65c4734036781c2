//! What holders of its receipts say of a store, and what a supervisor answers.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_db::clerk::Role;
use ringup_engine::rating;
use ringup_engine::store::Counter;

use super::counter::Serving;
use super::mapping::head;
use crate::web::form::{Filled, TypedCode};
use crate::web::mapping::name;
use crate::web::mapping::rating::{RefusedAnswer, answers, summary};
use crate::web::page_error::{self, PageError};
use crate::web::rating::{AnswerForm, answer as answer_to};
use crate::web::state::App;
use crate::web::view::Page;
use crate::web::view::rating::StoreRatingsPage;

/// `GET /store/ratings`
pub(super) async fn list(State(app): State<App>, Serving(counter): Serving, page: Page) -> Result<Response, PageError> {
    let view = view(&app, page, &counter, None).await?;
    Ok(page_error::show(StatusCode::OK, &view))
}

/// The address of a form was fetched, by a refresh or a kept address.
pub(super) async fn back() -> Redirect {
    Redirect::to("/store/ratings")
}

/// `POST /store/ratings/{id}/answer`
pub(super) async fn answer(
    State(app): State<App>,
    Serving(counter): Serving,
    TypedCode(id): TypedCode,
    page: Page,
    Filled(form): Filled<AnswerForm>,
) -> Result<Response, PageError> {
    let Some(refused) = answer_to(&app, &page, &counter.clerk, &id, form).await? else {
        return Ok(Redirect::to("/store/ratings").into_response());
    };
    let view = view(&app, page, &counter, Some(&refused)).await?;
    Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

async fn view(
    app: &App,
    page: Page,
    counter: &Counter,
    refused: Option<&RefusedAnswer>,
) -> Result<StoreRatingsPage, PageError> {
    let board = rating::board(&app.engine, counter.store.place).await;
    let board = board.map_err(|error| PageError::unavailable(&page, &error))?;
    let (words, may_answer) = (page.words, counter.clerk.role == Role::Supervisor);
    let url = may_answer.then_some("/store/ratings");
    let (rows, problems) = answers(words, (&name(words, &counter.place.name), url), &board, refused);
    let summary = summary(words, &board.tally);
    Ok(StoreRatingsPage { head: head(words, counter), may_answer, summary, rows, problems, page })
}
