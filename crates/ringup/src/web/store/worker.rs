//! The script that signs what a till asks.

use axum::http::{HeaderName, header};
use axum::response::{IntoResponse as _, Response};

/// `GET /store/worker.js`: a service worker, which a browser asks for under one address again and again.
pub(super) async fn script() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        // It stands for /store itself too, not only for what is below it.
        (HeaderName::from_static("service-worker-allowed"), "/store"),
    ];
    (headers, include_str!("../../../assets/js/till-worker.js")).into_response()
}
