//! Making, asking about and closing an order.

use ringup_core::money::Unit;
use ringup_core::payment::{OrderNumber, PayMethod, PaymentWord};
use ringup_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::transaction::TransactionWire;
use super::{WechatPay, answer, request};
use crate::china_time;
use crate::form;
use crate::http::{HttpRequest, HttpResponse};
use crate::order::{Closed, CreatePayment, Created, GatewayError, JsapiParameters, Nonce};

#[derive(Serialize)]
struct OrderWire<'a> {
    appid: &'a str,
    mchid: &'a str,
    description: String,
    out_trade_no: String,
    time_expire: String,
    notify_url: &'a str,
    amount: AmountWire,
    #[serde(skip_serializing_if = "Option::is_none")]
    payer: Option<PayerWire<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scene_info: Option<SceneWire<'a>>,
}

#[derive(Serialize)]
struct AmountWire {
    total: u64,
    currency: &'static str,
}

#[derive(Serialize)]
struct PayerWire<'a> {
    openid: &'a str,
}

#[derive(Serialize)]
struct SceneWire<'a> {
    payer_client_ip: &'a str,
    h5_info: H5Wire,
}

#[derive(Serialize)]
struct H5Wire {
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct MerchantWire<'a> {
    mchid: &'a str,
}

#[derive(Deserialize)]
struct NativeWire {
    code_url: String,
}

#[derive(Deserialize)]
struct H5UrlWire {
    h5_url: String,
}

#[derive(Deserialize)]
struct PrepayWire {
    prepay_id: String,
}

/// `POST /v3/pay/transactions/{native|h5|jsapi}`: makes an order.
///
/// # Errors
/// [`GatewayError::Unsupported`] for a method that WeChat Pay has not, for another unit than renminbi, and when the payer's
/// address (H5) or number (JSAPI) is not known; [`GatewayError::NotSent`].
pub fn create(
    wechat_pay: &WechatPay,
    payment: &CreatePayment,
    now: Timestamp,
    nonce: &Nonce,
) -> Result<HttpRequest, GatewayError> {
    if payment.amount.unit() != Unit::Cny {
        return Err(GatewayError::Unsupported);
    }
    let mut order = OrderWire {
        appid: &wechat_pay.app_id,
        mchid: &wechat_pay.mchid,
        description: payment.short_subject(),
        out_trade_no: payment.order.to_reference(),
        time_expire: china_time::to_rfc3339(payment.expires_at),
        notify_url: &payment.notify_url,
        amount: AmountWire { total: payment.amount.minor(), currency: "CNY" },
        payer: None,
        scene_info: None,
    };
    let path = match payment.method {
        PayMethod::Qr => "/v3/pay/transactions/native",
        PayMethod::Mobile => {
            let payer_client_ip = payment.payer_ip.as_deref().ok_or(GatewayError::Unsupported)?;
            order.scene_info = Some(SceneWire { payer_client_ip, h5_info: H5Wire { kind: "Wap" } });
            "/v3/pay/transactions/h5"
        }
        PayMethod::InApp => {
            let openid = payment.openid.as_ref().ok_or(GatewayError::Unsupported)?.reveal();
            order.payer = Some(PayerWire { openid });
            "/v3/pay/transactions/jsapi"
        }
        PayMethod::Page | PayMethod::Code => return Err(GatewayError::Unsupported),
    };
    Ok(request::post(wechat_pay, path, &order, now, nonce)?)
}

/// Reads the answer to [`create`]. The nonce may be the request's: it makes another text unique here.
///
/// # Errors
/// [`GatewayError::Refused`], [`GatewayError::Unknown`].
pub fn read_create(
    wechat_pay: &WechatPay,
    payment: &CreatePayment,
    response: &HttpResponse,
    now: Timestamp,
    nonce: &Nonce,
) -> Result<Created, GatewayError> {
    let created = match payment.method {
        PayMethod::Qr => {
            answer::read(wechat_pay, response, now).map(|NativeWire { code_url }| Created::HandOver(code_url))
        }
        PayMethod::Mobile => answer::read(wechat_pay, response, now).map(|H5UrlWire { h5_url }| {
            // WeChat Pay sends the payer back to where this says
            // (<https://pay.weixin.qq.com/wiki/doc/apiv3/open/pay/chapter2_6_2.shtml>).
            Created::HandOver(format!("{h5_url}&redirect_url={}", form::encode(&payment.return_url)))
        }),
        PayMethod::InApp => answer::read(wechat_pay, response, now).and_then(|PrepayWire { prepay_id }| {
            Ok(Created::InApp(jsapi_parameters(wechat_pay, &prepay_id, now, nonce)?))
        }),
        PayMethod::Page | PayMethod::Code => Err(GatewayError::Unsupported),
    };
    match created {
        Err(GatewayError::Refused { code, .. }) if code == "ORDERPAID" => Ok(Created::AlreadyPaid),
        other => other,
    }
}

