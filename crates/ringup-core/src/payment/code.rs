//! Payment codes: what a payer's app shows at a till, and the clerk scans.

use super::Provider;
use crate::secret::Secret;

/// A payment code, as it was scanned. It is good for one payment within a minute, and is as good as money in that time: it is
/// never stored, written to a log or put into an address.
#[derive(Clone, Debug)]
pub struct PaymentCode {
    provider: Provider,
    digits: Secret<String>,
}

/// The text is no payment code of a provider that we know. It does not say what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a payment code has 16 to 24 digits that begin 25 to 30 (Alipay), or 18 that begin 10 to 15 (WeChat Pay)")]
pub struct ParsePaymentCodeError;

impl ParsePaymentCodeError {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "payment_code_unreadable"
    }
}

impl PaymentCode {
    /// Reads what a scanner brings; spaces, as apps show them between groups, are forgiven.
    ///
    /// # Errors
    /// [`ParsePaymentCodeError`].
    pub fn parse(text: &str) -> Result<Self, ParsePaymentCodeError> {
        let digits: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        if digits.len() > 24 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ParsePaymentCodeError);
        }
        // Which providers' codes begin how: <https://opendocs.alipay.com/open/02ekfp> and
        // <https://pay.weixin.qq.com/doc/v2/merchant/4011937125>.
        let provider = match (digits.get(..2), digits.len()) {
            (Some("25" | "26" | "27" | "28" | "29" | "30"), 16..=24) => Provider::Alipay,
            (Some("10" | "11" | "12" | "13" | "14" | "15"), 18) => Provider::WechatPay,
            (_, _) => return Err(ParsePaymentCodeError),
        };
        Ok(Self { provider, digits: Secret::new(digits) })
    }

    /// Whose app shows such codes.
    #[must_use]
    pub const fn provider(&self) -> Provider {
        self.provider
    }

    /// The digits. Search for the callers of this when secrets are audited.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.digits.reveal()
    }
}

/// Why no money was taken for a payment code. Whoever wants to try again begins another payment: a code, and a payment by
/// code, is sent once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefusal {
    /// The provider is not set up here, or takes no codes for this currency.
    #[error("this provider takes no payment codes here")]
    NotOffered,
    /// The payment was begun with another provider than the one whose code this is.
    #[error("the code is of another provider's app")]
    OtherProvider,
    /// Too long has passed since the payment was begun: what is left of its time is not enough for the payer.
    #[error("the payment was begun too long ago")]
    TooLate,
    /// The provider could not be reached: nothing was sent.
    #[error("the provider could not be reached, and nothing was sent")]
    NotSent,
    /// The code is too old, has been used, or is none of the provider's: the payer shows a new one.
    #[error("the code has expired or has been used")]
    CodeInvalid,
    /// The payer has not enough money there.
    #[error("the payer has not enough money")]
    BalanceInsufficient,
    /// The payer, or his bank, said no.
    #[error("the payment was declined")]
    Declined,
    /// Nobody confirmed in time, and the payment was cancelled.
    #[error("the payment was cancelled")]
    Cancelled,
    /// The provider said no, in words of its own.
    #[error("the provider refused the payment")]
    Refused,
}

impl CodeRefusal {
    const ALL: [Self; 9] = [
        Self::NotOffered,
        Self::OtherProvider,
        Self::TooLate,
        Self::NotSent,
        Self::CodeInvalid,
        Self::BalanceInsufficient,
        Self::Declined,
        Self::Cancelled,
        Self::Refused,
    ];

    /// The refusal with this stable code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.code() == code)
    }

    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotOffered => "method_not_offered",
            Self::OtherProvider => "payment_code_of_other_provider",
            Self::TooLate => "payment_code_too_late",
            Self::NotSent => "provider_unreachable",
            Self::CodeInvalid => "payment_code_invalid",
            Self::BalanceInsufficient => "payer_balance_insufficient",
            Self::Declined => "payment_declined",
            Self::Cancelled => "payment_cancelled",
            Self::Refused => "payment_refused",
        }
    }
}

#[cfg(test)]
mod tests;
