//! The pages that play the payer's phone: what is paid, to whom, and three buttons, where opening it is the scan; and the
//! payment code that a shop scans.

mod page;
mod wallet;
mod words;

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use serde::Deserialize;

use crate::{
    alipay,
    app::App,
    control::{Control, PayerAct},
    order::{Order, OrderState, Provider},
    urlencoded,
    world::{PayEffect, PayRefusal, Payer},
};
pub(crate) use page::error_page;
use page::{Screen, Shown};
use words::Language;

/// The phone's pages.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/_sandbox/phone/{provider}/{out_trade_no}", get(show).post(act))
        .route("/_sandbox/phone/{provider}", get(show_wallet).post(show_code))
        .route("/_sandbox/phone.css", get(stylesheet))
}

/// Nothing from elsewhere, no script, no style in the page.
const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; img-src data:; style-src 'self'; form-action 'self'; base-uri 'none'";

#[derive(Default, Deserialize)]
struct PhoneQuery {
    lang: Option<String>,
    /// Where WeChat Pay's H5 page sends the payer afterwards; the merchant adds it to the link.
    redirect_url: Option<String>,
    said: Option<String>,
}

#[derive(Deserialize)]
struct PhoneForm {
    act: PayerAct,
}

async fn show(
    State(app): State<Arc<App>>,
    Path((provider, out_trade_no)): Path<(Provider, String)>,
    Query(query): Query<PhoneQuery>,
    headers: HeaderMap,
) -> Response {
    let language = Language::choose(query.lang.as_deref(), &headers);
    let (screen, order) = app.with_world(|world, now| {
        let screen = match world.scan(provider, &out_trade_no, now) {
            Ok(()) if query.said.as_deref() == Some("declined") => Screen::Declined,
            Ok(()) if query.said.as_deref() == Some("nothing") => Screen::Left,
            Ok(()) => Screen::Asking,
            Err(PayRefusal::Paid) => Screen::Paid,
            Err(PayRefusal::Closed) => Screen::Closed,
            Err(PayRefusal::CodeExpired) => Screen::Expired,
            Err(PayRefusal::Unknown) => Screen::Unknown,
        };
        (screen, world.order(provider, &out_trade_no, now).cloned())
    });
    let status = if screen == Screen::Unknown { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let shown = Shown {
        language,
        screen,
        provider,
        merchant: match provider {
            Provider::Alipay => app.alipay.seller_id.clone(),
            Provider::WechatPay => app.wechat_pay.mchid.clone(),
        },
        back: order.as_ref().and_then(|order| back(&app, order, query.redirect_url.as_deref())),
        carried: carried(&query, language),
        order,
    };
    let headers = [(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY), (header::CACHE_CONTROL, "no-store")];
    (status, headers, Html(page::page(&shown))).into_response()
}

async fn act(
    State(app): State<Arc<App>>,
    Path((provider, out_trade_no)): Path<(Provider, String)>,
    Query(query): Query<PhoneQuery>,
    headers: HeaderMap,
    Form(form): Form<PhoneForm>,
) -> Redirect {
    let language = Language::choose(query.lang.as_deref(), &headers);
    let said = match Control(Arc::clone(&app)).pay(provider, &out_trade_no, form.act) {
        Ok(PayEffect::Declined) => "&said=declined",
        Ok(PayEffect::Nothing) => "&said=nothing",
        // Paid, or why not: the page shows it from the order itself.
        Ok(PayEffect::Paid) | Err(_) => "",
    };
    let carried = carried(&query, language);
    Redirect::to(&format!(
        "/_sandbox/phone/{}/{}?{carried}{said}",
        provider.name(),
        urlencoded::encode_part(&out_trade_no)
    ))
}

#[derive(Deserialize)]
struct CodeForm {
    payer: Payer,
}

async fn show_wallet(
    State(app): State<Arc<App>>,
    Path(provider): Path<Provider>,
    Query(query): Query<PhoneQuery>,
    headers: HeaderMap,
) -> Response {
    wallet_page(&app, provider, Language::choose(query.lang.as_deref(), &headers), None)
}

/// Answers with the page itself and leads nowhere: a payment code stands in no address.
async fn show_code(
    State(app): State<Arc<App>>,
    Path(provider): Path<Provider>,
    Query(query): Query<PhoneQuery>,
    headers: HeaderMap,
    Form(form): Form<CodeForm>,
) -> Response {
    let code = Control(Arc::clone(&app)).show_code(provider, form.payer);
    wallet_page(&app, provider, Language::choose(query.lang.as_deref(), &headers), Some(code))
}

fn wallet_page(app: &Arc<App>, provider: Provider, language: Language, code: Option<String>) -> Response {
    let waiting = app.with_world(|world, now| world.waiting_for_a_payer(provider, now));
    let page = wallet::page(&wallet::Wallet { language, provider, code, waiting });
    let headers = [(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY), (header::CACHE_CONTROL, "no-store")];
    (headers, Html(page)).into_response()
}

async fn stylesheet() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("phone/phone.css")).into_response()
}

/// The query that the next page needs again.
fn carried(query: &PhoneQuery, language: Language) -> String {
    let mut pairs = vec![("lang", language.code())];
    pairs.extend(query.redirect_url.as_deref().map(|url| ("redirect_url", url)));
    urlencoded::encode(pairs)
}

/// The way back to the merchant; only web addresses, since a link can hold others.
fn back(app: &App, order: &Order, redirect_url: Option<&str>) -> Option<String> {
    let url = match order.state {
        OrderState::Paid { .. } => redirect_url.map(str::to_owned).or_else(|| alipay::return_url(app, order)),
        _ => redirect_url.map(str::to_owned).or_else(|| order.request.return_url.clone()),
    };
    url.filter(|url| url.starts_with("https://") || url.starts_with("http://"))
}

#[cfg(test)]
mod tests;
