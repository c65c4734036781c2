//! Screens 3 and 4: paying, and how a top-up stands.

use axum::extract::State;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::payment::{PayMethod, Payment, PaymentState, Provider, Tender};
use ringup_core::time::Timestamp;
use ringup_core::top_up::TopUpCode;
use ringup_engine::timeline::{NextStep, Timeline};
use ringup_engine::top_up::{self, IdempotencyKey, PayBy, PlaceError, TopUpView};
use serde::Deserialize;

use super::form::{Asked, Filled, TypedCode};
use super::mapping::{app as app_name, deadline, money, provider as provider_name};
use super::page_error::{self, PageError};
use super::status;
use crate::web::client_address::ClientAddress;
use crate::web::i18n::time;
use crate::web::qr;
use crate::web::state::App;
use crate::web::view::top_up::{OtherWay, OtherWays, PayPage};
use crate::web::view::{Live, Page};

/// What an address says beside the code.
#[derive(Default, Deserialize)]
pub(super) struct StatusQuery {
    /// How the top-up stood when the page was made.
    #[serde(default)]
    seen: String,
    /// When the holder had it looked at, in seconds since 1970. A refresh must not claim that it was looked at again.
    looked: Option<i64>,
}

/// Another way to pay.
#[derive(Deserialize)]
pub(super) struct OtherWayForm {
    #[serde(default)]
    way: String,
    #[serde(default)]
    idempotency_key: String,
}

/// `GET /top-ups/{code}`
pub(super) async fn show(
    State(app): State<App>,
    TypedCode(code): TypedCode,
    Asked(query): Asked<StatusQuery>,
    page: Page,
) -> Result<Response, PageError> {
    let view = find(&app, &page, &code).await?;
    let now = app.engine.now();
    let timeline = Timeline::of(&view, now);
    if let NextStep::Pay { .. } = timeline.next
        && let Some(payment) = view.latest_payment()
        && let PaymentState::Pending { hand_over } = &payment.state
        && !payment.tender.is_by_code()
        && let Tender::Provider { provider, method } = payment.tender
    {
        let looked = query.looked.map(|seconds| not_yet(&page, provider, Timestamp::from_seconds(seconds)));
        let way = Way { provider, method, hand_over };
        let pay = pay_page(&app, page, &view, (payment, way), looked);
        return Ok(page_error::show(StatusCode::OK, &pay));
    }
    status::show(&app, page, &view, &timeline, live(&view, now)).await
}

/// `GET /top-ups/{code}/status`: nothing while all is as it was seen, else "fetch the page again".
pub(super) async fn status(
    State(app): State<App>,
    TypedCode(code): TypedCode,
    Asked(query): Asked<StatusQuery>,
    page: Page,
) -> Result<Response, PageError> {
    let view = find(&app, &page, &code).await?;
    if query.seen == state_seen(&view, app.engine.now()) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(([(HeaderName::from_static("hx-refresh"), "true")], "").into_response())
}

/// `POST /top-ups/{code}/look`: "I have paid, look now".
pub(super) async fn look(
    State(app): State<App>,
    TypedCode(code): TypedCode,
    ClientAddress(address): ClientAddress,
    page: Page,
) -> Result<Redirect, PageError> {
    let code: TopUpCode = code.parse().map_err(|_| PageError::not_found(&page))?;
    top_up::look_now(&app.engine, code, Some(address)).await.map_err(|error| PageError::unavailable(&page, &error))?;
    Ok(Redirect::to(&format!("/top-ups/{code}?looked={}", app.engine.now().seconds())))
}

/// The address of a button was fetched, by a refresh or a kept address: back to its page.
pub(super) async fn back(TypedCode(code): TypedCode, page: Page) -> Result<Redirect, PageError> {
    let code: TopUpCode = code.parse().map_err(|_| PageError::not_found(&page))?;
    Ok(Redirect::to(&format!("/top-ups/{code}")))
}

/// `POST /top-ups/{code}/payments`: another way to pay for the same top-up.
pub(super) async fn pay_otherwise(
    State(app): State<App>,
    TypedCode(code): TypedCode,
    ClientAddress(address): ClientAddress,
    page: Page,
    Filled(form): Filled<OtherWayForm>,
) -> Result<Redirect, PageError> {
    let code: TopUpCode = code.parse().map_err(|_| PageError::not_found(&page))?;
    let key = IdempotencyKey::parse(&form.idempotency_key).map_err(|_| PageError::unreadable(&page))?;
    let pay = read_way(&form.way, address).ok_or_else(|| PageError::unreadable(&page))?;
    match top_up::pay_otherwise(&app.engine, code, &key, pay).await {
        // Refused because it has been paid or has ended meanwhile: its page says so.
        Ok(_) | Err(PlaceError::Submit(ringup_engine::error::SubmitError::Refused(_))) => {
            Ok(Redirect::to(&format!("/top-ups/{code}")))
        }
        Err(PlaceError::Submit(error)) => Err(PageError::submit(&page, &error)),
        Err(PlaceError::TopUpUnknown) => Err(PageError::not_found(&page)),
        Err(PlaceError::ProviderNotOffered | PlaceError::QuoteUnreadable) => Err(PageError::unreadable(&page)),
    }
}

