//! Taking the money of a payer who shows a code, and cancelling it: 当面付, 付款码支付.
//!
//! `trade.pay` answers at once: paid, or "the payer must confirm" (10003), or no. What follows is `trade.query` every few
//! seconds, and after about a minute `trade.cancel`, which closes an unpaid trade and gives back what was paid for a paid one
//! (<https://opendocs.alipay.com/open/194/106039>).

use ringup_core::id::PaymentId;
use ringup_core::money::Unit;
use ringup_core::payment::{CodeRefusal, PaymentWord};
use ringup_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::Alipay;
use super::answer::{self, Pending};
use super::payment::{PaidAndRefunded, ReferenceWire, allowed_subject, amount, check_order, read_trade, transaction};
use super::request::{self, AlipayMethod, ReturnAddresses};
use crate::china_time;
use crate::http::{HttpRequest, HttpResponse};
use crate::order::{Cancelled, CodeTaken, GatewayError, PayByCode};

#[derive(Serialize)]
struct CodeOrderWire<'a> {
    out_trade_no: String,
    total_amount: String,
    subject: String,
    product_code: &'static str,
    scene: &'static str,
    auth_code: &'a str,
    timeout_express: &'static str,
}

#[derive(Deserialize)]
struct TakenWire {
    out_trade_no: String,
    trade_no: String,
    total_amount: String,
    #[serde(default)]
    gmt_payment: String,
}

#[derive(Deserialize)]
struct CancelledWire {
    #[serde(default)]
    out_trade_no: String,
    #[serde(default)]
    retry_flag: String,
    #[serde(default)]
    action: String,
}

/// `alipay.trade.pay`: takes the money of the payer whose code this is. To be sent once.
///
/// # Errors
/// [`GatewayError::Unsupported`] for another unit than renminbi, [`GatewayError::NotSent`].
pub fn pay_by_code(alipay: &Alipay, payment: &PayByCode, now: Timestamp) -> Result<HttpRequest, GatewayError> {
    if payment.amount.unit() != Unit::Cny {
        return Err(GatewayError::Unsupported);
    }
    let order = CodeOrderWire {
        out_trade_no: payment.payment.to_reference(),
        total_amount: payment.amount.to_decimal(),
        subject: allowed_subject(&payment.short_subject()),
        product_code: "FACE_TO_FACE_PAYMENT",
        scene: "bar_code",
        auth_code: payment.code.reveal(),
        // Should we be gone before we can cancel, Alipay closes it all the same.
        timeout_express: "2m",
    };
    let addresses = ReturnAddresses { notify_url: &payment.notify_url, return_url: "" };
    Ok(request::call(alipay, AlipayMethod::Pay, addresses, &order, now)?)
}

