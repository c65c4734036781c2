//! Making, asking about and closing an order.

use ringup_core::money::{Amount, Unit};
use ringup_core::payment::{OrderNumber, PayMethod, PaymentWord, TransactionId};
use ringup_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::request::{self, AlipayMethod, ReturnAddresses};
use super::{Alipay, answer};
use crate::china_time;
use crate::fen;
use crate::http::{HttpRequest, HttpResponse};
use crate::order::{Closed, CreatePayment, Created, GatewayError};

#[derive(Serialize)]
struct OrderWire {
    out_trade_no: String,
    total_amount: String,
    subject: String,
    product_code: &'static str,
    time_expire: String,
}

/// Our number of an order.
#[derive(Serialize)]
pub struct ReferenceWire {
    /// As the gateway has it.
    pub out_trade_no: String,
}

#[derive(Deserialize)]
struct PrecreatedWire {
    out_trade_no: String,
    qr_code: String,
}

#[derive(Deserialize)]
struct TradeWire {
    out_trade_no: String,
    trade_no: String,
    trade_status: String,
    total_amount: String,
    #[serde(default)]
    send_pay_date: String,
}

#[derive(Deserialize)]
struct ClosedWire {
    out_trade_no: String,
}

/// `alipay.trade.precreate`: asks for a QR code.
///
/// # Errors
/// [`GatewayError::Unsupported`] for another unit than renminbi, [`GatewayError::NotSent`].
pub fn create(alipay: &Alipay, payment: &CreatePayment, now: Timestamp) -> Result<HttpRequest, GatewayError> {
    let order = order_of(payment, "FACE_TO_FACE_PAYMENT")?;
    let addresses = ReturnAddresses { notify_url: &payment.notify_url, return_url: "" };
    Ok(request::call(alipay, AlipayMethod::Precreate, addresses, &order, now)?)
}

/// Reads the answer to [`create`].
///
/// # Errors
/// [`GatewayError::Refused`], [`GatewayError::Unknown`].
pub fn read_create(alipay: &Alipay, payment: &CreatePayment, response: &HttpResponse) -> Result<Created, GatewayError> {
    let made: PrecreatedWire = match answer::read(alipay, AlipayMethod::Precreate, response) {
        Err(GatewayError::Refused { code, .. }) if code == "ACQ.TRADE_HAS_SUCCESS" => return Ok(Created::AlreadyPaid),
        other => other?,
    };
    check_order(&made.out_trade_no, payment.order)?;
    Ok(Created::HandOver(made.qr_code))
}

/// `alipay.trade.page.pay` and `.wap.pay`: the address that takes the payer's browser to Alipay. The order is made when
/// the browser gets there.
///
/// # Errors
/// [`GatewayError::Unsupported`] for a method or unit that Alipay has not, [`GatewayError::NotSent`].
pub fn page_url(alipay: &Alipay, payment: &CreatePayment, now: Timestamp) -> Result<String, GatewayError> {
    let (method, product_code) = match payment.method {
        PayMethod::Page => (AlipayMethod::PagePay, "FAST_INSTANT_TRADE_PAY"),
        // Alipay's documents also write QUICK_WAP_WAY; it takes both.
        PayMethod::Mobile => (AlipayMethod::WapPay, "QUICK_WAP_PAY"),
        PayMethod::Qr | PayMethod::InApp | PayMethod::Code => return Err(GatewayError::Unsupported),
    };
    let order = order_of(payment, product_code)?;
    let addresses = ReturnAddresses { notify_url: &payment.notify_url, return_url: &payment.return_url };
    Ok(request::address(alipay, method, addresses, &order, now)?)
}

/// `alipay.trade.query`: asks about an order.
///
/// # Errors
/// [`GatewayError::NotSent`].
pub fn query(alipay: &Alipay, order: impl Into<OrderNumber>, now: Timestamp) -> Result<HttpRequest, GatewayError> {
    let reference = ReferenceWire { out_trade_no: order.into().to_reference() };
    Ok(request::call(alipay, AlipayMethod::Query, ReturnAddresses::default(), &reference, now)?)
}

