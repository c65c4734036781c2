//! Having a receipt sent by e-mail: what the pages of holders and of tills share.

use askama::Template as _;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ringup_core::money::Language;
use ringup_core::notice::{EmailAddress, NOTICES_OF_RECEIPT_MAX, NoticeState, ParseEmailError};
use ringup_core::time::Timestamp;
use ringup_db::notice::Notice;
use ringup_engine::notice::{self, Asker, NoticeError, Wording};
use ringup_engine::receipt::{self, SignedReceipt};
use ringup_engine::top_up::{IdempotencyKey, TopUpView};
use serde::Deserialize;

use super::i18n::{Locale, Words, time};
use super::mapping::money;
use super::page_error::PageError;
use super::portal::receipt_facts;
use super::problem::Problem;
use super::state::App;
use super::view::notice::{MailPage, MailText, NoticeForm, NoticePart, ReceiptMail, SentNotice};
use super::view::problem::ProblemKind;
use super::view::{Fact, Page, Problems, Tone};

/// Where a receipt is to be sent.
#[derive(Deserialize)]
pub(in crate::web) struct Asked {
    #[serde(default)]
    email: String,
    #[serde(default)]
    idempotency_key: String,
}

/// Why a receipt was not sent, in a form's words.
pub(in crate::web) struct Refused {
    status: StatusCode,
    code: &'static str,
    problem: String,
    typed: String,
    retry_after_seconds: Option<i64>,
}

/// What a form led to.
pub(in crate::web) enum Answered {
    /// It is on its way: back to its page.
    Taken,
    /// It is not: its page again, with the reason.
    Again(Refused),
    /// No form of ours asks for this.
    Elsewhere(Box<Response>),
}

/// Has a receipt sent.
pub(in crate::web) async fn ask(
    app: &App,
    page: &Page,
    view: &TopUpView,
    asked: Asked,
    asker: &Asker,
) -> Result<Answered, PageError> {
    if !notice::is_offered(&app.engine) {
        return Ok(elsewhere(&NoticeError::NotOffered));
    }
    let key = IdempotencyKey::parse(&asked.idempotency_key).map_err(|_| PageError::unreadable(page))?;
    let to = match EmailAddress::parse(&asked.email) {
        Ok(to) => to,
        Err(error) => return Ok(Answered::Again(malformed(page, error, asked.email))),
    };
    let Some(signed) = receipt::of(app.engine.keys(), view) else { return Ok(elsewhere(&NoticeError::NoReceipt)) };
    let wording = wording(app, page, view, &signed).map_err(|error| {
        tracing::error!(%error, "a mail could not be rendered");
        PageError::new(page.clone(), StatusCode::INTERNAL_SERVER_ERROR, ProblemKind::Broken)
    })?;
    let refusal = match notice::ask(&app.engine, &key, view, (&to, &wording), asker).await {
        Ok(()) => return Ok(Answered::Taken),
        Err(NoticeError::Submit(error)) => return Err(PageError::submit(page, &error)),
        Err(error @ (NoticeError::NotOffered | NoticeError::NoReceipt)) => return Ok(elsewhere(&error)),
        Err(error @ (NoticeError::TooManyOfReceipt | NoticeError::TooManyFromAddress { .. })) => error,
    };
    Ok(Answered::Again(too_many(page, &refusal, asked.email, app.engine.now())))
}

fn elsewhere(error: &NoticeError) -> Answered {
    let problem = Problem::new(StatusCode::CONFLICT, error.code(), error.to_string());
    Answered::Elsewhere(Box::new(problem.into_response()))
}

