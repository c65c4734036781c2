//! Undoing a sale: asked for on its slip, decided by somebody else with his own PIN, and handed back in cash.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::apply::Refusal;
use ringup_core::id::{RefundId, VoidId};
use ringup_core::top_up::TopUp;
use ringup_db::void_request::VoidRequest;
use ringup_engine::clerk::{self, SignInError};
use ringup_engine::error::SubmitError;
use ringup_engine::pin::Pin;
use ringup_engine::store::{self, Counter, Decision, VoidError};
use ringup_engine::top_up::IdempotencyKey;
use serde::Deserialize;

use super::counter::Serving;
use super::mapping::head;
use super::sale;
use crate::web::form::{Filled, TypedCode};
use crate::web::i18n::time;
use crate::web::mapping::money;
use crate::web::page_error::{self, PageError};
use crate::web::state::App;
use crate::web::view::store::{UndoPage, UndoRow};
use crate::web::view::{Fact, Page, Problems};

/// Why a sale is to be undone.
#[derive(Deserialize)]
pub(super) struct UndoForm {
    #[serde(default)]
    reason: String,
}

/// Who decides, and what.
#[derive(Deserialize)]
pub(super) struct DecideForm {
    #[serde(default)]
    number: String,
    #[serde(default)]
    pin: String,
    #[serde(default)]
    decision: String,
}

/// That the cash was handed over.
#[derive(Deserialize)]
pub(super) struct PayOutForm {
    #[serde(default)]
    idempotency_key: String,
}

/// `POST /store/sales/{code}/undo`
pub(super) async fn ask(
    State(app): State<App>,
    Serving(counter): Serving,
    TypedCode(code): TypedCode,
    page: Page,
    Filled(form): Filled<UndoForm>,
) -> Result<Response, PageError> {
    let view = sale::find_sale(&app, &page, &counter, &code).await?;
    let problem = match store::ask_to_undo(&app.engine, &counter, view.top_up.code, &form.reason).await {
        Ok(_) | Err(VoidError::AskedAlready) => {
            return Ok(Redirect::to(&format!("/store/sales/{}", view.top_up.code)).into_response());
        }
        Err(VoidError::ReasonMissing) => "problem-undo-reason",
        Err(VoidError::NotOurs) => return Err(PageError::not_found(&page)),
        Err(VoidError::Submit(error)) => return Err(PageError::submit(&page, &error)),
        Err(VoidError::Unknown | VoidError::OwnRequest | VoidError::NotSupervisor | VoidError::Decided) => {
            return Err(PageError::unreadable(&page));
        }
    };
    let problems = Problems::one("reason", page.t(problem));
    let shown = sale::slip_page(&app, page, &counter, &view, problems).await?;
    Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &shown))
}

/// `GET /store/undo`
pub(super) async fn list(State(app): State<App>, Serving(counter): Serving, page: Page) -> Result<Response, PageError> {
    let shown = view(&app, page, &counter, Problems::none()).await?;
    Ok(page_error::show(StatusCode::OK, &shown))
}

async fn view(app: &App, page: Page, counter: &Counter, problems: Problems) -> Result<UndoPage, PageError> {
    let waiting = store::waiting(&app.engine, counter).await;
    let waiting = waiting.map_err(|error| PageError::unavailable(&page, &error))?;
    let requests = waiting.iter().map(|(request, top_up)| row(&page, request, top_up)).collect();
    Ok(UndoPage { head: head(page.words, counter), requests, problems, page })
}

fn row(page: &Page, request: &VoidRequest, top_up: &TopUp) -> UndoRow {
    let words = page.words;
    UndoRow {
        url: format!("/store/undo/{}", request.id),
        reason: request.reason.clone(),
        facts: vec![
            Fact::new(page.t("fact-paid"), money(words, top_up.quote.you_pay)),
            Fact::new(page.t("fact-card"), format!("···· {}", top_up.card().last_four())),
            Fact::new(page.t("fact-time"), time::date_time(words, top_up.placed_at.micros())),
            Fact::new(page.t("undo-asked-at"), time::date_time(words, request.asked_at.micros())),
        ],
    }
}

