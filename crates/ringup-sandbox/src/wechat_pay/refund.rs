//! Giving money back.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    app::App,
    china_time,
    order::{Order, Provider, Refund, RefundStatus},
    wechat_pay::{
        answer::{Answer, Refused},
        payment,
        request::Request,
    },
    world::{NewRefund, RefundRefusal},
};

#[derive(Deserialize)]
struct RefundBody {
    transaction_id: Option<String>,
    out_trade_no: Option<String>,
    out_refund_no: String,
    reason: Option<String>,
    notify_url: Option<String>,
    amount: RefundAmountBody,
}

#[derive(Deserialize)]
struct RefundAmountBody {
    refund: u64,
    total: u64,
    currency: String,
}

/// `POST /v3/refund/domestic/refunds`. The same number again answers how that refund stands.
pub fn refund(app: &Arc<App>, request: &Request<'_>) -> Result<Answer, Refused> {
    let body: RefundBody = request.json()?;
    check(&body)?;
    let out_trade_no = find_order(app, body.transaction_id.as_deref(), body.out_trade_no)?;
    let key = (Provider::WechatPay, out_trade_no);
    let out_refund_no = body.out_refund_no.clone();
    let (total, amount_minor) = (body.amount.total, body.amount.refund);
    let new =
        NewRefund { out_refund_no: body.out_refund_no, amount_minor, reason: body.reason, notify_url: body.notify_url };
    app.with_world(|world, now| {
        if let Some((order, _)) = world.refund_by_number(Provider::WechatPay, &out_refund_no)
            && order.request.out_trade_no != key.1
        {
            return Err(Refused::invalid_request("订单号与退款单号不一致"));
        }
        let order = world.order(key.0, &key.1, now).ok_or_else(|| Refused::not_found("订单不存在"))?;
        // An overpaid order may be named by what was asked or by what was paid; the world has no such order.
        if total != order.amount_minor() && total != order.request.total_minor {
            return Err(Refused::invalid_request("订单金额或退款金额与之前请求不一致，请核实后再试"));
        }
        world.refund(&key, new, now).map_err(|refusal| match refusal {
            RefundRefusal::Unknown => Refused::not_found("订单不存在"),
            RefundRefusal::NotPaid => Refused::invalid_request("订单状态不支持退款"),
            RefundRefusal::TooMuch => Refused::invalid_request("申请退款金额大于可退金额"),
            RefundRefusal::Differs => Refused::invalid_request("订单金额或退款金额与之前请求不一致，请核实后再试"),
        })?;
        let order = world.order(key.0, &key.1, now);
        let view = order.and_then(|order| order.refund(&out_refund_no).map(|refund| refund_view(order, refund)));
        view.map(Answer::Json).ok_or_else(|| Refused::not_found("退款单不存在"))
    })
}

fn check(body: &RefundBody) -> Result<(), Refused> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-|*@".contains(&byte);
    let number = &body.out_refund_no;
    if number.is_empty() || number.len() > 64 || !number.bytes().all(is_allowed) {
        return Err(Refused::parameter("out_refund_no不合法"));
    }
    if body.amount.currency != "CNY" {
        return Err(Refused::parameter("amount.currency不合法"));
    }
    if body.amount.refund == 0 {
        return Err(Refused::parameter("amount.refund不合法"));
    }
    body.notify_url.as_deref().map_or(Ok(()), payment::check_notify_url)
}

/// The order that a refund request is about, for the switches; it need not exist.
pub fn named_order(app: &Arc<App>, request: &Request<'_>) -> Option<String> {
    let body: RefundBody = request.json().ok()?;
    find_order(app, body.transaction_id.as_deref(), body.out_trade_no).ok()
}

/// The order that a refund belongs to.
pub fn order_of(app: &Arc<App>, out_refund_no: &str) -> Option<String> {
    app.with_world(|world, _| {
        let found = world.refund_by_number(Provider::WechatPay, out_refund_no);
        found.map(|(order, _)| order.request.out_trade_no.clone())
    })
}

fn find_order(app: &Arc<App>, transaction_id: Option<&str>, out_trade_no: Option<String>) -> Result<String, Refused> {
    match (transaction_id, out_trade_no) {
        (Some(transaction_id), _) => {
            let found = app.with_world(|world, _| world.out_trade_no_of(Provider::WechatPay, transaction_id));
            found.ok_or_else(|| Refused::not_found("订单不存在"))
        }
        (None, Some(out_trade_no)) => Ok(out_trade_no),
        (None, None) => Err(Refused::parameter("transaction_id和out_trade_no不能同时为空")),
    }
}

/// `GET /v3/refund/domestic/refunds/{out_refund_no}`.
pub fn query(app: &Arc<App>, out_refund_no: &str) -> Result<Answer, Refused> {
    let view = app.with_world(|world, _| {
        world.refund_by_number(Provider::WechatPay, out_refund_no).map(|(order, refund)| refund_view(order, refund))
    });
    view.map(Answer::Json).ok_or_else(|| Refused::not_found("退款单不存在"))
}

fn refund_view(order: &Order, refund: &Refund) -> Value {
    let total = order.amount_minor();
    let mut view = json!({
        "amount": {
            "currency": "CNY", "discount_refund": 0, "payer_refund": refund.amount_minor, "payer_total": total,
            "refund": refund.amount_minor, "settlement_refund": refund.amount_minor, "settlement_total": total, "total": total,
        },
        "channel": "ORIGINAL",
        "create_time": china_time::rfc3339(refund.created_at),
        "funds_account": "AVAILABLE",
        "out_refund_no": refund.out_refund_no,
        "out_trade_no": order.request.out_trade_no,
        "refund_id": refund.refund_no,
        "status": status(refund.status),
        "transaction_id": order.trade_no(),
        "user_received_account": "支付用户零钱",
    });
    if let (Value::Object(fields), RefundStatus::Success, Some(at)) = (&mut view, refund.status, refund.finished_at) {
        fields.insert("success_time".to_owned(), json!(china_time::rfc3339(at)));
    }
    view
}

/// `PROCESSING`, `SUCCESS`, `ABNORMAL`.
pub fn status(status: RefundStatus) -> &'static str {
    match status {
        RefundStatus::Processing => "PROCESSING",
        RefundStatus::Success => "SUCCESS",
        RefundStatus::Abnormal => "ABNORMAL",
    }
}
