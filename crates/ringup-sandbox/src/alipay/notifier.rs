//! Notifications without a sandbox that runs: for whoever plays Alipay thousands of times a second.

use std::collections::BTreeMap;

use serde_json::json;

use super::notification::{CONTENT_TYPE, signed_form};
use super::trade::{BUYER_ID, BUYER_LOGON_ID};
use crate::china_time;
use crate::courier::SignedNotification;
use crate::crypto::{KeyError, SigningKey};
use crate::keys::AlipayDemoKeys;
use crate::money::yuan;

/// What Alipay knows of an order that has been paid. Times are microseconds since 1970.
#[derive(Clone, Debug)]
pub struct PaidOrder<'a> {
    /// The merchant's number of it.
    pub out_trade_no: &'a str,
    /// Alipay's number of it.
    pub trade_no: &'a str,
    /// What was paid, in fen.
    pub paid_minor: u64,
    /// When it was paid.
    pub paid_at: i64,
    /// When the notification is signed.
    pub notified_at: i64,
}

/// Signs notifications as the demo's Alipay, in key mode.
pub struct AlipayNotifier {
    app_id: String,
    seller_id: String,
    platform_key: SigningKey,
}

impl AlipayNotifier {
    /// Whoever has these keys is the demo's Alipay.
    ///
    /// # Errors
    /// [`KeyError`] when they are no keys.
    pub fn new(keys: &AlipayDemoKeys) -> Result<Self, KeyError> {
        Ok(Self {
            app_id: keys.app_id.clone(),
            seller_id: keys.seller_id.clone(),
            platform_key: SigningKey::from_pem(&keys.platform_private_key)?,
        })
    }

    /// The same merchant, signed for with a key that nobody knows.
    ///
    /// # Errors
    /// [`KeyError`] when the operating system has no randomness.
    pub fn forger(keys: &AlipayDemoKeys) -> Result<Self, KeyError> {
        Ok(Self { platform_key: SigningKey::generate()?, ..Self::new(keys)? })
    }

    /// The notification that an order has been paid, to be brought to `url`.
    #[must_use]
    pub fn paid(&self, url: String, order: &PaidOrder<'_>) -> SignedNotification {
        let sign = |text: &[u8]| self.platform_key.sign(text);
        SignedNotification {
            url,
            headers: vec![("content-type".to_owned(), CONTENT_TYPE.to_owned())],
            body: signed_form(self.fields(order), sign),
        }
    }

    fn fields(&self, order: &PaidOrder<'_>) -> BTreeMap<&'static str, String> {
        let (paid, paid_at) = (yuan(order.paid_minor), china_time::plain(order.paid_at));
        BTreeMap::from([
            ("app_id", self.app_id.clone()),
            ("auth_app_id", self.app_id.clone()),
            ("buyer_id", BUYER_ID.to_owned()),
            ("buyer_logon_id", BUYER_LOGON_ID.to_owned()),
            ("buyer_pay_amount", paid.clone()),
            ("charset", "utf-8".to_owned()),
            ("fund_bill_list", json!([{ "amount": paid, "fundChannel": "ALIPAYACCOUNT" }]).to_string()),
            ("gmt_create", paid_at.clone()),
            ("gmt_payment", paid_at),
            ("invoice_amount", paid.clone()),
            ("notify_id", format!("notify-{}", order.trade_no)),
            ("notify_time", china_time::plain(order.notified_at)),
            ("notify_type", "trade_status_sync".to_owned()),
            ("out_trade_no", order.out_trade_no.to_owned()),
            ("point_amount", "0.00".to_owned()),
            ("receipt_amount", paid.clone()),
            ("seller_id", self.seller_id.clone()),
            ("subject", "Ringup".to_owned()),
            ("total_amount", paid),
            ("trade_no", order.trade_no.to_owned()),
            ("trade_status", "TRADE_SUCCESS".to_owned()),
            ("version", "1.0".to_owned()),
        ])
    }
}

#[cfg(test)]
mod tests;
