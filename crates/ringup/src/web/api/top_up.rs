use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use ringup_core::apply::{Again, Repeated};
use ringup_core::money::Language;
use ringup_core::payment::{PayMethod, PaymentState, Provider};
use ringup_core::top_up::{Channel, TopUpCode};
use ringup_engine::top_up::{self, PayBy, Place, TopUpView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, idempotency_key};
use super::code::TypedCode;
use crate::web::client_address::ClientAddress;
use crate::web::i18n::time::iso;
use crate::web::problem::Problem;
use crate::web::state::App;

/// A top-up to be placed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TopUpRequest {
    /// The quote that is taken, as it came.
    pub(super) quote: String,
    /// `alipay` or `wechat_pay`.
    pub(super) provider: String,
    /// How the payer gets there: `qr`, `page` or `mobile`.
    pub(super) method: String,
    /// The payer's language: `en` or `zh-Hans`.
    #[serde(default)]
    pub(super) language: Option<String>,
    /// That this is another one, when the same was put on the card a moment ago.
    #[serde(default)]
    pub(super) another_one: bool,
}

/// A top-up that has been placed. The same for every repeat.
#[derive(Serialize, ToSchema)]
pub(super) struct PlacedAnswer {
    /// Its id.
    id: String,
    /// The unguessable code of its page and its receipt.
    code: String,
    /// Where it can be looked at by a program.
    status_url: String,
    /// Where it is paid and looked at by a person.
    page_url: String,
}

/// How a top-up stands.
#[derive(Serialize, ToSchema)]
pub(super) struct StatusAnswer {
    /// Its id.
    id: String,
    /// `placed`, `deferred`, `abandoned`, `credited`, `refunding` or `refunded`.
    state: &'static str,
    /// The last four digits of the card.
    card_last_four: String,
    /// What is or was paid.
    you_pay: String,
    /// What the card gets or got.
    card_gets: String,
    /// What comes or came as bonus.
    bonus: Option<String>,
    /// How much has been given back, or is on its way back.
    refunded: String,
    /// Its payments, the oldest first.
    payments: Vec<PaymentAnswer>,
    /// When it was credited, if it was (RFC 3339).
    credited_at: Option<String>,
    /// The receipt, if there is one.
    receipt_url: Option<String>,
}

/// How a payment stands.
#[derive(Serialize, ToSchema)]
pub(super) struct PaymentAnswer {
    /// Our number at the provider (`out_trade_no`).
    reference: String,
    /// What it is made with: `alipay`, `wechat_pay`, `cash` or `float`.
    provider: &'static str,
    /// `created`, `pending`, `captured` or `abandoned`.
    state: &'static str,
    /// What brings the payer there, while it is pending: the text of a QR code, or an address.
    hand_over: Option<String>,
    /// Until when it can be paid (RFC 3339).
    expires_at: String,
}

/// Places a top-up and begins its payment. Repeated with the same key it answers the same, byte for byte, marked
/// `Idempotent-Replayed: true`.
#[utoipa::path(post, path = "/api/v1/top-ups", operation_id = "create_top_up", request_body = TopUpRequest,
    params(("Idempotency-Key" = String, Header, description = "8 to 128 visible ASCII characters, one for each intent")),
    responses(
        (status = 201, body = PlacedAnswer),
        (status = 400, description = "no idempotency key, or the body cannot be read", body = Problem),
        (status = 409, description = "the same was put on the card a moment ago: say another_one", body = Problem),
        (status = 422, description = "the quote has expired, the card cannot be topped up, or the key was used for something else", body = Problem),
        (status = 503, description = "try again after Retry-After, with the same key", body = Problem),
))]
pub(super) async fn create(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Body(request): Body<TopUpRequest>,
) -> Result<Response, Problem> {
    place(&app, Channel::Online, (&headers, address), request).await
}

