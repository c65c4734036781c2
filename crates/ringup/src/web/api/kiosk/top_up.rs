use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use ringup_core::top_up::Channel;
use serde::Deserialize;
use utoipa::ToSchema;

use super::guard::Signed;
use crate::web::api::body::Body;
use crate::web::api::top_up::{PlacedAnswer, TopUpRequest, place};
use crate::web::client_address::ClientAddress;
use crate::web::problem::Problem;
use crate::web::state::App;

/// A top-up to be paid by the QR code on a kiosk's screen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct KioskTopUpRequest {
    /// The quote that is taken, as it came from `POST /api/v1/quotes`.
    quote: String,
    /// `alipay` or `wechat_pay`.
    provider: String,
    /// The payer's language: `en` or `zh-Hans`.
    #[serde(default)]
    language: Option<String>,
    /// That this is another one, when the same was put on the card a moment ago.
    #[serde(default)]
    another_one: bool,
}

/// Places a top-up that is paid by a QR code on the kiosk's screen: the same flow, and the same answer, as online.
#[utoipa::path(post, path = "/api/v1/kiosk/top-ups", operation_id = "create_kiosk_top_up", request_body = KioskTopUpRequest,
    params(("Idempotency-Key" = String, Header, description = "8 to 128 visible ASCII characters, one for each intent")),
    responses(
        (status = 201, body = PlacedAnswer),
        (status = 400, description = "no idempotency key, or the body cannot be read", body = Problem),
        (status = 401, description = "not signed by an enrolled kiosk: see the code", body = Problem),
        (status = 409, description = "the same was put on the card a moment ago: say another_one", body = Problem),
        (status = 422, description = "the quote has expired, the card cannot be topped up, or the key was used for something else", body = Problem),
        (status = 503, description = "try again after Retry-After, with the same key", body = Problem),
))]
pub(in crate::web::api) async fn create(
    State(app): State<App>,
    Signed(_): Signed,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Body(request): Body<KioskTopUpRequest>,
) -> Result<Response, Problem> {
    let KioskTopUpRequest { quote, provider, language, another_one } = request;
    let request = TopUpRequest { quote, provider, method: "qr".to_owned(), language, another_one };
    place(&app, Channel::Kiosk, (&headers, address), request).await
}
