//! Making, asking for and closing a trade.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::{
    alipay::{
        answer::{Answer, Refused},
        request::{Call, Method},
    },
    app::App,
    china_time, limits,
    money::{parse_yuan, yuan},
    order::{Door, Life, NewOrder, Order, OrderState, Provider},
    urlencoded,
    world::{CloseRefusal, PlaceRefusal},
};

/// The payer's account, as answers show it.
pub const BUYER_LOGON_ID: &str = "138****0013";
/// The payer's number.
pub const BUYER_ID: &str = "2088722000000013";
/// What one trade may cost: 100,000,000.00 yuan.
const TOTAL_MINOR_MAX: u64 = 10_000_000_000;

/// `alipay.trade.precreate`, `.page.pay`, `.wap.pay`.
pub fn create(app: &Arc<App>, call: &Call) -> Result<Answer, Refused> {
    let order = read_order(app, call)?;
    let out_trade_no = order.out_trade_no.clone();
    app.with_world(|world, now| world.place(order, now)).map_err(|refusal| match refusal {
        PlaceRefusal::Paid => Refused::business("ACQ.TRADE_HAS_SUCCESS", "交易已被支付"),
        PlaceRefusal::Closed => Refused::business("ACQ.TRADE_HAS_CLOSE", "交易已经关闭"),
        PlaceRefusal::Differs => Refused::business("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改"),
    })?;
    // In the world this is https://qr.alipay.com/…; here it leads to the page that plays the payer's phone.
    let phone = app.phone_url(Provider::Alipay, &out_trade_no);
    Ok(match call.method {
        Method::PagePay | Method::WapPay => Answer::Page(phone),
        _ => Answer::success(json!({ "out_trade_no": out_trade_no, "qr_code": phone })),
    })
}

/// What an order is made of.
pub fn read_order(app: &App, call: &Call) -> Result<NewOrder, Refused> {
    let door = door(call)?;
    if call.text("seller_id").is_some_and(|seller_id| seller_id != app.alipay.seller_id) {
        return Err(Refused::business("ACQ.PARTNER_ERROR", "应用APP_ID填写错误"));
    }
    let total_minor = call.text("total_amount").and_then(|text| parse_yuan(&text));
    let total_minor = total_minor.filter(|minor| (1..=TOTAL_MINOR_MAX).contains(minor));
    let subject = call.text("subject").filter(|subject| subject.chars().count() <= 256);
    let now = app.now();
    let stated = stated_end(call)?;
    let trade_life = duration(call, "timeout_express")?.unwrap_or(limits::ALIPAY_TRADE_LIFE);
    let code_life = duration(call, "qr_code_timeout_express")?.unwrap_or(limits::ALIPAY_QR_CODE_LIFE);
    let code_expires_at = now.saturating_add(code_life);
    Ok(NewOrder {
        provider: Provider::Alipay,
        out_trade_no: out_trade_no(call)?.ok_or_else(|| Refused::parameter("out_trade_no"))?,
        door,
        description: subject.ok_or_else(|| Refused::parameter("subject"))?,
        total_minor: total_minor.ok_or_else(|| Refused::parameter("total_amount"))?,
        notify_url: url(call.notify_url.as_deref(), "notify_url")?,
        return_url: url(call.return_url.as_deref(), "return_url")?,
        attach: call.text("passback_params"),
        openid: None,
        code_expires_at: stated.map_or(code_expires_at, |end| end.min(code_expires_at)),
        life: stated.map_or(Life::AfterScan(trade_life), Life::At),
    })
}

fn door(call: &Call) -> Result<Door, Refused> {
    let (door, products, is_required): (_, &[&str], _) = match call.method {
        Method::PagePay => (Door::PagePay, &["FAST_INSTANT_TRADE_PAY"], true),
        // The documents say QUICK_WAP_WAY, the SDKs' examples QUICK_WAP_PAY; both are taken.
        Method::WapPay => (Door::WapPay, &["QUICK_WAP_WAY", "QUICK_WAP_PAY"], true),
        Method::Pay => (Door::Code, &["FACE_TO_FACE_PAYMENT"], false),
        _ => (Door::Precreate, &["FACE_TO_FACE_PAYMENT", "QR_CODE_OFFLINE"], false),
    };
    match call.text("product_code") {
        Some(product) if products.contains(&product.as_str()) => Ok(door),
        None if !is_required => Ok(door),
        _ => Err(Refused::parameter("product_code")),
    }
}

