//! "Where is my money?": by receipt code, or by card number and PIN.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::top_up::TopUpCode;
use ringup_engine::timeline::Timeline;
use ringup_engine::{balance as cards, top_up};
use serde::Deserialize;

use super::balance::{CardForm, open_card, opened_card, with_pass};
use super::form::Filled;
use super::mapping::money;
use super::page_error::{self, PageError};
use super::settings::KeptLanguage;
use super::status;
use crate::web::client_address::ClientAddress;
use crate::web::i18n::time;
use crate::web::state::App;
use crate::web::view::balance::{TopUpLink, WhereFormPage, WhereListPage};
use crate::web::view::{Page, Problems};

/// One of the two forms.
#[derive(Deserialize)]
pub(super) struct WhereForm {
    /// Only the form that asks for a code sends one.
    code: Option<String>,
    #[serde(default)]
    card: String,
    #[serde(default)]
    pin: String,
}

/// `GET /where`
pub(super) async fn ask(kept: KeptLanguage, page: Page) -> (KeptLanguage, Response) {
    (kept, form(StatusCode::OK, page, String::new(), String::new(), Problems::none()))
}

/// `POST /where`
pub(super) async fn find(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    page: Page,
    Filled(filled): Filled<WhereForm>,
) -> Result<Response, PageError> {
    if let Some(typed) = filled.code {
        return by_code(&app, page, typed).await;
    }
    let card_form = CardForm { card: filled.card, pin: filled.pin };
    match open_card(&app, &page, &card_form, &address).await? {
        Ok(pass) => Ok(with_pass(&app, pass, "/where/card")),
        Err(problems) => Ok(form(StatusCode::UNPROCESSABLE_ENTITY, page, String::new(), card_form.card, problems)),
    }
}

/// `GET /where/card`: the latest top-ups of the card that the PIN has opened.
pub(super) async fn list(State(app): State<App>, headers: HeaderMap, page: Page) -> Result<Response, PageError> {
    let Some(card) = opened_card(&app, &headers) else { return Ok(Redirect::to("/where").into_response()) };
    let found = cards::recent_top_ups(&app.engine, card).await;
    let found = found.map_err(|error| PageError::unavailable(&page, &error))?;
    let now = app.engine.now();
    let top_ups = found.iter().map(|view| {
        let (tone, state) = status::in_short(&page, &Timeline::of(view, now));
        TopUpLink {
            url: format!("/top-ups/{}", view.top_up.code),
            tone,
            amount: money(page.words, view.top_up.quote.card_gets),
            state,
            when: time::short_date_time(page.words, view.top_up.placed_at.micros()),
        }
    });
    let view = WhereListPage { card_tail: card.last_four(), top_ups: top_ups.collect(), page };
    Ok(page_error::show(StatusCode::OK, &view))
}

async fn by_code(app: &App, page: Page, typed: String) -> Result<Response, PageError> {
    let problem = match typed.parse::<TopUpCode>() {
        Ok(code) => {
            let view = top_up::view(&app.engine, code).await;
            let view = view.map_err(|error| PageError::unavailable(&page, &error))?;
            if view.is_some() {
                return Ok(Redirect::to(&format!("/top-ups/{code}")).into_response());
            }
            "problem-code-unknown"
        }
        Err(_) if typed.trim().is_empty() => "problem-code-missing",
        Err(_) => "problem-code-malformed",
    };
    let problems = Problems::one("code", page.t(problem));
    Ok(form(StatusCode::UNPROCESSABLE_ENTITY, page, typed, String::new(), problems))
}

fn form(status: StatusCode, page: Page, code: String, card: String, problems: Problems) -> Response {
    page_error::show(status, &WhereFormPage { page, code, card, problems })
}
