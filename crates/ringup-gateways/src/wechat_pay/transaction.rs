//! A payment and a refund as WeChat Pay writes them, alike in answers and in notifications.

use ringup_core::id::{PaymentId, RefundId};
use ringup_core::payment::{OrderNumber, PaymentWord, RefundWord, TransactionId};
use ringup_core::time::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::WechatPay;
use crate::china_time;
use crate::fen;
use crate::notification::NotificationError;

/// A payment.
#[derive(Deserialize)]
pub struct TransactionWire {
    mchid: String,
    appid: String,
    out_trade_no: String,
    /// `SUCCESS`, `NOTPAY`, `CLOSED` …
    pub trade_state: String,
    #[serde(default)]
    transaction_id: String,
    #[serde(default)]
    success_time: String,
    amount: Option<AmountWire>,
}

#[derive(Deserialize)]
struct AmountWire {
    total: Option<Box<RawValue>>,
    #[serde(default)]
    currency: String,
}

impl TransactionWire {
    /// The order it is about, when it is ours.
    ///
    /// # Errors
    /// [`NotificationError::OtherMerchant`], [`NotificationError::OtherApp`], [`NotificationError::UnknownReference`].
    pub fn order(&self, wechat_pay: &WechatPay) -> Result<OrderNumber, NotificationError> {
        if self.mchid != wechat_pay.mchid {
            return Err(NotificationError::OtherMerchant);
        }
        if self.appid != wechat_pay.app_id {
            return Err(NotificationError::OtherApp);
        }
        OrderNumber::from_reference(&self.out_trade_no).map_err(|_| NotificationError::UnknownReference)
    }

    /// What it says; `None` for a state that has no word in our terms.
    ///
    /// `REFUND` has none on purpose: a payment that we did not know of, and that was refunded on WeChat Pay's own pages in
    /// whole or in part, is neither paid nor unpaid. A person must look.
    ///
    /// # Errors
    /// [`NotificationError::Currency`], [`NotificationError::Amount`], [`NotificationError::Malformed`].
    pub fn word(&self, now: Timestamp) -> Result<Option<PaymentWord>, NotificationError> {
        match self.trade_state.as_str() {
            "SUCCESS" => self.paid(now).map(Some),
            // PAYERROR is one failed try; the order is open until we close it.
            "NOTPAY" | "USERPAYING" | "ACCEPT" | "PAYERROR" => Ok(Some(PaymentWord::Waiting)),
            "CLOSED" | "REVOKED" => Ok(Some(PaymentWord::Closed)),
            _ => Ok(None),
        }
    }

    /// Whether money had come, as far as the answer says.
    #[must_use]
    pub fn names_money(&self) -> bool {
        !self.transaction_id.is_empty() && !self.success_time.is_empty()
    }

    /// What was paid.
    ///
    /// # Errors
    /// As for [`Self::word`].
    pub fn paid(&self, now: Timestamp) -> Result<PaymentWord, NotificationError> {
        let amount = self.amount.as_ref().ok_or(NotificationError::Amount)?;
        if amount.currency != "CNY" {
            return Err(NotificationError::Currency);
        }
        // `total` is what was ordered. `payer_total` may be less: WeChat Pay pays the difference of its own coupons.
        let total = amount.total.as_deref().and_then(fen::from_json).ok_or(NotificationError::Amount)?;
        let transaction = TransactionId::parse(&self.transaction_id)
            .map_err(|_| NotificationError::Malformed("it has no transaction_id"))?;
        let paid_at = china_time::from_rfc3339(&self.success_time).unwrap_or(now);
        Ok(PaymentWord::Paid { transaction, amount: total, paid_at })
    }
}

/// A refund.
#[derive(Deserialize)]
pub struct RefundWire {
    /// Only notifications name the merchant.
    pub mchid: Option<String>,
    out_trade_no: String,
    out_refund_no: String,
    #[serde(alias = "refund_status")]
    status: String,
    #[serde(default)]
    success_time: String,
}

impl RefundWire {
    /// The refund and the payment it is about, when both are ours.
    ///
    /// # Errors
    /// [`NotificationError::UnknownReference`]: also for a refund made on WeChat Pay's own pages, so that it is seen.
    pub fn refund(&self) -> Result<(RefundId, PaymentId), NotificationError> {
        let refund = RefundId::from_reference(&self.out_refund_no);
        let payment = PaymentId::from_reference(&self.out_trade_no);
        refund
            .and_then(|refund| payment.map(|payment| (refund, payment)))
            .map_err(|_| NotificationError::UnknownReference)
    }

    /// What it says; `None` for a state that has no word in our terms.
    pub fn word(&self, now: Timestamp) -> Option<RefundWord> {
        match self.status.as_str() {
            "SUCCESS" => {
                let succeeded_at = china_time::from_rfc3339(&self.success_time).unwrap_or(now);
                Some(RefundWord::Succeeded { succeeded_at })
            }
            "PROCESSING" => Some(RefundWord::Processing),
            // CLOSED: not done. ABNORMAL: the payer's bank card does not take it; only a person can send it elsewhere.
            "CLOSED" | "ABNORMAL" => Some(RefundWord::Failed { reason: self.status.clone() }),
            _ => None,
        }
    }
}
