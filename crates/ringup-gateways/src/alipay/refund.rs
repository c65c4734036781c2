//! Sending money back, and asking whether it went.

use ringup_core::id::{PaymentId, RefundId};
use ringup_core::money::Unit;
use ringup_core::payment::RefundWord;
use ringup_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::payment::check_order;
use super::request::{self, AlipayMethod, ReturnAddresses};
use super::{Alipay, answer};
use crate::china_time;
use crate::http::{HttpRequest, HttpResponse};
use crate::order::{GatewayError, RefundOrder};

#[derive(Serialize)]
struct RefundOrderWire {
    out_trade_no: String,
    refund_amount: String,
    out_request_no: String,
    refund_reason: String,
}

#[derive(Serialize)]
struct RefundReferenceWire {
    out_trade_no: String,
    out_request_no: String,
    query_options: [&'static str; 1],
}

#[derive(Deserialize)]
struct RefundedWire {
    out_trade_no: String,
    #[serde(default)]
    fund_change: String,
    #[serde(default)]
    gmt_refund_pay: String,
}

#[derive(Deserialize)]
struct RefundStateWire {
    #[serde(default)]
    out_trade_no: String,
    #[serde(default)]
    out_request_no: String,
    #[serde(default)]
    refund_status: String,
    #[serde(default)]
    gmt_refund_pay: String,
}

/// `alipay.trade.refund`: sends money back. Repeating it with the same number moves nothing again.
///
/// # Errors
/// [`GatewayError::Unsupported`] for another unit than renminbi, [`GatewayError::NotSent`].
pub fn refund(alipay: &Alipay, order: &RefundOrder, now: Timestamp) -> Result<HttpRequest, GatewayError> {
    if order.amount.unit() != Unit::Cny {
        return Err(GatewayError::Unsupported);
    }
    let content = RefundOrderWire {
        out_trade_no: order.payment.to_reference(),
        refund_amount: order.amount.to_decimal(),
        out_request_no: order.refund.to_reference(),
        refund_reason: order.short_reason(),
    };
    Ok(request::call(alipay, AlipayMethod::Refund, ReturnAddresses::default(), &content, now)?)
}

/// Reads the answer to [`refund`].
///
/// # Errors
/// [`GatewayError::Refused`], [`GatewayError::Unknown`]: also when Alipay says yes and no money moved.
pub fn read_refund(
    alipay: &Alipay,
    order: &RefundOrder,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<RefundWord, GatewayError> {
    let refunded: RefundedWire = answer::read(alipay, AlipayMethod::Refund, response)?;
    check_order(&refunded.out_trade_no, order.payment)?;
    // "Yes" alone says only that the request was understood: money moved when `fund_change` is Y. N is what a repeat
    // gets, and also a refund that is still under way (<https://opendocs.alipay.com/open/028sm9>). Its `refund_fee` is
    // the sum of all refunds of the trade, and so says nothing of this one.
    if refunded.fund_change != "Y" {
        return Err(GatewayError::unknown("accepted, but no money moved by this request (fund_change is not Y)"));
    }
    Ok(RefundWord::Succeeded { succeeded_at: china_time::from_alipay(&refunded.gmt_refund_pay).unwrap_or(now) })
}

/// `alipay.trade.fastpay.refund.query`: asks about a refund.
///
/// # Errors
/// [`GatewayError::NotSent`].
pub fn query_refund(
    alipay: &Alipay,
    refund: RefundId,
    payment: PaymentId,
    now: Timestamp,
) -> Result<HttpRequest, GatewayError> {
    let content = RefundReferenceWire {
        out_trade_no: payment.to_reference(),
        out_request_no: refund.to_reference(),
        query_options: ["gmt_refund_pay"],
    };
    Ok(request::call(alipay, AlipayMethod::RefundQuery, ReturnAddresses::default(), &content, now)?)
}

/// Reads the answer to [`query_refund`].
///
/// # Errors
/// [`GatewayError::Refused`], [`GatewayError::Unknown`]: also when it is about another refund.
pub fn read_query_refund(
    alipay: &Alipay,
    refund: RefundId,
    payment: PaymentId,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<RefundWord, GatewayError> {
    let state: RefundStateWire = match answer::read(alipay, AlipayMethod::RefundQuery, response) {
        Err(GatewayError::Refused { code, .. }) if code == "ACQ.TRADE_NOT_EXIST" => return Ok(RefundWord::NotFound),
        other => other?,
    };
    match state.refund_status.as_str() {
        // "If data comes back the refund succeeded; if not it did not, and may be ordered again under the same number"
        // (<https://docs.open.alipay.com/api_1/alipay.trade.fastpay.refund.query>): there is no word for failure.
        "" => Ok(RefundWord::NotFound),
        "REFUND_SUCCESS" => {
            check_order(&state.out_trade_no, payment)?;
            if state.out_request_no != refund.to_reference() {
                return Err(GatewayError::unknown(format!("the answer is about refund {}", state.out_request_no)));
            }
            let succeeded_at = china_time::from_alipay(&state.gmt_refund_pay).unwrap_or(now);
            Ok(RefundWord::Succeeded { succeeded_at })
        }
        "REFUND_PROCESSING" => Ok(RefundWord::Processing),
        other => Err(GatewayError::unknown(format!("refund_status {other}"))),
    }
}

#[cfg(test)]
mod tests;
