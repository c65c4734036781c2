//! The float: what is on it, how it is bought, and what was bought.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ringup_engine::agent;

use super::mapping::{float_panel, head};
use super::signed_in::Working;
use crate::web::i18n::time;
use crate::web::mapping::money;
use crate::web::page_error::{self, PageError};
use crate::web::state::App;
use crate::web::view::Page;
use crate::web::view::agent::{FloatPage, TransferRow};

/// How many transfers are shown.
const SHOWN_MAX: u32 = 50;

/// `GET /agent/float`
pub(super) async fn show(State(app): State<App>, Working(at_work): Working, page: Page) -> Result<Response, PageError> {
    let unavailable = |error| PageError::unavailable(&page, &error);
    let float = agent::float(&app.engine, &at_work.seller.business).await.map_err(unavailable)?;
    let id = at_work.seller.agent.id;
    let read = app.engine.read(move |tx| ringup_db::float_transfer::float_transfers(tx, id, SHOWN_MAX)).await;
    let words = page.words;
    let transfers = read.map_err(unavailable)?.into_iter().map(|transfer| TransferRow {
        when: time::short_date_time(words, transfer.confirmed_at.micros()),
        reference: transfer.reference,
        amount: money(words, transfer.amount),
    });
    let view = FloatPage {
        head: head(words, &at_work, &float),
        float: float_panel(words, &float),
        alert_below: at_work.seller.business.alert_below.map(|alert| money(words, alert)),
        transfers: transfers.collect(),
        page,
    };
    Ok(page_error::show(StatusCode::OK, &view))
}
