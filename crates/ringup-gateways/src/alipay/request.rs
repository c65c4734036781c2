//! Signed requests.

use std::collections::BTreeMap;

use ringup_core::time::Timestamp;
use serde::Serialize;

use super::Alipay;
use crate::china_time;
use crate::crypto::SignError;
use crate::form;
use crate::http::{HttpRequest, Method};

/// One method of the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlipayMethod {
    /// Makes an order and the QR code for it.
    Precreate,
    /// The page for a desktop browser.
    PagePay,
    /// The page for a phone's browser.
    WapPay,
    /// Takes the money of the payer whose code was scanned.
    Pay,
    /// Asks about an order.
    Query,
    /// Closes an unpaid order.
    Close,
    /// Closes an unpaid order, and gives back what was paid for a paid one.
    Cancel,
    /// Sends money back.
    Refund,
    /// Asks about a refund.
    RefundQuery,
}

impl AlipayMethod {
    /// As the request names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Precreate => "alipay.trade.precreate",
            Self::PagePay => "alipay.trade.page.pay",
            Self::WapPay => "alipay.trade.wap.pay",
            Self::Pay => "alipay.trade.pay",
            Self::Query => "alipay.trade.query",
            Self::Close => "alipay.trade.close",
            Self::Cancel => "alipay.trade.cancel",
            Self::Refund => "alipay.trade.refund",
            Self::RefundQuery => "alipay.trade.fastpay.refund.query",
        }
    }

    /// The member of the answer that holds what was asked for, and is signed.
    pub fn answer_member(self) -> String {
        format!("{}_response", self.name().replace('.', "_"))
    }
}

/// Where Alipay sends its notification, and the payer back; empty ones are left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReturnAddresses<'a> {
    /// For the notification.
    pub notify_url: &'a str,
    /// For the payer's browser.
    pub return_url: &'a str,
}

/// A call of the gateway: what is common stands in the query and the order in the body, as in Alipay's own SDK for
/// Node. Alipay signs over both together.
pub fn call(
    alipay: &Alipay,
    method: AlipayMethod,
    addresses: ReturnAddresses<'_>,
    content: &impl Serialize,
    now: Timestamp,
) -> Result<HttpRequest, SignError> {
    let mut parameters = signed(alipay, method, addresses, content, now)?;
    let content = parameters.remove("biz_content").unwrap_or_default();
    Ok(HttpRequest {
        method: Method::Post,
        url: format!("{}?{}", alipay.gateway_url, form::write(borrowed(&parameters))),
        headers: vec![
            ("accept", "application/json".to_owned()),
            ("content-type", "application/x-www-form-urlencoded;charset=utf-8".to_owned()),
        ],
        body: form::write([("biz_content", content.as_str())]),
    })
}

/// An address that carries the whole signed order to Alipay in the payer's browser; nothing is sent from here.
pub fn address(
    alipay: &Alipay,
    method: AlipayMethod,
    addresses: ReturnAddresses<'_>,
    content: &impl Serialize,
    now: Timestamp,
) -> Result<String, SignError> {
    let parameters = signed(alipay, method, addresses, content, now)?;
    Ok(format!("{}?{}", alipay.gateway_url, form::write(borrowed(&parameters))))
}

fn signed(
    alipay: &Alipay,
    method: AlipayMethod,
    addresses: ReturnAddresses<'_>,
    content: &impl Serialize,
    now: Timestamp,
) -> Result<BTreeMap<&'static str, String>, SignError> {
    let mut parameters = BTreeMap::from([
        ("app_id", alipay.app_id.clone()),
        ("method", method.name().to_owned()),
        ("format", "JSON".to_owned()),
        ("charset", "utf-8".to_owned()),
        ("sign_type", "RSA2".to_owned()),
        ("timestamp", china_time::to_alipay(now)),
        ("version", "1.0".to_owned()),
        ("notify_url", addresses.notify_url.to_owned()),
        ("return_url", addresses.return_url.to_owned()),
        ("biz_content", serde_json::to_string(content).map_err(|_| SignError)?),
    ]);
    if let Some(certificates) = &alipay.certificates {
        parameters.insert("app_cert_sn", certificates.app.clone());
        parameters.insert("alipay_root_cert_sn", certificates.root.clone());
    }
    parameters.retain(|_, value| !value.is_empty());
    let signature = alipay.signing_key.sign(&string_to_sign(borrowed(&parameters)))?;
    parameters.insert("sign", signature);
    Ok(parameters)
}

/// `a=1&b=2`, sorted by name, the values raw. Requests keep `sign_type` in it
/// (<https://opendocs.alipay.com/common/057k53>); the caller has taken out what does not belong.
pub fn string_to_sign<'a>(sorted: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> = sorted.map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

fn borrowed<'a>(parameters: &'a BTreeMap<&'static str, String>) -> impl Iterator<Item = (&'a str, &'a str)> {
    parameters.iter().map(|(name, value)| (*name, value.as_str()))
}

#[cfg(test)]
mod tests;
