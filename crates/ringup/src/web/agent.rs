//! The pages of agents, at `/agent`: a company applies here, and its people sign in, see the float, and sell from it.
//!
//! No till and no signed device: whoever has an agent's code, a number and a PIN sells. A handler parses, calls the engine, and
//! answers. What everybody may know of an agent is at `/agents/CODE`.

mod application;
mod commission;
mod float;
mod home;
mod list;
mod mapping;
mod public;
mod purchase;
mod rating;
mod sale;
mod sign_in;
mod signed_in;
mod sub_agent;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::state::App;

/// The pages of agents.
pub fn routes() -> Router<App> {
    let apply = get(application::show).post(application::apply);
    Router::new()
        .route("/agent", get(home::show))
        .route("/agent/apply", apply.layer(DefaultBodyLimit::max(application::BODY_MAX)))
        .route("/agent/applied/{id}", get(application::applied))
        .route("/agent/sign-in", post(sign_in::sign_in).get(home::back))
        .route("/agent/sign-out", post(sign_in::sign_out).get(home::back))
        .route("/agent/check", post(sale::check).get(home::back))
        .route("/agent/sales", post(sale::sell).get(home::back))
        .route("/agent/sales/{code}", get(sale::show))
        .route("/agent/lists", get(list::all).merge(post(list::upload).layer(DefaultBodyLimit::max(list::BODY_MAX))))
        .route("/agent/lists/{id}", get(list::show))
        .route("/agent/lists/{id}/sell", post(list::sell).get(list::back))
        .route("/agent/lists/{id}/progress", get(list::progress))
        .route("/agent/lists/{id}/result.csv", get(list::result))
        .route("/agent/float", get(float::show))
        .route("/agent/float/purchases", post(purchase::buy).get(float::back))
        .route("/agent/float/purchases/{id}", get(purchase::show))
        .route("/agent/float/purchases/{id}/status", get(purchase::status))
        .route("/agent/float/purchases/{id}/look", post(purchase::look).get(purchase::back))
        .route("/agent/commission", get(commission::show))
        .route("/agent/commission/{file}", get(commission::file))
        .route("/agent/ratings", get(rating::list))
        .route("/agent/ratings/{id}/answer", post(rating::answer).get(rating::back))
        .route("/agents/{code}", get(public::show))
}
