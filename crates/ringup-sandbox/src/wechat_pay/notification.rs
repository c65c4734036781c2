//! Writes WeChat Pay's notifications: an encrypted resource in a signed envelope.

use serde_json::{Value, json};

use crate::{
    app::App,
    china_time,
    courier::{SignedNotification, Twist},
    order::{EventKind, Order, Refund, RefundStatus},
    wechat_pay::{answer, certificates, payment, refund},
    world::Event,
};

/// How a probe's signature begins.
const PROBE: &str = "WECHATPAY/SIGNTEST/";

/// The notification of an event, or none if the merchant named no address or is not told of such events.
pub(crate) fn notification(app: &App, event: &Event, twist: Twist) -> Option<SignedNotification> {
    let order = &event.order;
    let (url, event_type, original_type, summary, resource) = match &event.kind {
        EventKind::Paid => {
            let mut resource = payment::transaction(app, order);
            change_amount(&mut resource, twist, ["total", "payer_total"]);
            (order.request.notify_url.clone()?, "TRANSACTION.SUCCESS", "transaction", "支付成功", resource)
        }
        EventKind::Refunded { out_refund_no } => {
            let of = order.refund(out_refund_no)?;
            let (event_type, summary) = match of.status {
                RefundStatus::Success => ("REFUND.SUCCESS", "退款成功"),
                RefundStatus::Processing | RefundStatus::Abnormal => ("REFUND.ABNORMAL", "退款异常"),
            };
            let mut resource = refund_resource(app, order, of);
            change_amount(&mut resource, twist, ["refund", "payer_refund"]);
            (of.notify_url.clone()?, event_type, "refund", summary, resource)
        }
        // Only successes of payments are told; for the rest the merchant has to ask.
        EventKind::Closed => return None,
    };
    let mut sealed = certificates::seal(app, original_type, &resource.to_string()).ok()?;
    if let Value::Object(fields) = &mut sealed {
        fields.insert("original_type".to_owned(), json!(original_type));
    }
    let body = json!({
        "create_time": china_time::rfc3339(event.at),
        "event_type": event_type,
        "id": event.id,
        "resource": sealed,
        "resource_type": "encrypt-resource",
        "summary": summary,
    })
    .to_string();
    Some(SignedNotification { url, headers: headers(app, event, &body, twist), body })
}

fn headers(app: &App, event: &Event, body: &str, twist: Twist) -> Vec<(String, String)> {
    let signer = app.wechat_pay.platform.for_notification(app.wechat_pay.notify_with, event.turn);
    let signed = answer::signature_headers(app, signer, body, twist.is_forged || twist.is_probe);
    let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    for (name, value) in signed {
        let is_probe = twist.is_probe && name == "wechatpay-signature";
        headers.push((name.to_owned(), if is_probe { format!("{PROBE}{value}") } else { value }));
    }
    headers
}

fn refund_resource(app: &App, order: &Order, of: &Refund) -> Value {
    let total = order.amount_minor();
    let mut resource = json!({
        "amount": { "payer_refund": of.amount_minor, "payer_total": total, "refund": of.amount_minor, "total": total },
        "mchid": app.wechat_pay.mchid,
        "out_refund_no": of.out_refund_no,
        "out_trade_no": order.request.out_trade_no,
        "refund_id": of.refund_no,
        "refund_status": refund::status(of.status),
        "transaction_id": order.trade_no(),
        "user_received_account": "支付用户零钱",
    });
    if let (Value::Object(fields), RefundStatus::Success, Some(at)) = (&mut resource, of.status, of.finished_at) {
        fields.insert("success_time".to_owned(), json!(china_time::rfc3339(at)));
    }
    resource
}

fn change_amount(resource: &mut Value, twist: Twist, names: [&str; 2]) {
    let amount = resource.get_mut("amount").and_then(Value::as_object_mut);
    if let (Some(amount), Some(minor)) = (amount, twist.amount_minor) {
        for name in names {
            amount.insert(name.to_owned(), json!(minor));
        }
    }
}
