//! WeChat Pay's notifications: signed JSON, and encrypted JSON inside
//! (<https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_4_5.shtml>).

use ringup_core::payment::Provider;
use ringup_core::time::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::WechatPay;
use super::resource::ResourceWire;
use super::signature::SignatureHeaders;
use super::transaction::{RefundWire, TransactionWire};
use crate::limits;
use crate::notification::{IncomingNotification, Notification, NotificationError};

#[derive(Deserialize)]
struct EnvelopeWire {
    event_type: String,
    resource: ResourceWire,
}

/// Reads a notification: proves that it is WeChat Pay's and about our merchant, app and order, then says what it says.
///
/// # Errors
/// [`NotificationError`], the first that applies.
pub fn read_notification(
    wechat_pay: &WechatPay,
    incoming: &IncomingNotification<'_>,
    now: Timestamp,
) -> Result<Notification, NotificationError> {
    if incoming.body.len() > limits::NOTIFICATION_BYTES_MAX {
        return Err(NotificationError::Malformed("it is too long"));
    }
    let envelope: EnvelopeWire = serde_json::from_slice(incoming.body)
        .map_err(|_| NotificationError::Malformed("it is no JSON with an event_type and a resource"))?;
    let headers = SignatureHeaders::find(incoming.headers)?;
    headers.prove(wechat_pay.keys.find(headers.serial).as_ref(), incoming.body, now)?;
    match envelope.event_type.as_str() {
        "TRANSACTION.SUCCESS" => payment_of(wechat_pay, &opened(wechat_pay, &envelope)?, now),
        "REFUND.SUCCESS" | "REFUND.ABNORMAL" | "REFUND.CLOSED" => {
            refund_of(wechat_pay, &opened(wechat_pay, &envelope)?, now)
        }
        _ => Ok(Notification::Ignored("its event_type is none that we act on")),
    }
}

fn opened<T: DeserializeOwned>(wechat_pay: &WechatPay, envelope: &EnvelopeWire) -> Result<T, NotificationError> {
    let content = envelope.resource.decrypt(&wechat_pay.resource_key).map_err(|_| NotificationError::Undecryptable)?;
    serde_json::from_slice(&content).map_err(|_| NotificationError::Malformed("what is inside lacks what it must say"))
}

fn payment_of(
    wechat_pay: &WechatPay,
    transaction: &TransactionWire,
    now: Timestamp,
) -> Result<Notification, NotificationError> {
    let order = transaction.order(wechat_pay)?;
    Ok(match transaction.word(now)? {
        Some(word) => Notification::of_order(Provider::WechatPay, order, word),
        None => Notification::Ignored("its trade_state is none that we act on"),
    })
}

fn refund_of(wechat_pay: &WechatPay, wire: &RefundWire, now: Timestamp) -> Result<Notification, NotificationError> {
    if wire.mchid.as_deref() != Some(wechat_pay.mchid.as_str()) {
        return Err(NotificationError::OtherMerchant);
    }
    let (refund, payment) = wire.refund()?;
    Ok(match wire.word(now) {
        Some(word) => Notification::Refund { provider: Provider::WechatPay, refund, payment, word },
        None => Notification::Ignored("its refund_status is none that we act on"),
    })
}

#[cfg(test)]
mod tests;
