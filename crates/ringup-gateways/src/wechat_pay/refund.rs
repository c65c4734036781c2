//! Sending money back, and asking whether it went.

use ringup_core::id::{PaymentId, RefundId};
use ringup_core::money::Unit;
use ringup_core::payment::RefundWord;
use ringup_core::time::Timestamp;
use serde::Serialize;

use super::transaction::RefundWire;
use super::{WechatPay, answer, request};
use crate::http::{HttpRequest, HttpResponse};
use crate::order::{GatewayError, Nonce, RefundOrder};

#[derive(Serialize)]
struct RefundOrderWire<'a> {
    out_trade_no: String,
    out_refund_no: String,
    reason: String,
    notify_url: &'a str,
    amount: RefundAmountWire,
}

#[derive(Serialize)]
struct RefundAmountWire {
    refund: u64,
    total: u64,
    currency: &'static str,
}

/// `POST /v3/refund/domestic/refunds`: sends money back. Repeating it with the same number moves nothing again.
///
/// # Errors
/// [`GatewayError::Unsupported`] for another unit than renminbi, [`GatewayError::NotSent`].
pub fn refund(
    wechat_pay: &WechatPay,
    order: &RefundOrder,
    now: Timestamp,
    nonce: &Nonce,
) -> Result<HttpRequest, GatewayError> {
    if order.amount.unit() != Unit::Cny || order.total.unit() != Unit::Cny {
        return Err(GatewayError::Unsupported);
    }
    let content = RefundOrderWire {
        out_trade_no: order.payment.to_reference(),
        out_refund_no: order.refund.to_reference(),
        reason: order.short_reason(),
        notify_url: &order.notify_url,
        amount: RefundAmountWire { refund: order.amount.minor(), total: order.total.minor(), currency: "CNY" },
    };
    Ok(request::post(wechat_pay, "/v3/refund/domestic/refunds", &content, now, nonce)?)
}

/// Reads the answer to [`refund`].
///
/// # Errors
/// [`GatewayError::Refused`], [`GatewayError::Unknown`]: also when it is about another refund.
pub fn read_refund(
    wechat_pay: &WechatPay,
    order: &RefundOrder,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<RefundWord, GatewayError> {
    word_about(&answer::read(wechat_pay, response, now)?, order.refund, order.payment, now)
}

/// `GET /v3/refund/domestic/refunds/{}`: asks about a refund.
///
/// # Errors
/// [`GatewayError::NotSent`].
pub fn query_refund(
    wechat_pay: &WechatPay,
    refund: RefundId,
    now: Timestamp,
    nonce: &Nonce,
) -> Result<HttpRequest, GatewayError> {
    let path = format!("/v3/refund/domestic/refunds/{}", refund.to_reference());
    Ok(request::get(wechat_pay, &path, now, nonce)?)
}

/// Reads the answer to [`query_refund`].
///
/// # Errors
/// [`GatewayError::Refused`], [`GatewayError::Unknown`]: also when it is about another refund.
pub fn read_query_refund(
    wechat_pay: &WechatPay,
    refund: RefundId,
    payment: PaymentId,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<RefundWord, GatewayError> {
    match answer::read(wechat_pay, response, now) {
        Err(GatewayError::Refused { code, .. }) if code == "RESOURCE_NOT_EXISTS" => Ok(RefundWord::NotFound),
        other => word_about(&other?, refund, payment, now),
    }
}

fn word_about(
    wire: &RefundWire,
    refund: RefundId,
    payment: PaymentId,
    now: Timestamp,
) -> Result<RefundWord, GatewayError> {
    let about = wire.refund().map_err(|error| GatewayError::unknown(error.to_string()))?;
    if about != (refund, payment) {
        return Err(GatewayError::unknown(format!("the answer is about refund {}", about.0.to_reference())));
    }
    wire.word(now).ok_or_else(|| GatewayError::unknown("the state of the refund is none that we know"))
}

#[cfg(test)]
mod tests;
