use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ringup_engine::receipt;
use serde::Serialize;
use utoipa::ToSchema;

use super::code::TypedCode;
use crate::web::problem::Problem;
use crate::web::state::App;

/// A receipt that proves itself: check `signature` over `signed_text` with the key `key_id`.
#[derive(Serialize, ToSchema)]
pub(super) struct ReceiptAnswer {
    /// What is signed, byte for byte.
    signed_text: String,
    /// Which key, as `/.well-known/ringup/keys.json` names it.
    key_id: String,
    /// Ed25519, in base64url without padding.
    signature: String,
    /// How much of it has been given back since.
    refunded: String,
}

/// Shows a receipt.
#[utoipa::path(get, path = "/api/v1/receipts/{code}", operation_id = "show_receipt", params(("code" = String, Path, description = "the receipt code")),
    responses((status = 200, body = ReceiptAnswer), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn show(State(app): State<App>, TypedCode(code): TypedCode) -> Result<Json<ReceiptAnswer>, Problem> {
    let unknown = || Problem::new(StatusCode::NOT_FOUND, "receipt_unknown", "there is no such receipt");
    let code = code.ok_or_else(unknown)?;
    let signed = receipt::find(&app.engine, code).await?.ok_or_else(unknown)?;
    Ok(Json(ReceiptAnswer {
        signed_text: signed.receipt.signed_text(),
        key_id: signed.key_id,
        signature: signed.signature,
        refunded: signed.refunded.to_string(),
    }))
}
