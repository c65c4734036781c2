//! Making, asking for and closing an order.

use std::sync::Arc;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    app::App,
    china_time, limits,
    order::{Door, Life, NewOrder, Order, OrderState, Provider},
    outside,
    wechat_pay::{
        answer::{Answer, Refused},
        request::Request,
    },
    world::{CloseRefusal, PlaceRefusal},
};

/// The payer, where the merchant named none.
pub const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
/// What one order may cost, in fen.
const TOTAL_MINOR_MAX: u64 = 10_000_000_000;
/// How long an H5 link lives.
const H5_LIFE: i64 = 5 * 60 * limits::SECOND;

#[derive(Deserialize)]
struct CreateBody {
    appid: String,
    mchid: String,
    description: String,
    out_trade_no: String,
    notify_url: String,
    time_expire: Option<String>,
    attach: Option<String>,
    amount: AmountBody,
    payer: Option<PayerBody>,
    scene_info: Option<SceneBody>,
}

/// What is to be paid.
#[derive(Deserialize)]
pub struct AmountBody {
    /// In fen.
    pub total: u64,
    currency: Option<String>,
}

#[derive(Deserialize)]
struct PayerBody {
    openid: String,
}

#[derive(Deserialize)]
struct SceneBody {
    payer_client_ip: String,
    h5_info: Option<H5Body>,
}

