use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ringup_engine::device::{self, EnrolCode, EnrolError, SignatureAlgorithm};
use ringup_engine::kiosk;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::web::api::body::Body;
use crate::web::i18n::time::iso;
use crate::web::problem::Problem;
use crate::web::state::App;

/// A kiosk that has made a key of its own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct EnrolRequest {
    /// The code that the office has given.
    code: String,
    /// `ed25519` or `ecdsa-p256-sha256`.
    algorithm: String,
    /// The public key, in base64url without padding.
    public_key: String,
}

/// Who the kiosk is from now on.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct EnrolledAnswer {
    /// What its signatures name as `keyid`.
    device: String,
    /// What the numbers of its notes begin with.
    kiosk: u32,
    /// The server's time (RFC 3339).
    server_time: String,
}

/// Enrols a kiosk's key, once for each code. The only request of a kiosk that is not signed.
#[utoipa::path(post, path = "/api/v1/kiosk/enrol", operation_id = "enrol_kiosk", request_body = EnrolRequest, responses(
    (status = 200, body = EnrolledAnswer),
    (status = 400, description = "the body cannot be read", body = Problem),
    (status = 422, description = "the code or the key cannot be used", body = Problem),
    (status = 503, description = "try again after Retry-After", body = Problem),
))]
pub(in crate::web::api) async fn enrol(
    State(app): State<App>,
    Body(request): Body<EnrolRequest>,
) -> Result<Json<EnrolledAnswer>, Problem> {
    let code: EnrolCode = request.code.parse().map_err(|_| refused(&EnrolError::CodeUnusable))?;
    let algorithm = SignatureAlgorithm::from_name(&request.algorithm);
    let key = URL_SAFE_NO_PAD.decode(&request.public_key).ok();
    let (algorithm, key) = algorithm.zip(key).ok_or_else(|| refused(&EnrolError::KeyUnusable))?;
    // A till's code is left alone: it can still enrol the till.
    if !kiosk::is_invited(&app.engine, &code).await? {
        return Err(refused(&EnrolError::CodeUnusable));
    }
    let device = match device::enrol(&app.engine, &code, algorithm, key).await {
        Ok(device) => device,
        Err(EnrolError::Submit(error)) => return Err(error.into()),
        Err(error @ (EnrolError::CodeUnusable | EnrolError::KeyUnusable)) => return Err(refused(&error)),
    };
    let found = kiosk::find(&app.engine, device.place).await?;
    let kiosk = found.ok_or_else(|| refused(&EnrolError::CodeUnusable))?;
    let server_time = iso(app.engine.now().micros());
    Ok(Json(EnrolledAnswer { device: device.id.to_string(), kiosk: kiosk.number, server_time }))
}

fn refused(error: &EnrolError) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.code(), error.to_string())
}