/// `GET /v3/pay/transactions/out-trade-no/{}`: asks about an order.
///
/// # Errors
/// [`GatewayError::NotSent`].
pub fn query(
    wechat_pay: &WechatPay,
    order: impl Into<OrderNumber>,
    now: Timestamp,
    nonce: &Nonce,
) -> Result<HttpRequest, GatewayError> {
    let path = format!("/v3/pay/transactions/out-trade-no/{}?mchid={}", order.into().to_reference(), wechat_pay.mchid);
    Ok(request::get(wechat_pay, &path, now, nonce)?)
}

/// Reads the answer to [`query`].
///
/// # Errors
/// [`GatewayError::Refused`], [`GatewayError::Unknown`]: also when it is about another order, merchant or app.
pub fn read_query(
    wechat_pay: &WechatPay,
    order: impl Into<OrderNumber>,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<PaymentWord, GatewayError> {
    let Some(transaction) = read_transaction(wechat_pay, order, response, now)? else {
        return Ok(PaymentWord::NotFound);
    };
    let word = transaction.word(now).map_err(|error| GatewayError::unknown(error.to_string()))?;
    word.ok_or_else(|| GatewayError::unknown(format!("trade_state {}", transaction.trade_state)))
}

/// Reads an order as WeChat Pay has it; nothing when there is none.
///
/// # Errors
/// As for [`read_query`].
pub fn read_transaction(
    wechat_pay: &WechatPay,
    order: impl Into<OrderNumber>,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<Option<TransactionWire>, GatewayError> {
    let transaction: TransactionWire = match answer::read(wechat_pay, response, now) {
        Err(GatewayError::Refused { code, .. }) if is_no_order(&code) => return Ok(None),
        other => other?,
    };
    let about = transaction.order(wechat_pay).map_err(|error| GatewayError::unknown(error.to_string()))?;
    if about != order.into() {
        return Err(GatewayError::unknown(format!("the answer is about order {}", about.to_reference())));
    }
    Ok(Some(transaction))
}

/// `POST /v3/pay/transactions/out-trade-no/{}/close`: closes an unpaid order.
///
/// # Errors
/// [`GatewayError::NotSent`].
pub fn close(
    wechat_pay: &WechatPay,
    order: impl Into<OrderNumber>,
    now: Timestamp,
    nonce: &Nonce,
) -> Result<HttpRequest, GatewayError> {
    let path = format!("/v3/pay/transactions/out-trade-no/{}/close", order.into().to_reference());
    Ok(request::post(wechat_pay, &path, &MerchantWire { mchid: &wechat_pay.mchid }, now, nonce)?)
}

/// Reads the answer to [`close`].
///
/// # Errors
/// [`GatewayError::Refused`], [`GatewayError::Unknown`].
pub fn read_close(wechat_pay: &WechatPay, response: &HttpResponse, now: Timestamp) -> Result<Closed, GatewayError> {
    match answer::read_empty(wechat_pay, response, now) {
        Ok(()) => Ok(Closed::Done),
        Err(GatewayError::Refused { code, .. }) if code == "ORDERPAID" => Ok(Closed::AlreadyPaid),
        Err(GatewayError::Refused { code, .. }) if code == "ORDER_CLOSED" => Ok(Closed::Done),
        Err(GatewayError::Refused { code, .. }) if is_no_order(&code) => Ok(Closed::NotFound),
        Err(other) => Err(other),
    }
}

/// Both are written in WeChat Pay's documents, the second in older ones.
pub fn is_no_order(code: &str) -> bool {
    matches!(code, "ORDER_NOT_EXIST" | "ORDERNOTEXIST")
}

/// What the page script inside WeChat takes, signed by us
/// (<https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_1_4.shtml>).
fn jsapi_parameters(
    wechat_pay: &WechatPay,
    prepay_id: &str,
    now: Timestamp,
    nonce: &Nonce,
) -> Result<JsapiParameters, GatewayError> {
    let time_stamp = now.seconds().to_string();
    let package = format!("prepay_id={prepay_id}");
    let text = format!("{}\n{time_stamp}\n{}\n{package}\n", wechat_pay.app_id, nonce.as_str());
    Ok(JsapiParameters {
        app_id: wechat_pay.app_id.clone(),
        nonce_str: nonce.as_str().to_owned(),
        // The order exists by now; failing to sign leaves it unpaid, and it may be made again.
        pay_sign: wechat_pay.signing_key.sign(&text)?,
        sign_type: "RSA",
        time_stamp,
        package,
    })
}

#[cfg(test)]
mod tests;
