//! Writes the gateway's answers: signed over exactly the bytes of the one field.

use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use crate::{
    alipay::request::{Failed, Method},
    app::App,
    config::AlipayAgreement,
    request_fault::AnswerTwist,
};

/// The fields of an answer.
pub type Fields = Map<String, Value>;

/// What a method answers.
pub enum Answer {
    /// Fields, to be signed.
    Fields(Fields),
    /// The payer's browser is sent on.
    Page(String),
}

impl Answer {
    /// A success with these fields.
    pub fn success(fields: Value) -> Self {
        let mut answer = code_and_message("10000", "Success");
        if let Value::Object(fields) = fields {
            answer.extend(fields);
        }
        Self::Fields(answer)
    }
}

impl Answer {
    /// 10003: the payer must confirm.
    pub fn waiting(fields: Value) -> Self {
        let mut answer = code_and_message("10003", "order success pay inprocess");
        if let Value::Object(fields) = fields {
            answer.extend(fields);
        }
        Self::Fields(answer)
    }
}

/// A refusal as the gateway words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    code: &'static str,
    message: &'static str,
    sub_code: String,
    sub_message: String,
}

impl Refused {
    /// 40002: the request itself is wrong.
    pub fn arguments(sub_code: &str, sub_message: &str) -> Self {
        Self {
            code: "40002",
            message: "Invalid Arguments",
            sub_code: sub_code.to_owned(),
            sub_message: sub_message.to_owned(),
        }
    }

    /// 40004: the business says no.
    pub fn business(sub_code: &str, sub_message: &str) -> Self {
        Self {
            code: "40004",
            message: "Business Failed",
            sub_code: sub_code.to_owned(),
            sub_message: sub_message.to_owned(),
        }
    }

    /// `ACQ.INVALID_PARAMETER` for a field.
    pub fn parameter(name: &str) -> Self {
        Self::business("ACQ.INVALID_PARAMETER", &format!("参数无效：{name}"))
    }

    /// `ACQ.TRADE_NOT_EXIST`.
    pub fn no_trade() -> Self {
        Self::business("ACQ.TRADE_NOT_EXIST", "交易不存在")
    }

    /// As an answer's fields.
    pub fn fields(&self) -> Fields {
        let mut fields = code_and_message(self.code, self.message);
        fields.insert("sub_code".to_owned(), json!(self.sub_code));
        fields.insert("sub_msg".to_owned(), json!(self.sub_message));
        fields
    }
}

/// The signed envelope around an answer's fields.
pub fn signed(app: &App, method: Method, mut fields: Fields, twist: AnswerTwist) -> Response {
    if twist.is_other_order {
        fields.insert("out_trade_no".to_owned(), json!("ANOTHER20261123000001"));
        fields.insert("trade_no".to_owned(), json!("2026112322001400000000000001"));
    }
    let value = text(fields);
    let signature =
        if twist.is_forged { app.forge(value.as_bytes()) } else { app.alipay.platform_key.sign(value.as_bytes()) };
    envelope(&app.alipay, &method.response_key(), &value, &signature)
}

/// A request that was not understood: signed when it is known who asks what.
pub fn failed(agreement: &AlipayAgreement, failed: Failed) -> Response {
    let Some(method) = failed.method else { return unsigned(&failed.refused) };
    if method.is_page() {
        return error_page(&failed.refused);
    }
    let value = text(failed.refused.fields());
    envelope(agreement, &method.response_key(), &value, &agreement.platform_key.sign(value.as_bytes()))
}

/// An `error_response`, which carries no signature.
pub fn unsigned(refused: &Refused) -> Response {
    respond(format!(r#"{{"error_response":{}}}"#, text(refused.fields())))
}

/// Sends the payer's browser on.
pub fn redirect(location: &str) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, location.to_owned())]).into_response()
}

/// What a payer's browser is shown when the merchant's request is wrong.
pub fn error_page(refused: &Refused) -> Response {
    let page = crate::phone::error_page(&refused.sub_code, &refused.sub_message);
    (StatusCode::BAD_REQUEST, Html(page)).into_response()
}

fn envelope(agreement: &AlipayAgreement, key: &str, value: &str, signature: &str) -> Response {
    let certificate = agreement.certificates.as_ref();
    let certificate =
        certificate.map(|names| format!(r#""alipay_cert_sn":"{}","#, names.platform_sn)).unwrap_or_default();
    respond(format!(r#"{{"{key}":{value},{certificate}"sign":"{signature}"}}"#))
}

/// Alipay escapes every slash; who parses and prints again before verifying, verifies other bytes.
fn text(fields: Fields) -> String {
    Value::Object(fields).to_string().replace('/', "\\/")
}

/// Alipay calls its JSON HTML.
fn respond(body: String) -> Response {
    ([(header::CONTENT_TYPE, "text/html;charset=utf-8")], body).into_response()
}

fn code_and_message(code: &str, message: &str) -> Fields {
    let mut fields = Fields::new();
    fields.insert("code".to_owned(), json!(code));
    fields.insert("msg".to_owned(), json!(message));
    fields
}