fn malformed(page: &Page, error: ParseEmailError, typed: String) -> Refused {
    let key = match error {
        ParseEmailError::Missing => "problem-email-missing",
        ParseEmailError::Length => "problem-email-length",
        ParseEmailError::Form => "problem-email-malformed",
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Refused { status, code: error.code(), problem: page.t(key), typed, retry_after_seconds: None }
}

fn too_many(page: &Page, error: &NoticeError, typed: String, now: Timestamp) -> Refused {
    let (status, problem, retry_after_seconds) = match error {
        NoticeError::TooManyFromAddress { until } => {
            let text = time::moment(page.words, until.micros(), now.micros());
            let seconds = (until.since(now).as_micros() / 1_000_000).saturating_add(1);
            (StatusCode::TOO_MANY_REQUESTS, page.t_one("problem-notices-from-address", "time", text), Some(seconds))
        }
        _ => (StatusCode::CONFLICT, page.t("problem-notices-of-receipt"), None),
    };
    Refused { status, code: error.code(), problem, typed, retry_after_seconds }
}

/// A page with what was refused on it.
pub(in crate::web) fn with_refusal(
    refused: Refused,
    part: &mut Option<NoticePart>,
) -> impl FnOnce(Response) -> Response + use<> {
    let Refused { status, code, problem, typed, retry_after_seconds } = refused;
    if let Some(part) = part {
        part.problems = Problems::one("email", problem);
        part.refused = Some(code);
        if let Some(form) = &mut part.form {
            form.typed = typed;
        }
    }
    move |mut response| {
        *response.status_mut() = status;
        if let Some(seconds) = retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// The part of a page where its receipt can be sent; nothing where no mail server is set up, or there is no receipt.
pub(in crate::web) async fn part(
    app: &App,
    page: &Page,
    view: &TopUpView,
    action: String,
) -> Result<Option<NoticePart>, PageError> {
    if !notice::is_offered(&app.engine) || receipt::of(app.engine.keys(), view).is_none() {
        return Ok(None);
    }
    let notices = notice::of(&app.engine, view).await.map_err(|error| PageError::unavailable(page, &error))?;
    let now = app.engine.now();
    let is_left = u32::try_from(notices.len()).is_ok_and(|count| count < NOTICES_OF_RECEIPT_MAX);
    let form = || {
        let idempotency_key = IdempotencyKey::draw().as_str().to_owned();
        NoticeForm { action, idempotency_key, typed: String::new(), autocomplete: "email" }
    };
    Ok(Some(NoticePart {
        sent: notices.iter().map(|notice| sent(page, notice, now)).collect(),
        form: is_left.then(form),
        problems: Problems::none(),
        refused: None,
    }))
}

fn sent(page: &Page, notice: &Notice, now: Timestamp) -> SentNotice {
    let ended = time::moment(page.words, notice.ended_at.unwrap_or(now).micros(), now.micros());
    let (tone, key) = match notice.state {
        NoticeState::Waiting => (Tone::Wait, "notice-waiting"),
        NoticeState::Delivered => (Tone::Ok, "notice-delivered"),
        NoticeState::Refused => (Tone::Warn, "notice-refused"),
        NoticeState::GivenUp => (Tone::Warn, "notice-given-up"),
    };
    SentNotice { tone, text: page.words.t_with(key, &[("address", &notice.masked), ("time", &ended)]) }
}

/// What the mail says: in the language that the top-up was bought in, whoever asks for it.
fn wording(app: &App, page: &Page, view: &TopUpView, signed: &SignedReceipt) -> Result<Wording, askama::Error> {
    let locale = match view.top_up.language {
        Language::En => Locale::En,
        Language::ZhHans => Locale::ZhHans,
    };
    let words = Words::of(locale);
    let (receipt, public_url) = (&signed.receipt, &app.site.public_url);
    let amount = money(words, receipt.card_got);
    let things = [("amount", amount.as_str()), ("tail", &receipt.card_last_four)];
    let refunded = || words.t_one("receipt-refunded", "amount", money(words, signed.refunded));
    let facts = receipt_facts(&Page { words, ..page.clone() }, signed);
    let line = |fact: &Fact| words.t_with("mail-fact", &[("label", &fact.label), ("value", &fact.value)]);
    let mail = ReceiptMail {
        heading: words.t_with("credited-heading", &things),
        notice: (!signed.refunded.is_zero()).then(refunded),
        lines: facts.iter().map(line).collect(),
        facts,
        receipt_url: format!("{public_url}/receipts/{}", receipt.code),
        verify_url: format!("{public_url}/verify/{}", receipt.code),
        official_url: format!("{public_url}/official"),
    };
    Ok(Wording {
        subject: words.t_with("mail-subject", &things),
        text: MailText { words, mail: &mail }.render()?,
        html: MailPage { words, mail: &mail }.render()?,
    })
}
