//! Reads a gateway request: query and body merged, then verified as a whole, then understood.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, header::CONTENT_TYPE};
use serde_json::Value;

use crate::{alipay::answer::Refused, china_time, config::AlipayAgreement, urlencoded};

/// A request's parameters. SDKs differ in which go into the query and which into the body.
pub type Params = BTreeMap<String, String>;

/// What the gateway can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Precreate,
    PagePay,
    WapPay,
    Pay,
    Query,
    Close,
    Cancel,
    Refund,
    RefundQuery,
}

impl Method {
    const ALL: [Self; 9] = [
        Self::Precreate,
        Self::PagePay,
        Self::WapPay,
        Self::Pay,
        Self::Query,
        Self::Close,
        Self::Cancel,
        Self::Refund,
        Self::RefundQuery,
    ];

    /// The method's name in requests.
    pub fn name(self) -> &'static str {
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

    /// The name of the answer's one field.
    pub fn response_key(self) -> String {
        format!("{}_response", self.name().replace('.', "_"))
    }

    /// Whether the payer's browser comes with it.
    pub fn is_page(self) -> bool {
        matches!(self, Self::PagePay | Self::WapPay)
    }
}

/// A request that was verified and understood.
pub struct Call {
    pub method: Method,
    pub notify_url: Option<String>,
    pub return_url: Option<String>,
    business: Value,
}

impl Call {
    /// A field of `biz_content` as text; numbers count, since some SDKs send amounts so. Empty is absent.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.business.get(name)? {
            Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

/// A refusal before anything was done; signed when it is known who asks what.
pub struct Failed {
    pub method: Option<Method>,
    pub refused: Refused,
}

/// All parameters, from the query and from the body.
pub fn merge(query: &str, headers: &HeaderMap, body: &[u8]) -> Result<Params, Refused> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !body.is_empty() && !content_type.to_lowercase().starts_with("application/x-www-form-urlencoded") {
        return Err(Refused::arguments("isv.invalid-parameter", "请求体不是表单"));
    }
    let broken = || Refused::arguments("isv.invalid-encoding", "编码错误");
    let body = std::str::from_utf8(body).map_err(|_| broken())?;
    let mut pairs = urlencoded::decode(query).ok_or_else(broken)?;
    pairs.extend(urlencoded::decode(body).ok_or_else(broken)?);
    let mut params = Params::new();
    for (name, value) in pairs {
        if params.insert(name, value).is_some() {
            return Err(Refused::arguments("isv.invalid-parameter", "参数重复"));
        }
    }
    Ok(params)
}

/// Verifies and understands a request.
pub fn read(agreement: &AlipayAgreement, params: &Params) -> Result<Call, Failed> {
    let text = |name: &str| params.get(name).map(String::as_str).filter(|text| !text.is_empty());
    let early = |sub_code: &str, sub_msg: &str| Failed { method: None, refused: Refused::arguments(sub_code, sub_msg) };
    let method = text("method").ok_or_else(|| early("isv.missing-method", "缺少方法名参数"))?;
    let method = Method::ALL.into_iter().find(|known| known.name() == method);
    let method = method.ok_or_else(|| early("isv.invalid-method", "不存在的方法名"))?;
    match text("app_id") {
        None => return Err(early("isv.missing-app-id", "缺少appId参数")),
        Some(app_id) if app_id != agreement.app_id => return Err(early("isv.invalid-app-id", "无效的appId参数")),
        Some(_) => {}
    }
    let refuse =
        |sub_code: &str, sub_msg: &str| Failed { method: Some(method), refused: Refused::arguments(sub_code, sub_msg) };
    check_common(agreement, &text).map_err(|(sub_code, sub_msg)| refuse(sub_code, sub_msg))?;
    let signature = text("sign").ok_or_else(|| refuse("isv.missing-signature", "缺少签名参数"))?;
    let signed = string_to_sign(params);
    if !agreement.merchant_key.verifies(signed.as_bytes(), signature) {
        let sub_msg =
            format!("验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：{signed}");
        return Err(refuse("isv.invalid-signature", &sub_msg));
    }
    let business = text("biz_content").and_then(|json| serde_json::from_str(json).ok()).filter(Value::is_object);
    Ok(Call {
        method,
        notify_url: text("notify_url").map(str::to_owned),
        return_url: text("return_url").map(str::to_owned),
        business: business.ok_or_else(|| refuse("isv.invalid-parameter", "参数无效：biz_content"))?,
    })
}

/// What every method wants alike, in the gateway's order.
fn check_common<'a>(
    agreement: &AlipayAgreement,
    text: &impl Fn(&str) -> Option<&'a str>,
) -> Result<(), (&'static str, &'static str)> {
    match text("sign_type") {
        None => return Err(("isv.missing-signature-type", "缺少签名类型参数")),
        Some("RSA2") => {}
        Some(_) => return Err(("isv.invalid-signature-type", "无效的签名类型")),
    }
    match text("timestamp").map(china_time::parse_plain) {
        None => return Err(("isv.missing-timestamp", "缺少时间戳参数")),
        Some(None) => return Err(("isv.invalid-timestamp", "非法的时间戳参数")),
        Some(Some(_)) => {}
    }
    match text("version") {
        None => return Err(("isv.missing-version", "缺少版本参数")),
        Some("1.0") => {}
        Some(_) => return Err(("isv.invalid-version", "不支持的版本号")),
    }
    if text("charset").is_some_and(|charset| !charset.eq_ignore_ascii_case("utf-8")) {
        return Err(("isv.invalid-charset", "字符集错误"));
    }
    if text("format").is_some_and(|format| !format.eq_ignore_ascii_case("json")) {
        return Err(("isv.invalid-format", "无效的数据格式"));
    }
    if let Some(certificates) = &agreement.certificates {
        if text("app_cert_sn") != Some(certificates.merchant_sn.as_str()) {
            return Err(("isv.invalid-app-cert-sn", "应用公钥证书序列号不匹配"));
        }
        if text("alipay_root_cert_sn") != Some(certificates.root_sn.as_str()) {
            return Err(("isv.invalid-alipay-root-cert-sn", "支付宝根证书序列号不匹配"));
        }
    }
    Ok(())
}

/// Everything but `sign` and what is empty, sorted, raw. In requests `sign_type` counts; in notifications it does not.
fn string_to_sign(params: &Params) -> String {
    let parts: Vec<String> = params
        .iter()
        .filter(|(name, value)| name.as_str() != "sign" && !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    parts.join("&")
}