/// `POST /store/undo/{id}`: somebody else decides, here or on his own till, with his own PIN.
pub(super) async fn decide(
    State(app): State<App>,
    Serving(counter): Serving,
    Path(id): Path<String>,
    page: Page,
    Filled(form): Filled<DecideForm>,
) -> Result<Response, PageError> {
    let id: VoidId = id.parse().map_err(|_| PageError::not_found(&page))?;
    let decision = match form.decision.as_str() {
        "approve" => Decision::Approve,
        "refuse" => Decision::Refuse,
        _ => return Err(PageError::unreadable(&page)),
    };
    let problem = match decided(&app, &counter, &form, (id, decision)).await {
        Ok(()) => return Ok(Redirect::to("/store/undo").into_response()),
        Err(DecideError::SignIn(SignInError::Submit(error)) | DecideError::Void(VoidError::Submit(error)))
            if !matches!(error, SubmitError::Refused(_)) =>
        {
            return Err(PageError::submit(&page, &error));
        }
        Err(DecideError::SignIn(SignInError::Locked { .. })) => "problem-clerk-locked-short",
        Err(DecideError::SignIn(_)) => "problem-clerk-wrong",
        Err(DecideError::Void(VoidError::OwnRequest)) => "problem-undo-own",
        Err(DecideError::Void(VoidError::NotSupervisor)) => "problem-undo-supervisor",
        Err(DecideError::Void(VoidError::Submit(SubmitError::Refused(Refusal::CardHasSpent { .. })))) => {
            "problem-undo-spent"
        }
        Err(DecideError::Void(_)) => "problem-undo-decided",
    };
    let problems = Problems::one("pin-1", page.t(problem));
    let shown = view(&app, page, &counter, problems).await?;
    Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &shown))
}

/// Why nothing was decided.
enum DecideError {
    SignIn(SignInError),
    Void(VoidError),
}

async fn decided(
    app: &App,
    counter: &Counter,
    form: &DecideForm,
    (id, decision): (VoidId, Decision),
) -> Result<(), DecideError> {
    let pin = Pin::parse(&form.pin).map_err(|_| DecideError::SignIn(SignInError::Wrong))?;
    let decider = clerk::check_pin(&app.engine, counter.store.place, &form.number, &pin).await;
    let decider = decider.map_err(DecideError::SignIn)?;
    store::decide(&app.engine, counter, &decider, id, decision).await.map(drop).map_err(DecideError::Void)
}

/// `POST /store/refunds/{id}`: the clerk has handed the cash over.
pub(super) async fn pay_out(
    State(app): State<App>,
    Serving(counter): Serving,
    Path(id): Path<String>,
    page: Page,
    Filled(form): Filled<PayOutForm>,
) -> Result<Response, PageError> {
    let id: RefundId = id.parse().map_err(|_| PageError::not_found(&page))?;
    let key = IdempotencyKey::parse(&form.idempotency_key).map_err(|_| PageError::unreadable(&page))?;
    let unavailable = |error| PageError::unavailable(&page, &error);
    let open = store::drawer(&app.engine, &counter).await.map_err(unavailable)?;
    let Some(open) = open else { return Ok(Redirect::to("/store").into_response()) };
    let view = ringup_engine::refund::top_up_of(&app.engine, id).await.map_err(unavailable)?;
    let view = view.ok_or_else(|| PageError::not_found(&page))?;
    let view = sale::find_sale(&app, &page, &counter, &view.top_up.code.to_string()).await?;
    let problem = match store::pay_out(&app.engine, &key, id, open.purse.id).await {
        Ok(_) => return Ok(Redirect::to(&format!("/store/sales/{}", view.top_up.code)).into_response()),
        Err(SubmitError::Refused(Refusal::RefundPaidOut)) => "problem-paid-out-already",
        Err(SubmitError::Refused(Refusal::CashInsufficient)) => "problem-cash-insufficient",
        Err(error) => return Err(PageError::submit(&page, &error)),
    };
    let problems = Problems::one("pay-out", page.t(problem));
    let shown = sale::slip_page(&app, page, &counter, &view, problems).await?;
    Ok(page_error::show(StatusCode::CONFLICT, &shown))
}
