//! Switches for every fault, and the outcomes that an amount's last two digits choose.

use serde::{Deserialize, Serialize};

use crate::{limits, order::Provider};

/// A fault that is switched on: what, for whom, how often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Switch {
    /// For one provider only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Provider>,
    /// For one order only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_trade_no: Option<String>,
    /// For one kind of request only; means nothing to notifications.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Operation>,
    /// For the next so many only; without it, until switched off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u32>,
    /// What goes wrong.
    #[serde(flatten)]
    pub fault: Fault,
}

/// What a merchant asks a provider for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Make an order.
    Create,
    /// Take the money of a payer who shows a code.
    Pay,
    /// How does an order stand?
    Query,
    /// Close an order.
    Close,
    /// Cancel a payment by code.
    Cancel,
    /// Give money back.
    Refund,
    /// How does a refund stand?
    RefundQuery,
    /// WeChat Pay: the platform certificates.
    Certificates,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// A notification is not sent. (The next try is, by the schedule, unless it is lost as well.)
    NotificationLost,
    /// A notification is held back.
    NotificationLate {
        /// For how long.
        ms: u64,
    },
    /// A notification is sent several times, whatever the answer.
    NotificationRepeated {
        /// How often in all.
        times: u32,
    },
    /// A notification waits until another one of the same provider has passed it.
    NotificationReordered,
    /// A notification is signed by a key that is not the provider's.
    NotificationForged,
    /// A notification is signed properly, and names another amount.
    NotificationAmountChanged {
        /// In fen; one yuan more than the truth when absent.
        #[serde(default)]
        amount_minor: Option<u64>,
    },
    /// WeChat Pay's own test of the merchant: a signature that begins `WECHATPAY/SIGNTEST/` and must be refused.
    NotificationProbe,
    /// No answer, and nothing was done.
    TimeoutBeforeEffect {
        /// How long the connection stays open; then 504.
        #[serde(default = "hang_ms")]
        ms: u64,
    },
    /// It was done, but no answer came.
    TimeoutAfterEffect {
        /// How long the connection stays open; then 504.
        #[serde(default = "hang_ms")]
        ms: u64,
    },
    /// The answer is signed by a key that is not the provider's.
    WrongAnswerSignature,
    /// Nothing was done, and the answer is a server error.
    #[serde(rename = "http_5xx")]
    Http5xx {
        /// Which.
        #[serde(default = "bad_gateway")]
        status: u16,
    },
    /// It is done, and the answer takes its time.
    Slow {
        /// How long.
        ms: u64,
    },
    /// It is done, and the answer is no JSON.
    Rubbish,
    /// It is done, and the answer, properly signed, is about another order.
    AnotherOrder,
    /// The payer pays another amount than was asked; queries and notifications say so truthfully.
    PaidOtherAmount {
        /// In fen.
        amount_minor: u64,
    },
    /// Closing an Alipay QR code that nobody has scanned still says that there is no trade, and yet blocks its number
    /// (merchants have reported that the real one does so).
    CloseBeforeScanBlocks,
    /// The payer confirms a payment by code in the second in which it is cancelled: it is paid, and given back.
    PaidAsCancelled,
    /// Cancelling a payment by code is answered as if it had been done, and yet the payer can still confirm it.
    CancelForgotten,
    /// A WeChat Pay refund ends in `ABNORMAL`: the payer's account is gone.
    RefundAbnormal,
}

fn hang_ms() -> u64 {
    limits::HANG_MS_DEFAULT
}

fn bad_gateway() -> u16 {
    502
}

/// Where a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// A notification on its way out.
    Notification,
    /// A merchant's request.
    Request,
    /// The payer's act.
    Payment,
    /// Closing an order.
    Close,
    /// Cancelling a payment by code.
    Cancel,
    /// The end of a refund.
    Refund,
}

