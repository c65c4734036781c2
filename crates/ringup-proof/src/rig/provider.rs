//! Alipay's notifications, genuine and otherwise, signed without a sandbox that runs.

use ringup_sandbox::{AlipayDemoKeys, AlipayNotifier, PaidOrder, SignedNotification};

use super::client::Order;
use super::failure::Failure;
use super::outside;

/// What is wrong with a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// Nothing.
    Genuine,
    /// It is signed with a key that is not Alipay's.
    Forged,
    /// It bears Alipay's signature, and says another amount than ours.
    OtherAmount {
        /// The amount, in fen.
        paid_minor: u64,
    },
}

/// Whoever signs for Alipay, and whoever would like to.
pub struct Provider {
    alipay: AlipayNotifier,
    forger: AlipayNotifier,
}

impl Provider {
    /// The demo's Alipay.
    ///
    /// # Errors
    /// When the keys cannot be used.
    pub fn new(keys: &AlipayDemoKeys) -> Result<Self, Failure> {
        let unusable = || Failure::doing("Alipay's keys");
        Ok(Self {
            alipay: AlipayNotifier::new(keys).map_err(unusable())?,
            forger: AlipayNotifier::forger(keys).map_err(unusable())?,
        })
    }

    /// The notification that an order was paid just now.
    #[must_use]
    pub fn notify(&self, order: &Order, truth: Truth) -> SignedNotification {
        let now = outside::now_micros();
        self.notify_at(order, truth, (now, now))
    }

    /// The same, of an order that was paid and told of at these times (microseconds since 1970).
    #[must_use]
    pub fn notify_at(&self, order: &Order, truth: Truth, (paid_at, notified_at): (i64, i64)) -> SignedNotification {
        let (signer, paid_minor) = match truth {
            Truth::Genuine => (&self.alipay, order.you_pay_minor),
            Truth::Forged => (&self.forger, order.you_pay_minor),
            Truth::OtherAmount { paid_minor } => (&self.alipay, paid_minor),
        };
        let paid = PaidOrder {
            out_trade_no: &order.reference,
            trade_no: &transaction_of(&order.reference),
            paid_minor,
            paid_at,
            notified_at,
        };
        signer.paid(String::from("/notifications/alipay"), &paid)
    }
}

/// Alipay's number of an order: made of ours, so that each telling of a payment names the same.
#[must_use]
pub fn transaction_of(reference: &str) -> String {
    format!("20261126220014{reference}")
}
