//! What calls cost: every rate and bundle, and the rates of one destination. The advice between them is in `plan/ask.rs`.

mod ask;
mod question;
mod told;
mod words;

pub(super) use ask::{answer, ask};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::plan::{Destination, FindRefusal};
use ringup_engine::plan::{self, FindError, Offered};
use serde::Deserialize;

use super::form::{Filled, TypedCode};
use super::page_error::{self, PageError};
use super::settings::KeptLanguage;
use crate::web::state::App;
use crate::web::view::plan::{DestinationPage, PlansPage};
use crate::web::view::{Page, Problems};

/// What is looked for.
#[derive(Deserialize)]
pub(super) struct FindForm {
    #[serde(default)]
    to: String,
}

/// `GET /plans`
pub(super) async fn list(
    State(app): State<App>,
    kept: KeptLanguage,
    page: Page,
) -> Result<(KeptLanguage, Response), PageError> {
    let offered = plan::offered(&app.engine).await.map_err(|error| PageError::unavailable(&page, &error))?;
    let view = view(page, &offered, String::new(), Problems::none(), &[]);
    Ok((kept, page_error::show(StatusCode::OK, &view)))
}

/// `POST /plans`: leads to the destination that was meant, or asks which one.
pub(super) async fn find(
    State(app): State<App>,
    page: Page,
    Filled(form): Filled<FindForm>,
) -> Result<Response, PageError> {
    let refusal = match plan::find(&app.engine, &form.to).await {
        Ok(found) if found.destinations.len() > 1 => {
            let view = view(page, &found.offered, form.to, Problems::none(), &found.destinations);
            return Ok(page_error::show(StatusCode::OK, &view));
        }
        Ok(found) => {
            let only = found.destinations.first().map_or_else(|| "/plans".to_owned(), words::address);
            return Ok(Redirect::to(&only).into_response());
        }
        Err(FindError::Unavailable(error)) => return Err(PageError::unavailable(&page, &error)),
        Err(FindError::Refused(refusal)) => refusal,
    };
    refused(&app, page, form.to, &refusal).await
}

/// `GET /plans/to/{code}`
pub(super) async fn destination(
    State(app): State<App>,
    TypedCode(code): TypedCode,
    kept: KeptLanguage,
    page: Page,
) -> Result<(KeptLanguage, Response), PageError> {
    let offered = plan::offered(&app.engine).await.map_err(|error| PageError::unavailable(&page, &error))?;
    let found = offered.plans.destination_by_code(&code).ok_or_else(|| PageError::not_found(&page))?;
    let words = page.words;
    let view = DestinationPage {
        name: words::name(words, &found.name),
        prefixes: words::prefixes(words, found),
        cards: words::card_rates(words, &offered, found),
        advice_url: format!("/plans/advice?to={}", found.code),
        page,
    };
    Ok((kept, page_error::show(StatusCode::OK, &view)))
}

async fn refused(app: &App, page: Page, typed: String, refusal: &FindRefusal) -> Result<Response, PageError> {
    let offered = plan::offered(&app.engine).await.map_err(|error| PageError::unavailable(&page, &error))?;
    let problems = Problems::one("to", words::why_not_found(page.words, refusal));
    let view = view(page, &offered, typed, problems, &[]);
    Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

fn view(page: Page, offered: &Offered, typed: String, problems: Problems, several: &[Destination]) -> PlansPage {
    let words = page.words;
    PlansPage {
        typed,
        problems,
        several: several.iter().map(|destination| words::link(words, destination)).collect(),
        names: words::names(words, &offered.plans),
        cards: words::card_plans(words, offered),
        page,
    }
}
