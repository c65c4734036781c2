//! WeChat Pay's signature on an answer or a notification
//! (<https://pay.weixin.qq.com/wiki/doc/apiv3/wechatpay/wechatpay4_1.shtml>).

use ringup_core::time::Timestamp;

use crate::crypto::VerifyingKey;
use crate::http::header;
use crate::limits;
use crate::notification::NotificationError;

const ALGORITHM: &str = "WECHATPAY2-SHA256-RSA2048";

/// What a signed message says of its signature.
#[derive(Debug)]
pub struct SignatureHeaders<'a> {
    timestamp: &'a str,
    nonce: &'a str,
    signature: &'a str,
    /// The name of the key.
    pub serial: &'a str,
}

impl<'a> SignatureHeaders<'a> {
    /// Finds them among the headers.
    ///
    /// # Errors
    /// [`NotificationError::Unsigned`] when one is missing; [`NotificationError::SignatureAlgorithm`] when the message says
    /// that it was signed otherwise.
    pub fn find(headers: &'a [(String, String)]) -> Result<Self, NotificationError> {
        let named = |name| header(headers, name).filter(|value| !value.is_empty()).ok_or(NotificationError::Unsigned);
        let found = Self {
            timestamp: named("Wechatpay-Timestamp")?,
            nonce: named("Wechatpay-Nonce")?,
            signature: named("Wechatpay-Signature")?,
            serial: named("Wechatpay-Serial")?,
        };
        match header(headers, "Wechatpay-Signature-Type") {
            None | Some(ALGORITHM) => Ok(found),
            Some(_) => Err(NotificationError::SignatureAlgorithm),
        }
    }

    /// Proves the body, byte for byte, with the key that the message names, if we hold it.
    ///
    /// # Errors
    /// [`NotificationError::Malformed`], [`NotificationError::Stale`], [`NotificationError::SignatureProbe`],
    /// [`NotificationError::SignatureWrong`].
    pub fn prove(&self, key: Option<&VerifyingKey>, body: &[u8], now: Timestamp) -> Result<(), NotificationError> {
        let seconds: i64 = self
            .timestamp
            .parse()
            .map_err(|_| NotificationError::Malformed("its timestamp is no number of seconds"))?;
        let signed_at = Timestamp::from_seconds(seconds);
        let skew = limits::WECHAT_PAY_SKEW_MAX;
        if signed_at < now.minus(skew) || signed_at > now.plus(skew) {
            return Err(NotificationError::Stale);
        }
        // WeChat Pay now and then sends a wrong signature on purpose, to see whether anybody looks. It says so in the
        // signature itself.
        if self.signature.starts_with("WECHATPAY/SIGNTEST/") {
            return Err(NotificationError::SignatureProbe);
        }
        let mut message = format!("{}\n{}\n", self.timestamp, self.nonce).into_bytes();
        message.extend_from_slice(body);
        message.push(b'\n');
        if key.is_some_and(|key| key.verifies(&message, self.signature)) {
            Ok(())
        } else {
            Err(NotificationError::SignatureWrong)
        }
    }
}
