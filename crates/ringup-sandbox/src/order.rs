//! An order as a provider keeps it, from the merchant's request to the last refund.

use serde::{Deserialize, Serialize};

/// Who is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Alipay.
    Alipay,
    /// WeChat Pay.
    WechatPay,
}

impl Provider {
    /// The name in URLs and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Alipay => "alipay",
            Self::WechatPay => "wechat_pay",
        }
    }
}

/// How the payer comes to the payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Alipay: a QR code on the merchant's screen.
    Precreate,
    /// Alipay: a page on a desktop.
    PagePay,
    /// Alipay: a page on a phone.
    WapPay,
    /// WeChat Pay: a QR code on the merchant's screen.
    Native,
    /// WeChat Pay: from a phone's browser.
    H5,
    /// WeChat Pay: inside WeChat.
    Jsapi,
    /// Both: the merchant scans a code that the payer shows.
    Code,
}

/// What the merchant asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// Who was asked.
    pub provider: Provider,
    /// The merchant's number, unique with one provider.
    pub out_trade_no: String,
    /// How the payer will come.
    pub door: Door,
    /// What the payer sees.
    pub description: String,
    /// The amount in fen.
    pub total_minor: u64,
    /// Where notifications go; none are sent without it.
    pub notify_url: Option<String>,
    /// Where the payer goes after paying.
    pub return_url: Option<String>,
    /// What the merchant wants to hear again in each notification (`passback_params`, `attach`).
    pub attach: Option<String>,
    /// The payer, where the merchant named him (JSAPI).
    pub openid: Option<String>,
    /// Until when the code can be scanned, in microseconds since 1970.
    pub code_expires_at: i64,
    /// When the trade closes by itself.
    pub life: Life,
}

/// When an unpaid trade is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// At a stated time.
    At(i64),
    /// So many microseconds after the payer opened it: Alipay's `timeout_express` starts with the trade.
    AfterScan(i64),
}

/// An order and what became of it.
#[derive(Clone, Debug)]
pub struct Order {
    /// What was asked for.
    pub request: NewOrder,
    /// When, in microseconds since 1970.
    pub created_at: i64,
    /// Where it stands.
    pub state: OrderState,
    /// Money given back.
    pub refunds: Vec<Refund>,
    /// Every try to tell the merchant something.
    pub attempts: Vec<Attempt>,
    /// Whether the payer was asked to confirm a payment by code and said no: his code is used up by that.
    pub is_declined: bool,
}

/// Where an order stands. Each state carries only what is known in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// The merchant has a code; nobody has opened it. Alipay says that there is no such trade.
    Unseen,
    /// A payer has opened it.
    Waiting {
        /// The provider's number.
        trade_no: String,
        /// When it was opened.
        opened_at: i64,
        /// When it closes by itself.
        expires_at: i64,
    },
    /// The provider has the money.
    Paid {
        /// The provider's number.
        trade_no: String,
        /// What was paid, in fen; differs from what was asked only by a switch or an amount ending in 99.
        paid_minor: u64,
        /// When.
        paid_at: i64,
    },
    /// Closed without payment. Final.
    Closed {
        /// The provider's number, if a payer had opened it.
        trade_no: Option<String>,
        /// When.
        closed_at: i64,
    },
}

/// Money given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refund {
    /// The merchant's number of it (`out_request_no`, `out_refund_no`).
    pub out_refund_no: String,
    /// The provider's number of it.
    pub refund_no: String,
    /// In fen.
    pub amount_minor: u64,
    /// Why, as the merchant said.
    pub reason: Option<String>,
    /// Where WeChat Pay tells its end.
    pub notify_url: Option<String>,
    /// When it was asked for.
    pub created_at: i64,
    /// Where it stands.
    pub status: RefundStatus,
    /// When it ended.
    pub finished_at: Option<i64>,
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// Taken up; only WeChat Pay stays here for a while.
    Processing,
    /// The payer has the money.
    Success,
    /// The payer's account cannot take it: a person has to act.
    Abnormal,
}

/// One try to tell the merchant something.
#[derive(Clone, Debug, Serialize)]
pub struct Attempt {
    /// The provider's number of the event; the same in all tries.
    pub event_id: String,
    /// What it tells.
    pub event: EventKind,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// What was wrong with it on purpose (`lost`, `forged`, `amount_changed`, `probe`).
    pub twist: Option<&'static str>,
    /// The merchant's HTTP status; none when it never arrived.
    pub status: Option<u16>,
    /// The first part of the merchant's answer, or why there was none.
    pub answer: String,
    /// Whether the provider takes that for an acknowledgement.
    pub acknowledged: bool,
}

/// What a notification tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum EventKind {
    /// The payer has paid.
    Paid,
    /// The time was over (Alipay only).
    Closed,
    /// A refund has ended.
    Refunded {
        /// The merchant's number of it.
        out_refund_no: String,
    },
}

impl Order {
    /// The provider's number, once it has one.
    #[must_use]
    pub fn trade_no(&self) -> Option<&str> {
        match &self.state {
            OrderState::Unseen => None,
            OrderState::Waiting { trade_no, .. } | OrderState::Paid { trade_no, .. } => Some(trade_no),
            OrderState::Closed { trade_no, .. } => trade_no.as_deref(),
        }
    }

    /// What counts as the order's amount: what was paid, else what was asked.
    #[must_use]
    pub fn amount_minor(&self) -> u64 {
        match &self.state {
            OrderState::Paid { paid_minor, .. } => *paid_minor,
            OrderState::Unseen | OrderState::Waiting { .. } | OrderState::Closed { .. } => self.request.total_minor,
        }
    }

    /// What has been given back, or is on its way.
    #[must_use]
    pub fn refunded_minor(&self) -> u64 {
        self.refunds.iter().map(|refund| refund.amount_minor).sum()
    }

    /// Whether everything that was paid has been given back.
    #[must_use]
    pub fn is_fully_refunded(&self) -> bool {
        matches!(self.state, OrderState::Paid { paid_minor, .. } if self.refunded_minor() >= paid_minor)
    }

    /// The refund with the merchant's number.
    #[must_use]
    pub fn refund(&self, out_refund_no: &str) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.out_refund_no == out_refund_no)
    }
}
