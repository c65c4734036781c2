//! Where providers notify us.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use ringup_core::payment::Provider;
use ringup_engine::limits;
use ringup_engine::notification::{self, Heard};
use ringup_gateways::{IncomingNotification, acknowledgement};

use super::guard::BODY_MAX;
use super::state::App;

/// `POST /notifications/{provider}`
pub fn routes() -> Router<App> {
    Router::new().route("/notifications/{provider}", post(hear))
}

/// Takes the body byte for byte: a signature is over bytes.
async fn hear(State(app): State<App>, Path(provider): Path<String>, headers: HeaderMap, body: Body) -> Response {
    let Some(provider) = Provider::from_name(&provider) else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(body) = axum::body::to_bytes(body, BODY_MAX).await else {
        return answer(provider, &Heard::Refused("body_too_large"));
    };
    let headers: Vec<(String, String)> = headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    let request = IncomingNotification { headers: &headers, body: &body };
    answer(provider, &notification::hear(&app.engine, provider, request).await)
}

fn answer(provider: Provider, heard: &Heard) -> Response {
    let wanted = acknowledgement(provider, heard.is_accepted());
    let status = match heard {
        Heard::Later => StatusCode::SERVICE_UNAVAILABLE,
        Heard::Accepted | Heard::WrittenDown(_) | Heard::Refused(_) => {
            StatusCode::from_u16(wanted.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        }
    };
    let mut response = (status, wanted.body).into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    if heard == &Heard::Later {
        // Providers have schedules of their own; whoever stands between them and us may heed it.
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(limits::RETRY_AFTER_SECONDS));
    }
    if let Some(content_type) = wanted.content_type {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response
}
