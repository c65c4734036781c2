//! Nobody gets past here but an enrolled till.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use ringup_db::device::DeviceKind;

use super::enrol;
use crate::web::guard::BODY_MAX;
use crate::web::page_error::PageError;
use crate::web::signed::{self, Nonces, SignatureError};
use crate::web::state::App;
use crate::web::view::Page;
use crate::web::view::problem::ProblemKind;

/// What the guard looks at.
#[derive(Clone)]
pub(super) struct Gate {
    pub(super) app: App,
    pub(super) nonces: Arc<Nonces>,
}

/// Lets a request through that an enrolled till has signed, with the till beside it; shows anybody else how a till is enrolled.
pub(super) async fn signed_by_a_till(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(page) = Page::from_request_parts(&mut parts, &gate.app).await;
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        return PageError::new(page, StatusCode::PAYLOAD_TOO_LARGE, ProblemKind::TooLarge).into_response();
    };
    let device = match signed::device_of(&gate.app.engine, &gate.nonces, &parts, &body).await {
        Ok(device) if device.kind == DeviceKind::Till => device,
        Ok(_) => return refused(&page, &SignatureError::DeviceUnknown),
        Err(SignatureError::Unavailable(error)) => return PageError::unavailable(&page, &error).into_response(),
        Err(error) => return refused(&page, &error),
    };
    parts.extensions.insert(device);
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// The code stands in a header too: the till's own script reads it.
fn refused(page: &Page, error: &SignatureError) -> Response {
    tracing::info!(code = error.code(), "a request of no till was sent away");
    let mut response = enrol::not_enrolled(page.clone(), error);
    if let Ok(code) = HeaderValue::from_str(error.code()) {
        response.headers_mut().insert("ringup-code", code);
    }
    response
}
