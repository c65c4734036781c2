//! Payments: one attempt to pay for a top-up, with one provider or over a counter, and what came of it.

mod code;
mod order_number;

pub use code::{CodeRefusal, ParsePaymentCodeError, PaymentCode};
pub use order_number::OrderNumber;

use crate::coded::coded_enum;
use crate::id::{CaptureId, PaymentId, PurseId, TopUpId};
use crate::ledger::{AccountRef, Holding};
use crate::money::Amount;
use crate::purse::PurseKind;
use crate::time::Timestamp;

coded_enum! {
    /// Who takes the payment.
    Provider {
        /// Alipay, by its OpenAPI gateway.
        Alipay = 1, "alipay";
        /// WeChat Pay, by its API v3.
        WechatPay = 2, "wechat_pay";
    }
}

coded_enum! {
    /// How the payer is handed over to the provider.
    PayMethod {
        /// A QR code on our screen: Alipay `precreate`, WeChat Pay `native`.
        Qr = 1, "qr";
        /// The provider's page in a desktop browser: Alipay `page.pay`.
        Page = 2, "page";
        /// The provider's app, from a phone's browser: Alipay `wap.pay`, WeChat Pay `h5`.
        Mobile = 3, "mobile";
        /// Inside the provider's own app: WeChat Pay `jsapi`.
        InApp = 4, "in_app";
        /// The payer shows a code of his app, and we bring it to the provider: Alipay `trade.pay`, WeChat Pay `codepay`.
        Code = 5, "code";
    }
}

/// What a payment is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tender {
    /// A provider takes it from the payer, and tells us.
    Provider {
        /// Who.
        provider: Provider,
        /// How the payer gets there.
        method: PayMethod,
    },
    /// It is in our hands when we write it down: cash into a drawer or box, or value off a float.
    Purse {
        /// What the purse is.
        kind: PurseKind,
        /// Which.
        purse: PurseId,
    },
}

impl Tender {
    /// The provider, if one takes it.
    #[must_use]
    pub const fn provider(self) -> Option<Provider> {
        match self {
            Self::Provider { provider, .. } => Some(provider),
            Self::Purse { .. } => None,
        }
    }

    /// The purse that it goes into or comes off, if there is one.
    #[must_use]
    pub const fn purse(self) -> Option<PurseId> {
        match self {
            Self::Provider { .. } => None,
            Self::Purse { purse, .. } => Some(purse),
        }
    }

    /// Whether the payer shows a code that we bring to the provider.
    #[must_use]
    pub const fn is_by_code(self) -> bool {
        match self {
            Self::Provider { method: PayMethod::Code, .. } => true,
            Self::Provider { .. } | Self::Purse { .. } => false,
        }
    }

    /// A stable name of it: the provider's, `cash` or `float`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Provider { provider, .. } => provider.name(),
            Self::Purse { kind: PurseKind::TillSession | PurseKind::CashBox | PurseKind::Safe, .. } => "cash",
            Self::Purse { kind: PurseKind::Float, .. } => "float",
        }
    }

    /// The account that has the money once it is taken.
    #[must_use]
    pub const fn account(self) -> AccountRef {
        match self {
            Self::Provider { provider, .. } => AccountRef::clearing(provider),
            Self::Purse { kind, purse } => AccountRef::purse(kind, purse),
        }
    }
}

/// The provider's own number of a payment, unique for ever: Alipay `trade_no`, WeChat Pay `transaction_id`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionId(String);

/// The text is no provider's transaction number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a transaction number has 1 to 64 visible ASCII characters")]
pub struct ParseTransactionIdError;

impl TransactionId {
    /// Reads a provider's number.
    ///
    /// # Errors
    /// [`ParseTransactionIdError`] when it is empty, longer than 64 characters, or has others than visible ASCII.
    pub fn parse(text: &str) -> Result<Self, ParseTransactionIdError> {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.to_owned())) } else { Err(ParseTransactionIdError) }
    }

    /// As the provider writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a payment stands. Each state carries only what is known in that state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentState {
    /// Written down; the provider has not answered yet.
    Created,
    /// The provider waits for the payer.
    Pending {
        /// What brings the payer there: the text of the QR code, or an address. Where the payer showed a code of his, that is
        /// kept nowhere: it is empty while the code is being sent or the payer must confirm, and then the
        /// [code](CodeRefusal::code) of the provider's refusal.
        hand_over: String,
    },
    /// The provider has the money. Final, but for refunds.
    Captured(Capture),
    /// No money moved, and the provider will take none. A later capture is still believed.
    Abandoned {
        /// When we knew.
        abandoned_at: Timestamp,
    },
}

