//! Having a receipt sent by e-mail or as a text message: what the pages of holders and of tills share.

use askama::Template as _;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ringup_core::money::Language;
use ringup_core::notice::{
    EmailAddress, NOTICES_OF_RECEIPT_MAX, NoticeKind, NoticeState, ParseEmailError, ParseMobileError,
};
use ringup_core::time::Timestamp;
use ringup_db::notice::Notice;
use ringup_engine::notice::{self, Asker, Message, NoticeError, Wording};
use ringup_engine::receipt::{self, SignedReceipt};
use ringup_engine::top_up::{IdempotencyKey, TopUpView};
use serde::Deserialize;

use super::i18n::{Locale, Words, time};
use super::mapping::money;
use super::page_error::PageError;
use super::portal::receipt_facts;
use super::problem::Problem;
use super::state::App;
use super::view::notice::{MailPage, MailText, NoticeField, NoticeForm, NoticePart, ReceiptMail, SentNotice};
use super::view::problem::ProblemKind;
use super::view::{Fact, Page, Problems, Tone};

/// Where a receipt is to be sent: to the number of the one form, or to the address of the other.
#[derive(Deserialize)]
pub(in crate::web) struct Asked {
    #[serde(default)]
    email: String,
    mobile: Option<String>,
    #[serde(default)]
    idempotency_key: String,
}

/// Why a receipt was not sent, in a form's words.
pub(in crate::web) struct Refused {
    kind: NoticeKind,
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
    let (kind, typed) = match asked.mobile {
        Some(mobile) => (NoticeKind::Sms, mobile),
        None => (NoticeKind::Email, asked.email),
    };
    if !notice::is_offered(&app.engine, kind) {
        return Ok(elsewhere(&NoticeError::NotOffered { kind }));
    }
    let key = IdempotencyKey::parse(&asked.idempotency_key).map_err(|_| PageError::unreadable(page))?;
    let Some(signed) = receipt::of(app.engine.keys(), view) else { return Ok(elsewhere(&NoticeError::NoReceipt)) };
    let message = match message(app, page, (kind, &typed), view, &signed)? {
        Ok(message) => message,
        Err((code, problem)) => return Ok(Answered::Again(malformed(page, (kind, typed), code, problem))),
    };
    let refusal = match notice::ask(&app.engine, &key, view, &message, asker).await {
        Ok(()) => return Ok(Answered::Taken),
        Err(NoticeError::Submit(error)) => return Err(PageError::submit(page, &error)),
        Err(error @ (NoticeError::NotOffered { .. } | NoticeError::NoReceipt)) => return Ok(elsewhere(&error)),
        Err(error @ (NoticeError::TooManyOfReceipt | NoticeError::TooManyFromAddress { .. })) => error,
    };
    Ok(Answered::Again(too_many(page, &refusal, (kind, typed), app.engine.now())))
}

/// What is to be sent, and where to; or the code and the sentence of what is wrong with what was typed.
fn message(
    app: &App,
    page: &Page,
    (kind, typed): (NoticeKind, &str),
    view: &TopUpView,
    signed: &SignedReceipt,
) -> Result<Result<Message, (&'static str, &'static str)>, PageError> {
    match kind {
        NoticeKind::Email => match EmailAddress::parse(typed) {
            Err(error) => Ok(Err((error.code(), email_problem(error)))),
            Ok(to) => match wording(app, page, view, signed) {
                Ok(wording) => Ok(Ok(Message::Mail { to, wording })),
                Err(error) => {
                    tracing::error!(%error, "a mail could not be rendered");
                    Err(PageError::new(page.clone(), StatusCode::INTERNAL_SERVER_ERROR, ProblemKind::Broken))
                }
            },
        },
        NoticeKind::Sms => match notice::read_mobile(&app.engine, typed).unwrap_or(Err(ParseMobileError::Form)) {
            Err(error) => Ok(Err((error.code(), mobile_problem(error)))),
            Ok(to) => Ok(Ok(Message::Text { to, text: text(app, page, signed) })),
        },
    }
}

fn elsewhere(error: &NoticeError) -> Answered {
    let problem = Problem::new(StatusCode::CONFLICT, error.code(), error.to_string());
    Answered::Elsewhere(Box::new(problem.into_response()))
}

const fn email_problem(error: ParseEmailError) -> &'static str {
    match error {
        ParseEmailError::Missing => "problem-email-missing",
        ParseEmailError::Length => "problem-email-length",
        ParseEmailError::Form => "problem-email-malformed",
    }
}

const fn mobile_problem(error: ParseMobileError) -> &'static str {
    match error {
        ParseMobileError::Missing => "problem-mobile-missing",
        ParseMobileError::Form => "problem-mobile-malformed",
        ParseMobileError::NotMobile => "problem-mobile-not-mobile",
        ParseMobileError::Country => "problem-mobile-country",
    }
}

fn malformed(page: &Page, (kind, typed): (NoticeKind, String), code: &'static str, problem: &str) -> Refused {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Refused { kind, status, code, problem: page.t(problem), typed, retry_after_seconds: None }
}

