//! The pages for holders, at `/`: top up, pay, see what became of it, prove it.
//!
//! A handler parses, calls the engine once, and answers with a view or a redirect. Nothing here decides about money.

mod balance;
mod check;
mod choose;
mod help;
mod notice;
mod place;
mod plan;
mod rating;
mod receipt;
mod settings;
mod shell;
mod status;
mod top_up;
mod where_is;

use axum::Router;
use axum::extract::{FromRequestParts as _, Request};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

// What the pages of every surface share; the modules below name them by this one.
use super::state::App;
use super::view::Page;
use super::view::problem::ProblemKind;
use super::{assets, cookie, form, mapping, page_error};
use page_error::PageError;

pub(in crate::web) use check::pay_by;
pub(in crate::web) use choose::refused as refused_quote;
pub(in crate::web) use receipt::facts as receipt_facts;
pub(in crate::web) use shell::Device;
pub(in crate::web) use status::in_short;
pub(in crate::web) use top_up::is_web_address;

/// Every page, and the files they refer to.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(choose::show))
        .route("/top-ups/quote", post(choose::quote))
        .route("/top-ups/check", post(choose::check).get(settings::start))
        .route("/top-ups/new", get(check::show))
        .route("/top-ups", post(check::place).get(settings::start))
        .route("/top-ups/{code}", get(top_up::show))
        .route("/top-ups/{code}/status", get(top_up::status))
        .route("/top-ups/{code}/look", post(top_up::look).get(top_up::back))
        .route("/top-ups/{code}/payments", post(top_up::pay_otherwise).get(top_up::back))
        .route("/receipts/{code}", get(receipt::show))
        .route("/receipts/{code}/notices", post(notice::from_receipt).get(notice::back_to_receipt))
        .route("/top-ups/{code}/notices", post(notice::from_status).get(top_up::back))
        .route("/receipts/{code}/rating", post(rating::rate).get(rating::back))
        .route("/ratings/{id}/report", post(rating::report).get(rating::to_places))
        .route("/verify", get(receipt::ask))
        .route("/verify/{code}", get(receipt::verify))
        .route("/balance", get(balance::ask).post(balance::unlock))
        .route("/balance/card", get(balance::show))
        .route("/balance/close", post(balance::close))
        .route("/plans", get(plan::list).post(plan::find))
        .route("/plans/to/{code}", get(plan::destination))
        .route("/plans/advice", get(plan::ask).post(plan::answer))
        .route("/where", get(where_is::ask).post(where_is::find))
        .route("/where/card", get(where_is::list))
        .route("/places", get(place::show))
        .route("/places/{code}/ratings", get(rating::show))
        .route("/help", get(help::questions))
        .route("/official", get(help::official))
        .route("/settings", post(settings::save).get(settings::start))
        .route("/assets/{hash}/{name}", get(assets::show))
        .route("/favicon.svg", get(assets::favicon))
        .method_not_allowed_fallback(wrong_method)
}

/// The page for an address where nothing is.
pub async fn not_found(page: Page) -> PageError {
    PageError::new(page, StatusCode::NOT_FOUND, ProblemKind::NotFound)
}

/// The page for an address that is ours, but not for this kind of request.
async fn wrong_method(page: Page) -> PageError {
    PageError::new(page, StatusCode::METHOD_NOT_ALLOWED, ProblemKind::NotFound)
}

/// Turns the guard's refusal of a form from another site into a page that says so.
pub async fn cross_site_page(request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let page = Page::from_request_parts(&mut parts, &()).await;
    let changes_something = !parts.method.is_safe();
    let response = next.run(Request::from_parts(parts, body)).await;
    match page {
        // No handler of ours answers a form with 403. A method that no form has is refused before it finds no handler.
        Ok(page) if changes_something && response.status() == StatusCode::FORBIDDEN => {
            PageError::new(page, StatusCode::FORBIDDEN, ProblemKind::CrossSite).into_response()
        }
        _ => response,
    }
}