impl Fault {
    /// Where it strikes.
    #[must_use]
    pub fn family(&self) -> Family {
        match self {
            Self::NotificationLost
            | Self::NotificationLate { .. }
            | Self::NotificationRepeated { .. }
            | Self::NotificationReordered
            | Self::NotificationForged
            | Self::NotificationAmountChanged { .. }
            | Self::NotificationProbe => Family::Notification,
            Self::TimeoutBeforeEffect { .. }
            | Self::TimeoutAfterEffect { .. }
            | Self::WrongAnswerSignature
            | Self::Http5xx { .. }
            | Self::Slow { .. }
            | Self::Rubbish
            | Self::AnotherOrder => Family::Request,
            Self::PaidOtherAmount { .. } => Family::Payment,
            Self::CloseBeforeScanBlocks => Family::Close,
            Self::PaidAsCancelled | Self::CancelForgotten => Family::Cancel,
            Self::RefundAbnormal => Family::Refund,
        }
    }
}

/// The switches that are on.
#[derive(Clone, Debug, Default)]
pub struct Switches(Vec<Switch>);

impl Switches {
    /// Switches one more fault on.
    pub fn add(&mut self, switch: Switch) {
        self.0.push(switch);
    }

    /// Switches everything off.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// What is on.
    #[must_use]
    pub fn all(&self) -> &[Switch] {
        &self.0
    }

    /// Takes the faults that strike here now; those with a count lose one.
    pub fn take(&mut self, family: Family, at: &Place<'_>) -> Vec<Fault> {
        let mut taken = Vec::new();
        for switch in &mut self.0 {
            if switch.fault.family() == family && at.is_meant_by(switch) {
                taken.push(switch.fault.clone());
                switch.next = switch.next.map(|left| left.saturating_sub(1));
            }
        }
        self.0.retain(|switch| switch.next != Some(0));
        taken
    }
}

/// Where a fault could strike.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Whose.
    pub provider: Provider,
    /// Which order, if it is about one.
    pub out_trade_no: Option<&'a str>,
    /// Which request, if it is one.
    pub operation: Option<Operation>,
}

impl Place<'_> {
    fn is_meant_by(&self, switch: &Switch) -> bool {
        switch.next != Some(0)
            && switch.provider.is_none_or(|provider| provider == self.provider)
            && switch.out_trade_no.as_deref().is_none_or(|number| self.out_trade_no == Some(number))
            && switch.operation.is_none_or(|operation| self.operation.is_none_or(|here| here == operation))
    }
}

/// What an amount's last two digits bring about, for a partner's own tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountOutcome {
    /// 91: the payer's bank declines, each time.
    Declined,
    /// 92: the payer looks and does nothing, whatever is pressed.
    Nothing,
    /// 93: no notification ever arrives.
    NotificationLost,
    /// 94: each notification arrives twice.
    NotificationTwice,
    /// 95: notifications are thirty seconds late.
    NotificationLate,
    /// 96: the order is made, and its answer never comes; the same request again is answered.
    TimeoutAfterCreate,
    /// 97: the first request of each kind is answered with a server error.
    ServerErrorFirst,
    /// 98: notifications name one yuan more than was paid; a query tells the truth.
    AmountChanged,
    /// 99: one yuan too much is paid; everyone says so.
    Overpaid,
}

impl AmountOutcome {
    /// The outcome an amount chooses; most choose none.
    #[must_use]
    pub fn of(total_minor: u64) -> Option<Self> {
        match total_minor % 100 {
            91 => Some(Self::Declined),
            92 => Some(Self::Nothing),
            93 => Some(Self::NotificationLost),
            94 => Some(Self::NotificationTwice),
            95 => Some(Self::NotificationLate),
            96 => Some(Self::TimeoutAfterCreate),
            97 => Some(Self::ServerErrorFirst),
            98 => Some(Self::AmountChanged),
            99 => Some(Self::Overpaid),
            _ => None,
        }
    }
}

/// How far a changed amount is from the true one, in fen.
pub const AMOUNT_CHANGE_MINOR: u64 = 100;

#[cfg(test)]
mod tests;
