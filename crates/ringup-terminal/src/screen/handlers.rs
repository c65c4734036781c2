//! What each button does.

pub(super) mod top_up;

use std::time::Duration;

use axum::Form;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ringup_core::bank_note::{ClaimCode, SaleKey};
use ringup_core::card::{CardNumber, ParseCardNumberError};
use ringup_core::money::Language;
use ringup_db::bank_note::PendingCollection;
use serde::Deserialize;
use tokio::sync::oneshot;

use super::Screen;
use super::visit::Step;
use super::{pages, visit};
use crate::chance;
use crate::machine::{Begin, BeginRefusal, Command, TopUpStage, View};
use crate::wire::CardMay;

/// Whoever has typed a number waits no longer for the server.
const CARD_WAIT: Duration = Duration::from_secs(5);
/// The longest number that is kept while it is typed.
const DIGITS_MAX: usize = 28;

pub(super) async fn show(State(screen): State<Screen>) -> Response {
    screen.tick();
    let visit = screen.visit().clone();
    Html(pages::render(&visit, &screen.view())).into_response()
}

/// Says whether the page is still what it shows.
pub(super) async fn state(State(screen): State<Screen>) -> Response {
    let visit = screen.visit().version;
    let version = pages::version(visit, screen.view().version);
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], version).into_response()
}

fn to_the_screen() -> Redirect {
    Redirect::to("/")
}

#[derive(Deserialize)]
pub(super) struct LanguageForm {
    lang: String,
    /// Goes on to the card's number; else the screen stays.
    #[serde(default)]
    go: Option<String>,
}

pub(super) async fn language(State(screen): State<Screen>, Form(form): Form<LanguageForm>) -> Redirect {
    let mut visit = screen.visit();
    visit.language = if form.lang == "en" { Language::En } else { Language::ZhHans };
    if form.go.is_some() && visit.step == Step::Language {
        visit.step = Step::Card { digits: String::new(), error: None };
    }
    visit.touch();
    to_the_screen()
}

#[derive(Deserialize)]
pub(super) struct CardForm {
    #[serde(default)]
    number: String,
    #[serde(default)]
    key: Option<String>,
}

/// A key of the pad, or the number as a whole: typed, or read by the scanner.
pub(super) async fn card(State(screen): State<Screen>, Form(form): Form<CardForm>) -> Redirect {
    let number: String = form.number.chars().take(DIGITS_MAX).collect();
    if !matches!(screen.visit().step, Step::Card { .. }) {
        return to_the_screen();
    }
    if let Some(key) = form.key {
        let mut visit = screen.visit();
        visit.step = Step::Card { digits: typed(number, &key), error: None };
        visit.touch();
        return to_the_screen();
    }
    screen.visit().touch();
    let next = match number.parse::<CardNumber>() {
        Ok(card) => ask_about(&screen, card, &number).await,
        Err(error) => Step::Card { digits: number, error: Some(number_error(error).to_owned()) },
    };
    let mut visit = screen.visit();
    if matches!(visit.step, Step::Card { .. }) {
        visit.step = next;
        visit.touch();
    }
    to_the_screen()
}

fn typed(number: String, key: &str) -> String {
    let mut number: String = number.chars().filter(|character| !character.is_whitespace()).collect();
    match key {
        "delete" => {
            number.pop();
        }
        "clear" => number.clear(),
        digit if digit.len() == 1 && digit.bytes().all(|byte| byte.is_ascii_digit()) && number.len() < DIGITS_MAX => {
            number.push_str(digit);
        }
        _ => {}
    }
    number
}

const fn number_error(error: ParseCardNumberError) -> &'static str {
    match error {
        ParseCardNumberError::Empty => "card-error-missing",
        ParseCardNumberError::NotDigits => "card-error-not-digits",
        ParseCardNumberError::Length => "card-error-length",
        ParseCardNumberError::CheckDigit => "card-error-mistyped",
    }
}

async fn ask_about(screen: &Screen, card: CardNumber, number: &str) -> Step {
    let body = serde_json::json!({ "card": card.to_string() });
    let asked = tokio::time::timeout(CARD_WAIT, screen.server.post("/api/v1/kiosk/cards", &body, None)).await;
    let wrong = |error: &str| Step::Card { digits: number.to_owned(), error: Some(error.to_owned()) };
    let answer = match asked {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) | Err(_) => {
            let takes = screen.view().policy.is_some_and(|policy| policy.most_offline().is_some());
            return if takes { Step::Amount { card, may: None, error: None } } else { wrong("card-error-offline") };
        }
    };
    if answer.status == 200 {
        return match answer.read::<CardMay>() {
            Some(may) if may.may && !may.most.is_zero() => Step::Amount { card, may: Some(may), error: None },
            Some(_) => wrong("card-error-balance-too-high"),
            None => wrong("card-error-offline"),
        };
    }
    match answer.code().as_str() {
        "card_unknown" => wrong("card-error-unknown"),
        "card_suspended" => wrong("card-error-suspended"),
        "card_expired" => wrong("card-error-expired"),
        "card_closed" => wrong("card-error-closed"),
        "balance_too_high" => wrong("card-error-balance-too-high"),
        _ => wrong("card-error-other"),
    }
}

