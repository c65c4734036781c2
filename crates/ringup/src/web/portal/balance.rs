//! Balance and history, with card number and PIN.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::card::{CardNumber, ParseCardNumberError, Standing};
use ringup_core::id::EntryId;
use ringup_core::ledger::EntryKind;
use ringup_core::time::Span;
use ringup_db::journal::{Direction, HistoryLine, Movement};
use ringup_engine::balance::{self, CardPass, Holdings, PinError};
use ringup_engine::pin::Pin;
use serde::Deserialize;

use super::cookie::Cookie;
use super::form::{Asked, Filled};
use super::mapping::{gained, money, taken_off};
use super::page_error::{self, PageError};
use super::settings::KeptLanguage;
use crate::web::client_address::ClientAddress;
use crate::web::i18n::{Words, time};
use crate::web::state::App;
use crate::web::view::balance::{BalanceFormPage, BalancePage, HistoryRow};
use crate::web::view::problem::ProblemKind;
use crate::web::view::{Adjustment, Fact, Page, Problems};

/// How long before its end a card's page begins to warn.
const WARN_BEFORE: Span = Span::days(30);

/// A card's number and its secret.
#[derive(Deserialize)]
pub(super) struct CardForm {
    /// The number.
    #[serde(default)]
    pub(super) card: String,
    /// The secret.
    #[serde(default)]
    pub(super) pin: String,
}

/// Which page of the history.
#[derive(Default, Deserialize)]
pub(super) struct HistoryQuery {
    from: Option<u64>,
}

/// `GET /balance`
pub(super) async fn ask(kept: KeptLanguage, page: Page) -> (KeptLanguage, Response) {
    let view = BalanceFormPage { page, card: String::new(), problems: Problems::none() };
    (kept, page_error::show(StatusCode::OK, &view))
}

/// `POST /balance`
pub(super) async fn unlock(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    page: Page,
    Filled(form): Filled<CardForm>,
) -> Result<Response, PageError> {
    match open_card(&app, &page, &form, &address).await? {
        Ok(pass) => Ok(with_pass(&app, pass, "/balance/card")),
        Err(problems) => {
            let view = BalanceFormPage { page, card: form.card, problems };
            Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view))
        }
    }
}

/// `GET /balance/card`: what the PIN has opened, for ten minutes.
pub(super) async fn show(
    State(app): State<App>,
    Asked(query): Asked<HistoryQuery>,
    headers: HeaderMap,
    page: Page,
) -> Result<Response, PageError> {
    let Some(card) = opened_card(&app, &headers) else { return Ok(Redirect::to("/balance").into_response()) };
    match balance::show(&app.engine, card, query.from.map(EntryId::from_u64)).await {
        Ok(holdings) => Ok(page_error::show(StatusCode::OK, &view(&app, page, &holdings, query.from))),
        Err(PinError::Submit(error)) => Err(PageError::submit(&page, &error)),
        Err(PinError::Wrong | PinError::Locked { .. }) => Ok(Redirect::to("/balance").into_response()),
    }
}

