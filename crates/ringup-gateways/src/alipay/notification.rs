//! Alipay's notifications: a form, signed over its decoded values.

use std::collections::BTreeMap;

use ringup_core::id::RefundId;
use ringup_core::payment::{OrderNumber, PaymentWord, Provider, RefundWord, TransactionId};
use ringup_core::time::Timestamp;

use super::Alipay;
use super::request::string_to_sign;
use crate::china_time;
use crate::fen;
use crate::form;
use crate::limits;
use crate::notification::{IncomingNotification, Notification, NotificationError};

/// The fields that something depends on, but for the two that are not signed.
const ACTED_UPON: [&str; 17] = [
    "alipay_cert_sn",
    "app_id",
    "charset",
    "gmt_payment",
    "gmt_refund",
    "notify_time",
    "notify_type",
    "out_biz_no",
    "out_trade_no",
    "pay_currency",
    "refund_fee",
    "seller_id",
    "settle_currency",
    "total_amount",
    "trade_no",
    "trade_status",
    "trans_currency",
];

/// The decoded fields of one notification.
struct Fields(BTreeMap<String, String>);

impl Fields {
    /// The value, empty when the field is absent: Alipay does not tell the two apart.
    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn time(&self, name: &str) -> Option<Timestamp> {
        china_time::from_alipay(self.get(name))
    }
}

/// Reads a notification: proves that it is Alipay's and about our merchant, app and order, then says what it says.
///
/// # Errors
/// [`NotificationError`], the first that applies.
pub fn read_notification(
    alipay: &Alipay,
    incoming: &IncomingNotification<'_>,
    now: Timestamp,
) -> Result<Notification, NotificationError> {
    if incoming.body.len() > limits::NOTIFICATION_BYTES_MAX {
        return Err(NotificationError::Malformed("it is too long"));
    }
    let fields = Fields(form::parse(incoming.body)?);
    check_signature(alipay, &fields, now)?;
    if fields.get("notify_type") != "trade_status_sync" {
        return Ok(Notification::Ignored("it is about something else than a trade"));
    }
    if fields.get("seller_id") != alipay.seller_id {
        return Err(NotificationError::OtherMerchant);
    }
    if fields.get("app_id") != alipay.app_id {
        return Err(NotificationError::OtherApp);
    }
    let order =
        OrderNumber::from_reference(fields.get("out_trade_no")).map_err(|_| NotificationError::UnknownReference)?;
    // Only cross-border trades name a currency; one that is named must be ours.
    for field in ["trans_currency", "settle_currency", "pay_currency"] {
        if !matches!(fields.get(field), "" | "CNY") {
            return Err(NotificationError::Currency);
        }
    }
    // A refund is told to the payment's address and repeats the payment's fields; these tell it apart
    // (<https://opendocs.alipay.com/open/270/105902>).
    if fields.get("refund_fee").is_empty() && fields.get("gmt_refund").is_empty() {
        payment_of(&fields, order, now)
    } else {
        refund_of(&fields, order, now)
    }
}

fn check_signature(alipay: &Alipay, fields: &Fields, now: Timestamp) -> Result<(), NotificationError> {
    if fields.get("sign").is_empty() {
        return Err(NotificationError::Unsigned);
    }
    // Pinned: Alipay's own SDK for Node lets the message choose SHA-1 by saying `sign_type=RSA`.
    if fields.get("sign_type") != "RSA2" {
        return Err(NotificationError::SignatureAlgorithm);
    }
    if !matches!(fields.get("charset").to_ascii_lowercase().as_str(), "" | "utf-8") {
        return Err(NotificationError::Malformed("its charset is not utf-8"));
    }
    let signed_at = fields.time("notify_time").ok_or(NotificationError::Malformed("it has no notify_time"))?;
    if signed_at < now.minus(limits::ALIPAY_AGE_MAX) || signed_at > now.plus(limits::ALIPAY_AHEAD_MAX) {
        return Err(NotificationError::Stale);
    }
    let certificate = fields.get("alipay_cert_sn");
    let other_certificate = |held: &super::CertificateNumbers| !certificate.is_empty() && certificate != held.alipay;
    if alipay.certificates.as_ref().is_some_and(other_certificate) {
        return Err(NotificationError::SignatureWrong);
    }
    // Without `sign_type`, which requests keep; with the empty fields, which requests drop
    // (<https://opendocs.alipay.com/common/02mse7>).
    let signed = fields.0.iter().filter(|(name, _)| !matches!(name.as_str(), "sign" | "sign_type"));
    let text = string_to_sign(signed.map(|(name, value)| (name.as_str(), value.as_str())));
    if !reads_one_way(fields, &text) {
        return Err(NotificationError::Malformed("a field hides in another one"));
    }
    if alipay.alipay_key.verifies(text.as_bytes(), fields.get("sign")) {
        Ok(())
    } else {
        Err(NotificationError::SignatureWrong)
    }
}

/// Whether the signed text says of each field that is acted upon just what the form says.
///
/// In the signed text an `&` stands between two fields, and inside a value it looks the same. So whoever has seen a
/// genuine notification could send it again with one field written into the value of the one before, `8.80&gmt_refund=…`
/// as one value, and the signature would still be right: a refund could be made to look like a payment.
fn reads_one_way(fields: &Fields, signed_text: &str) -> bool {
    ACTED_UPON.iter().all(|name| {
        let pieces = signed_text.split('&').filter(|piece| piece.split('=').next() == Some(name));
        let field = fields.0.get(*name).map(|value| format!("{name}={value}"));
        pieces.eq(field.as_deref())
    })
}

fn payment_of(fields: &Fields, order: OrderNumber, now: Timestamp) -> Result<Notification, NotificationError> {
    let amount = fen::from_yuan(fields.get("total_amount")).ok_or(NotificationError::Amount)?;
    let word = match fields.get("trade_status") {
        "WAIT_BUYER_PAY" => PaymentWord::Waiting,
        "TRADE_SUCCESS" | "TRADE_FINISHED" => PaymentWord::Paid {
            transaction: TransactionId::parse(fields.get("trade_no"))
                .map_err(|_| NotificationError::Malformed("it has no trade_no"))?,
            amount,
            paid_at: fields.time("gmt_payment").unwrap_or(now),
        },
        "TRADE_CLOSED" => PaymentWord::Closed,
        _ => return Ok(Notification::Ignored("its trade_status is none that we know")),
    };
    Ok(Notification::of_order(Provider::Alipay, order, word))
}

/// A refund that was not ordered here, but on Alipay's own pages, bears no number of ours. It is refused as
/// [`NotificationError::UnknownReference`], so that it is written down and seen: money left without our books. So is one of a
/// float purchase, for we order none.
fn refund_of(fields: &Fields, order: OrderNumber, now: Timestamp) -> Result<Notification, NotificationError> {
    let OrderNumber::Payment(payment) = order else { return Err(NotificationError::UnknownReference) };
    let refund = RefundId::from_reference(fields.get("out_biz_no")).map_err(|_| NotificationError::UnknownReference)?;
    fen::from_yuan(fields.get("refund_fee")).ok_or(NotificationError::Amount)?;
    Ok(Notification::Refund {
        provider: Provider::Alipay,
        refund,
        payment,
        word: RefundWord::Succeeded { succeeded_at: fields.time("gmt_refund").unwrap_or(now) },
    })
}

#[cfg(test)]
mod tests;
