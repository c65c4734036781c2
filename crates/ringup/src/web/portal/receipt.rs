//! The receipt, and whether one is genuine.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::top_up::TopUpCode;
use ringup_engine::receipt::{self, SignedReceipt};
use ringup_engine::top_up::{self, TopUpView};
use serde::Deserialize;

use super::form::{Asked, TypedCode};
use super::mapping::{money, tender as tender_name};
use super::page_error::{self, PageError};
use super::rating;
use super::settings::KeptLanguage;
use crate::web::i18n::time;
use crate::web::notice::{self, Refused};
use crate::web::state::App;
use crate::web::view::notice::NoticePart;
use crate::web::view::receipt::{ReceiptPage, Verdict, VerifyPage};
use crate::web::view::{Fact, Page, Problems};
use crate::web::{icons, qr};

/// `GET /receipts/{code}`
pub(super) async fn show(
    State(app): State<App>,
    TypedCode(code): TypedCode,
    kept: KeptLanguage,
    page: Page,
) -> Result<(KeptLanguage, Response), PageError> {
    let code: TopUpCode = code.parse().map_err(|_| PageError::not_found(&page))?;
    let top_up = top_up::view(&app.engine, code).await.map_err(|error| PageError::unavailable(&page, &error))?;
    let top_up = top_up.ok_or_else(|| PageError::not_found(&page))?;
    match receipt_page(&app, &page, &top_up).await? {
        Some(shown) => Ok((kept, page_error::show(StatusCode::OK, &shown))),
        // Not credited yet, or never: its own page tells how it stands.
        None => Ok((kept, Redirect::to(&format!("/top-ups/{code}")).into_response())),
    }
}

/// The receipt again, with why it was not sent.
pub(super) async fn show_again(
    app: &App,
    page: Page,
    top_up: &TopUpView,
    refused: Refused,
) -> Result<Response, PageError> {
    let mut shown = receipt_page(app, &page, top_up).await?.ok_or_else(|| PageError::not_found(&page))?;
    let marked = notice::with_refusal(refused, &mut shown.notice_part);
    Ok(marked(page_error::show(StatusCode::OK, &shown)))
}

/// The receipt of a top-up, where it can be sent, and what its holder can say of who sold it; nothing before it is credited.
pub(super) async fn receipt_page(app: &App, page: &Page, top_up: &TopUpView) -> Result<Option<ReceiptPage>, PageError> {
    let Some(signed) = receipt::of(app.engine.keys(), top_up) else { return Ok(None) };
    let code = top_up.top_up.code;
    let notice_part = notice::part(app, page, top_up, format!("/receipts/{code}/notices")).await?;
    let rateable = rating::rateable(app, page, code).await?;
    let rating = rateable.map(|rateable| rating::of_receipt(page, code, &rateable, None));
    Ok(Some(ReceiptPage { rating, ..view(app, page.clone(), signed, notice_part) }))
}

/// What the form asks.
#[derive(Default, Deserialize)]
pub(super) struct VerifyQuery {
    /// Nothing when the form was only opened.
    code: Option<String>,
}

/// `GET /verify`
pub(super) async fn ask(Asked(query): Asked<VerifyQuery>, kept: KeptLanguage, page: Page) -> (KeptLanguage, Response) {
    let typed = query.code.unwrap_or_default();
    if let Ok(code) = typed.parse::<TopUpCode>() {
        return (kept, Redirect::to(&format!("/verify/{code}")).into_response());
    }
    let (status, problems) = if typed.trim().is_empty() {
        (StatusCode::OK, Problems::none())
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, Problems::one("code", page.t("problem-code-malformed")))
    };
    (kept, page_error::show(status, &VerifyPage { page, code: typed, verdict: None, problems }))
}

/// `GET /verify/{code}`
pub(super) async fn verify(
    State(app): State<App>,
    TypedCode(typed): TypedCode,
    kept: KeptLanguage,
    page: Page,
) -> Result<(KeptLanguage, Response), PageError> {
    let code = typed.parse::<TopUpCode>().ok();
    let found = match code {
        Some(code) => find(&app, &page, code).await?,
        None => None,
    };
    let status = if found.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let verdict = found.map_or_else(|| unknown(&page), |signed| verdict(&app, &page, &signed));
    let code = code.map_or(typed, TopUpCode::grouped);
    let view = VerifyPage { page, code, verdict: Some(verdict), problems: Problems::none() };
    Ok((kept, page_error::show(status, &view)))
}