/// `alipay.trade.query`.
pub fn query(app: &Arc<App>, call: &Call) -> Result<Answer, Refused> {
    with_trade(app, call, |order| Answer::success(trade_fields(order)))
}

/// `alipay.trade.close`.
pub fn close(app: &Arc<App>, call: &Call) -> Result<Answer, Refused> {
    let out_trade_no = find(app, call)?;
    let result = app.with_world(|world, now| {
        let result = world.close(Provider::Alipay, &out_trade_no, now);
        let trade_no =
            world.order(Provider::Alipay, &out_trade_no, now).and_then(|order| order.trade_no().map(str::to_owned));
        result.map(|()| trade_no)
    });
    match result {
        Ok(trade_no) => Ok(Answer::success(json!({ "out_trade_no": out_trade_no, "trade_no": trade_no }))),
        Err(CloseRefusal::Unknown) => Err(Refused::no_trade()),
        Err(CloseRefusal::Paid | CloseRefusal::Closed) => {
            Err(Refused::business("ACQ.TRADE_STATUS_ERROR", "交易状态不合法"))
        }
    }
}

/// The order that a request is about, for the switches; it need not exist.
pub fn named_order(app: &Arc<App>, call: &Call) -> Option<String> {
    call.text("out_trade_no").or_else(|| {
        let trade_no = call.text("trade_no")?;
        app.with_world(|world, _| world.out_trade_no_of(Provider::Alipay, &trade_no))
    })
}

/// The merchant's number of the trade that a request names; when it names both numbers they must belong together.
pub fn find(app: &Arc<App>, call: &Call) -> Result<String, Refused> {
    let trade_no = call.text("trade_no");
    let by_trade_no = trade_no.as_deref().map(|trade_no| {
        app.with_world(|world, _| world.out_trade_no_of(Provider::Alipay, trade_no)).ok_or_else(Refused::no_trade)
    });
    match (by_trade_no.transpose()?, out_trade_no(call)?) {
        (None, None) => Err(Refused::parameter("out_trade_no")),
        (Some(found), Some(named)) if found != named => Err(Refused::no_trade()),
        (Some(found), _) => Ok(found),
        (None, Some(named)) => Ok(named),
    }
}

/// Reads something off the trade that a request names. Until the payer has scanned, there is none.
pub fn with_trade<R>(app: &Arc<App>, call: &Call, read: impl FnOnce(&Order) -> R) -> Result<R, Refused> {
    let out_trade_no = find(app, call)?;
    app.with_world(|world, now| {
        let order = world.order(Provider::Alipay, &out_trade_no, now).filter(|order| order.trade_no().is_some());
        order.map(read).ok_or_else(Refused::no_trade)
    })
}

/// `WAIT_BUYER_PAY`, `TRADE_SUCCESS`, `TRADE_CLOSED`.
pub fn trade_status(order: &Order) -> &'static str {
    match &order.state {
        OrderState::Unseen | OrderState::Waiting { .. } => "WAIT_BUYER_PAY",
        OrderState::Paid { .. } if order.is_fully_refunded() => "TRADE_CLOSED",
        OrderState::Paid { .. } => "TRADE_SUCCESS",
        OrderState::Closed { .. } => "TRADE_CLOSED",
    }
}