/// `POST /balance/close`: ends the ten minutes, for those who share a device.
pub(super) async fn close(State(app): State<App>) -> Response {
    let mut response = Redirect::to("/balance").into_response();
    if let Some(cookie) = Cookie::CardPass.remove(&app.site) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The leave to look at a card, or what is wrong with the form. An unknown number and a wrong PIN are told alike.
pub(super) async fn open_card(
    app: &App,
    page: &Page,
    form: &CardForm,
    address: &str,
) -> Result<Result<CardPass, Problems>, PageError> {
    let mut problems = Problems::none();
    let card: Option<CardNumber> = match form.card.parse() {
        Ok(card) => Some(card),
        Err(error) => {
            problems.add("card", page.t(card_problem(error)));
            None
        }
    };
    let pin = Pin::parse(&form.pin).ok();
    if form.pin.trim().is_empty() {
        problems.add("pin", page.t("problem-pin-missing"));
    } else if pin.is_none() && card.is_some() {
        // No PIN at all, so nothing that could be guessed right: not counted.
        problems.add("pin", page.t("problem-card-or-pin"));
    }
    let (Some(card), Some(pin)) = (card, pin) else { return Ok(Err(problems)) };
    match balance::unlock(&app.engine, card, &pin, address).await {
        Ok(pass) => Ok(Ok(pass)),
        Err(PinError::Wrong) => Ok(Err(Problems::one("pin", page.t("problem-card-or-pin")))),
        Err(PinError::Locked { until }) => {
            let seconds = u64::try_from(until.since(app.engine.now()).as_seconds()).unwrap_or(0);
            let minutes = seconds.div_ceil(60).max(1);
            Err(PageError::new(page.clone(), StatusCode::TOO_MANY_REQUESTS, ProblemKind::Locked { minutes }))
        }
        Err(PinError::Submit(error)) => Err(PageError::submit(page, &error)),
    }
}

/// The card that a cookie of ours opens.
pub(super) fn opened_card(app: &App, headers: &HeaderMap) -> Option<CardNumber> {
    let sealed = Cookie::CardPass.read(headers)?;
    CardPass::open(app.engine.keys(), sealed, app.engine.now()).map(|pass| pass.card)
}

/// On to what the PIN has opened.
pub(super) fn with_pass(app: &App, pass: CardPass, to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    if let Some(cookie) = Cookie::CardPass.set(&app.site, &pass.seal(app.engine.keys())) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn card_problem(error: ParseCardNumberError) -> &'static str {
    match error {
        ParseCardNumberError::Empty => "problem-card-missing",
        ParseCardNumberError::NotDigits => "problem-card-not-digits",
        ParseCardNumberError::Length => "problem-card-length",
        ParseCardNumberError::CheckDigit => "problem-card-mistyped",
    }
}

fn view(app: &App, page: Page, holdings: &Holdings, from: Option<u64>) -> BalancePage {
    let words = page.words;
    let bonuses = holdings.bonuses.iter().map(|(grant, left)| Adjustment {
        label: page.t("balance-bonus"),
        amount: money(words, *left),
        note: Some(page.t_one("balance-bonus-until", "date", time::date(words, grant.expires_at.micros()))),
    });
    let valid_until = holdings.card.expires_at.map(|at| time::date(words, at.micros()));
    BalancePage {
        card_tail: holdings.card.number.last_four(),
        balance: money(words, holdings.main),
        bonuses: bonuses.collect(),
        facts: valid_until.map(|date| Fact::new(page.t("fact-valid-until"), date)).into_iter().collect(),
        warning: warning(app, &page, holdings),
        top_up_url: format!("/?card={}", holdings.card.number),
        history: holdings.history.iter().flat_map(|line| history_rows(words, line)).collect(),
        newer_url: from.map(|_| "/balance/card".to_owned()),
        older_url: holdings.more_from.map(|entry| format!("/balance/card?from={}", entry.as_u64())),
        page,
    }
}

fn warning(app: &App, page: &Page, holdings: &Holdings) -> Option<String> {
    let now = app.engine.now();
    let date = |at: ringup_core::time::Timestamp| time::date(page.words, at.micros());
    let expires_at = holdings.card.expires_at;
    match holdings.card.standing(&holdings.product, now) {
        Standing::Good => {
            let soon = expires_at.filter(|at| *at < now.plus(WARN_BEFORE))?;
            Some(page.t_one("balance-expires-soon", "date", date(soon)))
        }
        Standing::Expired { grace_until } => {
            let things = [("date", date(expires_at.unwrap_or(now))), ("grace", date(grace_until))];
            let things = things.each_ref().map(|(name, thing)| (*name, thing.as_str()));
            Some(page.words.t_with("balance-expired", &things))
        }
        Standing::Suspended => Some(page.t("balance-suspended")),
        Standing::Dead | Standing::Closed | Standing::NotSold => Some(page.t("balance-closed")),
    }
}

/// A row for what happened to the card's own money, and one for each bonus.
fn history_rows(words: Words, line: &HistoryLine) -> Vec<HistoryRow> {
    let when = time::short_date_time(words, line.effective_at.micros());
    let row = |what: &str, movement: &Movement| HistoryRow {
        when: when.clone(),
        what: words.t(what),
        amount: match movement.direction {
            Direction::In => gained(words, movement.amount),
            Direction::Out => taken_off(words, movement.amount),
        },
        is_gain: movement.direction == Direction::In,
        balance: money(words, movement.after.available(movement.unit())),
    };
    let main = line.main.iter().map(|movement| row(own_money(line.kind), movement));
    main.chain(line.bonuses.iter().map(|movement| row(bonus_money(line.kind), movement))).collect()
}

const fn own_money(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::TopUpCredited => "history-top-up",
        EntryKind::TopUpReversed => "history-refund",
        EntryKind::UsageCharged => "history-usage",
        EntryKind::OpeningBalance => "history-opening",
        EntryKind::PaymentCaptured
        | EntryKind::PaymentOwedBack
        | EntryKind::RefundSent
        | EntryKind::BonusLapsed
        | EntryKind::PurseOpened
        | EntryKind::PurseClosed
        | EntryKind::CashMoved
        | EntryKind::FloatBought
        | EntryKind::CommissionEarned
        | EntryKind::CommissionTakenBack
        | EntryKind::CommissionPaid => "history-other",
    }
}

const fn bonus_money(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::TopUpCredited => "history-bonus",
        EntryKind::TopUpReversed => "history-bonus-taken-back",
        EntryKind::UsageCharged => "history-bonus-used",
        EntryKind::BonusLapsed => "history-lapsed",
        EntryKind::OpeningBalance
        | EntryKind::PaymentCaptured
        | EntryKind::PaymentOwedBack
        | EntryKind::RefundSent
        | EntryKind::PurseOpened
        | EntryKind::PurseClosed
        | EntryKind::CashMoved
        | EntryKind::FloatBought
        | EntryKind::CommissionEarned
        | EntryKind::CommissionTakenBack
        | EntryKind::CommissionPaid => "history-other",
    }
}
