//! Taking the money of a payer who shows a code, and reversing it: 付款码支付 by API v3
//! (<https://pay.weixin.qq.com/docs/merchant/apis/code-payment-v3/direct/code-pay.html>,
//! <https://pay.weixin.qq.com/docs/merchant/apis/code-payment-v3/direct/reverse.html>).
//!
//! WeChat Pay notifies nobody of such a payment: it must be asked. Reversing closes an unpaid order and gives back what was paid
//! for a paid one, and does not say which of the two it did: that must be asked as well.

use ringup_core::id::PaymentId;
use ringup_core::money::Unit;
use ringup_core::payment::{CodeRefusal, PaymentWord};
use ringup_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::payment::{is_no_order, read_transaction};
use super::transaction::TransactionWire;
use super::{WechatPay, answer, request};
use crate::http::{HttpRequest, HttpResponse};
use crate::order::{Cancelled, CodeTaken, GatewayError, Nonce, PayByCode};

#[derive(Serialize)]
struct CodeOrderWire<'a> {
    appid: &'a str,
    mchid: &'a str,
    description: String,
    out_trade_no: String,
    payer: PayerWire<'a>,
    amount: AmountWire,
    scene_info: SceneWire<'a>,
}

#[derive(Serialize)]
struct PayerWire<'a> {
    auth_code: &'a str,
}

#[derive(Serialize)]
struct AmountWire {
    total: u64,
    currency: &'static str,
}

#[derive(Serialize)]
struct SceneWire<'a> {
    store_info: StoreWire<'a>,
}

/// `id` would be WeChat Pay's own number of a store; `out_id` is ours.
#[derive(Serialize)]
struct StoreWire<'a> {
    out_id: &'a str,
}

#[derive(Serialize)]
struct ReverseWire<'a> {
    appid: &'a str,
    mchid: &'a str,
}

#[derive(Deserialize)]
struct StateWire {
    trade_state: String,
    #[serde(default)]
    trade_state_desc: String,
}

#[derive(Deserialize)]
struct ReversedWire {
    mchid: String,
    out_trade_no: String,
}

/// `POST /v3/pay/transactions/codepay`: takes the money of the payer whose code this is. To be sent once.
///
/// # Errors
/// [`GatewayError::Unsupported`] for another unit than renminbi, [`GatewayError::NotSent`].
pub fn pay_by_code(
    wechat_pay: &WechatPay,
    payment: &PayByCode,
    now: Timestamp,
    nonce: &Nonce,
) -> Result<HttpRequest, GatewayError> {
    if payment.amount.unit() != Unit::Cny {
        return Err(GatewayError::Unsupported);
    }
    let order = CodeOrderWire {
        appid: &wechat_pay.app_id,
        mchid: &wechat_pay.mchid,
        description: payment.short_subject(),
        out_trade_no: payment.payment.to_reference(),
        payer: PayerWire { auth_code: payment.code.reveal() },
        amount: AmountWire { total: payment.amount.minor(), currency: "CNY" },
        scene_info: SceneWire { store_info: StoreWire { out_id: &payment.till } },
    };
    Ok(request::post(wechat_pay, "/v3/pay/transactions/codepay", &order, now, nonce)?)
}