/// A trade as a query shows it.
pub fn trade_fields(order: &Order) -> Value {
    let total = yuan(order.amount_minor());
    let mut fields = json!({
        "buyer_logon_id": BUYER_LOGON_ID,
        "buyer_user_id": BUYER_ID,
        "out_trade_no": order.request.out_trade_no,
        "point_amount": "0.00",
        "total_amount": total,
        "trade_no": order.trade_no(),
        "trade_status": trade_status(order),
    });
    let paid = match &order.state {
        OrderState::Paid { paid_at, .. } => json!({
            "buyer_pay_amount": total,
            "fund_bill_list": [{ "amount": total, "fund_channel": "ALIPAYACCOUNT" }],
            "invoice_amount": total,
            "receipt_amount": total,
            "send_pay_date": china_time::plain(*paid_at),
        }),
        _ => json!({ "buyer_pay_amount": "0.00", "invoice_amount": "0.00", "receipt_amount": "0.00" }),
    };
    if let (Value::Object(fields), Value::Object(paid)) = (&mut fields, paid) {
        fields.extend(paid);
    }
    fields
}

/// The merchant's number: up to 64 letters, digits and underscores.
fn out_trade_no(call: &Call) -> Result<Option<String>, Refused> {
    let is_allowed =
        |text: &str| text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match call.text("out_trade_no") {
        Some(text) if !is_allowed(&text) => Err(Refused::parameter("out_trade_no")),
        number => Ok(number),
    }
}

/// The world wants https; a test's own server has none, so http is taken as well.
fn url(text: Option<&str>, name: &str) -> Result<Option<String>, Refused> {
    let is_allowed = |text: &str| text.len() <= 256 && (text.starts_with("http://") || text.starts_with("https://"));
    match text {
        Some(text) if !is_allowed(text) => Err(Refused::parameter(name)),
        url => Ok(url.map(str::to_owned)),
    }
}

/// `time_expire`: an absolute end.
fn stated_end(call: &Call) -> Result<Option<i64>, Refused> {
    let text = call.text("time_expire");
    text.map(|text| china_time::parse_plain(&text).ok_or_else(|| Refused::parameter("time_expire"))).transpose()
}

/// `90m`, `2h`, `1d`, or `1c` for the end of the day; at most 15 days.
fn duration(call: &Call, name: &str) -> Result<Option<i64>, Refused> {
    let Some(text) = call.text(name) else { return Ok(None) };
    let (count, unit) = text.split_at_checked(text.len().saturating_sub(1)).unwrap_or_default();
    let seconds = match unit {
        "m" => 60,
        "h" => 3_600,
        "d" | "c" => 86_400,
        _ => 0,
    };
    let micros = count.parse::<i64>().ok().and_then(|count| count.checked_mul(seconds)?.checked_mul(limits::SECOND));
    match micros {
        Some(micros) if micros > 0 && micros <= limits::ALIPAY_TRADE_LIFE => Ok(Some(micros)),
        _ => Err(Refused::parameter(name)),
    }
}

/// The merchant's page with the signed parameters that Alipay adds for show, where the payer goes after paying.
pub fn return_url(app: &App, order: &Order) -> Option<String> {
    let method = match order.request.door {
        Door::PagePay => "alipay.trade.page.pay.return",
        Door::WapPay => "alipay.trade.wap.pay.return",
        _ => return order.request.return_url.clone(),
    };
    let base = order.request.return_url.as_deref()?;
    let (timestamp, total) = (china_time::plain(app.now()), yuan(order.amount_minor()));
    let mut pairs = vec![
        ("app_id", app.alipay.app_id.as_str()),
        ("auth_app_id", app.alipay.app_id.as_str()),
        ("charset", "utf-8"),
        ("method", method),
        ("out_trade_no", order.request.out_trade_no.as_str()),
        ("seller_id", app.alipay.seller_id.as_str()),
        ("timestamp", timestamp.as_str()),
        ("total_amount", total.as_str()),
        ("trade_no", order.trade_no().unwrap_or_default()),
        ("version", "1.0"),
    ];
    pairs.sort_unstable();
    let signed: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let signature = app.alipay.platform_key.sign(signed.join("&").as_bytes());
    pairs.extend([("sign", signature.as_str()), ("sign_type", "RSA2")]);
    let separator = if base.contains('?') { '&' } else { '?' };
    Some(format!("{base}{separator}{}", urlencoded::encode(pairs)))
}
