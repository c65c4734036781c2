use proptest::prelude::*;
use ringup_core::float_purchase::FloatReport;
use ringup_core::id::FloatPurchaseId;
use ringup_core::payment::{PaymentWord, ProviderReport, RefundWord, ReportSource, TransactionId};
use ringup_core::time::Span;

use super::*;
use crate::china_time;
use crate::support::{
    FORGERS, NOW, PAYMENT, REFUND, WECHAT_PAYS, wechat_pay_config, wechat_pay_encrypts, wechat_pay_signs, yuan,
};

fn wechat_pay() -> WechatPay {
    WechatPay::new(&wechat_pay_config()).unwrap()
}

/// What is inside, after the example in <https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_4_5.shtml>.
fn payment() -> String {
    format!(
        r#"{{"transaction_id":"4200002026112320200112345678","amount":{{"payer_total":8800,"total":8888,"currency":"CNY","payer_currency":"CNY"}},"mchid":"1900007291","trade_state":"SUCCESS","bank_type":"CMC","success_time":"2026-11-23T20:20:01+08:00","payer":{{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}},"out_trade_no":"{}","appid":"wxd678efh567hg6787","trade_state_desc":"支付成功","trade_type":"NATIVE","attach":""}}"#,
        PAYMENT.to_reference()
    )
}

/// What is inside, after the example in <https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_4_11.shtml>.
fn refund(status: &str) -> String {
    format!(
        r#"{{"mchid":"1900007291","transaction_id":"4200002026112320200112345678","out_trade_no":"{}","refund_id":"50200207182018070300011301001","out_refund_no":"{}","refund_status":"{status}","success_time":"2026-11-23T20:23:00+08:00","user_received_account":"招商银行信用卡0403","amount":{{"total":8888,"refund":880,"payer_total":8888,"payer_refund":880}}}}"#,
        PAYMENT.to_reference(),
        REFUND.to_reference()
    )
}

fn envelope(event_type: &str, resource: &str) -> String {
    format!(
        r#"{{"id":"EV-2026112320200112345","create_time":"2026-11-23T20:20:02+08:00","resource_type":"encrypt-resource","event_type":"{event_type}","summary":"支付成功","resource":{resource}}}"#
    )
}

fn read(headers: &[(String, String)], body: &str) -> Result<Notification, NotificationError> {
    read_notification(&wechat_pay(), &IncomingNotification { headers, body: body.as_bytes() }, NOW)
}

fn read_signed(body: &str) -> Result<Notification, NotificationError> {
    read(&wechat_pay_signs(body, NOW, &WECHAT_PAYS), body)
}

/// Reads a notification that is genuine, but for what is inside.
fn told(event_type: &str, content: &str) -> Result<Notification, NotificationError> {
    read_signed(&envelope(event_type, &wechat_pay_encrypts(content, "transaction")))
}

fn genuine() -> String {
    envelope("TRANSACTION.SUCCESS", &wechat_pay_encrypts(&payment(), "transaction"))
}

#[test]
fn float_that_is_paid_is_told_by_its_own_number_and_a_refund_of_it_is_none_of_ours() {
    let purchase = FloatPurchaseId::from_u64(7);
    let Ok(Notification::Payment(report)) = read_signed(&genuine()) else { panic!("it is a payment's") };
    let (provider, source) = (Provider::WechatPay, ReportSource::Notification);
    let of_purchase = |text: String| text.replace(&PAYMENT.to_reference(), &purchase.to_reference());
    let report = FloatReport { provider, purchase, source, word: report.word };
    let told_paid = told("TRANSACTION.SUCCESS", &of_purchase(payment()));
    assert_eq!(told_paid, Ok(Notification::FloatPurchase(report)));
    let refunded = told("REFUND.SUCCESS", &of_purchase(refund("SUCCESS")));
    assert_eq!(refunded, Err(NotificationError::UnknownReference));
}

