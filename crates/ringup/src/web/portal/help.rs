//! Help, and "is this real?".

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::page_error;
use super::settings::KeptLanguage;
use crate::web::state::App;
use crate::web::view::Page;
use crate::web::view::help::{HelpPage, OfficialPage};

/// `GET /help`
pub(super) async fn questions(kept: KeptLanguage, page: Page) -> (KeptLanguage, Response) {
    (kept, page_error::show(StatusCode::OK, &HelpPage::new(page)))
}

/// `GET /official`
pub(super) async fn official(State(app): State<App>, kept: KeptLanguage, page: Page) -> (KeptLanguage, Response) {
    (kept, page_error::show(StatusCode::OK, &OfficialPage::new(page, app.site.public_url.clone())))
}
