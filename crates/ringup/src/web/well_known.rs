//! The public keys that receipts are signed with.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::state::App;

/// `GET /.well-known/ringup/keys.json`
pub fn routes() -> Router<App> {
    Router::new().route("/.well-known/ringup/keys.json", get(keys))
}

/// As a JSON Web Key Set (RFC 7517), with Ed25519 as RFC 8037 writes it.
async fn keys(State(app): State<App>) -> Response {
    let keys = app.engine.keys();
    let key = json!({
        "kty": "OKP",
        "crv": "Ed25519",
        "use": "sig",
        "alg": "EdDSA",
        "kid": keys.receipt_key_id(),
        "x": URL_SAFE_NO_PAD.encode(keys.receipt_public_key()),
    });
    ([(header::CACHE_CONTROL, "public, max-age=3600")], Json(json!({ "keys": [key] }))).into_response()
}
