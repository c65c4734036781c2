//! Signed requests (<https://pay.weixin.qq.com/wiki/doc/apiv3/wechatpay/wechatpay4_0.shtml>).

use ringup_core::time::Timestamp;
use serde::Serialize;

use super::WechatPay;
use crate::crypto::SignError;
use crate::http::{HttpRequest, Method};
use crate::order::Nonce;

/// Asks: no body.
///
/// # Errors
/// [`SignError`].
pub fn get(wechat_pay: &WechatPay, path: &str, now: Timestamp, nonce: &Nonce) -> Result<HttpRequest, SignError> {
    signed(wechat_pay, Method::Get, path, String::new(), Signed { now, nonce })
}

/// Orders: a JSON body.
///
/// # Errors
/// [`SignError`].
pub fn post(
    wechat_pay: &WechatPay,
    path: &str,
    content: &impl Serialize,
    now: Timestamp,
    nonce: &Nonce,
) -> Result<HttpRequest, SignError> {
    let body = serde_json::to_string(content).map_err(|_| SignError)?;
    signed(wechat_pay, Method::Post, path, body, Signed { now, nonce })
}

/// What a signature adds to make itself unique.
struct Signed<'a> {
    now: Timestamp,
    nonce: &'a Nonce,
}

fn signed(
    wechat_pay: &WechatPay,
    method: Method,
    path: &str,
    body: String,
    with: Signed<'_>,
) -> Result<HttpRequest, SignError> {
    let text = string_to_sign(method, &format!("{}{path}", wechat_pay.base_path), &with, &body);
    let signature = wechat_pay.signing_key.sign(&text)?;
    let authorization = format!(
        r#"WECHATPAY2-SHA256-RSA2048 mchid="{}",nonce_str="{}",signature="{signature}",timestamp="{}",serial_no="{}""#,
        wechat_pay.mchid,
        with.nonce.as_str(),
        with.now.seconds(),
        wechat_pay.merchant_serial,
    );
    let mut headers = vec![("accept", "application/json".to_owned()), ("authorization", authorization)];
    if method == Method::Post {
        headers.push(("content-type", "application/json".to_owned()));
    }
    // Tells WeChat Pay which of its keys we hold, so that it signs the answer with that one.
    if let Some(id) = wechat_pay.keys.public_key_id() {
        headers.push(("wechatpay-serial", id.to_owned()));
    }
    Ok(HttpRequest { method, url: format!("{}{path}", wechat_pay.base_url), headers, body })
}

/// Five lines, each ended, the last one too; a GET has an empty last line.
fn string_to_sign(method: Method, path_and_query: &str, with: &Signed<'_>, body: &str) -> String {
    let Signed { now, nonce } = with;
    format!("{}\n{path_and_query}\n{}\n{}\n{body}\n", method.name(), now.seconds(), nonce.as_str())
}

#[cfg(test)]
mod tests;