/// Reads the answer to [`pay_by_code`].
///
/// # Errors
/// [`GatewayError::Unknown`]: also when it is about another order, merchant or app, or says that the order had been paid before.
pub fn read_pay_by_code(
    wechat_pay: &WechatPay,
    payment: &PayByCode,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<CodeTaken, GatewayError> {
    // An answer that tells of a payer who must confirm has no more than `trade_state` in it
    // (<https://developers.weixin.qq.com/community/develop/doc/000ee0c62d8e48ca12f24bdcf6b400>).
    let state: StateWire = match answer::read(wechat_pay, response, now) {
        Err(GatewayError::Refused { code, .. }) if is_confirming(&code) => {
            return Ok(CodeTaken::Said(PaymentWord::Waiting));
        }
        // It got there before, whoever sent it: a query tells what became of it.
        Err(GatewayError::Refused { code, .. }) if code == "ORDERPAID" => return Err(GatewayError::unknown(code)),
        Err(GatewayError::Refused { code, message }) => {
            return Ok(CodeTaken::Refused {
                why: why_refused(&code),
                said: payment.without_the_code(&format!("{code}: {message}")),
            });
        }
        Err(GatewayError::Unknown(why)) => return Err(GatewayError::Unknown(payment.without_the_code(&why))),
        other => other?,
    };
    match state.trade_state.as_str() {
        "SUCCESS" => {
            let transaction = read_transaction(wechat_pay, payment.payment, response, now)?;
            let transaction = transaction.ok_or_else(|| GatewayError::unknown("a success without an order"))?;
            paid(&transaction, now).map(CodeTaken::Said)
        }
        "USERPAYING" | "ACCEPT" => Ok(CodeTaken::Said(PaymentWord::Waiting)),
        "PAYERROR" => Ok(CodeTaken::Refused {
            why: CodeRefusal::Declined,
            said: payment.without_the_code(&format!("PAYERROR: {}", state.trade_state_desc)),
        }),
        other => Err(GatewayError::unknown(format!("trade_state {other}"))),
    }
}

/// Reads the answer to a query about a payment by code: that a reversed order had been paid is an answer here.
///
/// # Errors
/// As for [`read_query`](super::read_query).
pub fn read_query_by_code(
    wechat_pay: &WechatPay,
    payment: PaymentId,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<PaymentWord, GatewayError> {
    let Some(transaction) = read_transaction(wechat_pay, payment, response, now)? else {
        return Ok(PaymentWord::NotFound);
    };
    match transaction.trade_state.as_str() {
        "REVOKED" if transaction.names_money() => given_back(&transaction, now),
        // One failed try of many elsewhere; here it was the only one.
        "PAYERROR" => Ok(PaymentWord::Declined),
        _ => {
            let word = transaction.word(now).map_err(|error| GatewayError::unknown(error.to_string()))?;
            word.ok_or_else(|| GatewayError::unknown(format!("trade_state {}", transaction.trade_state)))
        }
    }
}

/// Reads the same for an order that we have just reversed: that it has been refunded can mean nothing else than that, and a
/// reversal gives back all of it.
///
/// # Errors
/// As for [`read_query`](super::read_query).
pub fn read_query_reversed(
    wechat_pay: &WechatPay,
    payment: PaymentId,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<PaymentWord, GatewayError> {
    match read_transaction(wechat_pay, payment, response, now)? {
        Some(transaction) if transaction.trade_state == "REFUND" => given_back(&transaction, now),
        Some(_) => read_query_by_code(wechat_pay, payment, response, now),
        None => Ok(PaymentWord::NotFound),
    }
}

/// `POST /v3/pay/transactions/out-trade-no/{}/reverse`: closes an unpaid order, and gives back what was paid for a paid one.
/// Repeating it is harmless.
///
/// # Errors
/// [`GatewayError::NotSent`].
pub fn reverse(
    wechat_pay: &WechatPay,
    payment: PaymentId,
    now: Timestamp,
    nonce: &Nonce,
) -> Result<HttpRequest, GatewayError> {
    let path = format!("/v3/pay/transactions/out-trade-no/{}/reverse", payment.to_reference());
    let content = ReverseWire { appid: &wechat_pay.app_id, mchid: &wechat_pay.mchid };
    Ok(request::post(wechat_pay, &path, &content, now, nonce)?)
}

/// Reads the answer to [`reverse`].
///
/// # Errors
/// [`GatewayError::Refused`], [`GatewayError::Unknown`]: also when it is about another order or merchant, or the payer is
/// confirming just now, and WeChat Pay wants to be told again.
pub fn read_reverse(
    wechat_pay: &WechatPay,
    payment: PaymentId,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<Cancelled, GatewayError> {
    let reversed: ReversedWire = match answer::read(wechat_pay, response, now) {
        Err(GatewayError::Refused { code, .. }) if is_no_order(&code) => return Ok(Cancelled::NotFound),
        Err(GatewayError::Refused { code, .. }) if is_confirming(&code) => return Err(GatewayError::unknown(code)),
        other => other?,
    };
    if reversed.mchid != wechat_pay.mchid || reversed.out_trade_no != payment.to_reference() {
        return Err(GatewayError::unknown(format!("the answer is about order {}", reversed.out_trade_no)));
    }
    Ok(Cancelled::Ask)
}

fn paid(transaction: &TransactionWire, now: Timestamp) -> Result<PaymentWord, GatewayError> {
    transaction.paid(now).map_err(|error| GatewayError::unknown(error.to_string()))
}

fn given_back(transaction: &TransactionWire, now: Timestamp) -> Result<PaymentWord, GatewayError> {
    match paid(transaction, now)? {
        PaymentWord::Paid { transaction, amount, paid_at } => {
            Ok(PaymentWord::GivenBack { transaction, amount, paid_at })
        }
        other => Ok(other),
    }
}

/// The payer is asked for his password. API v2 says so with this code; API v3 with a state.
fn is_confirming(code: &str) -> bool {
    matches!(code, "USERPAYING" | "USER_PAYING")
}

/// What WeChat Pay's codes mean to a clerk. The page of API v3 lists common ones only, so those of API v2 are read as well
/// (<https://pay.weixin.qq.com/doc/v2/merchant/4011937125>). One that is not known is a no all the same: the payment is reversed
/// when its time is over, whatever was said.
fn why_refused(code: &str) -> CodeRefusal {
    match code {
        "AUTH_CODE_INVALID" | "AUTH_CODE_ERROR" | "AUTH_CODE_EXPIRE" | "AUTHCODEEXPIRE" => CodeRefusal::CodeInvalid,
        "NOTENOUGH" | "NOT_ENOUGH" => CodeRefusal::BalanceInsufficient,
        "TRADE_ERROR" | "NOTSUPORTCARD" | "RULELIMIT" | "RULE_LIMIT" => CodeRefusal::Declined,
        _ => CodeRefusal::Refused,
    }
}

#[cfg(test)]
mod tests;
