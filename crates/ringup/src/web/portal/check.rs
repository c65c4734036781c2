//! Screen 2: what will happen, and who takes the payment.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use ringup_core::apply::{Again, Refusal};
use ringup_core::payment::{PayMethod, Provider};
use ringup_core::quote::Quote;
use ringup_engine::error::SubmitError;
use ringup_engine::quote::QuoteToken;
use ringup_engine::top_up::{self, IdempotencyKey, PayBy, Place, PlaceError};
use serde::Deserialize;

use super::choose::{self, Choice};
use super::form::{Asked, Filled};
use super::mapping::{deadline, language, money, provider as provider_name, quote_table};
use super::page_error::{self, PageError};
use super::shell::Device;
use crate::web::client_address::ClientAddress;
use crate::web::i18n::time;
use crate::web::state::App;
use crate::web::view::top_up::{AnotherTopUp, CheckPage, ProviderChoice};
use crate::web::view::{Page, Problems};

/// Which quote is looked at.
#[derive(Default, Deserialize)]
pub(super) struct QuoteQuery {
    #[serde(default)]
    quote: String,
}

/// What the holder has decided.
#[derive(Clone, Deserialize)]
pub(super) struct PlaceForm {
    #[serde(default)]
    quote: String,
    #[serde(default)]
    provider: String,
    #[serde(default)]
    idempotency_key: String,
    #[serde(default)]
    confirm_another: String,
}

/// `GET /top-ups/new`
pub(super) async fn show(
    State(app): State<App>,
    Asked(query): Asked<QuoteQuery>,
    device: Device,
    page: Page,
) -> Result<Response, PageError> {
    let quote = QuoteToken::open(app.engine.keys(), &query.quote).map_err(|_| PageError::not_found(&page))?;
    if app.engine.now() >= quote.valid_until() {
        return Err(PageError::expired(&page));
    }
    let chosen = if device == Device::InWechat { Provider::WechatPay } else { Provider::Alipay };
    let key = IdempotencyKey::draw();
    let view = CheckPage { idempotency_key: key.as_str().to_owned(), ..view(&app, page, &quote, query.quote, chosen) };
    Ok(page_error::show(StatusCode::OK, &view))
}

/// `POST /top-ups`: the holder wants it, and goes on to pay.
pub(super) async fn place(
    State(app): State<App>,
    device: Device,
    ClientAddress(address): ClientAddress,
    page: Page,
    Filled(form): Filled<PlaceForm>,
) -> Result<Response, PageError> {
    let key = IdempotencyKey::parse(&form.idempotency_key).map_err(|_| PageError::unreadable(&page))?;
    let quote = QuoteToken::open(app.engine.keys(), &form.quote).map_err(|_| PageError::unreadable(&page))?;
    let Some(provider) = Provider::from_name(&form.provider) else {
        let problems = Problems::one("provider", page.t("problem-provider-missing"));
        return Ok(again(&app, page, &quote, form, problems));
    };
    let request = Place {
        key,
        quote: form.quote.clone(),
        pay: pay_by(provider, device, address),
        language: language(page.words),
        again: if form.confirm_another == "yes" { Again::Confirmed } else { Again::Ask },
    };
    match top_up::place(&app.engine, request).await {
        Ok(placed) => Ok(Redirect::to(&format!("/top-ups/{}", placed.code)).into_response()),
        Err(error) => not_placed(&app, page, &quote, form, error).await,
    }
}

/// How a provider is reached from this device.
pub(in crate::web) fn pay_by(provider: Provider, device: Device, address: String) -> PayBy {
    let method = match device {
        Device::Phone => PayMethod::Mobile,
        Device::Desk | Device::InWechat => PayMethod::Qr,
    };
    PayBy { provider, method, payer_ip: Some(address) }
}

async fn not_placed(
    app: &App,
    page: Page,
    quote: &Quote,
    form: PlaceForm,
    error: PlaceError,
) -> Result<Response, PageError> {
    let refusal = match error {
        PlaceError::ProviderNotOffered => {
            let problems = Problems::one("provider", page.t("problem-provider-missing"));
            return Ok(again(app, page, quote, form, problems));
        }
        PlaceError::QuoteUnreadable | PlaceError::TopUpUnknown => return Err(PageError::unreadable(&page)),
        PlaceError::Submit(SubmitError::Refused(refusal)) => refusal,
        PlaceError::Submit(error) => return Err(PageError::submit(&page, &error)),
    };
    let mut problems = Problems::none();
    match refusal {
        Refusal::AnotherOne { credited_at, .. } => {
            return Ok(ask_whether_another(app, page, quote, form, credited_at));
        }
        Refusal::QuoteExpired => return Err(PageError::expired(&page)),
        Refusal::CardUnknown => problems.add("card", page.t("problem-card-refused")),
        Refusal::Quote(refusal) => choose::refused(&mut problems, &page, "amount", refusal),
        other => return Err(PageError::submit(&page, &other.into())),
    }
    choose::again(app, page, Choice::of(quote), problems).await
}

/// The same was put on this card a moment ago. Its own page is not named here: whoever knows a card's number must not
/// get at the receipt of whoever topped it up.
fn ask_whether_another(
    app: &App,
    page: Page,
    quote: &Quote,
    form: PlaceForm,
    credited_at: ringup_core::time::Timestamp,
) -> Response {
    let words = page.words;
    let at = time::moment(words, credited_at.micros(), app.engine.now().micros());
    let another = AnotherTopUp {
        heading: words.t_with("another-heading", &[("amount", &money(words, quote.card_gets)), ("time", &at)]),
        text: page.t("another-text"),
        url: "/where".to_owned(),
    };
    let problems = Problems::one("another", page.t("problem-another-unconfirmed"));
    let chosen = Provider::from_name(&form.provider).unwrap_or(Provider::Alipay);
    let view = CheckPage {
        idempotency_key: form.idempotency_key,
        another: Some(another),
        problems,
        ..view(app, page, quote, form.quote, chosen)
    };
    page_error::show(StatusCode::CONFLICT, &view)
}

fn again(app: &App, page: Page, quote: &Quote, form: PlaceForm, problems: Problems) -> Response {
    let chosen = Provider::from_name(&form.provider).unwrap_or(Provider::Alipay);
    let view =
        CheckPage { idempotency_key: form.idempotency_key, problems, ..view(app, page, quote, form.quote, chosen) };
    page_error::show(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

fn view(app: &App, mut page: Page, quote: &Quote, token: String, chosen: Provider) -> CheckPage {
    // After a form was refused too, the switches lead back to this quote.
    page.here = format!("/top-ups/new?quote={token}");
    let now = app.engine.now();
    let offered = [Provider::Alipay, Provider::WechatPay].into_iter().filter(|one| app.engine.gateways().offers(*one));
    let providers: Vec<ProviderChoice> = offered.map(|one| choice(&page, one, one == chosen)).collect();
    CheckPage {
        card_tail: quote.card.last_four(),
        quote: quote_table(page.words, quote, now),
        change_url: format!("/?quote={token}"),
        providers,
        quote_token: token,
        idempotency_key: String::new(),
        deadline: deadline(page.words, quote.valid_until(), now),
        another: None,
        problems: Problems::none(),
        page,
    }
}

fn choice(page: &Page, provider: Provider, chosen: bool) -> ProviderChoice {
    let note = match provider {
        Provider::Alipay => page.t("provider-alipay-note"),
        Provider::WechatPay => page.t("provider-wechat-pay-note"),
    };
    ProviderChoice { value: provider.name(), name: provider_name(page.words, provider), note, chosen }
}
