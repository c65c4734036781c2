//! What providers tell us unasked, and what they want to hear back.

use ringup_core::float_purchase::FloatReport;
use ringup_core::id::{PaymentId, RefundId};
use ringup_core::payment::{OrderNumber, PaymentWord, Provider, ProviderReport, RefundWord, ReportSource};

use crate::form::FormError;

/// A notification as it came in, before anything has been believed.
#[derive(Clone, Copy, Debug)]
pub struct IncomingNotification<'a> {
    /// Its headers whose values are texts; names in any case.
    pub headers: &'a [(String, String)],
    /// Its body, byte for byte.
    pub body: &'a [u8],
}

/// What a notification says, after it has been proved to be the provider's and about us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notification {
    /// About a payment.
    Payment(ProviderReport),
    /// About float that an agent buys.
    FloatPurchase(FloatReport),
    /// About a refund.
    Refund {
        /// Who says it.
        provider: Provider,
        /// Of which refund.
        refund: RefundId,
        /// Of which payment.
        payment: PaymentId,
        /// What is said.
        word: RefundWord,
    },
    /// It is the provider's, but about nothing that we act on; why, for the log.
    Ignored(&'static str),
}

impl Notification {
    /// A word on an order of ours, whatever it is for.
    pub(crate) const fn of_order(provider: Provider, order: OrderNumber, word: PaymentWord) -> Self {
        let source = ReportSource::Notification;
        match order {
            OrderNumber::Payment(payment) => Self::Payment(ProviderReport { provider, payment, source, word }),
            OrderNumber::FloatPurchase(purchase) => {
                Self::FloatPurchase(FloatReport { provider, purchase, source, word })
            }
        }
    }
}

/// Why a notification is not believed, in order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotificationError {
    /// It is not in the form that this provider writes.
    #[error("it cannot be read: {0}")]
    Malformed(&'static str),
    /// It bears no signature.
    #[error("it bears no signature")]
    Unsigned,
    /// It is signed with something else than RSA and SHA-256. The message must not choose: SHA-1 is forgeable.
    #[error("it is not signed with RSA and SHA-256")]
    SignatureAlgorithm,
    /// It was signed too long ago, or in the future.
    #[error("it was signed too long ago, or in the future")]
    Stale,
    /// The provider tests whether we check: to be refused, and no cause for alarm.
    #[error("it is a probe with a wrong signature")]
    SignatureProbe,
    /// The signature is not the provider's, over these bytes.
    #[error("the signature is not the provider's")]
    SignatureWrong,
    /// The signature is right, but what is inside was not encrypted with our key.
    #[error("what is inside was not encrypted with our key")]
    Undecryptable,
    /// It is for another merchant.
    #[error("it is for another merchant")]
    OtherMerchant,
    /// It is for another app.
    #[error("it is for another app")]
    OtherApp,
    /// The order or refund number was not made by Ringup.
    #[error("the order or refund number is not one of ours")]
    UnknownReference,
    /// It is in another currency than renminbi.
    #[error("it is not in renminbi")]
    Currency,
    /// The amount is no number of fen.
    #[error("the amount is no number of fen")]
    Amount,
}

impl NotificationError {
    /// A stable name, for problem documents and logs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "notification_malformed",
            Self::Unsigned => "notification_unsigned",
            Self::SignatureAlgorithm => "notification_signature_algorithm",
            Self::Stale => "notification_stale",
            Self::SignatureProbe => "notification_signature_probe",
            Self::SignatureWrong => "notification_signature_wrong",
            Self::Undecryptable => "notification_undecryptable",
            Self::OtherMerchant => "notification_other_merchant",
            Self::OtherApp => "notification_other_app",
            Self::UnknownReference => "notification_unknown_reference",
            Self::Currency => "notification_currency",
            Self::Amount => "notification_amount",
        }
    }
}

impl From<FormError> for NotificationError {
    fn from(error: FormError) -> Self {
        Self::Malformed(match error {
            FormError::Percent => "a percent sign is not followed by two hexadecimal digits",
            FormError::NotUtf8 => "a field is not UTF-8",
            FormError::Repeated => "a field comes twice",
            FormError::TooManyFields => "there are too many fields",
        })
    }
}

/// What a provider wants to read after it has notified us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The status to answer with.
    pub status: u16,
    /// The content type; none where there is no body.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: &'static str,
}

/// The answer to a notification: `accepted` when it has been written down for good, so that the provider may stop
/// repeating it.
#[must_use]
pub const fn acknowledgement(provider: Provider, accepted: bool) -> Acknowledgement {
    match (provider, accepted) {
        // Exactly seven bytes and status 200: anything else is repeated
        // (<https://opendocs.alipay.com/open/270/105902>).
        (Provider::Alipay, true) => {
            Acknowledgement { status: 200, content_type: Some("text/plain; charset=utf-8"), body: "success" }
        }
        (Provider::Alipay, false) => {
            Acknowledgement { status: 400, content_type: Some("text/plain; charset=utf-8"), body: "fail" }
        }
        // The status wins over the body: 200 with FAIL in it would not be repeated
        // (<https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_4_5.shtml>).
        (Provider::WechatPay, true) => Acknowledgement { status: 204, content_type: None, body: "" },
        (Provider::WechatPay, false) => Acknowledgement {
            status: 400,
            content_type: Some("application/json"),
            body: r#"{"code":"FAIL","message":"not accepted"}"#,
        },
    }
}

#[cfg(test)]
mod tests;
