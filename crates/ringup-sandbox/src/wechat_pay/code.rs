//! Payments by code: `codepay` and `reverse`.

use std::sync::Arc;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use crate::{
    app::App,
    limits,
    order::{Door, Life, NewOrder, Provider},
    wechat_pay::{
        answer::{Answer, Refused},
        payment::{AmountBody, check_app, check_common, check_merchant, transaction},
        request::Request,
    },
    world::{CancelEffect, CodeEffect, CodeRefusal, PlaceRefusal},
};

#[derive(Deserialize)]
struct CodeBody {
    appid: String,
    mchid: String,
    description: String,
    out_trade_no: String,
    attach: Option<String>,
    amount: AmountBody,
    payer: PayerBody,
    scene_info: SceneBody,
}

#[derive(Deserialize)]
struct PayerBody {
    auth_code: String,
}

#[derive(Deserialize)]
struct SceneBody {
    store_info: StoreBody,
}

#[derive(Deserialize)]
struct StoreBody {
    id: Option<String>,
    out_id: Option<String>,
}

#[derive(Deserialize)]
struct ReverseBody {
    appid: String,
    mchid: String,
}

/// `POST /v3/pay/transactions/codepay`.
pub fn pay(app: &Arc<App>, request: &Request<'_>) -> Result<Answer, Refused> {
    let body: CodeBody = request.json()?;
    check_merchant(app, &body.mchid)?;
    check_app(app, &body.appid)?;
    check_common(&body.out_trade_no, &body.description, &body.amount)?;
    if body.scene_info.store_info.id.is_none() && body.scene_info.store_info.out_id.is_none() {
        return Err(Refused::parameter("scene_info.store_info缺失"));
    }
    let digits = body.payer.auth_code;
    if digits.len() != 18 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refused::parameter("payer.auth_code不合法"));
    }
    let (now, out_trade_no) = (app.now(), body.out_trade_no.clone());
    let ends_at = now.saturating_add(limits::WECHAT_PAY_CONFIRM_LIFE);
    let order = NewOrder {
        provider: Provider::WechatPay,
        out_trade_no: body.out_trade_no,
        door: Door::Code,
        description: body.description,
        total_minor: body.amount.total,
        // Nobody is notified of a payment by code.
        notify_url: None,
        return_url: None,
        attach: body.attach,
        openid: None,
        code_expires_at: ends_at,
        life: Life::At(ends_at),
    };
    let (effect, transaction) = app.with_world(|world, now| {
        let effect = world.pay_by_code(order, &digits, now);
        let order = world.order(Provider::WechatPay, &out_trade_no, now);
        (effect, order.map(|order| transaction(app, order)).unwrap_or_default())
    });
    match effect {
        Ok(CodeEffect::Paid | CodeEffect::Declined) => Ok(Answer::Json(transaction)),
        // Nothing more stands in it.
        Ok(CodeEffect::Waiting) => Ok(Answer::Json(json!({ "trade_state": "USERPAYING" }))),
        Err(refusal) => Err(refused(refusal)),
    }
}

fn refused(refusal: CodeRefusal) -> Refused {
    let no = |code: &'static str, message: &str| Refused::new(StatusCode::BAD_REQUEST, code, message);
    match refusal {
        CodeRefusal::Order(PlaceRefusal::Paid) => no("ORDERPAID", "该订单已支付"),
        CodeRefusal::Order(PlaceRefusal::Closed) => no("ORDERREVERSED", "该订单已撤销，请重新下单"),
        CodeRefusal::Order(PlaceRefusal::Differs) => {
            Refused::new(StatusCode::FORBIDDEN, "OUT_TRADE_NO_USED", "商户订单号重复")
        }
        CodeRefusal::Invalid => no("AUTH_CODE_INVALID", "付款码无效，请刷新后再试"),
        CodeRefusal::Expired => no("AUTH_CODE_EXPIRE", "付款码已过期，请刷新后再试"),
        CodeRefusal::LacksMoney => no("NOTENOUGH", "余额不足"),
    }
}

/// `POST /v3/pay/transactions/out-trade-no/{out_trade_no}/reverse`. Does not say whether money went back.
pub fn reverse(app: &Arc<App>, request: &Request<'_>, out_trade_no: &str) -> Result<Answer, Refused> {
    let body: ReverseBody = request.json()?;
    check_merchant(app, &body.mchid)?;
    check_app(app, &body.appid)?;
    match app.with_world(|world, now| world.cancel(Provider::WechatPay, out_trade_no, now)) {
        CancelEffect::Closed | CancelEffect::GivenBack => Ok(Answer::Json(json!({
            "appid": app.wechat_pay.appid,
            "mchid": app.wechat_pay.mchid,
            "out_trade_no": out_trade_no,
        }))),
        CancelEffect::Unknown => Err(Refused::no_order()),
    }
}

#[cfg(test)]
mod tests;
