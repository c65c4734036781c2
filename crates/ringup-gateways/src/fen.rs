//! Amounts as Alipay and WeChat Pay write them: yuan with two decimals, or a whole number of fen. Both exact.

use ringup_core::money::{Amount, Unit};
use serde_json::value::RawValue;

/// Reads Alipay's `88.88`: digits, and at most one point between them. No sign, no grouping, no third decimal.
pub fn from_yuan(text: &str) -> Option<Amount> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if digits(whole) && digits(decimals) { Amount::parse(text, Unit::Cny).ok() } else { None }
}

/// Reads WeChat Pay's `8888`: a whole JSON number, neither `8888.0` nor `"8888"`.
pub fn from_json(raw: &RawValue) -> Option<Amount> {
    let minor: u64 = serde_json::from_str(raw.get()).ok()?;
    Amount::new(minor, Unit::Cny).ok()
}

#[cfg(test)]
mod tests;