fn too_many(page: &Page, error: &NoticeError, (kind, typed): (NoticeKind, String), now: Timestamp) -> Refused {
    let (status, problem, retry_after_seconds) = match error {
        NoticeError::TooManyFromAddress { until } => {
            let text = time::moment(page.words, until.micros(), now.micros());
            let seconds = (until.since(now).as_micros() / 1_000_000).saturating_add(1);
            (StatusCode::TOO_MANY_REQUESTS, page.t_one("problem-notices-from-address", "time", text), Some(seconds))
        }
        _ => (StatusCode::CONFLICT, page.t("problem-notices-of-receipt"), None),
    };
    Refused { kind, status, code: error.code(), problem, typed, retry_after_seconds }
}

/// A page with what was refused on it.
pub(in crate::web) fn with_refusal(
    refused: Refused,
    part: &mut Option<NoticePart>,
) -> impl FnOnce(Response) -> Response + use<> {
    let Refused { kind, status, code, problem, typed, retry_after_seconds } = refused;
    if let Some(part) = part {
        let field = match kind {
            NoticeKind::Email => "email",
            NoticeKind::Sms => "mobile",
        };
        part.problems = Problems::one(field, problem);
        part.refused = Some(code);
        let forms = part.form.as_mut();
        let field = forms.and_then(|forms| match kind {
            NoticeKind::Email => forms.email.as_mut(),
            NoticeKind::Sms => forms.mobile.as_mut(),
        });
        if let Some(field) = field {
            field.typed = typed;
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

/// The part of a page where its receipt can be sent; nothing where neither a mail server nor an SMS centre is set up, or there is no
/// receipt.
pub(in crate::web) async fn part(
    app: &App,
    page: &Page,
    view: &TopUpView,
    action: String,
) -> Result<Option<NoticePart>, PageError> {
    let [email, mobile] = [NoticeKind::Email, NoticeKind::Sms].map(|kind| notice::is_offered(&app.engine, kind));
    let (heading, buttons) = match (email, mobile) {
        (false, false) => return Ok(None),
        (true, false) => ("notice-heading", ("notice-button", "")),
        (false, true) => ("notice-heading-sms", ("", "notice-button")),
        (true, true) => ("notice-heading-both", ("notice-button-email", "notice-button-sms")),
    };
    if receipt::of(app.engine.keys(), view).is_none() {
        return Ok(None);
    }
    let notices = notice::of(&app.engine, view).await.map_err(|error| PageError::unavailable(page, &error))?;
    let now = app.engine.now();
    let is_left = u32::try_from(notices.len()).is_ok_and(|count| count < NOTICES_OF_RECEIPT_MAX);
    let field = |autocomplete: &'static str, button: &str| NoticeField {
        typed: String::new(),
        autocomplete,
        button: page.t(button),
    };
    let form = || NoticeForm {
        action,
        idempotency_key: IdempotencyKey::draw().as_str().to_owned(),
        email: email.then(|| field("email", buttons.0)),
        mobile: mobile.then(|| field("tel", buttons.1)),
    };
    Ok(Some(NoticePart {
        heading: page.t(heading),
        sent: notices.iter().map(|notice| sent(page, notice, now)).collect(),
        form: is_left.then(form),
        problems: Problems::none(),
        refused: None,
    }))
}

fn sent(page: &Page, notice: &Notice, now: Timestamp) -> SentNotice {
    let ended = time::moment(page.words, notice.ended_at.unwrap_or(now).micros(), now.micros());
    let is_text = notice.kind == NoticeKind::Sms;
    let either = |email, sms| if is_text { sms } else { email };
    let (tone, key) = match notice.state {
        NoticeState::Waiting => (Tone::Wait, either("notice-waiting", "notice-sms-waiting")),
        NoticeState::Delivered => (Tone::Ok, either("notice-delivered", "notice-sms-delivered")),
        NoticeState::Refused => (Tone::Warn, either("notice-refused", "notice-sms-refused")),
        NoticeState::GivenUp => (Tone::Warn, either("notice-given-up", "notice-sms-given-up")),
        // An SMS centre's words alone.
        NoticeState::Accepted => (Tone::Ok, "notice-sms-accepted"),
        NoticeState::Failed => (Tone::Warn, "notice-sms-failed"),
        NoticeState::Unanswered => (Tone::Warn, "notice-sms-unanswered"),
    };
    SentNotice { tone, text: page.words.t_with(key, &[("address", &notice.masked), ("time", &ended)]) }
}

/// What the text message says: in the language of the page that it is asked for on.
fn text(app: &App, page: &Page, signed: &SignedReceipt) -> String {
    let (words, receipt) = (page.words, &signed.receipt);
    let things = [
        ("amount", money(words, receipt.card_got)),
        ("tail", receipt.card_last_four.clone()),
        ("time", time::date_time(words, receipt.credited_at.micros())),
        ("number", receipt.id.to_string()),
        ("url", format!("{}/receipts/{}", app.site.public_url, receipt.code)),
    ];
    let text = words.t_with("sms-receipt", &things.each_ref().map(|(name, thing)| (*name, thing.as_str())));
    if signed.refunded.is_zero() {
        return text;
    }
    // Before the address: whoever opens that reads it there again.
    format!("{}\n{text}", words.t_one("receipt-refunded", "amount", money(words, signed.refunded)))
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
