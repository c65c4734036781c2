//! The sale: chosen, looked at with its price, made with one press.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::apply::{Again, Refusal};
use ringup_core::card::CardNumber;
use ringup_core::money::Amount;
use ringup_core::quote::Quote;
use ringup_core::top_up::TopUpCode;
use ringup_engine::agent::{self, Sell, SellError};
use ringup_engine::error::SubmitError;
use ringup_engine::quote::{self, QuoteError, QuoteToken};
use ringup_engine::top_up::IdempotencyKey;
use serde::Deserialize;

use super::home;
use super::mapping::{facts, head, not_selling, state};
use super::signed_in::{AtWork, Working};
use crate::web::form::{Filled, TypedCode, typed_card};
use crate::web::i18n::time;
use crate::web::mapping::{language, money, quote_table};
use crate::web::page_error::{self, PageError};
use crate::web::portal::refused_quote;
use crate::web::qr;
use crate::web::state::App;
use crate::web::view::agent::{CheckPage, SalePage};
use crate::web::view::{Page, Problems, QuoteTable};

/// What was typed and chosen.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    pub(super) card: String,
    /// One of the tiles.
    #[serde(default)]
    pub(super) amount: String,
    /// An amount that stands on no tile.
    #[serde(default)]
    pub(super) other: String,
}

impl Typed {
    /// What a quote was of.
    pub(super) fn of(quote: &Quote) -> Self {
        Self { card: quote.card.grouped(), amount: quote.card_gets.to_decimal(), other: String::new() }
    }

    /// The chosen amount, with the field that it comes from.
    fn amount(&self, page: &Page, at_work: &AtWork, problems: &mut Problems) -> Option<(Amount, &'static str)> {
        let (field, text) =
            if self.other.trim().is_empty() { ("amount", &self.amount) } else { ("other", &self.other) };
        match Amount::parse(text, at_work.seller.business.unit) {
            Ok(amount) if !amount.is_zero() => Some((amount, field)),
            Ok(_) | Err(_) => {
                let key = if text.trim().is_empty() { "problem-amount-missing" } else { "problem-amount-not-a-number" };
                problems.add(field, page.t(key));
                None
            }
        }
    }
}

/// The decision.
#[derive(Clone, Deserialize)]
pub(super) struct SellForm {
    #[serde(default)]
    quote: String,
    #[serde(default)]
    idempotency_key: String,
    #[serde(default)]
    confirm_another: String,
}

/// `POST /agent/check`: what is chosen, with its price.
pub(super) async fn check(
    State(app): State<App>,
    Working(at_work): Working,
    page: Page,
    Filled(typed): Filled<Typed>,
) -> Result<Response, PageError> {
    let mut problems = Problems::none();
    let card = typed_card(&page, &typed.card, &mut problems);
    let amount = typed.amount(&page, &at_work, &mut problems);
    if let (Some(card), Some((amount, field))) = (card, amount) {
        match priced(&app, &page, card, (amount, field)).await? {
            Ok(token) => {
                let key = IdempotencyKey::draw().as_str().to_owned();
                let view = check_page(&app, page, &at_work, token, key).await?;
                return Ok(page_error::show(StatusCode::OK, &view));
            }
            Err(why) => problems = why,
        }
    }
    again(&app, page, &at_work, typed, problems).await
}