#[test]
fn a_payment_is_told_with_its_number_amount_and_time() {
    let word = PaymentWord::Paid {
        transaction: TransactionId::parse("4200002026112320200112345678").unwrap(),
        amount: yuan("88.88"),
        paid_at: china_time::from_rfc3339("2026-11-23T20:20:01+08:00").unwrap(),
    };
    let (provider, source) = (Provider::WechatPay, ReportSource::Notification);
    let report = ProviderReport { provider, payment: PAYMENT, source, word };
    assert_eq!(read_signed(&genuine()), Ok(Notification::Payment(report)));
    // Associated data may be empty, and may be missing.
    let without = wechat_pay_encrypts(&payment(), "");
    assert!(read_signed(&envelope("TRANSACTION.SUCCESS", &without)).is_ok());
    let missing = without.replace(r#""associated_data":"","#, "");
    assert_ne!(missing, without);
    assert!(read_signed(&envelope("TRANSACTION.SUCCESS", &missing)).is_ok());
}

#[test]
fn a_refund_is_told_with_its_state() {
    let succeeded_at = china_time::from_rfc3339("2026-11-23T20:23:00+08:00").unwrap();
    for (status, word) in [
        ("SUCCESS", RefundWord::Succeeded { succeeded_at }),
        ("ABNORMAL", RefundWord::Failed { reason: "ABNORMAL".to_owned() }),
        ("CLOSED", RefundWord::Failed { reason: "CLOSED".to_owned() }),
    ] {
        let told = told(&format!("REFUND.{status}"), &refund(status));
        let provider = Provider::WechatPay;
        assert_eq!(told, Ok(Notification::Refund { provider, refund: REFUND, payment: PAYMENT, word }));
    }
}

#[test]
fn what_is_about_something_else_is_ignored() {
    assert!(matches!(told("PAYSCORE.USER_OPEN_SERVICE", "{}"), Ok(Notification::Ignored(_))));
    let refunded = payment().replace(r#""trade_state":"SUCCESS""#, r#""trade_state":"REFUND""#);
    assert!(matches!(told("TRANSACTION.SUCCESS", &refunded), Ok(Notification::Ignored(_))));
}

#[test]
fn an_unsigned_notification_is_refused() {
    let body = genuine();
    assert_eq!(read(&[], &body), Err(NotificationError::Unsigned));
    for at in 0..4 {
        let mut headers = wechat_pay_signs(&body, NOW, &WECHAT_PAYS);
        headers[at].1.clear();
        assert_eq!(read(&headers, &body), Err(NotificationError::Unsigned), "{}", headers[at].0);
    }
}

#[test]
fn a_notification_signed_by_another_key_or_otherwise_is_refused() {
    let body = genuine();
    let forged = wechat_pay_signs(&body, NOW, &FORGERS);
    assert_eq!(read(&forged, &body), Err(NotificationError::SignatureWrong));
    let mut unknown_key = wechat_pay_signs(&body, NOW, &WECHAT_PAYS);
    unknown_key[3].1 = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1".to_owned();
    assert_eq!(read(&unknown_key, &body), Err(NotificationError::SignatureWrong));
    let mut sha_1 = wechat_pay_signs(&body, NOW, &WECHAT_PAYS);
    sha_1[4].1 = "WECHATPAY2-SHA1-RSA2048".to_owned();
    assert_eq!(read(&sha_1, &body), Err(NotificationError::SignatureAlgorithm));
}

#[test]
fn a_stale_notification_is_refused() {
    let body = genuine();
    let read_after = |seconds| read(&wechat_pay_signs(&body, NOW.minus(Span::seconds(seconds)), &WECHAT_PAYS), &body);
    assert!(read_after(300).is_ok());
    assert!(read_after(-300).is_ok());
    assert_eq!(read_after(301), Err(NotificationError::Stale));
    assert_eq!(read_after(-301), Err(NotificationError::Stale));
}

#[test]
fn a_probe_is_refused_by_its_own_name() {
    let body = genuine();
    let mut headers = wechat_pay_signs(&body, NOW, &WECHAT_PAYS);
    headers[2].1.insert_str(0, "WECHATPAY/SIGNTEST/");
    assert_eq!(read(&headers, &body), Err(NotificationError::SignatureProbe));
}

#[test]
fn what_was_not_encrypted_for_us_is_refused() {
    let resource: serde_json::Value = serde_json::from_str(&wechat_pay_encrypts(&payment(), "transaction")).unwrap();
    let changed = |name: &str, value: &str| {
        let mut resource = resource.clone();
        resource[name] = value.into();
        read_signed(&envelope("TRANSACTION.SUCCESS", &resource.to_string()))
    };
    // The first byte of the ciphertext is flipped, and all of it signed anew.
    let ciphertext = resource["ciphertext"].as_str().unwrap();
    let flipped = if ciphertext.starts_with('A') { "B" } else { "A" };
    let flipped = format!("{flipped}{}", &ciphertext[1..]);
    assert_eq!(changed("ciphertext", &flipped), Err(NotificationError::Undecryptable));
    assert_eq!(changed("ciphertext", ""), Err(NotificationError::Undecryptable));
    assert_eq!(changed("nonce", "fdasflkja485"), Err(NotificationError::Undecryptable));
    assert_eq!(changed("nonce", ""), Err(NotificationError::Undecryptable));
    assert_eq!(changed("associated_data", "refund"), Err(NotificationError::Undecryptable));
    assert_eq!(changed("algorithm", "AEAD_SM4_GCM"), Err(NotificationError::Undecryptable));
}

#[test]
fn a_notification_for_another_merchant_app_currency_or_order_is_refused() {
    let other = |from: &str, to: &str| told("TRANSACTION.SUCCESS", &payment().replace(from, to));
    assert_eq!(other("1900007291", "1900000000"), Err(NotificationError::OtherMerchant));
    assert_eq!(other("wxd678efh567hg6787", "wx0000000000000000"), Err(NotificationError::OtherApp));
    assert_eq!(other(&PAYMENT.to_reference(), "20261123-1"), Err(NotificationError::UnknownReference));
    assert_eq!(other(r#""currency":"CNY","#, r#""currency":"USD","#), Err(NotificationError::Currency));
    let of_refund = |from: &str, to: &str| told("REFUND.SUCCESS", &refund("SUCCESS").replace(from, to));
    assert_eq!(of_refund("1900007291", "1900000000"), Err(NotificationError::OtherMerchant));
    assert_eq!(of_refund(&REFUND.to_reference(), "20261123-1"), Err(NotificationError::UnknownReference));
}

#[test]
fn an_amount_that_is_no_number_of_fen_is_refused() {
    for amount in ["88.88", "\"8888\"", "-8888", "null", "{}"] {
        let read = told("TRANSACTION.SUCCESS", &payment().replace("\"total\":8888", &format!("\"total\":{amount}")));
        assert_eq!(read, Err(NotificationError::Amount), "{amount}");
    }
}

#[test]
fn what_cannot_be_read_is_malformed() {
    let malformed =
        |body: &str| assert!(matches!(read_signed(body), Err(NotificationError::Malformed(_))), "{body:.40}");
    malformed("");
    malformed("{}");
    malformed("<xml/>");
    malformed(&" ".repeat(limits::NOTIFICATION_BYTES_MAX + 1));
    malformed(&envelope("TRANSACTION.SUCCESS", &wechat_pay_encrypts("no JSON", "transaction")));
    malformed(&envelope("TRANSACTION.SUCCESS", &wechat_pay_encrypts("{}", "transaction")));
    let body = genuine();
    let mut headers = wechat_pay_signs(&body, NOW, &WECHAT_PAYS);
    headers[0].1 = "today".to_owned();
    assert!(matches!(read(&headers, &body), Err(NotificationError::Malformed(_))));
}

#[test]
fn each_changed_byte_is_refused() {
    let (body, wechat_pay) = (genuine(), wechat_pay());
    let headers = wechat_pay_signs(&body, NOW, &WECHAT_PAYS);
    let refused = |headers: &[(String, String)], body: &[u8], at: usize| {
        let read = read_notification(&wechat_pay, &IncomingNotification { headers, body }, NOW);
        assert!(read.is_err(), "byte {at}: {read:?}");
    };
    for at in 0..body.len() {
        let mut changed = body.clone().into_bytes();
        changed[at] ^= 1;
        refused(&headers, &changed, at);
    }
    // Timestamp, nonce, signature, serial number.
    for header in 0..4 {
        for at in 0..headers[header].1.len() {
            let mut changed = headers.clone();
            let mut value = changed[header].1.clone().into_bytes();
            value[at] ^= 1;
            changed[header].1 = String::from_utf8(value).unwrap();
            refused(&changed, body.as_bytes(), at);
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic_the_reader(body in proptest::collection::vec(any::<u8>(), 0..300), header in "\\PC{0,30}") {
        let mut headers = wechat_pay_signs("", NOW, &WECHAT_PAYS);
        headers[2].1 = header.clone();
        headers[0].1 = header;
        let read = read_notification(&wechat_pay(), &IncomingNotification { headers: &headers, body: &body }, NOW);
        prop_assert!(read.is_err());
    }

    #[test]
    fn no_genuine_content_panics_the_reader(content in "\\PC{0,60}", event in "TRANSACTION.SUCCESS|REFUND.SUCCESS|X") {
        let _ = told(&event, &content);
    }
}
