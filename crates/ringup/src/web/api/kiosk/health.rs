use axum::Json;
use axum::extract::State;
use ringup_engine::kiosk::{self, Health, HealthError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guard::Signed;
use super::read;
use crate::web::api::body::Body;
use crate::web::i18n::time::iso;
use crate::web::problem::Problem;
use crate::web::state::App;

/// What a kiosk says of itself, each minute.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct HealthRequest {
    /// `ok`, `low`, `out` or `unknown`.
    paper: String,
    /// `ok`, `jammed`, `silent` or `box_out`.
    validator: String,
    /// `closed` or `open`.
    door: String,
    /// `ok` or `weak`.
    link: String,
    /// How far its clock is ahead of the server's, in milliseconds.
    clock_off_ms: i64,
    /// Its program.
    version: String,
    /// How many sales it has not been able to send.
    #[serde(default)]
    waiting_sales: u32,
    /// How many claims it has not been able to send.
    #[serde(default)]
    waiting_claims: u32,
}

/// That it was heard.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct HealthAnswer {
    /// The server's time (RFC 3339).
    server_time: String,
    /// Whether holders are told that it works.
    in_order: bool,
}

/// Keeps how a kiosk is. One that says nothing for five minutes is not known to be in order.
#[utoipa::path(post, path = "/api/v1/kiosk/health", operation_id = "hear_kiosk_health", request_body = HealthRequest, responses(
    (status = 200, body = HealthAnswer),
    (status = 400, description = "the body cannot be read", body = Problem),
    (status = 401, description = "not signed by an enrolled kiosk: see the code", body = Problem),
    (status = 503, description = "try again after Retry-After", body = Problem),
))]
pub(in crate::web::api) async fn hear(
    State(app): State<App>,
    Signed(machine): Signed,
    Body(request): Body<HealthRequest>,
) -> Result<Json<HealthAnswer>, Problem> {
    let said = Health {
        paper: request.paper,
        validator: request.validator,
        door: request.door,
        link: request.link,
        clock_off_ms: request.clock_off_ms,
        version: request.version,
        waiting_sales: request.waiting_sales,
        waiting_claims: request.waiting_claims,
    };
    let in_order = kiosk::hear(&app.engine, &machine.kiosk, said).await.map_err(|error| match error {
        HealthError::Word(_) => read::bad("health_malformed", &error.to_string()),
        HealthError::Submit(error) => error.into(),
    })?;
    Ok(Json(HealthAnswer { server_time: iso(app.engine.now().micros()), in_order }))
}
