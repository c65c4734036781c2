use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ringup_core::apply::{Again, Repeated};
use ringup_core::money::{Amount, Language};
use ringup_core::top_up::TopUp;
use ringup_engine::agent::{self, ApiKey, KeyError, Sell, SellError, Seller};
use ringup_engine::quote::QuoteError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, amount_problem, idempotency_key, parse_card};
use crate::web::client_address::ClientAddress;
use crate::web::i18n::time::iso;
use crate::web::problem::Problem;
use crate::web::state::App;

/// The agent whose program asks, by the key that it shows.
pub(super) struct ByKey(Seller);

impl FromRequestParts<App> for ByKey {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(parts, app).await;
        let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let key = shown.and_then(|shown| shown.strip_prefix("Bearer ")).ok_or(KeyError::Unknown);
        let checked = match key.and_then(|key| key.trim().parse::<ApiKey>()) {
            Ok(key) => agent::check_key(&app.engine, &key, address.parse().ok()).await,
            Err(error) => Err(error),
        };
        checked.map(Self).map_err(|error| refused(&error))
    }
}

fn refused(error: &KeyError) -> Response {
    let status = match error {
        KeyError::Unknown => {
            let mut response = Problem::new(StatusCode::UNAUTHORIZED, error.code(), error.to_string()).into_response();
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return response;
        }
        KeyError::AddressNotAllowed | KeyError::AgentUnknown | KeyError::Incomplete => StatusCode::FORBIDDEN,
        KeyError::Submit(error) => return Problem::from(error.clone()).into_response(),
    };
    Problem::new(status, error.code(), error.to_string()).into_response()
}

/// What is to be sold.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SaleRequest {
    /// The card's number; spaces are forgiven.
    card: String,
    /// The amount with its unit: `100.00 CNY`.
    amount: String,
    /// A quote that is taken, as it came; without one it is sold at what it costs now.
    #[serde(default)]
    quote: Option<String>,
    /// The language of the receipt: `en` or `zh-Hans`.
    #[serde(default)]
    language: Option<String>,
    /// That this is another one, when the same was put on the card a moment ago.
    #[serde(default)]
    another_one: bool,
}

/// What was sold. The same for every repeat.
#[derive(Serialize, ToSchema)]
pub(super) struct SaleAnswer {
    /// The top-up's id.
    id: String,
    /// The unguessable code of its receipt.
    code: String,
    /// The last four digits of the card.
    card_last_four: String,
    /// What was taken from the float.
    you_pay: String,
    /// What the card got.
    card_gets: String,
    /// What it got as bonus.
    bonus: Option<String>,
    /// The number of the receipt: the agent's own, without a gap.
    receipt_number: Option<String>,
    /// When it was sold (RFC 3339).
    sold_at: String,
    /// Where it can be looked at by a program.
    status_url: String,
    /// The receipt.
    receipt_url: String,
}

/// Sells a top-up from the float of the agent whose key it is. Repeated with the same key it answers the same, byte for byte, marked
/// `Idempotent-Replayed: true`.
#[utoipa::path(post, path = "/api/v1/agent/sales", operation_id = "create_agent_sale", request_body = SaleRequest,
    params(
        ("Authorization" = String, Header, description = "Bearer, a space, and the agent's key"),
        ("Idempotency-Key" = String, Header, description = "8 to 128 visible ASCII characters, one for each intent"),
    ),
    responses(
        (status = 201, body = SaleAnswer),
        (status = 400, description = "no idempotency key, or the body cannot be read", body = Problem),
        (status = 401, description = "the key is not known", body = Problem),
        (status = 403, description = "not from this address, or the agent may not sell", body = Problem),
        (status = 404, description = "there is no such card", body = Problem),
        (status = 409, description = "the same was put on the card a moment ago: say another_one", body = Problem),
        (status = 422, description = "the float does not cover it, the card cannot be topped up, or the key was used for something else", body = Problem),
        (status = 503, description = "try again after Retry-After, with the same key", body = Problem),
))]
pub(super) async fn sell(
    State(app): State<App>,
    ByKey(seller): ByKey,
    headers: HeaderMap,
    Body(request): Body<SaleRequest>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    let card = parse_card(&request.card)?;
    let amount: Amount = request.amount.parse().map_err(amount_problem)?;
    let language = match request.language.as_deref() {
        Some("zh-Hans") => Language::ZhHans,
        Some(_) | None => Language::En,
    };
    let again = if request.another_one { Again::Confirmed } else { Again::Ask };
    let request = Sell { key, card, amount, quote: request.quote, language, again };
    let sold = agent::sell(&app.engine, &seller, request).await?;
    let answer = answer(&app.site.public_url, &seller, &sold.top_up);
    let mut response = (StatusCode::CREATED, Json(answer)).into_response();
    if sold.repeated == Repeated::Yes {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// Nothing in it changes afterwards, so that a repeat is the same byte for byte.
fn answer(public_url: &str, seller: &Seller, top_up: &TopUp) -> SaleAnswer {
    let number = top_up.sale.and_then(|sale| sale.number);
    SaleAnswer {
        id: top_up.id.to_string(),
        code: top_up.code.to_string(),
        card_last_four: top_up.card().last_four(),
        you_pay: top_up.quote.you_pay.to_string(),
        card_gets: top_up.quote.card_gets.to_string(),
        bonus: top_up.quote.bonus.map(|bonus| bonus.amount.to_string()),
        receipt_number: number.map(|number| format!("{}-{number:06}", seller.place.code)),
        sold_at: iso(top_up.placed_at.micros()),
        status_url: format!("{public_url}/api/v1/top-ups/{}", top_up.code),
        receipt_url: format!("{public_url}/receipts/{}", top_up.code),
    }
}

/// How a float stands.
#[derive(Serialize, ToSchema)]
pub(super) struct FloatAnswer {
    /// `approved`, `suspended` or `expired`.
    state: &'static str,
    /// What can be sold from it.
    available: String,
    /// How far it may go below zero.
    credit_limit: String,
    /// Whether it is below what the agent wants to be told at.
    low: bool,
}

/// Tells how the float of the agent stands whose key it is.
#[utoipa::path(get, path = "/api/v1/agent/float", operation_id = "show_agent_float",
    params(("Authorization" = String, Header, description = "Bearer, a space, and the agent's key")),
    responses(
        (status = 200, body = FloatAnswer),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 503, body = Problem),
))]
pub(super) async fn float(State(app): State<App>, ByKey(seller): ByKey) -> Result<Json<FloatAnswer>, Problem> {
    let float = agent::float(&app.engine, &seller.business).await?;
    Ok(Json(FloatAnswer {
        state: agent::standing(&seller.agent, app.engine.now()).name(),
        available: float.available.to_string(),
        credit_limit: float.credit_limit.to_string(),
        low: float.is_low,
    }))
}

impl From<SellError> for Problem {
    fn from(error: SellError) -> Self {
        match error {
            SellError::NotSelling(_) => Self::new(StatusCode::FORBIDDEN, error.code(), error.to_string()),
            SellError::QuoteUnreadable | SellError::QuoteOfSomethingElse | SellError::PriceDiffers => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, error.code(), error.to_string())
            }
            SellError::Quote(error) => QuoteError::into(error),
            SellError::Submit(error) => error.into(),
        }
    }
}
