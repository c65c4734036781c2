//! What is served over HTTP.

pub mod admission;
pub mod agent;
pub mod api;
pub mod assets;
pub(crate) mod client_address;
mod cookie;
mod form;
pub mod guard;
pub mod health;
pub mod i18n;
pub mod icons;
mod mapping;
mod notice;
pub mod notification;
pub mod page_error;
mod pdf;
pub mod place;
pub mod portal;
pub mod problem;
pub mod qr;
mod rating;
pub(crate) mod signed;
pub mod state;
pub mod store;
mod upload;
pub mod view;
pub mod well_known;

use axum::Router;

use state::App;

/// Every route, and what each request passes through before it gets there.
///
/// Providers' notifications come from their servers, not from our pages, so they stand outside the guard against forms
/// from other sites: their signature is their guard.
pub fn router(app: App) -> Router {
    router_with(app, Router::new())
}

/// The same, with more routes that pass through the same: for whoever measures what the server itself costs.
pub fn router_with(app: App, more: Router<App>) -> Router {
    let pages = guard::against_other_sites(portal::routes().merge(store::routes(&app)).merge(agent::routes()));
    let routes = pages
        .merge(api::routes(&app))
        .merge(notification::routes())
        .merge(well_known::routes())
        .merge(more)
        .fallback(portal::not_found);
    // Whether the server lives and is ready is told also while others are sent away.
    let routes = guard::admitted(routes).merge(health::routes());
    guard::every_request(routes, &app).with_state(app)
}