async fn priced(
    app: &App,
    page: &Page,
    card: CardNumber,
    (amount, field): (Amount, &'static str),
) -> Result<Result<String, Problems>, PageError> {
    match quote::make(&app.engine, card, amount).await {
        Ok(quoted) => Ok(Ok(quoted.token.as_str().to_owned())),
        Err(QuoteError::CardUnknown) => Ok(Err(Problems::one("card", page.t("problem-card-refused")))),
        Err(QuoteError::Refused(refusal)) => {
            let mut problems = Problems::none();
            refused_quote(&mut problems, page, field, refusal);
            Ok(Err(problems))
        }
        Err(QuoteError::Unavailable(error)) => Err(PageError::unavailable(page, &error)),
    }
}

async fn check_page(
    app: &App,
    page: Page,
    at_work: &AtWork,
    token: String,
    idempotency_key: String,
) -> Result<CheckPage, PageError> {
    let quote = QuoteToken::open(app.engine.keys(), &token).map_err(|_| PageError::unreadable(&page))?;
    let float = agent::float(&app.engine, &at_work.seller.business).await;
    let float = float.map_err(|error| PageError::unavailable(&page, &error))?;
    let now = app.engine.now();
    let words = page.words;
    let left = float.available.minus(quote.you_pay).ok();
    let mut problems = Problems::none();
    if let Some(why) = not_selling(words, &at_work.seller, now) {
        problems.add("sell", why);
    } else if left.is_none() {
        problems.add("sell", words.t_one("problem-float-insufficient", "amount", money(words, float.available)));
    }
    Ok(CheckPage {
        page: Page { here: "/agent".to_owned(), ..page },
        head: head(words, at_work, &float),
        card: quote.card.grouped(),
        quote: QuoteTable { arrives: words.t("till-at-once"), ..quote_table(words, &quote, now) },
        left: left.map(|left| money(words, left)),
        quote_token: token,
        idempotency_key,
        another: None,
        problems,
    })
}

/// `POST /agent/sales`
pub(super) async fn sell(
    State(app): State<App>,
    Working(at_work): Working,
    page: Page,
    Filled(form): Filled<SellForm>,
) -> Result<Response, PageError> {
    let key = IdempotencyKey::parse(&form.idempotency_key).map_err(|_| PageError::unreadable(&page))?;
    let quote = QuoteToken::open(app.engine.keys(), &form.quote).map_err(|_| PageError::unreadable(&page))?;
    let request = Sell {
        key,
        card: quote.card,
        amount: quote.card_gets,
        quote: Some(form.quote.clone()),
        language: language(page.words),
        again: if form.confirm_another == "yes" { Again::Confirmed } else { Again::Ask },
    };
    match agent::sell(&app.engine, &at_work.seller, request).await {
        Ok(sold) => Ok(Redirect::to(&format!("/agent/sales/{}", sold.top_up.code)).into_response()),
        Err(error) => not_sold(&app, page, &at_work, (form, &quote), error).await,
    }
}

async fn not_sold(
    app: &App,
    page: Page,
    at_work: &AtWork,
    (form, quote): (SellForm, &Quote),
    error: SellError,
) -> Result<Response, PageError> {
    let words = page.words;
    let mut problems = Problems::none();
    let refusal = match error {
        // Both are told on the page itself.
        SellError::NotSelling(_) | SellError::Submit(SubmitError::Refused(Refusal::FloatInsufficient { .. })) => {
            let view = check_page(app, page, at_work, form.quote, form.idempotency_key).await?;
            return Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view));
        }
        SellError::QuoteUnreadable | SellError::QuoteOfSomethingElse => return Err(PageError::unreadable(&page)),
        SellError::PriceDiffers => Refusal::QuoteExpired,
        SellError::Quote(QuoteError::Unavailable(error)) => return Err(PageError::unavailable(&page, &error)),
        SellError::Quote(QuoteError::CardUnknown) => Refusal::CardUnknown,
        SellError::Quote(QuoteError::Refused(refusal)) => Refusal::Quote(refusal),
        SellError::Submit(SubmitError::Refused(refusal)) => refusal,
        SellError::Submit(error) => return Err(PageError::submit(&page, &error)),
    };
    match refusal {
        Refusal::AnotherOne { credited_at, .. } => {
            let at = time::moment(words, credited_at.micros(), app.engine.now().micros());
            let amount = money(words, quote.card_gets);
            let heading = words.t_with("another-heading", &[("amount", &amount), ("time", &at)]);
            let mut view = check_page(app, page, at_work, form.quote, form.idempotency_key).await?;
            view.problems.add("another", words.t("problem-another-unconfirmed"));
            let view = CheckPage { another: Some(heading), ..view };
            return Ok(page_error::show(StatusCode::CONFLICT, &view));
        }
        Refusal::QuoteExpired => problems.add("amount", page.t("problem-till-price-old")),
        Refusal::CardUnknown => problems.add("card", page.t("problem-card-refused")),
        Refusal::Quote(refusal) => refused_quote(&mut problems, &page, "amount", refusal),
        other => return Err(PageError::submit(&page, &other.into())),
    }
    again(app, page, at_work, Typed::of(quote), problems).await
}

/// The first page again, with everything kept and what is wrong with it.
async fn again(
    app: &App,
    page: Page,
    at_work: &AtWork,
    typed: Typed,
    problems: Problems,
) -> Result<Response, PageError> {
    let view = home::view(app, page, at_work, typed, problems).await?;
    Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

/// `GET /agent/sales/{code}`: a sale that was made, with what its buyer can check it by.
pub(super) async fn show(
    State(app): State<App>,
    Working(at_work): Working,
    TypedCode(code): TypedCode,
    page: Page,
) -> Result<Response, PageError> {
    let code: TopUpCode = code.parse().map_err(|_| PageError::not_found(&page))?;
    let unavailable = |error| PageError::unavailable(&page, &error);
    let view = agent::find_sale(&app.engine, &at_work.seller, code).await.map_err(unavailable)?;
    let view = view.ok_or_else(|| PageError::not_found(&page))?;
    let float = agent::float(&app.engine, &at_work.seller.business).await.map_err(unavailable)?;
    let words = page.words;
    let top_up = &view.top_up;
    let (tone, key) = state(top_up);
    let is_credited = top_up.state.name() == "credited";
    let (amount, tail) = (money(words, top_up.quote.card_gets), top_up.card().last_four());
    let heading = if is_credited {
        words.t_with("credited-heading", &[("amount", &amount), ("tail", &tail)])
    } else {
        words.t(key)
    };
    let url = format!("{}/top-ups/{}", app.site.public_url, top_up.code);
    let view = SalePage {
        head: head(words, &at_work, &float),
        tone,
        heading,
        facts: facts(words, &at_work.seller, &view),
        qr: qr::svg(&url, &words.t("receipt-check-heading")).unwrap_or_default(),
        receipt_url: top_up.state.receipt().map(|_| format!("/receipts/{}", top_up.code)),
        repeat_url: format!("/agent?repeat={}", top_up.code),
        page,
    };
    Ok(page_error::show(StatusCode::OK, &view))
}
