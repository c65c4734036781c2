//! Signing in and out.

use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_engine::clerk::{self, Badge, Seat, SessionToken, SignInError};
use ringup_engine::pin::Pin;
use serde::Deserialize;

use super::counter::{Till, token};
use super::till;
use crate::web::cookie::Cookie;
use crate::web::form::Filled;
use crate::web::page_error::PageError;
use crate::web::state::App;
use crate::web::view::{Page, Problems};

/// Number and PIN, or what a scanner types off a badge.
#[derive(Deserialize)]
pub(super) struct SignInForm {
    #[serde(default)]
    number: String,
    #[serde(default)]
    pin: String,
}

/// `POST /store/sign-in`
pub(super) async fn sign_in(
    State(app): State<App>,
    Till(device): Till,
    page: Page,
    Filled(form): Filled<SignInForm>,
) -> Result<Response, PageError> {
    let at = (device.place, device.id);
    // A badge is far longer than any number, so nobody has to say which of the two it is.
    let signed_in = match (form.number.parse::<Badge>(), Pin::parse(&form.pin)) {
        (Ok(badge), _) => clerk::sign_in_with_badge(&app.engine, at, &badge).await,
        (Err(_), Ok(pin)) => {
            clerk::sign_in(&app.engine, (device.place, Seat::Till(device.id)), &form.number, &pin).await
        }
        (Err(_), Err(_)) => Err(SignInError::Wrong),
    };
    match signed_in {
        Ok(token) => Ok(with_token(&app, &token)),
        Err(SignInError::Submit(error)) => Err(PageError::submit(&page, &error)),
        Err(error) => {
            let message = match error {
                SignInError::Locked { until } => {
                    let seconds = u64::try_from(until.since(app.engine.now()).as_seconds()).unwrap_or(0);
                    page.t_count("problem-clerk-locked", "minutes", seconds.div_ceil(60).max(1))
                }
                SignInError::Wrong | SignInError::Submit(_) => page.t("problem-clerk-wrong"),
            };
            let problems = Problems::one("number", message);
            till::ask_who(&app, page, &device, (StatusCode::UNPROCESSABLE_ENTITY, problems)).await
        }
    }
}

/// `POST /store/sign-out`
pub(super) async fn sign_out(State(app): State<App>, page: Page, parts: Parts) -> Result<Response, PageError> {
    if let Some(token) = token(&parts) {
        clerk::sign_out(&app.engine, &token).await.map_err(|error| PageError::submit(&page, &error))?;
    }
    let mut response = Redirect::to("/store").into_response();
    if let Some(cookie) = Cookie::Clerk.remove(&app.site) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn with_token(app: &App, token: &SessionToken) -> Response {
    let mut response = Redirect::to("/store").into_response();
    if let Some(cookie) = Cookie::Clerk.set(&app.site, &token.to_text()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
