use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use ringup_core::top_up::Channel;
use ringup_engine::top_up::TopUpView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guard::Signed;
use super::slip::{self, SlipAnswer};
use crate::web::api::body::Body;
use crate::web::api::code::TypedCode;
use crate::web::api::top_up::{PlacedAnswer, StatusAnswer, TopUpRequest, find, place, status, unknown};
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

/// How a top-up stands, and the slip of one that is on the card.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct KioskTopUpAnswer {
    #[serde(flatten)]
    status: StatusAnswer,
    /// What the slip says, in the language of the top-up; nothing before it is credited.
    slip: Option<SlipAnswer>,
}

/// Tells how a top-up stands that is paid by a QR code on a kiosk's screen.
#[utoipa::path(get, path = "/api/v1/kiosk/top-ups/{code}", operation_id = "show_kiosk_top_up",
    params(("code" = String, Path, description = "the code it was placed with")),
    responses(
        (status = 200, body = KioskTopUpAnswer),
        (status = 401, description = "not signed by an enrolled kiosk: see the code", body = Problem),
        (status = 404, description = "there is no such top-up by a kiosk's QR code", body = Problem),
        (status = 503, description = "try again after Retry-After", body = Problem),
))]
pub(in crate::web::api) async fn show(
    State(app): State<App>,
    Signed(machine): Signed,
    TypedCode(code): TypedCode,
) -> Result<Json<KioskTopUpAnswer>, Problem> {
    let public_url = &app.site.public_url;
    let by_qr_code = |view: &TopUpView| view.top_up.channel == Channel::Kiosk && view.top_up.sale.is_none();
    let view = find(&app, code).await?.filter(by_qr_code).ok_or_else(unknown)?;
    let slip = view.credited_at().map(|_| slip::of(&machine, &view, public_url));
    Ok(Json(KioskTopUpAnswer { status: status(public_url, &view), slip }))
}
