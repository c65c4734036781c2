//! Nobody gets past here but an enrolled kiosk.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use ringup_db::device::DeviceKind;
use ringup_engine::kiosk::{self, Machine};

use crate::web::guard::BODY_MAX;
use crate::web::i18n::time::iso;
use crate::web::problem::Problem;
use crate::web::signed::{self, Nonces, SignatureError};
use crate::web::state::App;

const TIME: HeaderName = HeaderName::from_static("ringup-time");

/// What the guard looks at.
#[derive(Clone)]
pub(super) struct Gate {
    pub(super) app: App,
    pub(super) nonces: Arc<Nonces>,
}

/// The kiosk that has signed the request.
pub(in crate::web::api) struct Signed(pub(super) Machine);

impl FromRequestParts<App> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let machine = parts.extensions.get::<Machine>().cloned();
        machine.map(Self).ok_or_else(|| refused(&SignatureError::Missing))
    }
}

/// Lets a request through that an enrolled kiosk has signed, with the kiosk beside it.
pub(super) async fn signed_by_a_kiosk(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        let detail = "the body is too large";
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail).into_response();
    };
    let device = match signed::device_of(&gate.app.engine, &gate.nonces, &parts, &body).await {
        Ok(device) if device.kind == DeviceKind::Kiosk => device,
        Ok(_) => return refused(&SignatureError::DeviceUnknown).into_response(),
        Err(SignatureError::Unavailable(error)) => return Problem::from(error).into_response(),
        Err(error) => return refused(&error).into_response(),
    };
    match kiosk::of_device(&gate.app.engine, device).await {
        Ok(Some(machine)) => parts.extensions.insert(machine),
        Ok(None) => return refused(&SignatureError::DeviceUnknown).into_response(),
        Err(error) => return Problem::from(error).into_response(),
    };
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// Tells the server's time with every answer: a kiosk whose clock is wrong hears nothing else.
pub(super) async fn with_the_time(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Ok(now) = HeaderValue::from_str(&iso(app.engine.now().micros())) {
        response.headers_mut().insert(TIME, now);
    }
    response
}

fn refused(error: &SignatureError) -> Problem {
    tracing::info!(code = error.code(), "a request of no kiosk was sent away");
    Problem::new(StatusCode::UNAUTHORIZED, error.code(), error.to_string())
}
