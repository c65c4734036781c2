//! Writes answers: the signature over time, nonce and body stands in the headers.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{app::App, config::PlatformSigner, limits, outside, request_fault::AnswerTwist};

/// What an operation answers.
pub enum Answer {
    /// 200 with JSON.
    Json(Value),
    /// 204 without a body, which is signed all the same.
    Nothing,
}

/// A refusal as WeChat Pay words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refused {
    /// A refusal with its own code.
    pub fn new(status: StatusCode, code: &'static str, message: &str) -> Self {
        Self { status, code, message: message.to_owned() }
    }

    /// 401: the signature, or what belongs to it.
    pub fn sign(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "SIGN_ERROR", message)
    }

    /// 400: a parameter.
    pub fn parameter(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "PARAM_ERROR", message)
    }

    /// 400: the request does not fit what was before.
    pub fn invalid_request(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message)
    }

    /// 404: no such order.
    pub fn no_order() -> Self {
        Self::new(StatusCode::NOT_FOUND, "ORDER_NOT_EXIST", "订单不存在")
    }

    /// 404: no such thing.
    pub fn not_found(message: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "RESOURCE_NOT_EXISTS", message)
    }
}

/// A success with its signature.
pub fn signed(app: &App, signer: &PlatformSigner, answer: Answer, twist: AnswerTwist) -> Response {
    match answer {
        Answer::Json(mut body) => {
            if let (true, Value::Object(fields)) = (twist.is_other_order, &mut body) {
                fields.insert("out_trade_no".to_owned(), json!("ANOTHER20261123000001"));
                fields.insert("transaction_id".to_owned(), json!("4200002026112300000000000001"));
            }
            respond(app, signer, StatusCode::OK, &body.to_string(), twist)
        }
        Answer::Nothing => respond(app, signer, StatusCode::NO_CONTENT, "", twist),
    }
}

/// A refusal with its signature.
pub fn refused(app: &App, signer: &PlatformSigner, refused: &Refused) -> Response {
    let body = json!({ "code": refused.code, "message": refused.message }).to_string();
    respond(app, signer, refused.status, &body, AnswerTwist::default())
}

/// The headers that carry a signature over `body`; notifications carry the same ones.
pub fn signature_headers(
    app: &App,
    signer: &PlatformSigner,
    body: &str,
    is_forged: bool,
) -> [(&'static str, String); 6] {
    let timestamp = (app.now() / limits::SECOND).to_string();
    let nonce = outside::random_text(32);
    let signed = format!("{timestamp}\n{nonce}\n{body}\n");
    let signature = if is_forged { app.forge(signed.as_bytes()) } else { signer.key.sign(signed.as_bytes()) };
    [
        ("request-id", outside::random_text(40)),
        ("wechatpay-nonce", nonce),
        ("wechatpay-serial", signer.serial.clone()),
        ("wechatpay-signature", signature),
        ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048".to_owned()),
        ("wechatpay-timestamp", timestamp),
    ]
}

fn respond(app: &App, signer: &PlatformSigner, status: StatusCode, body: &str, twist: AnswerTwist) -> Response {
    let headers = signature_headers(app, signer, body, twist.is_forged);
    if body.is_empty() {
        return (status, headers).into_response();
    }
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], headers, body.to_owned()).into_response()
}
