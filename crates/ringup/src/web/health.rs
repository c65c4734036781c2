//! Whether the server lives, and whether it can serve.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ringup_engine::limits;

use super::state::App;

/// `GET /livez`, `GET /readyz`
pub fn routes() -> Router<App> {
    Router::new().route("/livez", get(async || "alive\n")).route("/readyz", get(readyz))
}

/// Ready when money can be written and everything read.
async fn readyz(State(app): State<App>) -> Response {
    match app.engine.ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            let retry = [(header::RETRY_AFTER, limits::RETRY_AFTER_SECONDS.to_string())];
            (StatusCode::SERVICE_UNAVAILABLE, retry, format!("not ready: {}\n", error.code())).into_response()
        }
    }
}
