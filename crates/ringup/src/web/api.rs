//! The JSON API, `/api/v1`: the online door for programs. Its contract is `/api/v1/openapi.json`.

mod advice;
mod agent;
mod balance;
mod body;
mod code;
mod kiosk;
mod place;
mod plan;
mod quote;
mod receipt;
mod top_up;

use axum::http::StatusCode;
use axum::routing::{any, get, post};
use axum::{Json, Router};
use utoipa::OpenApi;

use super::problem::Problem;
use super::state::App;

/// The routes of the API.
pub fn routes(app: &App) -> Router<App> {
    Router::new()
        .route("/api/v1/openapi.json", get(openapi))
        .route("/api/v1/agent/float", get(agent::float))
        .route("/api/v1/agent/sales", post(agent::sell))
        .route("/api/v1/balance", post(balance::ask))
        .route("/api/v1/places", get(place::find))
        .route("/api/v1/plans", get(plan::list))
        .route("/api/v1/rates", post(plan::find))
        .route("/api/v1/advice", post(advice::ask))
        .route("/api/v1/quotes", post(quote::create))
        .route("/api/v1/top-ups", post(top_up::create))
        .route("/api/v1/top-ups/{code}", get(top_up::show))
        .route("/api/v1/receipts/{code}", get(receipt::show))
        .route("/api", any(nothing_here))
        .route("/api/", any(nothing_here))
        .route("/api/{*rest}", any(nothing_here))
        .merge(kiosk::routes(app))
        .method_not_allowed_fallback(wrong_method)
}

/// The contract.
#[derive(OpenApi)]
#[openapi(
    info(title = "Ringup", version = "1", description = "Top-ups for prepaid phone cards."),
    paths(
        agent::float,
        agent::sell,
        balance::ask,
        place::find,
        plan::list,
        plan::find,
        advice::ask,
        quote::create,
        top_up::create,
        top_up::show,
        receipt::show,
        kiosk::enrol::enrol,
        kiosk::status::show,
        kiosk::card::ask,
        kiosk::sale::create,
        kiosk::top_up::create,
        kiosk::top_up::show,
        kiosk::claim::create,
        kiosk::collection::create,
        kiosk::health::hear,
    )
)]
struct Contract;

async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(Contract::openapi())
}

async fn nothing_here() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "there is nothing at this address")
}

async fn wrong_method() -> Problem {
    let detail = "this address is asked in another way: see the header Allow";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}

#[cfg(test)]
mod tests;
