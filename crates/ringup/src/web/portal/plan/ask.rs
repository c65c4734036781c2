//! The adviser: asks whom somebody calls and how much, and shows what serves best.
//!
//! The form is sent, and leads to an address that holds the question in the codes of destinations: it can be kept, sent on
//! and read in the other language, and has nobody's number in it.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::plan::{AdviceRefusal, limits};
use ringup_core::product::Product;
use ringup_engine::plan::{self, AdviseError, Advised, Offered};
use serde::Deserialize;

use super::question::Typed;
use super::{told, words};
use crate::web::portal::form::{Asked, Filled};
use crate::web::portal::page_error::{self, PageError};
use crate::web::portal::settings::KeptLanguage;
use crate::web::state::App;
use crate::web::view::plan::{AskPage, CallsRow, CardChoice, ROWS};
use crate::web::view::{Page, Problems};

/// A question in an address.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web::portal) struct Kept {
    #[serde(default)]
    pub(super) card: String,
    #[serde(default)]
    pub(super) days: String,
    #[serde(default)]
    pub(super) length: String,
    /// `gb-landline:100:month,us:30:week`.
    #[serde(default)]
    pub(super) calls: String,
    /// A destination to begin with.
    #[serde(default)]
    pub(super) to: String,
    /// Anything: the question is to be changed.
    #[serde(default)]
    change: String,
}

/// `GET /plans/advice`: the form; or, when the address holds a question, what serves best.
pub(in crate::web::portal) async fn ask(
    State(app): State<App>,
    Asked(kept): Asked<Kept>,
    language: KeptLanguage,
    page: Page,
) -> Result<(KeptLanguage, Response), PageError> {
    let offered = plan::offered(&app.engine).await.map_err(|error| PageError::unavailable(&page, &error))?;
    let typed = Typed::of_address(&kept, &offered, page.words);
    if kept.calls.is_empty() || !kept.change.is_empty() {
        return Ok((language, form(StatusCode::OK, page, &offered, &typed, Problems::none())));
    }
    let response = match advised(&app, &page, &offered, &typed).await? {
        Ok(advised) => {
            let change_url = format!("{}&change=yes", typed.address(&advised));
            page_error::show(StatusCode::OK, &told::view(page, &advised, change_url, app.engine.now()))
        }
        Err(problems) => form(StatusCode::UNPROCESSABLE_ENTITY, page, &offered, &typed, problems),
    };
    Ok((language, response))
}

/// `POST /plans/advice`: leads to the answer, or comes back with one more row.
pub(in crate::web::portal) async fn answer(
    State(app): State<App>,
    page: Page,
    Filled(fields): Filled<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let offered = plan::offered(&app.engine).await.map_err(|error| PageError::unavailable(&page, &error))?;
    let mut typed = Typed::of_form(&fields);
    if fields.contains_key("more") {
        typed.add_a_row();
        return Ok(form(StatusCode::OK, page, &offered, &typed, Problems::none()));
    }
    Ok(match advised(&app, &page, &offered, &typed).await? {
        Ok(advised) => Redirect::to(&typed.address(&advised)).into_response(),
        Err(problems) => form(StatusCode::UNPROCESSABLE_ENTITY, page, &offered, &typed, problems),
    })
}

/// What serves best, or what is wrong with each field.
async fn advised(
    app: &App,
    page: &Page,
    offered: &Offered,
    typed: &Typed,
) -> Result<Result<Advised, Problems>, PageError> {
    let asked = match typed.asked(offered, page) {
        Ok(asked) => asked,
        Err(problems) => return Ok(Err(problems)),
    };
    match plan::advise(&app.engine, asked).await {
        Ok(advised) => Ok(Ok(advised)),
        Err(AdviseError::Unavailable(error)) => Err(PageError::unavailable(page, &error)),
        Err(AdviseError::ProductUnknown) => Ok(Err(Problems::one("card", page.t("advice-problem-card")))),
        Err(AdviseError::Destination { position, why }) => {
            Ok(Err(Problems::one(typed.ids(position).to, words::why_not_found(page.words, &why))))
        }
        Err(AdviseError::Refused(refusal)) => Ok(Err(refused(page, typed, refusal))),
    }
}

/// Why there is no advice, at the field where it can be mended.
fn refused(page: &Page, typed: &Typed, refusal: AdviceRefusal) -> Problems {
    let (field, key) = match refusal {
        AdviceRefusal::NoDestination | AdviceRefusal::TooManyDestinations => ("to-1", "plan-problem-missing"),
        AdviceRefusal::CallLength => ("length", "advice-problem-length"),
        AdviceRefusal::Days => ("days", "advice-problem-days"),
        AdviceRefusal::Minutes { position } => (typed.ids(position).minutes, "advice-problem-minutes"),
        AdviceRefusal::NamedTwice { position } => (typed.ids(position).to, "advice-problem-twice"),
        AdviceRefusal::NoRate { position } => (typed.ids(position).to, "advice-problem-not-reached"),
        AdviceRefusal::Amount(_) => ("days", "advice-problem-sum"),
    };
    Problems::one(field, page.t(key))
}

fn form(status: StatusCode, page: Page, offered: &Offered, typed: &Typed, problems: Problems) -> Response {
    let words = page.words;
    let card = |product: &Product| {
        let value = product.id.0.to_string();
        CardChoice { name: words::name(words, &product.name), chosen: value == typed.card, value }
    };
    let several = offered.products.len() > 1;
    let rows = typed.rows.iter().zip(ROWS).zip(1..).map(|((row, ids), number)| CallsRow {
        ids,
        number,
        to: row.to.clone(),
        minutes: row.minutes.clone(),
        weekly: row.weekly,
    });
    let view = AskPage {
        problems,
        cards: if several { offered.products.iter().map(card).collect() } else { Vec::new() },
        days: typed.days.clone(),
        length: typed.length.clone(),
        rows: rows.collect(),
        can_add: typed.rows.len() < limits::DESTINATIONS_MAX,
        names: words::names(words, &offered.plans),
        page,
    };
    page_error::show(status, &view)
}
