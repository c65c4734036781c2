//! Verifies a request's `Authorization` and reads its JSON.

use std::collections::HashMap;

use axum::http::{HeaderMap, Method, Uri};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    config::{PlatformSigner, WechatPayAgreement},
    limits, urlencoded,
    wechat_pay::answer::Refused,
};

/// The one scheme that is taken; the other one in the documents is SM2.
const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";

/// A request as it came.
pub struct Request<'a> {
    pub method: &'a Method,
    pub uri: &'a Uri,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

impl Request<'_> {
    /// Checks headers, time and signature.
    pub fn verify(&self, agreement: &WechatPayAgreement, now: i64) -> Result<(), Refused> {
        self.check_headers()?;
        let authorization =
            header(self.headers, "authorization").ok_or_else(|| Refused::sign("Http头缺少Authorization"))?;
        let (scheme, fields) = authorization.split_once(' ').unwrap_or_default();
        if scheme != SCHEME {
            return Err(Refused::sign("Authorization类型错误"));
        }
        let fields = authorization_fields(fields);
        let field = |name: &str| fields.get(name).copied().ok_or_else(|| Refused::sign("Authorization不合法"));
        let (mchid, serial) = (field("mchid")?, field("serial_no")?);
        let (timestamp, nonce, signature) = (field("timestamp")?, field("nonce_str")?, field("signature")?);
        if mchid != agreement.mchid {
            return Err(Refused::sign("商户号不存在"));
        }
        if !serial.eq_ignore_ascii_case(&agreement.merchant.serial_hex) {
            return Err(Refused::sign("商户证书序列号有误"));
        }
        let seconds: i64 = timestamp.parse().map_err(|_| Refused::sign("时间戳不合法"))?;
        if (now / limits::SECOND).abs_diff(seconds) > limits::WECHAT_PAY_SKEW_SECONDS_MAX.unsigned_abs() {
            return Err(Refused::sign("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟"));
        }
        let path = self.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        let mut signed = format!("{}\n{path}\n{timestamp}\n{nonce}\n", self.method).into_bytes();
        signed.extend_from_slice(self.body);
        signed.push(b'\n');
        if !agreement.merchant.key.verifies(&signed, signature) {
            return Err(Refused::sign("签名错误，请检查后再试"));
        }
        Ok(())
    }

    /// The JSON body.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Refused> {
        serde_json::from_slice(self.body).map_err(|error| Refused::parameter(&format!("请求体不合法：{error}")))
    }

    /// One text field of the JSON body.
    pub fn text(&self, name: &str) -> Option<String> {
        let body: Value = serde_json::from_slice(self.body).ok()?;
        body.get(name)?.as_str().map(str::to_owned)
    }

    /// The amount in the JSON body.
    pub fn total_minor(&self) -> Option<u64> {
        let body: Value = serde_json::from_slice(self.body).ok()?;
        body.get("amount")?.get("total")?.as_u64()
    }

    /// One parameter of the query.
    pub fn query(&self, name: &str) -> Option<String> {
        let pairs = urlencoded::decode(self.uri.query().unwrap_or_default())?;
        pairs.into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    fn check_headers(&self) -> Result<(), Refused> {
        let accept = header(self.headers, "accept").unwrap_or_default();
        if !accept.contains("application/json") && !accept.contains("*/*") {
            return Err(Refused::parameter("Http头Accept必须为application/json"));
        }
        if header(self.headers, "user-agent").is_none() {
            return Err(Refused::parameter("Http头缺少User-Agent"));
        }
        let content_type = header(self.headers, "content-type").unwrap_or_default();
        if *self.method == Method::POST && !content_type.to_lowercase().starts_with("application/json") {
            return Err(Refused::parameter("Http头Content-Type必须为application/json"));
        }
        Ok(())
    }
}

/// The key that signs the answer: the one the request names, or the certificate's.
pub fn answer_signer<'a>(
    agreement: &'a WechatPayAgreement,
    headers: &HeaderMap,
) -> Result<&'a PlatformSigner, Refused> {
    let signer = agreement.platform.named(header(headers, "wechatpay-serial"));
    signer.ok_or_else(|| Refused::parameter("Http头Wechatpay-Serial不存在"))
}

/// One part of the path, decoded.
pub fn decode(part: &str) -> Result<String, Refused> {
    // In a path a plus sign is a plus sign.
    urlencoded::decode_part(&part.replace('+', "%2B")).ok_or_else(|| Refused::parameter("路径不合法"))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// `name="value"` pairs in any order: no two SDKs agree on one.
fn authorization_fields(text: &str) -> HashMap<&str, &str> {
    let pairs = text.split(',').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter_map(|(name, value)| Some((name, value.strip_prefix('"')?.strip_suffix('"')?))).collect()
}
