//! Signing in and out.

use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::id::PlaceId;
use ringup_core::place::PlaceCode;
use ringup_engine::agent;
use ringup_engine::clerk::{self, Seat, SignInError};
use ringup_engine::pin::Pin;
use serde::Deserialize;

use super::signed_in::token;
use crate::web::cookie::Cookie;
use crate::web::form::Filled;
use crate::web::page_error::{self, PageError};
use crate::web::state::App;
use crate::web::view::agent::SignInPage;
use crate::web::view::{Page, Problems};

/// The agent, the number and the PIN.
#[derive(Deserialize)]
pub(super) struct SignInForm {
    #[serde(default)]
    agent: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    pin: String,
}

/// `POST /agent/sign-in`
pub(super) async fn sign_in(
    State(app): State<App>,
    page: Page,
    Filled(form): Filled<SignInForm>,
) -> Result<Response, PageError> {
    let unavailable = |error| PageError::unavailable(&page, &error);
    let seller = match form.agent.parse::<PlaceCode>() {
        Ok(code) => agent::find_at(&app.engine, &code).await.map_err(unavailable)?,
        Err(_) => None,
    };
    // Where there is no such agent the PIN is looked at all the same: the answer takes as long.
    let place = seller.map_or(PlaceId::from_u64(0), |seller| seller.business.place);
    let signed_in = match Pin::parse(&form.pin) {
        Ok(pin) => clerk::sign_in(&app.engine, (place, Seat::Browser), &form.number, &pin).await,
        Err(_) => Err(SignInError::Wrong),
    };
    let message = match signed_in {
        Ok(token) => {
            let mut response = Redirect::to("/agent").into_response();
            if let Some(cookie) = Cookie::Clerk.set(&app.site, &token.to_text()) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            return Ok(response);
        }
        Err(SignInError::Submit(error)) => return Err(PageError::submit(&page, &error)),
        Err(SignInError::Locked { until }) => {
            let seconds = u64::try_from(until.since(app.engine.now()).as_seconds()).unwrap_or(0);
            page.t_count("problem-clerk-locked", "minutes", seconds.div_ceil(60).max(1))
        }
        Err(SignInError::Wrong) => page.t("problem-agent-wrong"),
    };
    let problems = Problems::one("agent", message);
    let page = Page { here: "/agent".to_owned(), ..page };
    let view = SignInPage { page, agent: form.agent, number: form.number, locked: false, problems };
    Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

/// `POST /agent/sign-out`
pub(super) async fn sign_out(State(app): State<App>, page: Page, parts: Parts) -> Result<Response, PageError> {
    if let Some(token) = token(&parts) {
        clerk::sign_out(&app.engine, &token).await.map_err(|error| PageError::submit(&page, &error))?;
    }
    let mut response = Redirect::to("/agent").into_response();
    if let Some(cookie) = Cookie::Clerk.remove(&app.site) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
