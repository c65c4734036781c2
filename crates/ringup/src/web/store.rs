//! The pages of a store's till, at `/store`: for a clerk who sells two hundred times a day, by keyboard alone.
//!
//! Everything below `/store` comes from an enrolled till, which signs each request with its own key ([`signed`]), and from a clerk
//! who is signed in on it; only enrolling itself does not. A handler parses, calls the engine, and answers.
//!
//! [`signed`]: crate::web::signed

mod by_code;
mod counter;
mod drawer;
mod enrol;
mod guard;
mod mapping;
mod notice;
mod print;
mod rating;
mod sale;
mod sign_in;
mod till;
mod undo;
mod worker;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::{get, post};

use super::signed::Nonces;
use super::state::App;
use guard::Gate;

/// The pages of a till.
pub fn routes(app: &App) -> Router<App> {
    let gate = Gate { app: app.clone(), nonces: Arc::new(Nonces::default()) };
    let signed = Router::new()
        .route("/store", get(till::show))
        .route("/store/alive", get(till::alive))
        .route("/store/sign-in", post(sign_in::sign_in).get(till::back))
        .route("/store/sign-out", post(sign_in::sign_out).get(till::back))
        .route("/store/drawer", post(drawer::open).get(till::back))
        .route("/store/drawer/close", get(drawer::ask_count).post(drawer::close))
        .route("/store/quote", post(sale::quote))
        .route("/store/sales", post(sale::sell).get(till::back))
        .route("/store/sales/{code}", get(sale::receipt))
        .route("/store/sales/{code}/scan", get(by_code::wait))
        .route("/store/sales/{code}/print", post(print::print).get(till::back))
        .route("/store/sales/{code}/notices", post(notice::ask).get(till::back))
        .route("/store/sales/{code}/undo", post(undo::ask).get(till::back))
        .route("/store/keys/{key}", get(sale::by_key))
        .route("/store/undo", get(undo::list))
        .route("/store/undo/{id}", post(undo::decide).get(till::back))
        .route("/store/refunds/{id}", post(undo::pay_out).get(till::back))
        .route("/store/ratings", get(rating::list))
        .route("/store/ratings/{id}/answer", post(rating::answer).get(rating::back))
        .route("/store/bags", post(drawer::send_to_bank).get(till::back))
        .layer(middleware::from_fn_with_state(gate, guard::signed_by_a_till));
    Router::new()
        .route("/store/enrol", get(enrol::show).post(enrol::enrol))
        .route("/store/worker.js", get(worker::script))
        .merge(signed)
}
