//! Giving money back.

use std::sync::Arc;

use serde_json::json;

use crate::{
    alipay::{
        answer::{Answer, Refused},
        request::Call,
        trade::{self, BUYER_ID, BUYER_LOGON_ID},
    },
    app::App,
    china_time,
    money::{parse_yuan, yuan},
    order::{OrderState, Provider},
    world::{NewRefund, RefundEffect, RefundRefusal},
};

/// `alipay.trade.refund`. Only `fund_change` = `Y` says that money moved; a repeat answers `N`.
pub fn refund(app: &Arc<App>, call: &Call) -> Result<Answer, Refused> {
    let amount_minor = call.text("refund_amount").and_then(|text| parse_yuan(&text)).filter(|minor| *minor > 0);
    let amount_minor = amount_minor.ok_or_else(|| Refused::parameter("refund_amount"))?;
    let paid_minor = trade::with_trade(app, call, |order| order.amount_minor())?;
    let out_trade_no = trade::find(app, call)?;
    let out_refund_no = match call.text("out_request_no") {
        Some(number) if number.len() <= 64 => number,
        Some(_) => return Err(Refused::parameter("out_request_no")),
        // Without a number of its own a refund is of the whole, and takes the order's number.
        None if amount_minor == paid_minor => out_trade_no.clone(),
        None => return Err(Refused::parameter("out_request_no")),
    };
    let new = NewRefund { out_refund_no, amount_minor, reason: call.text("refund_reason"), notify_url: None };
    let key = (Provider::Alipay, out_trade_no);
    let effect = app.with_world(|world, now| world.refund(&key, new, now)).map_err(|refusal| match refusal {
        RefundRefusal::Unknown => Refused::no_trade(),
        RefundRefusal::NotPaid => Refused::business("ACQ.TRADE_STATUS_ERROR", "交易状态不合法"),
        RefundRefusal::TooMuch => Refused::business("ACQ.REASON_TRADE_REFUND_FEE_ERR", "退款金额无效"),
        RefundRefusal::Differs => Refused::business("ACQ.DISCORDANT_REPEAT_REQUEST", "同一退款号的退款请求不一致"),
    })?;
    let now = app.now();
    trade::with_trade(app, call, |order| {
        Answer::success(json!({
            "buyer_logon_id": BUYER_LOGON_ID,
            "buyer_user_id": BUYER_ID,
            "fund_change": match effect { RefundEffect::New => "Y", RefundEffect::Repeated => "N" },
            "gmt_refund_pay": china_time::plain(now),
            "out_trade_no": order.request.out_trade_no,
            // The sum of all refunds so far, not this one.
            "refund_fee": yuan(order.refunded_minor()),
            "send_back_fee": yuan(match effect { RefundEffect::New => amount_minor, RefundEffect::Repeated => 0 }),
            "trade_no": order.trade_no(),
        }))
    })
}

/// `alipay.trade.fastpay.refund.query`. An unknown refund is answered with success and without `refund_status`.
pub fn query(app: &Arc<App>, call: &Call) -> Result<Answer, Refused> {
    let out_refund_no = call.text("out_request_no").ok_or_else(|| Refused::parameter("out_request_no"))?;
    trade::with_trade(app, call, |order| match (order.refund(&out_refund_no), &order.state) {
        (Some(refund), OrderState::Paid { paid_minor, .. }) => Answer::success(json!({
            "gmt_refund_pay": china_time::plain(refund.finished_at.unwrap_or(refund.created_at)),
            "out_request_no": out_refund_no,
            "out_trade_no": order.request.out_trade_no,
            "refund_amount": yuan(refund.amount_minor),
            "refund_status": "REFUND_SUCCESS",
            "total_amount": yuan(*paid_minor),
            "trade_no": order.trade_no(),
        })),
        _ => Answer::success(json!({})),
    })
}
