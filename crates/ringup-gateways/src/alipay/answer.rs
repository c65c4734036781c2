//! Signed answers.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::Alipay;
use super::request::AlipayMethod;
use crate::http::HttpResponse;
use crate::order::GatewayError;

/// What every answer begins with.
#[derive(Deserialize)]
struct Verdict {
    code: String,
    #[serde(default)]
    msg: String,
    #[serde(default)]
    sub_code: String,
    #[serde(default)]
    sub_msg: String,
}

/// An order that waits for its payer.
#[derive(Deserialize)]
pub struct Pending {
    /// Whose it is; empty when the answer does not say.
    #[serde(default)]
    pub out_trade_no: String,
}

/// Reads what a method answered, when it is signed by Alipay and says yes.
///
/// # Errors
/// [`GatewayError::Refused`] with the sub-code when Alipay says no; [`GatewayError::Unknown`] for all else.
pub fn read<T: DeserializeOwned>(
    alipay: &Alipay,
    method: AlipayMethod,
    response: &HttpResponse,
) -> Result<T, GatewayError> {
    read_or_pending(alipay, method, response)?.map_err(|_| GatewayError::unknown("10003: waits for the payer"))
}

/// The same, with Alipay's "waits for the payer" told apart: the inner `Err` is what is known of the order then.
///
/// # Errors
/// As for [`read`].
pub fn read_or_pending<T: DeserializeOwned>(
    alipay: &Alipay,
    method: AlipayMethod,
    response: &HttpResponse,
) -> Result<Result<T, Pending>, GatewayError> {
    if response.status != 200 {
        return Err(GatewayError::unknown(format!("status {}", response.status)));
    }
    // `RawValue` is the very slice of the body, from its `{` to the matching `}`. That is what Alipay signs: with its
    // `\/` for `/`, which writing the JSON anew would lose.
    let members: BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(&response.body).map_err(|_| GatewayError::unknown("the answer is no JSON object"))?;
    let signature = members.get("sign").and_then(|raw| serde_json::from_str::<String>(raw.get()).ok());
    let content = members.get(&method.answer_member()).or_else(|| members.get("error_response"));
    let content = content.ok_or_else(|| GatewayError::unknown("the answer is to another question"))?.get();
    match signature.filter(|signature| !signature.is_empty()) {
        Some(signature) => {
            check_certificate(alipay, &members)?;
            if !alipay.alipay_key.verifies(content.as_bytes(), &signature) {
                return Err(GatewayError::unknown("the signature on the answer is not Alipay's"));
            }
        }
        None => return Err(unsigned(content)),
    }
    let verdict = verdict_of(content)?;
    let lacking = |_| GatewayError::unknown("the answer lacks what was asked for");
    match verdict.code.as_str() {
        "10000" => serde_json::from_str(content).map(Ok).map_err(lacking),
        "10003" => serde_json::from_str(content).map(Err).map_err(lacking),
        _ => Err(no(&verdict)),
    }
}

/// In certificate mode the answer names the certificate it is signed with. Another one than ours means that Alipay has
/// changed its certificate: a person must fetch the new one.
fn check_certificate(alipay: &Alipay, members: &BTreeMap<String, Box<RawValue>>) -> Result<(), GatewayError> {
    let Some(certificates) = &alipay.certificates else { return Ok(()) };
    let named = members.get("alipay_cert_sn").and_then(|raw| serde_json::from_str::<String>(raw.get()).ok());
    match named {
        Some(number) if number != certificates.alipay => {
            Err(GatewayError::unknown(format!("the answer is signed with certificate {number}, which is not held")))
        }
        Some(_) | None => Ok(()),
    }
}

/// The gateway does not sign what it turns away at the door: wrong signature, missing parameters, no permission. Those
/// are failures; nothing else is believed without a signature, least of all a state.
fn unsigned(content: &str) -> GatewayError {
    match verdict_of(content) {
        Ok(verdict) if matches!(verdict.code.as_str(), "20001" | "40001" | "40002" | "40006") => no(&verdict),
        Ok(_) | Err(_) => GatewayError::unknown("the answer is not signed"),
    }
}

fn verdict_of(content: &str) -> Result<Verdict, GatewayError> {
    serde_json::from_str(content).map_err(|_| GatewayError::unknown("the answer has no code"))
}

/// What a verdict other than yes means.
fn no(verdict: &Verdict) -> GatewayError {
    let code = if verdict.sub_code.is_empty() { &verdict.code } else { &verdict.sub_code };
    let message = if verdict.sub_msg.is_empty() { &verdict.msg } else { &verdict.sub_msg };
    // `ACQ.SYSTEM_ERROR` comes under 40004 ("business failed") and means the opposite: it may well have been done
    // (<https://opendocs.alipay.com/common/02km9f>).
    let in_trouble = code.ends_with("SYSTEM_ERROR");
    match verdict.code.as_str() {
        "20001" | "40001" | "40002" | "40004" | "40006" if !in_trouble => GatewayError::refused(code, message),
        // 20000 is Alipay's own "not known"; 40005 is too many calls.
        _ => GatewayError::unknown(format!("{} {code}: {message}", verdict.code)),
    }
}