/// What a provider took for a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// Its id: it grows with the time of the capture, while a payment's tells when the payment was begun.
    pub id: CaptureId,
    /// The capture that was booked for the same top-up before this one.
    pub previous: Option<CaptureId>,
    /// When the payer paid, as the provider says.
    pub captured_at: Timestamp,
    /// The provider's number of it; nothing where no provider took it.
    pub transaction: Option<TransactionId>,
    /// What was really paid: nearly always what was asked.
    pub amount: Amount,
}

/// An event that a state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{from} cannot become {to}")]
pub struct InvalidTransition {
    /// The state it is in.
    pub from: &'static str,
    /// The state that was asked for.
    pub to: &'static str,
}

impl PaymentState {
    /// Its name, as columns and logs have it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Pending { .. } => "pending",
            Self::Captured(_) => "captured",
            Self::Abandoned { .. } => "abandoned",
        }
    }

    /// The provider has answered and waits for the payer.
    ///
    /// A second answer replaces the first: a provider asked again may give another address for the same order.
    ///
    /// # Errors
    /// [`InvalidTransition`] when the payment has ended: the late answer is of no use.
    pub fn hand_over(self, hand_over: String) -> Result<Self, InvalidTransition> {
        match self {
            Self::Created | Self::Pending { .. } => Ok(Self::Pending { hand_over }),
            Self::Captured(_) | Self::Abandoned { .. } => Err(InvalidTransition { from: self.name(), to: "pending" }),
        }
    }

    /// The provider has the money.
    ///
    /// A late capture of an abandoned payment is allowed on purpose: the money is there, and refusing to see
    /// it would lose it. The caller credits or refunds it.
    ///
    /// # Errors
    /// [`InvalidTransition`] when already captured: the caller treats that as a repeat.
    pub fn capture(self, capture: Capture) -> Result<Self, InvalidTransition> {
        match self {
            Self::Created | Self::Pending { .. } | Self::Abandoned { .. } => Ok(Self::Captured(capture)),
            Self::Captured(_) => Err(InvalidTransition { from: self.name(), to: "captured" }),
        }
    }

    /// The provider has closed the order unpaid.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it has been captured, or abandoned before.
    pub fn abandon(self, abandoned_at: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Created | Self::Pending { .. } => Ok(Self::Abandoned { abandoned_at }),
            Self::Captured(_) | Self::Abandoned { .. } => Err(InvalidTransition { from: self.name(), to: "abandoned" }),
        }
    }
}

/// One attempt to pay for a top-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Its id; our reference at the provider is made of it.
    pub id: PaymentId,
    /// What it pays for.
    pub top_up: TopUpId,
    /// The payment that was begun for it before this one.
    pub previous: Option<PaymentId>,
    /// What it is made with.
    pub tender: Tender,
    /// What is asked.
    pub amount: Amount,
    /// Where it stands.
    pub state: PaymentState,
    /// When it was written down.
    pub created_at: Timestamp,
    /// Until when the provider may take the money; then we close the order there.
    pub expires_at: Timestamp,
    /// What it brought that is nowhere yet: the account `liability.unallocated`. Nothing before the first posting.
    pub unallocated: Option<Holding>,
    /// How often the row has been written: guards the next write.
    pub version: u64,
}

coded_enum! {
    /// How we came to know what a provider says.
    ReportSource {
        /// It told us, signed.
        Notification = 1, "notification";
        /// We asked.
        Query = 2, "query";
    }
}

/// What a provider says of one of our payments, after its signature and its merchant have been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderReport {
    /// Who says it.
    pub provider: Provider,
    /// Of which payment.
    pub payment: PaymentId,
    /// How we came to know.
    pub source: ReportSource,
    /// What is said.
    pub word: PaymentWord,
}

/// A provider's word on a payment, in our terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentWord {
    /// It knows no such order: not scanned yet (Alipay), or never made.
    NotFound,
    /// It waits for the payer.
    Waiting,
    /// It has the money.
    Paid {
        /// Its own number of the payment.
        transaction: TransactionId,
        /// What was paid.
        amount: Amount,
        /// When.
        paid_at: Timestamp,
    },
    /// The payer, or his bank, has said no to a payment by code. The order is open until it is cancelled.
    Declined,
    /// It has closed the order unpaid.
    Closed,
    /// It had the money, and has given all of it back of its own: we cancelled in the second in which the payer paid.
    GivenBack {
        /// Its own number of the payment.
        transaction: TransactionId,
        /// What was paid, and is back.
        amount: Amount,
        /// When it was paid.
        paid_at: Timestamp,
    },
}

/// A provider's word on a refund, in our terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundWord {
    /// It knows no such refund.
    NotFound,
    /// It has taken the order and is at work.
    Processing,
    /// The money is on its way to the payer.
    Succeeded {
        /// When.
        succeeded_at: Timestamp,
    },
    /// It will not do it: a person must look.
    Failed {
        /// Its reason, in its own words.
        reason: String,
    },
}

#[cfg(test)]
mod tests;
