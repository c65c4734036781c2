//! What a signed form of Alipay's may be believed to say, by the plainest reading.

use ringup_core::payment::{PaymentWord, Provider, RefundWord, ReportSource};
use ringup_gateways::Notification;

use crate::verdict::{Broken, holds, same};
use crate::voice::alipay::{APP, Fields, SELLER, payment};

/// The fields that something depends on.
const COUNTS: [&str; 20] = [
    "alipay_cert_sn",
    "app_id",
    "charset",
    "gmt_payment",
    "gmt_refund",
    "notify_time",
    "notify_type",
    "out_biz_no",
    "out_trade_no",
    "pay_currency",
    "refund_fee",
    "refund_status",
    "seller_id",
    "settle_currency",
    "sign_type",
    "total_amount",
    "trade_no",
    "trade_status",
    "trans_currency",
    "sign",
];

/// Whether the form is the genuine one but for fields that nothing depends on. One with an `&` in it may be refused: the
/// signed text has no other mark between two fields.
pub fn differs_in_nothing_that_counts(fields: &Fields) -> bool {
    let genuine = payment();
    COUNTS.iter().all(|name| fields.get(*name) == genuine.get(*name))
        && !fields.iter().any(|(name, value)| name.contains('&') || value.contains('&'))
        && fields.len() <= 100
}

/// What was believed is what stands in the form.
///
/// # Errors
/// [`Broken`], with the first thing that is not so.
pub fn is_what_was_said(fields: &Fields, believed: &Notification) -> Result<(), Broken> {
    let said = |name: &str| fields.get(name).map_or("", String::as_str);
    same("how it is signed", &said("sign_type"), &"RSA2")?;
    if let Notification::Ignored(_) = believed {
        let known = ["WAIT_BUYER_PAY", "TRADE_SUCCESS", "TRADE_FINISHED", "TRADE_CLOSED"];
        let acts = said("notify_type") == "trade_status_sync" && known.contains(&said("trade_status"));
        return holds(!acts, || format!("{fields:?} was ignored"));
    }
    same("what it is about", &said("notify_type"), &"trade_status_sync")?;
    same("the merchant", &said("seller_id"), &SELLER)?;
    same("the app", &said("app_id"), &APP)?;
    for currency in ["trans_currency", "settle_currency", "pay_currency"] {
        holds(["", "CNY"].contains(&said(currency)), || format!("{} was believed", said(currency)))?;
    }
    match believed {
        Notification::Payment(report) => {
            same("who says it", &(report.provider, report.source), &(Provider::Alipay, ReportSource::Notification))?;
            same("the order", &said("out_trade_no"), &report.payment.to_reference().as_str())?;
            holds(said("refund_fee").is_empty() && said("gmt_refund").is_empty(), || {
                "a refund is a payment".to_owned()
            })?;
            is_the_word(&said, &report.word)
        }
        Notification::FloatPurchase(report) => {
            same("who says it", &(report.provider, report.source), &(Provider::Alipay, ReportSource::Notification))?;
            same("the order", &said("out_trade_no"), &report.purchase.to_reference().as_str())?;
            let about_refund = !said("refund_fee").is_empty() || !said("gmt_refund").is_empty();
            holds(!about_refund, || "a refund is a payment for float".to_owned())?;
            is_the_word(&said, &report.word)
        }
        Notification::Refund { provider, refund, payment, word } => {
            same("who says it", provider, &Provider::Alipay)?;
            same("the order", &said("out_trade_no"), &payment.to_reference().as_str())?;
            same("the refund", &said("out_biz_no"), &refund.to_reference().as_str())?;
            holds(fen(said("refund_fee")).is_some(), || format!("{} was refunded", said("refund_fee")))?;
            holds(matches!(word, RefundWord::Succeeded { .. }), || format!("{word:?} is no word of Alipay's"))
        }
        Notification::Ignored(_) => Ok(()),
    }
}

fn is_the_word<'a>(said: &impl Fn(&str) -> &'a str, word: &PaymentWord) -> Result<(), Broken> {
    let states: &[&str] = match word {
        PaymentWord::Paid { transaction, amount, .. } => {
            same("the transaction", &transaction.as_str(), &said("trade_no"))?;
            same("the amount", &Some(amount.minor()), &fen(said("total_amount")))?;
            &["TRADE_SUCCESS", "TRADE_FINISHED"]
        }
        PaymentWord::Waiting => &["WAIT_BUYER_PAY"],
        PaymentWord::Closed => &["TRADE_CLOSED"],
        PaymentWord::NotFound | PaymentWord::Declined | PaymentWord::GivenBack { .. } => &[],
    };
    holds(states.contains(&said("trade_status")), || format!("{} was read as {word:?}", said("trade_status")))
}

/// Yuan with at most two decimals that say something, in fen.
fn fen(text: &str) -> Option<u64> {
    let (yuan, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let said = decimals.trim_end_matches('0');
    if !digits(yuan) || !digits(decimals) || said.len() > 2 {
        return None;
    }
    format!("{yuan}{said:0<2}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::fen;

    #[test]
    fn fen_are_counted_exactly() {
        let counted = ["88.88", "88.8", "88", "0.010", "007.00", "88.888", "8,8", "-1", "1.", ".5", ""].map(fen);
        let wanted = [Some(8_888), Some(8_880), Some(8_800), Some(1), Some(700), None, None, None, None, None, None];
        assert_eq!(counted, wanted);
    }
}
