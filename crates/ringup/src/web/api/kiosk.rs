//! The door for the program inside a kiosk, `/api/v1/kiosk`: what is behind it is signed by an enrolled kiosk. The contract in words is
//! `docs/kiosk-api.md`.

pub(super) mod card;
pub(super) mod claim;
pub(super) mod collection;
pub(super) mod enrol;
mod guard;
pub(super) mod health;
mod read;
pub(super) mod sale;
mod slip;
pub(super) mod status;
pub(super) mod top_up;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::{get, post};

use crate::web::signed::Nonces;
use crate::web::state::App;
use guard::Gate;

/// The routes of a kiosk.
pub(super) fn routes(app: &App) -> Router<App> {
    let gate = Gate { app: app.clone(), nonces: Arc::new(Nonces::default()) };
    let signed = Router::new()
        .route("/api/v1/kiosk", get(status::show))
        .route("/api/v1/kiosk/cards", post(card::ask))
        .route("/api/v1/kiosk/sales", post(sale::create))
        .route("/api/v1/kiosk/top-ups", post(top_up::create))
        .route("/api/v1/kiosk/top-ups/{code}", get(top_up::show))
        .route("/api/v1/kiosk/claims", post(claim::create))
        .route("/api/v1/kiosk/collections", post(collection::create))
        .route("/api/v1/kiosk/health", post(health::hear))
        .route_layer(middleware::from_fn_with_state(gate, guard::signed_by_a_kiosk));
    Router::new()
        .route("/api/v1/kiosk/enrol", post(enrol::enrol))
        .merge(signed)
        .route_layer(middleware::from_fn_with_state(app.clone(), guard::with_the_time))
}
