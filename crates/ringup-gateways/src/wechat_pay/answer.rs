//! Answers: proved first, then read.

use ringup_core::time::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::WechatPay;
use super::signature::SignatureHeaders;
use crate::http::HttpResponse;
use crate::notification::NotificationError;
use crate::order::GatewayError;

/// What an error says.
#[derive(Deserialize)]
struct ErrorWire {
    code: String,
    #[serde(default)]
    message: String,
}

/// Reads what was asked for, when the answer is a success that WeChat Pay has signed.
///
/// # Errors
/// [`GatewayError::Refused`] with WeChat Pay's code; [`GatewayError::Unknown`] for all else.
pub fn read<T: DeserializeOwned>(
    wechat_pay: &WechatPay,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<T, GatewayError> {
    read_empty(wechat_pay, response, now)?;
    serde_json::from_slice(&response.body).map_err(|_| GatewayError::unknown("the answer lacks what was asked for"))
}

/// Reads a success that says nothing more, when WeChat Pay has signed it: status 204 has an empty body, and a signature.
///
/// # Errors
/// As for [`read`].
pub fn read_empty(wechat_pay: &WechatPay, response: &HttpResponse, now: Timestamp) -> Result<(), GatewayError> {
    let proof = prove(wechat_pay, response, now);
    match (refuse_failure(response), proof) {
        (Ok(()), proof) => proof.map_err(unproved),
        // Errors are not always signed, and WeChat Pay's own SDKs check successes only. But a signature that is there
        // must be right.
        (Err(refusal), Ok(()) | Err(NotificationError::Unsigned)) => Err(refusal),
        (Err(_), Err(error)) => Err(unproved(error)),
    }
}

/// Refuses every answer that is no success, by its status and code alone.
///
/// # Errors
/// As for [`read`].
pub fn refuse_failure(response: &HttpResponse) -> Result<(), GatewayError> {
    match response.status {
        200..=299 => Ok(()),
        // 429 is "too many calls": nothing was decided.
        400..=428 | 430..=499 => {
            let error: ErrorWire = serde_json::from_slice(&response.body)
                .map_err(|_| GatewayError::unknown(format!("status {} without a code", response.status)))?;
            Err(match error.code.as_str() {
                "SYSTEM_ERROR"
                | "SYSTEMERROR"
                | "BANK_ERROR"
                | "BANKERROR"
                | "FREQUENCY_LIMITED"
                | "FREQUENCY_LIMIT_EXCEED"
                | "RATELIMIT_EXCEEDED" => GatewayError::unknown(format!("{}: {}", error.code, error.message)),
                _ => GatewayError::refused(&error.code, &error.message),
            })
        }
        status => Err(GatewayError::unknown(format!("status {status}"))),
    }
}

fn prove(wechat_pay: &WechatPay, response: &HttpResponse, now: Timestamp) -> Result<(), NotificationError> {
    let headers = SignatureHeaders::find(&response.headers)?;
    headers.prove(wechat_pay.keys.find(headers.serial).as_ref(), &response.body, now)
}

fn unproved(error: NotificationError) -> GatewayError {
    GatewayError::unknown(format!("the answer is not WeChat Pay's: {error}"))
}