pub(super) async fn find(app: &App, page: &Page, code: &str) -> Result<TopUpView, PageError> {
    let code: TopUpCode = code.parse().map_err(|_| PageError::not_found(page))?;
    let view = top_up::view(&app.engine, code).await.map_err(|error| PageError::unavailable(page, &error))?;
    view.ok_or_else(|| PageError::not_found(page))
}

fn live(view: &TopUpView, now: Timestamp) -> Live {
    let code = view.top_up.code;
    Live {
        url: format!("/top-ups/{code}/status?seen={}", state_seen(view, now)),
        look_url: format!("/top-ups/{code}/look"),
    }
}

/// How a top-up stands, as a short text that changes whenever its page would.
fn state_seen(view: &TopUpView, now: Timestamp) -> String {
    let payment = view.latest_payment();
    let payable = payment.is_some_and(|payment| now < payment.expires_at);
    let payment = payment.map_or("none", |payment| payment.state.name());
    format!("{}-{}-{payment}-{payable}", view.top_up.state.name(), view.events.len())
}

fn not_yet(page: &Page, provider: Provider, looked_at: Timestamp) -> String {
    let provider = provider_name(page.words, provider);
    let at = time::clock_with_seconds(looked_at.micros());
    page.words.t_with("pay-not-yet", &[("provider", &provider), ("time", &at)])
}

/// How the payer gets to the provider.
struct Way<'a> {
    provider: Provider,
    method: PayMethod,
    hand_over: &'a str,
}

fn pay_page(
    app: &App,
    page: Page,
    view: &TopUpView,
    (payment, way): (&Payment, Way<'_>),
    looked: Option<String>,
) -> PayPage {
    let words = page.words;
    let now = app.engine.now();
    let hand_over = way.hand_over;
    let provider = provider_name(words, way.provider);
    let app_used = app_name(words, way.provider);
    let amount = money(words, payment.amount);
    let scan_with = page.t_one("pay-scan-with", "app", &app_used);
    let by_qr = is_by_qr(way.method);
    let first_line = if by_qr { "pay-line-open" } else { "pay-line-press" };
    PayPage {
        heading: page.t_one("pay-with", "provider", &provider),
        card_tail: view.top_up.card().last_four(),
        qr: if by_qr { qr::svg(hand_over, &scan_with).ok() } else { None },
        scan_with,
        app_url: (!by_qr && is_web_address(hand_over)).then(|| hand_over.to_owned()),
        open_app: words.t_with("pay-open-app", &[("provider", &app_used), ("amount", &amount)]),
        deadline: deadline(words, payment.expires_at, now),
        lines: vec![
            page.t_one(first_line, "app", &app_used),
            page.t_one("pay-line-confirm", "amount", &amount),
            page.t("pay-line-stay"),
        ],
        amount,
        live: live(view, now),
        looked,
        others: other_ways(app, &page, view, (way.provider, way.method)),
        page,
    }
}

/// A hand-over is what a provider has told us; only an address of the web becomes a link.
pub(in crate::web) fn is_web_address(hand_over: &str) -> bool {
    hand_over.starts_with("https://") || hand_over.starts_with("http://")
}

/// How else this top-up can be paid.
pub(super) fn other_ways(
    app: &App,
    page: &Page,
    view: &TopUpView,
    (provider, method): (Provider, PayMethod),
) -> OtherWays {
    let words = page.words;
    let mut ways = Vec::new();
    if !is_by_qr(method) {
        let label = page.t_one("pay-otherwise-qr", "app", app_name(words, provider));
        ways.push(OtherWay { value: format!("{}/{}", provider.name(), PayMethod::Qr.name()), label });
    }
    let other = match provider {
        Provider::Alipay => Provider::WechatPay,
        Provider::WechatPay => Provider::Alipay,
    };
    if app.engine.gateways().offers(other) {
        let label = page.t_one("pay-otherwise-provider", "provider", provider_name(words, other));
        ways.push(OtherWay { value: format!("{}/{}", other.name(), method.name()), label });
    }
    OtherWays {
        ways,
        url: format!("/top-ups/{}/payments", view.top_up.code),
        idempotency_key: IdempotencyKey::draw().as_str().to_owned(),
    }
}

const fn is_by_qr(method: PayMethod) -> bool {
    match method {
        PayMethod::Qr => true,
        PayMethod::Page | PayMethod::Mobile | PayMethod::InApp | PayMethod::Code => false,
    }
}

/// Reads `wechat_pay/qr`.
fn read_way(way: &str, address: String) -> Option<PayBy> {
    let (provider, method) = way.split_once('/')?;
    let method = match PayMethod::from_name(method)? {
        method @ (PayMethod::Qr | PayMethod::Mobile) => method,
        PayMethod::Page | PayMethod::InApp | PayMethod::Code => return None,
    };
    Some(PayBy { provider: Provider::from_name(provider)?, method, payer_ip: Some(address) })
}

#[cfg(test)]
mod tests;