pub(super) async fn find(app: &App, page: &Page, code: TopUpCode) -> Result<Option<SignedReceipt>, PageError> {
    receipt::find(&app.engine, code).await.map_err(|error| PageError::unavailable(page, &error))
}

fn unknown(page: &Page) -> Verdict {
    Verdict {
        class: "warn",
        icon: icons::ALERT,
        heading: page.t("verify-unknown-heading"),
        text: page.t("verify-unknown-text"),
        facts: Vec::new(),
    }
}

/// The signature is checked here as anyone else would check it, not trusted because we have just made it.
fn verdict(app: &App, page: &Page, signed: &SignedReceipt) -> Verdict {
    let text = signed.receipt.signed_text();
    if !receipt::is_genuine(app.engine.keys().receipt_public_key(), &text, &signed.signature) {
        return Verdict {
            class: "danger",
            icon: icons::CROSS,
            heading: page.t("verify-altered-heading"),
            text: page.t("verify-altered-text"),
            facts: Vec::new(),
        };
    }
    let facts = facts(page, signed);
    if signed.refunded.is_zero() {
        let (heading, text) = (page.t("verify-genuine-heading"), page.t("verify-genuine-text"));
        return Verdict { class: "ok", icon: icons::CHECK, heading, text, facts };
    }
    Verdict {
        class: "warn",
        icon: icons::BACK,
        heading: page.t("verify-refunded-heading"),
        text: page.t_one("verify-refunded-text", "amount", money(page.words, signed.refunded)),
        facts,
    }
}

/// What a receipt says, line by line.
pub(in crate::web) fn facts(page: &Page, signed: &SignedReceipt) -> Vec<Fact> {
    let words = page.words;
    let receipt = &signed.receipt;
    let bonus = receipt.bonus.map(|bonus| Fact::new(page.t("fact-bonus"), money(words, bonus.amount)));
    let mut facts = vec![
        Fact::new(page.t("fact-got"), money(words, receipt.card_got)),
        Fact::new(page.t("fact-card"), format!("···· {}", receipt.card_last_four)),
    ];
    facts.extend(bonus);
    facts.extend([
        Fact::new(page.t("fact-paid"), money(words, receipt.paid)),
        Fact::new(page.t("fact-with"), tender_name(words, receipt.tender)),
        Fact::new(page.t("fact-time"), time::date_time(words, receipt.credited_at.micros())),
        Fact::code(page.t("fact-receipt-number"), receipt.id.to_string()),
    ]);
    let number = receipt.sale.and_then(|sale| sale.number);
    facts.extend(number.map(|number| Fact::new(page.t("fact-counter-number"), number.to_string())));
    facts.extend([Fact::code(page.t("fact-code"), receipt.code.grouped())]);
    facts
}

fn view(app: &App, page: Page, signed: SignedReceipt, notice_part: Option<NoticePart>) -> ReceiptPage {
    let words = page.words;
    let receipt = &signed.receipt;
    let public_url = &app.site.public_url;
    let verify_url = format!("{public_url}/verify/{}", receipt.code);
    let notice =
        (!signed.refunded.is_zero()).then(|| page.t_one("receipt-refunded", "amount", money(words, signed.refunded)));
    ReceiptPage {
        issued_at: time::date_time(words, receipt.credited_at.micros()),
        amount: money(words, receipt.card_got),
        // What came on the card stands above, large.
        facts: facts(&page, &signed).into_iter().skip(1).collect(),
        notice,
        notice_part,
        qr: qr::svg(&verify_url, &page.t("receipt-check-heading")).unwrap_or_default(),
        verify_address: verify_url.split_once("://").map_or(verify_url.clone(), |(_, address)| address.to_owned()),
        verify_url: format!("/verify/{}", receipt.code),
        signed_text: receipt.signed_text(),
        signature: vec![
            Fact::code(page.t("receipt-signature-key"), signed.key_id.clone()),
            Fact::code(page.t("receipt-signature-algorithm"), "Ed25519".to_owned()),
            Fact::code(page.t("receipt-signature-value"), signed.signature.clone()),
        ],
        rating: None,
        problems: Problems::none(),
        page,
    }
}