/// The same for either door.
pub(super) async fn place(
    app: &App,
    channel: Channel,
    (headers, address): (&HeaderMap, String),
    request: TopUpRequest,
) -> Result<Response, Problem> {
    let key = idempotency_key(headers)?;
    let pay = pay_by(&request, address)?;
    let language = match request.language.as_deref() {
        Some("zh-Hans") => Language::ZhHans,
        Some(_) | None => Language::En,
    };
    let again = if request.another_one { Again::Confirmed } else { Again::Ask };
    let request = Place { key, quote: request.quote, pay, language, again };
    let placed = top_up::place_by(&app.engine, channel, request).await?;
    let answer = PlacedAnswer {
        id: placed.id.to_string(),
        code: placed.code.to_string(),
        status_url: format!("{}/api/v1/top-ups/{}", app.site.public_url, placed.code),
        page_url: format!("{}/top-ups/{}", app.site.public_url, placed.code),
    };
    let mut response = (StatusCode::CREATED, Json(answer)).into_response();
    if placed.repeated == Repeated::Yes {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// Tells how a top-up stands.
#[utoipa::path(get, path = "/api/v1/top-ups/{code}", operation_id = "show_top_up", params(("code" = String, Path, description = "the code it was placed with")),
    responses((status = 200, body = StatusAnswer), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn show(State(app): State<App>, TypedCode(code): TypedCode) -> Result<Json<StatusAnswer>, Problem> {
    let view = find(&app, code).await?.ok_or_else(unknown)?;
    Ok(Json(status(&app.site.public_url, &view)))
}

pub(super) fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "top_up_unknown", "there is no such top-up")
}

/// The top-up with the code in an address; nothing when there is none, or that is no code.
pub(super) async fn find(app: &App, code: Option<TopUpCode>) -> Result<Option<TopUpView>, Problem> {
    match code {
        Some(code) => Ok(top_up::view(&app.engine, code).await?),
        None => Ok(None),
    }
}

fn pay_by(request: &TopUpRequest, payer_ip: String) -> Result<PayBy, Problem> {
    let not_offered = |code: &str, detail: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
    let provider = Provider::from_name(&request.provider)
        .ok_or_else(|| not_offered("provider_not_offered", "the provider is alipay or wechat_pay"))?;
    let method = match PayMethod::from_name(&request.method) {
        Some(method @ (PayMethod::Qr | PayMethod::Page | PayMethod::Mobile)) => method,
        Some(PayMethod::InApp | PayMethod::Code) | None => {
            return Err(not_offered("method_not_offered", "the method is qr, page or mobile"));
        }
    };
    Ok(PayBy { provider, method, payer_ip: Some(payer_ip) })
}

pub(super) fn status(public_url: &str, view: &TopUpView) -> StatusAnswer {
    let top_up = &view.top_up;
    let payments = view.payments.iter().map(|payment| PaymentAnswer {
        reference: payment.id.to_reference(),
        provider: payment.tender.name(),
        state: payment.state.name(),
        hand_over: match &payment.state {
            PaymentState::Pending { .. } if payment.tender.is_by_code() => None,
            PaymentState::Pending { hand_over } => Some(hand_over.clone()),
            PaymentState::Created | PaymentState::Captured(_) | PaymentState::Abandoned { .. } => None,
        },
        expires_at: iso(payment.expires_at.micros()),
    });
    StatusAnswer {
        id: top_up.id.to_string(),
        state: top_up.state.name(),
        card_last_four: top_up.card().last_four(),
        you_pay: top_up.quote.you_pay.to_string(),
        card_gets: top_up.quote.card_gets.to_string(),
        bonus: top_up.quote.bonus.map(|bonus| bonus.amount.to_string()),
        refunded: top_up.given.refunded.to_string(),
        payments: payments.collect(),
        credited_at: view.credited_at().map(|at| iso(at.micros())),
        receipt_url: top_up.state.receipt().map(|_| format!("{public_url}/receipts/{}", top_up.code)),
    }
}
