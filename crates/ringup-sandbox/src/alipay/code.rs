//! Payments by code: `alipay.trade.pay` and `alipay.trade.cancel`.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::{
    alipay::{
        answer::{Answer, Refused},
        request::Call,
        trade::{find, read_order, trade_fields},
    },
    app::App,
    order::Provider,
    world::{CancelEffect, CodeEffect, CodeRefusal, PlaceRefusal},
};

/// `alipay.trade.pay` with `scene=bar_code`.
pub fn pay(app: &Arc<App>, call: &Call) -> Result<Answer, Refused> {
    let order = read_order(app, call)?;
    if call.text("scene").as_deref() != Some("bar_code") {
        return Err(Refused::parameter("scene"));
    }
    let digits = call.text("auth_code").filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let digits = digits.ok_or_else(|| Refused::parameter("auth_code"))?;
    let out_trade_no = order.out_trade_no.clone();
    let (effect, mut fields) = app.with_world(|world, now| {
        let effect = world.pay_by_code(order, &digits, now);
        let fields = world.order(Provider::Alipay, &out_trade_no, now).map(trade_fields).unwrap_or_default();
        (effect, fields)
    });
    match effect {
        Ok(CodeEffect::Paid) => {
            // A query calls the time `send_pay_date` and tells the status; here it is `gmt_payment`, and paid is the answer.
            if let Value::Object(fields) = &mut fields {
                fields.remove("trade_status");
                let paid_at = fields.remove("send_pay_date");
                fields.insert("gmt_payment".to_owned(), paid_at.unwrap_or_default());
            }
            Ok(Answer::success(fields))
        }
        Ok(CodeEffect::Waiting) => Ok(Answer::waiting(json!({
            "out_trade_no": out_trade_no,
            "total_amount": fields.get("total_amount"),
            "trade_no": fields.get("trade_no"),
        }))),
        Ok(CodeEffect::Declined) => Err(Refused::business("ACQ.PAYMENT_FAIL", "支付失败，请买家更换付款方式")),
        Err(refusal) => Err(refused(refusal)),
    }
}

fn refused(refusal: CodeRefusal) -> Refused {
    match refusal {
        CodeRefusal::Order(PlaceRefusal::Paid) => Refused::business("ACQ.TRADE_HAS_SUCCESS", "交易已被支付"),
        CodeRefusal::Order(PlaceRefusal::Closed) => Refused::business("ACQ.TRADE_HAS_CLOSE", "交易已经关闭"),
        CodeRefusal::Order(PlaceRefusal::Differs) => Refused::business("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改"),
        // Alipay has one code for a code that is too old, used, or none.
        CodeRefusal::Invalid | CodeRefusal::Expired => Refused::business(
            "ACQ.PAYMENT_AUTH_CODE_INVALID",
            "支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款",
        ),
        CodeRefusal::LacksMoney => Refused::business("ACQ.BUYER_BALANCE_NOT_ENOUGH", "买家余额不足"),
    }
}

/// `alipay.trade.cancel`: without an action when there is no such trade.
pub fn cancel(app: &Arc<App>, call: &Call) -> Result<Answer, Refused> {
    let out_trade_no = find(app, call)?;
    let (effect, trade_no) = app.with_world(|world, now| {
        let effect = world.cancel(Provider::Alipay, &out_trade_no, now);
        let order = world.order(Provider::Alipay, &out_trade_no, now);
        (effect, order.and_then(|order| order.trade_no().map(str::to_owned)))
    });
    let action = match effect {
        CancelEffect::Closed => "close",
        CancelEffect::GivenBack => "refund",
        CancelEffect::Unknown => {
            return Ok(Answer::success(json!({ "out_trade_no": out_trade_no, "retry_flag": "N" })));
        }
    };
    Ok(Answer::success(json!({
        "action": action,
        "out_trade_no": out_trade_no,
        "retry_flag": "N",
        "trade_no": trade_no,
    })))
}

#[cfg(test)]
mod tests;
