//! What WeChat Pay may be believed to say, by the plainest reading of its JSON.

use ringup_core::payment::{PaymentWord, Provider, RefundWord, ReportSource};
use ringup_gateways::Notification;
use serde_json::Value;

use crate::verdict::{Broken, holds, same};
use crate::voice::wechat_pay::{APP, MERCHANT};

const REFUNDS: [&str; 3] = ["REFUND.SUCCESS", "REFUND.ABNORMAL", "REFUND.CLOSED"];
const PAYMENT: &str = "TRANSACTION.SUCCESS";

/// What was believed is what stands in the event.
///
/// # Errors
/// [`Broken`], with the first thing that is not so.
pub fn is_what_was_said(event_type: &str, content: &[u8], believed: &Notification) -> Result<(), Broken> {
    // Bytes that are no text may stand in a field that nobody reads; one that is read would have been refused for them.
    let content: Value = serde_json::from_str(&String::from_utf8_lossy(content)).unwrap_or(Value::Null);
    let said = |name: &str| content.get(name).and_then(Value::as_str).unwrap_or_default();
    match believed {
        Notification::Payment(report) => {
            let order = report.payment.to_reference();
            is_an_order(event_type, &content, (report.provider, report.source), &order)?;
            is_the_word(&content, &report.word)
        }
        Notification::FloatPurchase(report) => {
            let order = report.purchase.to_reference();
            is_an_order(event_type, &content, (report.provider, report.source), &order)?;
            is_the_word(&content, &report.word)
        }
        Notification::Refund { provider, refund, payment, word } => {
            holds(REFUNDS.contains(&event_type), || format!("{event_type} was read as a refund"))?;
            same("who says it", provider, &Provider::WechatPay)?;
            same("the merchant", &said("mchid"), &MERCHANT)?;
            same("the order", &said("out_trade_no"), &payment.to_reference().as_str())?;
            same("the refund", &said("out_refund_no"), &refund.to_reference().as_str())?;
            let state = if content.get("status").is_some() { said("status") } else { said("refund_status") };
            let wanted: &[&str] = match word {
                RefundWord::Succeeded { .. } => &["SUCCESS"],
                RefundWord::Processing => &["PROCESSING"],
                RefundWord::Failed { .. } => &["CLOSED", "ABNORMAL"],
                RefundWord::NotFound => &[],
            };
            holds(wanted.contains(&state), || format!("{state} was read as {word:?}"))
        }
        Notification::Ignored(_) => {
            let paid = event_type == PAYMENT && said("trade_state") == "SUCCESS";
            let refunded =
                REFUNDS.contains(&event_type) && ["SUCCESS", "CLOSED", "ABNORMAL"].contains(&said("refund_status"));
            holds(!paid && !refunded, || format!("{event_type} with {content} was ignored"))
        }
    }
}

fn is_an_order(event_type: &str, content: &Value, who: (Provider, ReportSource), order: &str) -> Result<(), Broken> {
    let said = |name: &str| content.get(name).and_then(Value::as_str).unwrap_or_default();
    same("the event", &event_type, &PAYMENT)?;
    same("who says it", &who, &(Provider::WechatPay, ReportSource::Notification))?;
    same("the merchant", &said("mchid"), &MERCHANT)?;
    same("the app", &said("appid"), &APP)?;
    same("the order", &said("out_trade_no"), &order)
}

fn is_the_word(content: &Value, word: &PaymentWord) -> Result<(), Broken> {
    let said = |name: &str| content.get(name).and_then(Value::as_str).unwrap_or_default();
    let states: &[&str] = match word {
        PaymentWord::Paid { transaction, amount, .. } => {
            let stated = content.get("amount");
            same("the transaction", &transaction.as_str(), &said("transaction_id"))?;
            let total = stated.and_then(|amount| amount.get("total")).and_then(Value::as_u64);
            same("the amount", &Some(amount.minor()), &total)?;
            let currency = stated.and_then(|amount| amount.get("currency")).and_then(Value::as_str);
            same("the currency", &currency, &Some(amount.unit().code()))?;
            &["SUCCESS"]
        }
        PaymentWord::Waiting => &["NOTPAY", "USERPAYING", "ACCEPT", "PAYERROR"],
        PaymentWord::Closed => &["CLOSED", "REVOKED"],
        PaymentWord::NotFound | PaymentWord::Declined | PaymentWord::GivenBack { .. } => &[],
    };
    holds(states.contains(&said("trade_state")), || format!("{} was read as {word:?}", said("trade_state")))
}
