//! Hands out the platform certificate, encrypted with the API v3 key.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    app::App,
    china_time,
    crypto::{self, KeyError},
    limits, outside,
    wechat_pay::answer::{Answer, Refused},
};

/// How long before now a certificate says that it was made, and after now that it ends.
const CERTIFICATE_HALF_LIFE: i64 = 5 * 365 * 86_400 * limits::SECOND / 2;

/// `GET /v3/certificates`.
pub fn list(app: &App) -> Result<Answer, Refused> {
    let mut data = Vec::new();
    for certificate in app.wechat_pay.platform.all().filter_map(|signer| signer.certificate.as_ref()) {
        let resource = seal(app, "certificate", &certificate.pem)
            .map_err(|_| Refused::new(StatusCode::INTERNAL_SERVER_ERROR, "SYSTEM_ERROR", "系统错误"))?;
        data.push(json!({
            "effective_time": china_time::rfc3339(app.now().saturating_sub(CERTIFICATE_HALF_LIFE)),
            "encrypt_certificate": resource,
            "expire_time": china_time::rfc3339(app.now().saturating_add(CERTIFICATE_HALF_LIFE)),
            "serial_no": certificate.serial_hex,
        }));
    }
    if data.is_empty() {
        // A merchant in public-key mode has no platform certificate.
        return Err(Refused::not_found("无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥"));
    }
    Ok(Answer::Json(json!({ "data": data })))
}

/// `AEAD_AES_256_GCM` with the API v3 key, as certificates and notifications carry it.
pub fn seal(app: &App, associated_data: &str, plaintext: &str) -> Result<Value, KeyError> {
    let text = outside::random_text(12);
    let nonce: [u8; 12] = text.as_bytes().try_into().unwrap_or_default();
    let ciphertext = crypto::seal(&app.wechat_pay.api_v3_key, nonce, associated_data, plaintext.as_bytes())?;
    Ok(json!({
        "algorithm": "AEAD_AES_256_GCM",
        "associated_data": associated_data,
        "ciphertext": ciphertext,
        "nonce": text,
    }))
}
