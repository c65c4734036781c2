//! Float bought through a provider: ordered, paid, and how it stands.

use axum::extract::State;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::float_purchase::{FloatPurchase, FloatPurchaseState};
use ringup_core::id::FloatPurchaseId;
use ringup_core::money::Amount;
use ringup_core::payment::{PayMethod, Provider};
use ringup_core::time::Timestamp;
use ringup_engine::agent::{self, BuyError, BuyFloat};
use ringup_engine::top_up::IdempotencyKey;
use serde::Deserialize;

use super::float::{self, state};
use super::mapping::{head, not_selling};
use super::signed_in::{AtWork, Working};
use crate::web::client_address::ClientAddress;
use crate::web::form::{Asked, Filled, TypedCode};
use crate::web::i18n::time;
use crate::web::mapping::{app as app_name, deadline, money, provider as provider_name};
use crate::web::page_error::{self, PageError};
use crate::web::portal::{Device, is_web_address, pay_by};
use crate::web::qr;
use crate::web::state::App;
use crate::web::view::agent::{PayPart, PurchasePage};
use crate::web::view::{Fact, Live, Page, Problems};

/// What is to be bought.
#[derive(Clone, Default, Deserialize)]
pub(super) struct BuyForm {
    #[serde(default)]
    pub(super) amount: String,
    #[serde(default)]
    pub(super) provider: String,
    #[serde(default)]
    pub(super) idempotency_key: String,
}

/// What an address says beside the number.
#[derive(Default, Deserialize)]
pub(super) struct PurchaseQuery {
    /// How the purchase stood when the page was made.
    #[serde(default)]
    seen: String,
    /// When the agent had it looked at, in seconds since 1970.
    looked: Option<i64>,
}

