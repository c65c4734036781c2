//! What the engine asks of a provider, and what it is told.

use std::fmt::Write as _;

use ringup_core::id::{PaymentId, RefundId};
use ringup_core::money::Amount;
use ringup_core::payment::{CodeRefusal, OrderNumber, PayMethod, PaymentCode, PaymentWord};
use ringup_core::secret::Secret;
use ringup_core::time::Timestamp;

use crate::crypto::SignError;
use crate::http::HttpError;
use crate::limits;

/// Thirty-two hexadecimal digits that are used in one request and never again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// Makes one of 128 random bits, which the engine draws.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let mut text = String::with_capacity(32);
        for byte in bytes {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A payment that a provider is to take.
#[derive(Clone, Debug)]
pub struct CreatePayment {
    /// The provider's order number is made of it.
    pub order: OrderNumber,
    /// How the payer is handed over.
    pub method: PayMethod,
    /// What is to be paid.
    pub amount: Amount,
    /// What the payer reads in the provider's app; cut to what both providers take.
    pub subject: String,
    /// Where the provider's notification goes.
    pub notify_url: String,
    /// Where the payer's browser comes back to; it proves nothing.
    pub return_url: String,
    /// Until when the provider may take the money.
    pub expires_at: Timestamp,
    /// The payer's address: WeChat Pay demands it for [`PayMethod::Mobile`].
    pub payer_ip: Option<String>,
    /// Who the payer is to our WeChat app: demanded for [`PayMethod::InApp`].
    pub openid: Option<Secret<String>>,
}

impl CreatePayment {
    /// The subject, no longer than both providers take.
    pub(crate) fn short_subject(&self) -> String {
        cut(&self.subject, limits::SUBJECT_CHARS_MAX)
    }
}

/// A payment that a provider is to take at once, from the payer whose code this is.
#[derive(Clone, Debug)]
pub struct PayByCode {
    /// Our id; the provider's order number is made of it.
    pub payment: PaymentId,
    /// What is to be paid.
    pub amount: Amount,
    /// What the payer reads in the provider's app; cut to what both providers take.
    pub subject: String,
    /// Where Alipay's notification goes. WeChat Pay notifies nobody of a payment by code.
    pub notify_url: String,
    /// Our name of the till: WeChat Pay demands one.
    pub till: String,
    /// What was scanned.
    pub code: PaymentCode,
}

impl PayByCode {
    /// The subject, no longer than both providers take.
    pub(crate) fn short_subject(&self) -> String {
        cut(&self.subject, limits::SUBJECT_CHARS_MAX)
    }

    /// A provider's words without the code: an answer to a request that it does not understand may repeat all of it.
    pub(crate) fn without_the_code(&self, text: &str) -> String {
        let code = self.code.reveal();
        let mut text = text.replace(code, "***");
        // Long words have been cut, and the cut may have gone through the code.
        let cut_code = (1..code.len()).rev().filter_map(|length| code.get(..length)).find(|part| text.ends_with(part));
        if let Some(part) = cut_code {
            text.truncate(text.len().saturating_sub(part.len()));
            text.push_str("***");
        }
        text
    }
}

/// What came of bringing a payer's code to its provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeTaken {
    /// It is paid, or the payer must confirm it.
    Said(PaymentWord),
    /// No money was taken.
    Refused {
        /// Why.
        why: CodeRefusal,
        /// What the provider said, for the log.
        said: String,
    },
}

/// What came of cancelling a payment by code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// Nobody had paid, and nobody can.
    Done,
    /// The provider knows no such payment: the request to take it never got there, or is still on its way.
    NotFound,
    /// The payer may have paid in the same second, and then the provider has given it back:
    /// [`Gateways::query_cancelled`](crate::Gateways::query_cancelled) tells.
    Ask,
}

/// A provider has an order of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// The payer goes on with this: the text of a QR code, or an address for the browser.
    HandOver(String),
    /// The payer is inside WeChat, whose page script takes these.
    InApp(JsapiParameters),
    /// The provider says that this order is paid already: query it now.
    AlreadyPaid,
}

/// What `WeixinJSBridge.invoke("getBrandWCPayRequest", ..)` takes. The names there are in brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsapiParameters {
    /// Our app (`appId`).
    pub app_id: String,
    /// Seconds since 1970, as a text (`timeStamp`).
    pub time_stamp: String,
    /// A nonce (`nonceStr`).
    pub nonce_str: String,
    /// `prepay_id=…` (`package`).
    pub package: String,
    /// Always `RSA` (`signType`).
    pub sign_type: &'static str,
    /// Our signature over the first four (`paySign`).
    pub pay_sign: String,
}

/// What came of closing an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// It is closed: no money will be taken.
    Done,
    /// It waits for nobody any more, most likely because it is paid: query it now.
    AlreadyPaid,
    /// The provider knows no such order. Alipay knows none before its QR code has been scanned.
    NotFound,
}

/// Money to go back to a payer.
#[derive(Clone, Debug)]
pub struct RefundOrder {
    /// Our id; the provider's refund number is made of it, and repeating it is harmless.
    pub refund: RefundId,
    /// The payment that is refunded.
    pub payment: PaymentId,
    /// How much goes back now.
    pub amount: Amount,
    /// What was paid in all.
    pub total: Amount,
    /// What the payer reads; cut to what both providers take.
    pub reason: String,
    /// Where WeChat Pay's notification goes. Alipay notifies the address of the payment.
    pub notify_url: String,
}

impl RefundOrder {
    /// The reason, no longer than both providers take.
    pub(crate) fn short_reason(&self) -> String {
        cut(&self.reason, limits::REASON_CHARS_MAX)
    }
}

/// Why a provider's word is not had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// Neither success nor failure: no answer, rubbish, a wrong signature on it, or the provider says that it does
    /// not know itself. Ask; never send a money order again under another number.
    #[error("the outcome is not known: {0}")]
    Unknown(String),
    /// The provider said no, for good.
    #[error("the provider refused: {code}: {message}")]
    Refused {
        /// The provider's code: `ACQ.TRADE_HAS_CLOSE`, `PARAM_ERROR`.
        code: String,
        /// The provider's words.
        message: String,
    },
    /// It never left, so nothing can have happened.
    #[error("nothing was sent: {0}")]
    NotSent(String),
    /// The provider is not set up here, or has no such method, or not for this currency or without the payer's data.
    #[error("the provider cannot do this here")]
    Unsupported,
}

impl GatewayError {
    /// An outcome that is not known, with as much of the provider's words as is kept.
    pub(crate) fn unknown(why: impl AsRef<str>) -> Self {
        Self::Unknown(cut(why.as_ref(), limits::PROVIDER_TEXT_CHARS_MAX))
    }

    /// A refusal, with as much of the provider's words as is kept.
    pub(crate) fn refused(code: &str, message: &str) -> Self {
        Self::Refused {
            code: cut(code, limits::PROVIDER_TEXT_CHARS_MAX),
            message: cut(message, limits::PROVIDER_TEXT_CHARS_MAX),
        }
    }
}

impl From<HttpError> for GatewayError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::NotSent(why) => Self::NotSent(why),
            HttpError::NoAnswer(why) => Self::Unknown(why),
        }
    }
}

impl From<SignError> for GatewayError {
    fn from(error: SignError) -> Self {
        Self::NotSent(error.to_string())
    }
}

fn cut(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}
