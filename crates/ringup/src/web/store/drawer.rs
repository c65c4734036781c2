//! The drawer: opened with a counted float, closed with a blind count; and cash for the bank.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::apply::Refusal;
use ringup_core::money::{Amount, Unit};
use ringup_core::purse::Count;
use ringup_engine::error::SubmitError;
use ringup_engine::store::{self, BagError, Counter};
use ringup_engine::top_up::IdempotencyKey;
use serde::Deserialize;

use super::counter::Serving;
use super::mapping::{head, sign};
use crate::web::form::Filled;
use crate::web::mapping::money;
use crate::web::page_error::{self, PageError};
use crate::web::state::App;
use crate::web::view::store::{CloseDrawerPage, CountedPage, OpenDrawerPage};
use crate::web::view::{Fact, Page, Problems, Tone};

/// What was counted into the drawer.
#[derive(Deserialize)]
pub(super) struct OpenForm {
    #[serde(default)]
    opening: String,
    #[serde(default)]
    idempotency_key: String,
}

/// What was counted out of it.
#[derive(Deserialize)]
pub(super) struct CountForm {
    #[serde(default)]
    counted: String,
}

/// A bag for the bank.
#[derive(Deserialize)]
pub(super) struct BagForm {
    #[serde(default)]
    bag: String,
    #[serde(default)]
    amount: String,
}

/// In place of the till, before its drawer is open.
pub(super) fn ask_opening(page: Page, counter: &Counter) -> Response {
    page_error::show(StatusCode::OK, &opening_page(page, counter, String::new(), Problems::none()))
}

fn opening_page(page: Page, counter: &Counter, opening: String, problems: Problems) -> OpenDrawerPage {
    let (head, sign) = (head(page.words, counter), sign(counter.unit()));
    let idempotency_key = IdempotencyKey::draw().as_str().to_owned();
    OpenDrawerPage { page, head, opening, sign, idempotency_key, problems }
}

/// `POST /store/drawer`
pub(super) async fn open(
    State(app): State<App>,
    Serving(counter): Serving,
    page: Page,
    Filled(form): Filled<OpenForm>,
) -> Result<Response, PageError> {
    let key = IdempotencyKey::parse(&form.idempotency_key).map_err(|_| PageError::unreadable(&page))?;
    let opening = match read(&page, "opening", &form.opening, counter.unit()) {
        Ok(opening) => opening,
        Err(problems) => {
            let view = opening_page(page, &counter, form.opening, problems);
            return Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view));
        }
    };
    match store::open_drawer(&app.engine, &counter, &key, opening).await {
        Ok(_) => Ok(Redirect::to("/store").into_response()),
        Err(error) => Err(PageError::submit(&page, &error)),
    }
}

/// `GET /store/drawer/close`
pub(super) async fn ask_count(Serving(counter): Serving, page: Page) -> Response {
    page_error::show(StatusCode::OK, &count_page(page, &counter, String::new(), Problems::none()))
}

fn count_page(page: Page, counter: &Counter, counted: String, problems: Problems) -> CloseDrawerPage {
    let (head, sign) = (head(page.words, counter), sign(counter.unit()));
    CloseDrawerPage { page, head, counted, sign, problems }
}

/// `POST /store/drawer/close`
pub(super) async fn close(
    State(app): State<App>,
    Serving(counter): Serving,
    page: Page,
    Filled(form): Filled<CountForm>,
) -> Result<Response, PageError> {
    let counted = match read(&page, "counted", &form.counted, counter.unit()) {
        Ok(counted) => counted,
        Err(problems) => {
            let view = count_page(page, &counter, form.counted, problems);
            return Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view));
        }
    };
    let open = store::drawer(&app.engine, &counter).await.map_err(|error| PageError::unavailable(&page, &error))?;
    // Closed before, by a second press or on another till: there is nothing to count any more.
    let Some(open) = open else { return Ok(Redirect::to("/store").into_response()) };
    match store::close_drawer(&app.engine, open.purse.id, counted).await {
        Ok(count) => Ok(page_error::show(StatusCode::OK, &counted_page(page, &counter, count))),
        Err(SubmitError::Refused(Refusal::PurseClosed)) => Ok(Redirect::to("/store").into_response()),
        Err(error) => Err(PageError::submit(&page, &error)),
    }
}

fn counted_page(page: Page, counter: &Counter, count: Count) -> CountedPage {
    let words = page.words;
    let (expected, counted) = (count.expected, count.counted);
    let (tone, heading) = match (counted.minus(expected), expected.minus(counted)) {
        (Ok(over), Ok(_)) if over.is_zero() => (Tone::Ok, page.t("drawer-right")),
        (Ok(over), _) => (Tone::Warn, page.t_one("drawer-over", "amount", money(words, over))),
        (Err(_), short) => {
            let short = short.unwrap_or(Amount::zero(expected.unit()));
            (Tone::Warn, page.t_one("drawer-short", "amount", money(words, short)))
        }
    };
    let facts = vec![
        Fact::new(page.t("drawer-expected"), money(words, expected)),
        Fact::new(page.t("drawer-counted"), money(words, counted)),
    ];
    CountedPage { head: head(words, counter), tone, heading, facts, page }
}

/// `POST /store/bags`: a supervisor sends cash to the bank.
pub(super) async fn send_to_bank(
    State(app): State<App>,
    Serving(counter): Serving,
    page: Page,
    Filled(form): Filled<BagForm>,
) -> Result<Response, PageError> {
    let Ok(amount) = Amount::parse(&form.amount, counter.unit()) else { return Err(PageError::unreadable(&page)) };
    match store::send_to_bank(&app.engine, &counter, &form.bag, amount).await {
        Ok(_) => Ok(Redirect::to("/store").into_response()),
        Err(BagError::Submit(error)) => Err(PageError::submit(&page, &error)),
        Err(_) => Err(PageError::unreadable(&page)),
    }
}

/// An amount of cash; nothing at all is an amount too.
pub(super) fn read(page: &Page, field: &'static str, text: &str, unit: Unit) -> Result<Amount, Problems> {
    Amount::parse(text, unit).map_err(|_| Problems::one(field, page.t("problem-counted")))
}