/// `POST /agent/float/purchases`
pub(super) async fn buy(
    State(app): State<App>,
    Working(at_work): Working,
    device: Device,
    ClientAddress(address): ClientAddress,
    page: Page,
    Filled(form): Filled<BuyForm>,
) -> Result<Response, PageError> {
    let key = IdempotencyKey::parse(&form.idempotency_key).map_err(|_| PageError::unreadable(&page))?;
    let mut problems = Problems::none();
    let amount = Amount::parse(&form.amount, at_work.seller.business.unit);
    if amount.is_err() {
        let key = if form.amount.trim().is_empty() { "problem-amount-missing" } else { "problem-amount-not-a-number" };
        problems.add("amount", page.t(key));
    }
    let provider = Provider::from_name(&form.provider);
    if provider.is_none() {
        problems.add("provider", page.t("problem-provider-missing"));
    }
    if let (Ok(amount), Some(provider)) = (amount, provider) {
        let pay = pay_by(provider, device, address);
        match agent::buy(&app.engine, &at_work.seller, BuyFloat { key, amount, pay }).await {
            Ok(placed) => return Ok(Redirect::to(&url(placed.id)).into_response()),
            Err(error) => not_bought(&app, &page, &at_work, &mut problems, error)?,
        }
    }
    let view = float::view(&app, page, &at_work, form, problems).await?;
    Ok(page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

fn not_bought(
    app: &App,
    page: &Page,
    at_work: &AtWork,
    problems: &mut Problems,
    error: BuyError,
) -> Result<(), PageError> {
    let words = page.words;
    match error {
        BuyError::NotSelling(_) => {
            let why = not_selling(words, &at_work.seller, app.engine.now());
            problems.add("amount", why.unwrap_or_else(|| page.t("agent-suspended")));
        }
        BuyError::Amount { least, most } => {
            let bounds = [("least", money(words, least)), ("most", money(words, most))];
            let bounds = bounds.each_ref().map(|(name, value)| (*name, value.as_str()));
            problems.add("amount", words.t_with("problem-purchase-amount", &bounds));
        }
        BuyError::ProviderNotOffered => problems.add("provider", page.t("problem-provider-missing")),
        BuyError::TooManyWaiting => problems.add("amount", page.t("problem-purchase-waiting")),
        BuyError::Submit(error) => return Err(PageError::submit(page, &error)),
    }
    Ok(())
}

/// `GET /agent/float/purchases/{id}`
pub(super) async fn show(
    State(app): State<App>,
    Working(at_work): Working,
    TypedCode(id): TypedCode,
    Asked(query): Asked<PurchaseQuery>,
    page: Page,
) -> Result<Response, PageError> {
    let purchase = find(&app, &page, &at_work, &id).await?;
    let float = agent::float(&app.engine, &at_work.seller.business).await;
    let float = float.map_err(|error| PageError::unavailable(&page, &error))?;
    let (now, words) = (app.engine.now(), page.words);
    let pay = pay_part(&page, &purchase, now);
    let (heading, lead) = headline(&page, &purchase, now);
    let is_open = purchase.paid().is_none_or(|paid| paid.booked_at.is_none())
        && !matches!(purchase.state, FloatPurchaseState::Abandoned { .. });
    let looked = query.looked.filter(|_| is_open).map(|seconds| {
        let at = time::clock_with_seconds(Timestamp::from_seconds(seconds).micros());
        words.t_with("pay-not-yet", &[("provider", &provider_name(words, purchase.provider)), ("time", &at)])
    });
    let live = Live {
        url: format!("{}/status?seen={}", url(purchase.id), seen(&purchase, now)),
        look_url: format!("{}/look", url(purchase.id)),
    };
    let view = PurchasePage {
        head: head(words, &at_work, &float),
        tone: state(&purchase).0,
        heading,
        lead,
        pay,
        looked,
        live: is_open.then_some(live),
        facts: facts(&page, &purchase, now),
        page,
    };
    Ok(page_error::show(StatusCode::OK, &view))
}

/// `GET /agent/float/purchases/{id}/status`: nothing while all is as it was seen, else "fetch the page again".
pub(super) async fn status(
    State(app): State<App>,
    Working(at_work): Working,
    TypedCode(id): TypedCode,
    Asked(query): Asked<PurchaseQuery>,
    page: Page,
) -> Result<Response, PageError> {
    let purchase = find(&app, &page, &at_work, &id).await?;
    if query.seen == seen(&purchase, app.engine.now()) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(([(HeaderName::from_static("hx-refresh"), "true")], "").into_response())
}

/// `POST /agent/float/purchases/{id}/look`: "I have paid, look now".
pub(super) async fn look(
    State(app): State<App>,
    Working(at_work): Working,
    TypedCode(id): TypedCode,
    ClientAddress(address): ClientAddress,
    page: Page,
) -> Result<Redirect, PageError> {
    let id: FloatPurchaseId = id.parse().map_err(|_| PageError::not_found(&page))?;
    let found = agent::look_at_purchase(&app.engine, &at_work.seller, id, Some(address)).await;
    if !found.map_err(|error| PageError::unavailable(&page, &error))? {
        return Err(PageError::not_found(&page));
    }
    Ok(Redirect::to(&format!("{}?looked={}", url(id), app.engine.now().seconds())))
}

/// The address of a button was fetched: back to its page.
pub(super) async fn back(TypedCode(id): TypedCode, page: Page) -> Result<Redirect, PageError> {
    let id: FloatPurchaseId = id.parse().map_err(|_| PageError::not_found(&page))?;
    Ok(Redirect::to(&url(id)))
}

async fn find(app: &App, page: &Page, at_work: &AtWork, id: &str) -> Result<FloatPurchase, PageError> {
    let id: FloatPurchaseId = id.parse().map_err(|_| PageError::not_found(page))?;
    let found = agent::find_purchase(&app.engine, &at_work.seller, id).await;
    found.map_err(|error| PageError::unavailable(page, &error))?.ok_or_else(|| PageError::not_found(page))
}

fn url(id: FloatPurchaseId) -> String {
    format!("/agent/float/purchases/{id}")
}

/// How a purchase stands, as a short text that changes whenever its page would.
fn seen(purchase: &FloatPurchase, now: Timestamp) -> String {
    format!("{}-{}-{}", purchase.state.name(), purchase.version, now < purchase.expires_at)
}

/// What brings the payer to the provider, while he can pay.
fn pay_part(page: &Page, purchase: &FloatPurchase, now: Timestamp) -> Option<PayPart> {
    let FloatPurchaseState::Pending { hand_over } = &purchase.state else { return None };
    if now >= purchase.expires_at {
        return None;
    }
    let words = page.words;
    let app_used = app_name(words, purchase.provider);
    let amount = money(words, purchase.amount);
    let scan_with = page.t_one("pay-scan-with", "app", &app_used);
    let by_qr = purchase.method == PayMethod::Qr;
    Some(PayPart {
        qr: if by_qr { qr::svg(hand_over, &scan_with).ok() } else { None },
        scan_with,
        app_url: (!by_qr && is_web_address(hand_over)).then(|| hand_over.clone()),
        open_app: words.t_with("pay-open-app", &[("provider", &app_used), ("amount", &amount)]),
        deadline: deadline(words, purchase.expires_at, now),
        lines: vec![
            page.t_one(if by_qr { "pay-line-open" } else { "pay-line-press" }, "app", &app_used),
            page.t_one("pay-line-confirm", "amount", &amount),
            page.t("purchase-line-stay"),
        ],
        amount,
    })
}

fn headline(page: &Page, purchase: &FloatPurchase, now: Timestamp) -> (String, Option<String>) {
    let provider = provider_name(page.words, purchase.provider);
    let is_over = now >= purchase.expires_at;
    match &purchase.state {
        FloatPurchaseState::Pending { .. } if !is_over => (page.t_one("pay-with", "provider", &provider), None),
        FloatPurchaseState::Created if !is_over => {
            let lead = page.t_one("status-preparing-lead", "provider", &provider);
            (page.t("status-preparing-heading"), Some(lead))
        }
        FloatPurchaseState::Created | FloatPurchaseState::Pending { .. } => {
            (page.t("status-closing-heading"), Some(page.t_one("purchase-closing-lead", "provider", &provider)))
        }
        FloatPurchaseState::Paid(paid) if paid.booked_at.is_none() => {
            (page.t_one("purchase-paid-heading", "amount", money(page.words, paid.amount)), None)
        }
        FloatPurchaseState::Paid(paid) => {
            let heading = page.t_one("purchase-on-float-heading", "amount", money(page.words, paid.amount));
            let differs = paid.amount != purchase.amount;
            let lead = page.t_one("purchase-other-amount", "amount", money(page.words, purchase.amount));
            (heading, differs.then_some(lead))
        }
        FloatPurchaseState::Abandoned { .. } => {
            (page.t("purchase-abandoned-heading"), Some(page.t_one("purchase-abandoned-lead", "provider", &provider)))
        }
    }
}

fn facts(page: &Page, purchase: &FloatPurchase, now: Timestamp) -> Vec<Fact> {
    let words = page.words;
    let moment = |at: Timestamp| time::moment(words, at.micros(), now.micros());
    let mut facts = vec![
        Fact::new(page.t("purchase-amount"), money(words, purchase.amount)),
        Fact::new(page.t("fact-with"), provider_name(words, purchase.provider)),
        Fact::new(page.t("purchase-ordered"), moment(purchase.created_at)),
    ];
    if let Some(paid) = purchase.paid() {
        facts.push(Fact::new(page.t("purchase-paid-at"), moment(paid.paid_at)));
        facts.push(Fact::code(page.t("purchase-transaction"), paid.transaction.as_str().to_owned()));
    }
    facts.push(Fact::code(page.t("purchase-number"), purchase.id.to_string()));
    facts
}
