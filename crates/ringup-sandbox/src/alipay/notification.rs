//! Writes Alipay's notifications: a form, signed over its decoded values without `sign` and `sign_type`.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{
    alipay::trade::{BUYER_ID, BUYER_LOGON_ID, trade_status},
    app::App,
    china_time,
    courier::{SignedNotification, Twist},
    money::yuan,
    order::{EventKind, OrderState},
    urlencoded,
    world::Event,
};

/// What kind of body a notification has.
pub(super) const CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// The notification of an event, or none if the merchant named no address.
pub(crate) fn notification(app: &App, event: &Event, twist: Twist) -> Option<SignedNotification> {
    let url = event.order.request.notify_url.clone()?;
    let mut fields = fields(app, event);
    if let Some(amount_minor) = twist.amount_minor {
        for name in ["total_amount", "receipt_amount", "buyer_pay_amount", "invoice_amount"] {
            if let Some(amount) = fields.get_mut(name) {
                *amount = yuan(amount_minor);
            }
        }
    }
    // A probe is WeChat Pay's custom; here it is a plain forgery.
    let is_forged = twist.is_forged || twist.is_probe;
    let sign = |text: &[u8]| if is_forged { app.forge(text) } else { app.alipay.platform_key.sign(text) };
    Some(SignedNotification {
        url,
        headers: vec![("content-type".to_owned(), CONTENT_TYPE.to_owned())],
        body: signed_form(fields, sign),
    })
}

/// The form with its signature.
pub(super) fn signed_form(mut fields: BTreeMap<&'static str, String>, sign: impl FnOnce(&[u8]) -> String) -> String {
    let signed: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let signature = sign(signed.join("&").as_bytes());
    fields.insert("sign_type", "RSA2".to_owned());
    fields.insert("sign", signature);
    urlencoded::encode(fields.iter().map(|(name, value)| (*name, value.as_str())))
}

fn fields(app: &App, event: &Event) -> BTreeMap<&'static str, String> {
    let order = &event.order;
    let mut fields = BTreeMap::from([
        ("app_id", app.alipay.app_id.clone()),
        ("auth_app_id", app.alipay.app_id.clone()),
        ("buyer_id", BUYER_ID.to_owned()),
        ("buyer_logon_id", BUYER_LOGON_ID.to_owned()),
        ("charset", "utf-8".to_owned()),
        ("gmt_create", china_time::plain(order.created_at)),
        ("notify_id", event.id.clone()),
        ("notify_time", china_time::plain(app.now())),
        ("notify_type", "trade_status_sync".to_owned()),
        ("out_trade_no", order.request.out_trade_no.clone()),
        ("seller_id", app.alipay.seller_id.clone()),
        ("subject", order.request.description.clone()),
        ("total_amount", yuan(order.amount_minor())),
        ("trade_no", order.trade_no().unwrap_or_default().to_owned()),
        ("trade_status", trade_status(order).to_owned()),
        ("version", "1.0".to_owned()),
    ]);
    if let Some(certificates) = &app.alipay.certificates {
        fields.insert("alipay_cert_sn", certificates.platform_sn.clone());
    }
    if let Some(attach) = &order.request.attach {
        fields.insert("passback_params", attach.clone());
    }
    if let OrderState::Paid { paid_minor, paid_at, .. } = &order.state {
        let paid = yuan(*paid_minor);
        fields.insert("fund_bill_list", json!([{ "amount": paid, "fundChannel": "ALIPAYACCOUNT" }]).to_string());
        fields.insert("gmt_payment", china_time::plain(*paid_at));
        fields.insert("point_amount", "0.00".to_owned());
        for name in ["buyer_pay_amount", "invoice_amount", "receipt_amount"] {
            fields.insert(name, paid.clone());
        }
    }
    match &event.kind {
        EventKind::Paid => {}
        EventKind::Closed => {
            fields.insert("gmt_close", china_time::plain(event.at));
        }
        EventKind::Refunded { out_refund_no } => {
            fields.insert("out_biz_no", out_refund_no.clone());
            fields.insert("refund_fee", yuan(order.refunded_minor()));
            fields.insert("gmt_refund", format!("{}.000", china_time::plain(event.at)));
            if order.is_fully_refunded() {
                fields.insert("gmt_close", china_time::plain(event.at));
            }
        }
    }
    fields
}