/// Reads the answer to [`query`].
///
/// # Errors
/// [`GatewayError::Refused`], [`GatewayError::Unknown`]: also when it is about another order.
pub fn read_query(
    alipay: &Alipay,
    order: impl Into<OrderNumber>,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<PaymentWord, GatewayError> {
    read_trade(alipay, order, response, now)?
        .map_err(|_| GatewayError::unknown("it was paid and has been refunded at Alipay"))
}

/// What a trade was paid with, and has been refunded.
pub struct PaidAndRefunded {
    /// Alipay's number of it.
    pub transaction: TransactionId,
    /// How much.
    pub amount: Amount,
    /// When it was paid.
    pub paid_at: Timestamp,
}

/// The same for a caller who knows what it means that all of the money has gone back.
pub fn read_trade(
    alipay: &Alipay,
    order: impl Into<OrderNumber>,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<Result<PaymentWord, PaidAndRefunded>, GatewayError> {
    let trade: TradeWire = match answer::read(alipay, AlipayMethod::Query, response) {
        // After `precreate` and before the scan there is no trade at all.
        Err(GatewayError::Refused { code, .. }) if code == "ACQ.TRADE_NOT_EXIST" => {
            return Ok(Ok(PaymentWord::NotFound));
        }
        other => other?,
    };
    check_order(&trade.out_trade_no, order)?;
    let money = || {
        Ok::<_, GatewayError>(PaidAndRefunded {
            transaction: transaction(&trade.trade_no)?,
            amount: amount(&trade.total_amount)?,
            paid_at: china_time::from_alipay(&trade.send_pay_date).unwrap_or(now),
        })
    };
    match trade.trade_status.as_str() {
        "WAIT_BUYER_PAY" => Ok(Ok(PaymentWord::Waiting)),
        // TRADE_FINISHED is paid too, only too old to be refunded.
        "TRADE_SUCCESS" | "TRADE_FINISHED" => {
            let PaidAndRefunded { transaction, amount, paid_at } = money()?;
            Ok(Ok(PaymentWord::Paid { transaction, amount, paid_at }))
        }
        // Closed is what an order becomes by time-out, and also when all of it has been refunded. With a date of
        // payment it is the second: money came and went, which is not "unpaid", and is for a person to see.
        "TRADE_CLOSED" if trade.send_pay_date.is_empty() => Ok(Ok(PaymentWord::Closed)),
        "TRADE_CLOSED" => Ok(Err(money()?)),
        other => Err(GatewayError::unknown(format!("trade_status {other}"))),
    }
}

/// Alipay's number of a trade.
pub fn transaction(trade_no: &str) -> Result<TransactionId, GatewayError> {
    TransactionId::parse(trade_no).map_err(|error| GatewayError::unknown(error.to_string()))
}

/// An amount in yuan.
pub fn amount(yuan: &str) -> Result<Amount, GatewayError> {
    fen::from_yuan(yuan).ok_or_else(|| GatewayError::unknown("the amount is no number of fen"))
}

/// `alipay.trade.close`: closes an unpaid order.
///
/// # Errors
/// [`GatewayError::NotSent`].
pub fn close(alipay: &Alipay, order: impl Into<OrderNumber>, now: Timestamp) -> Result<HttpRequest, GatewayError> {
    let reference = ReferenceWire { out_trade_no: order.into().to_reference() };
    Ok(request::call(alipay, AlipayMethod::Close, ReturnAddresses::default(), &reference, now)?)
}

/// Reads the answer to [`close`].
///
/// # Errors
/// [`GatewayError::Refused`], [`GatewayError::Unknown`]: also when it is about another order.
pub fn read_close(
    alipay: &Alipay,
    order: impl Into<OrderNumber>,
    response: &HttpResponse,
) -> Result<Closed, GatewayError> {
    let closed: ClosedWire = match answer::read(alipay, AlipayMethod::Close, response) {
        Err(GatewayError::Refused { code, message }) => {
            return match code.as_str() {
                "ACQ.TRADE_NOT_EXIST" => Ok(Closed::NotFound),
                "ACQ.TRADE_HAS_CLOSE" => Ok(Closed::Done),
                // Only an order that waits for its payer can be closed, so it is past that.
                "ACQ.TRADE_HAS_SUCCESS" | "ACQ.TRADE_STATUS_ERROR" | "ACQ.REASON_TRADE_STATUS_INVALID" => {
                    Ok(Closed::AlreadyPaid)
                }
                _ => Err(GatewayError::Refused { code, message }),
            };
        }
        other => other?,
    };
    check_order(&closed.out_trade_no, order)?;
    Ok(Closed::Done)
}

/// A signature says who speaks, not of what: an answer about another order says nothing about ours.
pub fn check_order(out_trade_no: &str, order: impl Into<OrderNumber>) -> Result<(), GatewayError> {
    if out_trade_no == order.into().to_reference() {
        Ok(())
    } else {
        Err(GatewayError::unknown(format!("the answer is about order {out_trade_no}")))
    }
}

/// Alipay's documents forbid these three in a subject.
pub fn allowed_subject(subject: &str) -> String {
    subject.replace(['/', '=', '&'], " ")
}

fn order_of(payment: &CreatePayment, product_code: &'static str) -> Result<OrderWire, GatewayError> {
    if payment.amount.unit() != Unit::Cny {
        return Err(GatewayError::Unsupported);
    }
    Ok(OrderWire {
        out_trade_no: payment.order.to_reference(),
        total_amount: payment.amount.to_decimal(),
        subject: allowed_subject(&payment.short_subject()),
        product_code,
        // Absolute: a time-out in minutes would begin only when the code is scanned.
        time_expire: china_time::to_alipay(payment.expires_at),
    })
}

#[cfg(test)]
mod tests;