#[derive(Deserialize)]
struct H5Body {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct CloseBody {
    mchid: String,
}

/// `POST /v3/pay/transactions/{native,h5,jsapi}`.
pub fn create(app: &Arc<App>, request: &Request<'_>, door: Door) -> Result<Answer, Refused> {
    let body: CreateBody = request.json()?;
    check_merchant(app, &body.mchid)?;
    check_app(app, &body.appid)?;
    check_create(&body, door)?;
    let order = new_order(app, body, door)?;
    let out_trade_no = order.out_trade_no.clone();
    app.with_world(|world, now| world.place(order, now)).map_err(|refusal| match refusal {
        PlaceRefusal::Paid => Refused::new(StatusCode::BAD_REQUEST, "ORDERPAID", "该订单已支付"),
        PlaceRefusal::Closed => Refused::new(StatusCode::BAD_REQUEST, "ORDER_CLOSED", "该订单已关闭，请重新下单"),
        PlaceRefusal::Differs => Refused::new(StatusCode::FORBIDDEN, "OUT_TRADE_NO_USED", "商户订单号重复"),
    })?;
    // In the world these are weixin://wxpay/bizpayurl?pr=… and a page of WeChat Pay's; here both lead to the page that
    // plays the payer's phone.
    let phone = app.phone_url(Provider::WechatPay, &out_trade_no);
    let prepay_id = format!("wx{}{}", china_time::compact_date(app.now()), outside::random_text(26).to_lowercase());
    Ok(Answer::Json(match door {
        Door::H5 => json!({ "h5_url": format!("{phone}?prepay_id={prepay_id}") }),
        Door::Jsapi => json!({ "prepay_id": prepay_id }),
        _ => json!({ "code_url": phone }),
    }))
}

fn new_order(app: &App, body: CreateBody, door: Door) -> Result<NewOrder, Refused> {
    let now = app.now();
    let code_life = if door == Door::H5 { H5_LIFE } else { limits::WECHAT_PAY_CODE_LIFE };
    let mut code_expires_at = now.saturating_add(code_life);
    let mut ends_at = now.saturating_add(limits::WECHAT_PAY_ORDER_LIFE);
    if let Some(text) = &body.time_expire {
        let stated = china_time::parse_rfc3339(text).filter(|stated| *stated > now);
        ends_at = stated.ok_or_else(|| Refused::parameter("time_expire不合法"))?.min(ends_at);
        code_expires_at = code_expires_at.min(ends_at);
    }
    Ok(NewOrder {
        provider: Provider::WechatPay,
        out_trade_no: body.out_trade_no,
        door,
        description: body.description,
        total_minor: body.amount.total,
        notify_url: Some(body.notify_url),
        return_url: None,
        attach: body.attach,
        openid: body.payer.map(|payer| payer.openid),
        code_expires_at,
        life: Life::At(ends_at),
    })
}

/// Whether the application is the merchant's.
pub fn check_app(app: &App, appid: &str) -> Result<(), Refused> {
    if appid == app.wechat_pay.appid {
        return Ok(());
    }
    Err(Refused::new(StatusCode::BAD_REQUEST, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配"))
}

fn check_create(body: &CreateBody, door: Door) -> Result<(), Refused> {
    check_common(&body.out_trade_no, &body.description, &body.amount)?;
    check_notify_url(&body.notify_url)?;
    if body.attach.as_ref().is_some_and(|attach| attach.chars().count() > 128) {
        return Err(Refused::parameter("attach不合法"));
    }
    let scene = body.scene_info.as_ref().filter(|scene| !scene.payer_client_ip.is_empty());
    let has_h5_info = scene.is_some_and(|scene| scene.h5_info.as_ref().is_some_and(|h5| !h5.kind.is_empty()));
    match door {
        Door::H5 if !has_h5_info => Err(Refused::parameter("scene_info.h5_info缺失")),
        Door::Jsapi if body.payer.is_none() => Err(Refused::parameter("payer.openid缺失")),
        _ => Ok(()),
    }
}

/// What every way of making an order wants alike.
pub fn check_common(out_trade_no: &str, description: &str, amount: &AmountBody) -> Result<(), Refused> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-*".contains(&byte);
    if !(6..=32).contains(&out_trade_no.len()) || !out_trade_no.bytes().all(is_allowed) {
        return Err(Refused::parameter("out_trade_no不合法"));
    }
    if description.is_empty() || description.chars().count() > 127 {
        return Err(Refused::parameter("description不合法"));
    }
    if amount.total == 0 || amount.total > TOTAL_MINOR_MAX {
        return Err(Refused::parameter("amount.total不合法"));
    }
    if amount.currency.as_deref().is_some_and(|currency| currency != "CNY") {
        return Err(Refused::parameter("amount.currency不合法"));
    }
    Ok(())
}

/// The world wants https and no query; a test's own server has no certificate, so http is taken as well.
pub fn check_notify_url(url: &str) -> Result<(), Refused> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    if !is_web || url.contains('?') || url.len() > 255 {
        return Err(Refused::parameter("notify_url不合法"));
    }
    Ok(())
}

/// `GET /v3/pay/transactions/out-trade-no/{out_trade_no}?mchid=`.
pub fn query(app: &Arc<App>, request: &Request<'_>, out_trade_no: &str) -> Result<Answer, Refused> {
    check_merchant(app, &request.query("mchid").unwrap_or_default())?;
    let transaction = app.with_world(|world, now| {
        world.order(Provider::WechatPay, out_trade_no, now).map(|order| transaction(app, order))
    });
    transaction.map(Answer::Json).ok_or_else(Refused::no_order)
}

/// `GET /v3/pay/transactions/id/{transaction_id}?mchid=`.
pub fn query_by_id(app: &Arc<App>, request: &Request<'_>, transaction_id: &str) -> Result<Answer, Refused> {
    let out_trade_no = app.with_world(|world, now| {
        let out_trade_no = world.out_trade_no_of(Provider::WechatPay, transaction_id)?;
        // WeChat Pay gives an order its number when it is paid.
        let order = world.order(Provider::WechatPay, &out_trade_no, now)?;
        matches!(order.state, OrderState::Paid { .. }).then_some(out_trade_no)
    });
    query(app, request, &out_trade_no.ok_or_else(Refused::no_order)?)
}

/// `POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close`.
pub fn close(app: &Arc<App>, request: &Request<'_>, out_trade_no: &str) -> Result<Answer, Refused> {
    check_merchant(app, &request.json::<CloseBody>()?.mchid)?;
    match app.with_world(|world, now| world.close(Provider::WechatPay, out_trade_no, now)) {
        Ok(()) => Ok(Answer::Nothing),
        Err(CloseRefusal::Unknown) => Err(Refused::no_order()),
        Err(CloseRefusal::Paid) => Err(Refused::new(StatusCode::BAD_REQUEST, "ORDERPAID", "该订单已支付")),
        Err(CloseRefusal::Closed) => Err(Refused::new(StatusCode::BAD_REQUEST, "ORDER_CLOSED", "该订单已关闭")),
    }
}

/// Whether the merchant is the one that was agreed with.
pub fn check_merchant(app: &App, mchid: &str) -> Result<(), Refused> {
    if mchid == app.wechat_pay.mchid {
        return Ok(());
    }
    Err(Refused::new(StatusCode::BAD_REQUEST, "MCH_NOT_EXISTS", "商户号不存在或与Authorization中的不一致"))
}

/// An order as queries and notifications show it.
pub fn transaction(app: &App, order: &Order) -> Value {
    let is_by_code = order.request.door == Door::Code;
    let (trade_state, description) = match &order.state {
        OrderState::Unseen | OrderState::Waiting { .. } if order.is_declined => ("PAYERROR", "支付失败，请撤销订单"),
        OrderState::Unseen | OrderState::Waiting { .. } if is_by_code => ("USERPAYING", "需要用户输入支付密码"),
        OrderState::Closed { .. } if is_by_code => ("REVOKED", "订单已撤销"),
        OrderState::Unseen | OrderState::Waiting { .. } => ("NOTPAY", "订单未支付"),
        OrderState::Paid { .. } if order.refunds.is_empty() => ("SUCCESS", "支付成功"),
        OrderState::Paid { .. } => ("REFUND", "订单发生过退款，退款详情请查询退款单"),
        OrderState::Closed { .. } => ("CLOSED", "订单已关闭"),
    };
    let mut fields = json!({
        "appid": app.wechat_pay.appid,
        "mchid": app.wechat_pay.mchid,
        "out_trade_no": order.request.out_trade_no,
        "promotion_detail": [],
        "trade_state": trade_state,
        "trade_state_desc": description,
    });
    let total = order.amount_minor();
    let more = match &order.state {
        OrderState::Paid { trade_no, paid_at, .. } => json!({
            "amount": { "currency": "CNY", "payer_currency": "CNY", "payer_total": total, "total": total },
            "attach": order.request.attach.clone().unwrap_or_default(),
            "bank_type": "OTHERS",
            "payer": { "openid": order.request.openid.as_deref().unwrap_or(OPENID) },
            "success_time": china_time::rfc3339(*paid_at),
            "trade_type": trade_type(order.request.door),
            "transaction_id": trade_no,
        }),
        _ => json!({ "amount": { "currency": "CNY", "total": total } }),
    };
    if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
        fields.extend(more);
    }
    fields
}

fn trade_type(door: Door) -> &'static str {
    match door {
        Door::H5 => "MWEB",
        Door::Jsapi => "JSAPI",
        Door::Code => "MICROPAY",
        Door::Native | Door::Precreate | Door::PagePay | Door::WapPay => "NATIVE",
    }
}