/// Reads the answer to [`pay_by_code`].
///
/// # Errors
/// [`GatewayError::Unknown`]: also when it is about another order, or says that the order had been paid before.
pub fn read_pay_by_code(
    alipay: &Alipay,
    payment: &PayByCode,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<CodeTaken, GatewayError> {
    match answer::read_or_pending::<TakenWire>(alipay, AlipayMethod::Pay, response) {
        Ok(Ok(taken)) => {
            check_order(&taken.out_trade_no, payment.payment)?;
            Ok(CodeTaken::Said(PaymentWord::Paid {
                transaction: transaction(&taken.trade_no)?,
                amount: amount(&taken.total_amount)?,
                paid_at: china_time::from_alipay(&taken.gmt_payment).unwrap_or(now),
            }))
        }
        Ok(Err(Pending { out_trade_no })) => {
            if !out_trade_no.is_empty() {
                check_order(&out_trade_no, payment.payment)?;
            }
            Ok(CodeTaken::Said(PaymentWord::Waiting))
        }
        // It got there before, whoever sent it: a query tells what became of it.
        Err(GatewayError::Refused { code, .. }) if code == "ACQ.TRADE_HAS_SUCCESS" => Err(GatewayError::unknown(code)),
        Err(GatewayError::Refused { code, message }) => Ok(CodeTaken::Refused {
            why: why_refused(&code),
            said: payment.without_the_code(&format!("{code}: {message}")),
        }),
        Err(GatewayError::Unknown(why)) => Err(GatewayError::Unknown(payment.without_the_code(&why))),
        Err(other) => Err(other),
    }
}

/// What Alipay's sub-codes mean to a clerk (<https://opendocs.alipay.com/open/02ekfp>). One that is not known is a no all the
/// same: the payment is cancelled when its time is over, whatever was said.
fn why_refused(code: &str) -> CodeRefusal {
    match code {
        "ACQ.PAYMENT_AUTH_CODE_INVALID" | "ACQ.ILLEGAL_AUTH_CODE" | "ACQ.AUTH_CODE_INVALID_OR_EXPIRE" => {
            CodeRefusal::CodeInvalid
        }
        "ACQ.BUYER_BALANCE_NOT_ENOUGH" | "ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH" => CodeRefusal::BalanceInsufficient,
        // His limit of the day, his account's settings, or a risk that Alipay sees: he may pay with something else.
        "ACQ.PAYMENT_FAIL"
        | "ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR"
        | "ACQ.ERROR_BALANCE_PAYMENT_DISABLE"
        | "ACQ.MOBILE_PAYMENT_SWITCH_OFF"
        | "ACQ.PAYMENT_REQUEST_HAS_RISK" => CodeRefusal::Declined,
        _ => CodeRefusal::Refused,
    }
}

/// Reads the answer to a query about a payment by code: that all of its money has gone back is an answer here.
///
/// # Errors
/// As for [`read_query`](super::read_query).
pub fn read_query_by_code(
    alipay: &Alipay,
    payment: PaymentId,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<PaymentWord, GatewayError> {
    Ok(match read_trade(alipay, payment, response, now)? {
        Ok(word) => word,
        Err(PaidAndRefunded { transaction, amount, paid_at }) => {
            PaymentWord::GivenBack { transaction, amount, paid_at }
        }
    })
}

/// `alipay.trade.cancel`: closes an unpaid order, and gives back what was paid for a paid one. Repeating it is harmless.
///
/// # Errors
/// [`GatewayError::NotSent`].
pub fn cancel(alipay: &Alipay, payment: PaymentId, now: Timestamp) -> Result<HttpRequest, GatewayError> {
    let reference = ReferenceWire { out_trade_no: payment.to_reference() };
    Ok(request::call(alipay, AlipayMethod::Cancel, ReturnAddresses::default(), &reference, now)?)
}

/// Reads the answer to [`cancel`].
///
/// # Errors
/// [`GatewayError::Refused`], [`GatewayError::Unknown`]: also when it is about another order, or Alipay wants to be told
/// again.
pub fn read_cancel(alipay: &Alipay, payment: PaymentId, response: &HttpResponse) -> Result<Cancelled, GatewayError> {
    let cancelled: CancelledWire = match answer::read(alipay, AlipayMethod::Cancel, response) {
        Err(GatewayError::Refused { code, .. }) if code == "ACQ.TRADE_NOT_EXIST" => return Ok(Cancelled::NotFound),
        other => other?,
    };
    if !cancelled.out_trade_no.is_empty() {
        check_order(&cancelled.out_trade_no, payment)?;
    }
    if cancelled.retry_flag == "Y" {
        return Err(GatewayError::unknown("it could not be cancelled now, and Alipay wants to be told again"));
    }
    match cancelled.action.as_str() {
        "close" => Ok(Cancelled::Done),
        "refund" => Ok(Cancelled::Ask),
        // "Not returned: no trade was found, or the call failed" (<https://opendocs.alipay.com/open/02ekfi>); the second would
        // bear a retry flag.
        "" => Ok(Cancelled::NotFound),
        other => Err(GatewayError::unknown(format!("action {other}"))),
    }
}

#[cfg(test)]
mod tests;