/// Notes can be put in.
pub(super) async fn pay(State(screen): State<Screen>) -> Redirect {
    let Step::Amount { card, may, .. } = screen.visit().step.clone() else { return to_the_screen() };
    let key = SaleKey(chance::bytes());
    let (reply, answer) = oneshot::channel();
    let language = screen.visit().language;
    let most = may.as_ref().map(|may| may.most);
    screen.machine.send(Command::Begin(Begin { key, card, language, most, reply }));
    let begun = answer.await.unwrap_or(Err(BeginRefusal::OutOfOrder));
    let mut visit = screen.visit();
    if !matches!(visit.step, Step::Amount { .. }) {
        screen.machine.send(Command::Stop);
        return to_the_screen();
    }
    visit.step = match begun {
        Ok(()) => Step::Pay { card, may, key },
        Err(refusal) => Step::Amount { card, may, error: Some(refusal_error(refusal)) },
    };
    visit.touch();
    to_the_screen()
}

const fn refusal_error(refusal: BeginRefusal) -> &'static str {
    match refusal {
        BeginRefusal::Busy => "pay-error-busy",
        BeginRefusal::OutOfOrder => "pay-error-out-of-order",
        BeginRefusal::BoxFull => "pay-error-box-full",
        BeginRefusal::Offline => "pay-error-offline",
    }
}

/// No more notes.
pub(super) async fn done(State(screen): State<Screen>) -> Redirect {
    screen.machine.send(Command::Stop);
    screen.visit().touch();
    to_the_screen()
}

/// One screen back. From the notes there is no way back but the end: they are in the box.
pub(super) async fn back(State(screen): State<Screen>) -> Redirect {
    let mut visit = screen.visit();
    visit.touch();
    if std::mem::take(&mut visit.is_help) {
        return to_the_screen();
    }
    visit.step = match &visit.step {
        Step::Language | Step::Card { .. } | Step::Service { .. } => Step::Language,
        Step::Amount { card, .. } => Step::Card { digits: card.to_string(), error: None },
        Step::Price { card, may, .. } => Step::Amount { card: *card, may: Some(may.clone()), error: None },
        step @ (Step::Pay { .. } | Step::Scan { .. } | Step::Receipt { .. }) => step.clone(),
    };
    to_the_screen()
}

/// The visit is over.
pub(super) async fn stop(State(screen): State<Screen>) -> Redirect {
    let has_money = {
        let visit = screen.visit();
        let sale = screen.view().sale;
        matches!(visit.step, Step::Pay { .. }) && sale.is_some_and(|sale| sale.notes > 0 || sale.is_moving)
    };
    if has_money {
        screen.machine.send(Command::Stop);
        screen.visit().touch();
    } else if may_be_paid(&screen) {
        screen.machine.send(Command::GiveUpTopUp);
        screen.visit().touch();
    } else {
        screen.forget();
    }
    to_the_screen()
}

/// A QR code is on the screen: whoever has paid it is told what becomes of that, before everything is gone.
fn may_be_paid(screen: &Screen) -> bool {
    let Step::Scan { key, .. } = screen.visit().step else { return false };
    let top_up = screen.view().top_up.filter(|top_up| top_up.key == key && top_up.was_shown && !top_up.is_lost);
    top_up.is_some_and(|top_up| matches!(top_up.stage, TopUpStage::Working | TopUpStage::Open { .. }))
}

pub(super) async fn stay(State(screen): State<Screen>) -> Redirect {
    screen.visit().touch();
    to_the_screen()
}

#[derive(Deserialize)]
pub(super) struct LookForm {
    what: String,
}

pub(super) async fn look(State(screen): State<Screen>, Form(form): Form<LookForm>) -> Redirect {
    let mut visit = screen.visit();
    match form.what.as_str() {
        "large" => visit.is_large = !visit.is_large,
        "contrast" => visit.is_contrast = !visit.is_contrast,
        _ => {}
    }
    visit.touch();
    to_the_screen()
}

pub(super) async fn help(State(screen): State<Screen>) -> Redirect {
    let mut visit = screen.visit();
    visit.is_help = true;
    visit.touch();
    to_the_screen()
}

/// The page of those who empty the box. It opens nothing without their codes, and only between two visits.
pub(super) async fn service(State(screen): State<Screen>) -> Redirect {
    let mut visit = screen.visit();
    if visit.step == Step::Language {
        visit.step = Step::Service { error: None };
        visit.is_help = false;
    }
    visit.touch();
    to_the_screen()
}

#[derive(Deserialize)]
pub(super) struct CollectForm {
    first: String,
    second: String,
}

pub(super) async fn collect(State(screen): State<Screen>, Form(form): Form<CollectForm>) -> Redirect {
    let codes = [form.first, form.second].map(|code| code.trim().to_owned());
    let view = screen.view();
    let error = match &view.policy {
        _ if codes.iter().any(String::is_empty) => Some("service-error-codes"),
        None => Some("service-error-unknown"),
        Some(_) if is_busy(&view) => Some("service-error-busy"),
        Some(policy) => {
            let box_id = policy.cash_box.id.clone();
            screen.machine.send(Command::Collect(PendingCollection { key: chance::bytes(), box_id, codes }));
            None
        }
    };
    let mut visit = screen.visit();
    visit.step = visit::Step::Service { error };
    visit.touch();
    to_the_screen()
}

fn is_busy(view: &View) -> bool {
    view.outbox.collection.is_some()
}

#[derive(Deserialize)]
pub(super) struct ClaimForm {
    code: String,
}

/// Another slip of a claim, for whoever has its code; it is marked as such.
pub(super) async fn print_claim(State(screen): State<Screen>, Form(form): Form<ClaimForm>) -> Redirect {
    let code = form.code.trim().parse::<ClaimCode>();
    let error = match code {
        Ok(code) => {
            screen.machine.send(Command::PrintClaim(code));
            None
        }
        Err(_) => Some("service-error-claim"),
    };
    let mut visit = screen.visit();
    if matches!(visit.step, Step::Service { .. }) {
        visit.step = Step::Service { error };
    }
    visit.touch();
    to_the_screen()
}
