//! The JSON API, `/api/v1`: the online door for programs. Its contract is `/api/v1/openapi.json`.

mod body;
mod quote;
mod receipt;
mod top_up;

use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use utoipa::OpenApi;

use super::problem::Problem;
use super::state::App;

/// The routes of the API.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/openapi.json", get(openapi))
        .route("/api/v1/quotes", post(quote::create))
        .route("/api/v1/top-ups", post(top_up::create))
        .route("/api/v1/top-ups/{code}", get(top_up::show))
        .route("/api/v1/receipts/{code}", get(receipt::show))
        .route("/api/{*rest}", get(nothing_here).post(nothing_here))
}

/// The contract.
#[derive(OpenApi)]
#[openapi(
    info(title = "Ringup", version = "1", description = "Top-ups for prepaid phone cards."),
    paths(quote::create, top_up::create, top_up::show, receipt::show)
)]
struct Contract;

async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(Contract::openapi())
}

async fn nothing_here() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "there is nothing at this address")
}

#[cfg(test)]
mod tests;
