//! Alipay's voice: a form, signed over the decoded fields but two, sorted by name.

use std::collections::BTreeMap;

use ringup_core::secret::Secret;
use ringup_gateways::{AlipayConfig, AlipayTrust};

use super::key::Key;
use super::{PAYMENT, REFUND};
use crate::Broken;

/// Our app.
pub const APP: &str = "2021000111222333";
/// Our merchant number.
pub const SELLER: &str = "2088123456789012";

/// The decoded fields of a notification.
pub type Fields = BTreeMap<String, String>;

/// Alipay, with its key.
pub struct Alipay(Key);

impl Alipay {
    pub(super) fn make() -> Result<Self, Broken> {
        Ok(Self(Key::make()?))
    }

    pub(super) fn config(&self, ours: &Key, url: &str) -> AlipayConfig {
        AlipayConfig {
            gateway_url: format!("{url}/gateway.do"),
            app_id: APP.to_owned(),
            seller_id: SELLER.to_owned(),
            private_key: Secret::new(ours.private.clone()),
            trust: AlipayTrust::PublicKey(self.0.public.clone()),
        }
    }

    /// The form as it is sent.
    ///
    /// # Errors
    /// [`Broken`] when it cannot be signed.
    pub fn signed(&self, fields: &Fields) -> Result<String, Broken> {
        let pairs: Vec<String> = fields
            .iter()
            .filter(|(name, _)| !["sign", "sign_type"].contains(&name.as_str()))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let sign = self.0.sign(pairs.join("&").as_bytes())?;
        let mut form: Vec<String> = fields
            .iter()
            .filter(|(name, _)| *name != "sign")
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        form.push(format!("sign={}", encoded(&sign)));
        Ok(form.join("&"))
    }
}

/// A payment of ours, paid, after the example in <https://opendocs.alipay.com/open/270/105902>.
pub fn payment() -> Fields {
    fields(&[
        ("app_id", APP),
        ("auth_app_id", APP),
        ("body", ""),
        ("buyer_id", "2088102116773037"),
        ("charset", "utf-8"),
        ("fund_bill_list", r#"[{"amount":"88.88","fundChannel":"ALIPAYACCOUNT"}]"#),
        ("gmt_create", "2026-11-23 20:19:56"),
        ("gmt_payment", "2026-11-23 20:20:01"),
        ("notify_id", "2026112300222202001000731234567890"),
        ("notify_time", "2026-11-23 20:20:02"),
        ("notify_type", "trade_status_sync"),
        ("out_trade_no", &PAYMENT.to_reference()),
        ("receipt_amount", "88.88"),
        ("seller_id", SELLER),
        ("sign_type", "RSA2"),
        ("subject", "Top-up 100%"),
        ("total_amount", "88.88"),
        ("trade_no", "2026112322001404060523871234"),
        ("trade_status", "TRADE_SUCCESS"),
        ("version", "1.0"),
    ])
}

/// The same, and some of it given back since.
pub fn refund() -> Fields {
    let mut told = payment();
    told.extend(fields(&[
        ("gmt_refund", "2026-11-23 20:22:01.320"),
        ("out_biz_no", &REFUND.to_reference()),
        ("refund_fee", "8.80"),
    ]));
    told
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Percent-encoded, as forms are.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The fields of a form, as anybody decodes them; nothing when a name comes twice or a percent sign stands alone.
pub fn decoded(form: &[u8]) -> Option<Fields> {
    let mut fields = Fields::new();
    for pair in form.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let (name, value) = pair.split_at(at);
        let value = value.get(1..).unwrap_or_default();
        if fields.insert(unescaped(name)?, unescaped(value)?).is_some() {
            return None;
        }
    }
    Some(fields)
}

fn unescaped(text: &[u8]) -> Option<String> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        if *byte == b'%' {
            let digits = std::str::from_utf8(text.get(at + 1..at + 3)?).ok()?;
            let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            out.push(u8::from_str_radix(digits, 16).ok().filter(|_| plain)?);
            at += 3;
        } else {
            out.push(if *byte == b'+' { b' ' } else { *byte });
            at += 1;
        }
    }
    String::from_utf8(out).ok()
}
