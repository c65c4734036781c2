use proptest::prelude::*;
use ringup_core::float_purchase::FloatReport;
use ringup_core::id::FloatPurchaseId;
use ringup_core::payment::{ProviderReport, ReportSource};
use ringup_core::time::Span;

use super::*;
use crate::config::{AlipayConfig, AlipayTrust};
use crate::support::{ALIPAYS, FORGERS, NOW, OURS, PAYMENT, REFUND, TestKey, alipay_config, certificate, yuan};

fn alipay() -> Alipay {
    Alipay::new(&alipay_config()).unwrap()
}

/// A notification of a payment, after the example in <https://opendocs.alipay.com/open/270/105902>: with an empty field,
/// a `%` in the subject and JSON in a field.
fn told() -> BTreeMap<String, String> {
    [
        ("app_id", "2021000111222333"),
        ("auth_app_id", "2021000111222333"),
        ("body", ""),
        ("buyer_id", "2088102116773037"),
        ("charset", "utf-8"),
        ("fund_bill_list", r#"[{"amount":"88.88","fundChannel":"ALIPAYACCOUNT"}]"#),
        ("gmt_create", "2026-11-23 20:19:56"),
        ("gmt_payment", "2026-11-23 20:20:01"),
        ("notify_id", "2026112300222202001000731234567890"),
        ("notify_time", "2026-11-23 20:20:02"),
        ("notify_type", "trade_status_sync"),
        ("out_trade_no", &PAYMENT.to_reference()),
        ("seller_id", "2088123456789012"),
        ("sign_type", "RSA2"),
        ("subject", "电话卡充值 100% + 1"),
        ("total_amount", "88.88"),
        ("trade_no", "2026112322001404060523871234"),
        ("trade_status", "TRADE_SUCCESS"),
        ("version", "1.0"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn with(changes: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut fields = told();
    fields.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields
}

/// The form as it is sent: signed over all fields but two.
fn signed(fields: &BTreeMap<String, String>, key: &TestKey) -> String {
    let pairs: Vec<String> =
        fields.iter().filter(|(name, _)| *name != "sign_type").map(|(name, value)| format!("{name}={value}")).collect();
    let sign = key.sign(&pairs.join("&"));
    let all = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain([("sign", sign.as_str())]);
    form::write(all)
}

fn read(body: &str) -> Result<Notification, NotificationError> {
    read_at(body, NOW)
}

fn read_at(body: &str, now: Timestamp) -> Result<Notification, NotificationError> {
    read_notification(&alipay(), &IncomingNotification { headers: &[], body: body.as_bytes() }, now)
}

fn read_with(changes: &[(&str, &str)]) -> Result<Notification, NotificationError> {
    read(&signed(&with(changes), &ALIPAYS))
}

fn payment(word: PaymentWord) -> Notification {
    let (provider, source) = (Provider::Alipay, ReportSource::Notification);
    Notification::Payment(ProviderReport { provider, payment: PAYMENT, source, word })
}

#[test]
fn float_that_is_paid_is_told_by_its_own_number_and_a_refund_of_it_is_none_of_ours() {
    let purchase = FloatPurchaseId::from_u64(7);
    let number = [("out_trade_no", purchase.to_reference())];
    let number = number.each_ref().map(|(name, value)| (*name, value.as_str()));
    let Ok(Notification::Payment(report)) = read_with(&[]) else { panic!("it is a payment's") };
    let (provider, source) = (Provider::Alipay, ReportSource::Notification);
    let told = FloatReport { provider, purchase, source, word: report.word };
    assert_eq!(read_with(&number), Ok(Notification::FloatPurchase(told)));
    let refund = REFUND.to_reference();
    let refunded = [number[0], ("refund_fee", "1.00"), ("out_biz_no", refund.as_str())];
    assert_eq!(read_with(&refunded), Err(NotificationError::UnknownReference));
}

#[test]
fn a_payment_is_told_with_its_number_amount_and_time() {
    let word = PaymentWord::Paid {
        transaction: TransactionId::parse("2026112322001404060523871234").unwrap(),
        amount: yuan("88.88"),
        paid_at: china_time::from_alipay("2026-11-23 20:20:01").unwrap(),
    };
    assert_eq!(read_with(&[]), Ok(payment(word.clone())));
    assert_eq!(read_with(&[("trade_status", "TRADE_FINISHED")]), Ok(payment(word)));
    assert_eq!(read_with(&[("trade_status", "WAIT_BUYER_PAY")]), Ok(payment(PaymentWord::Waiting)));
    assert_eq!(read_with(&[("trade_status", "TRADE_CLOSED")]), Ok(payment(PaymentWord::Closed)));
}

#[test]
fn a_refund_is_told_apart_from_a_payment() {
    for status in ["TRADE_SUCCESS", "TRADE_CLOSED"] {
        let refunded = read_with(&[
            ("trade_status", status),
            ("refund_fee", "8.80"),
            ("gmt_refund", "2026-11-23 20:22:01.320"),
            ("out_biz_no", &REFUND.to_reference()),
        ]);
        let succeeded_at = china_time::from_alipay("2026-11-23 20:22:01.320").unwrap();
        let word = RefundWord::Succeeded { succeeded_at };
        let told = Notification::Refund { provider: Provider::Alipay, refund: REFUND, payment: PAYMENT, word };
        assert_eq!(refunded, Ok(told));
    }
    // Made on Alipay's own pages: it has no number of ours.
    let foreign = read_with(&[("refund_fee", "8.80"), ("out_biz_no", "20261123-1")]);
    assert_eq!(foreign, Err(NotificationError::UnknownReference));
}

#[test]
fn what_is_about_something_else_is_ignored() {
    assert!(matches!(read_with(&[("notify_type", "dut_user_sign")]), Ok(Notification::Ignored(_))));
    assert!(matches!(read_with(&[("trade_status", "TRADE_PENDING")]), Ok(Notification::Ignored(_))));
}

#[test]
fn an_unsigned_notification_is_refused() {
    let fields = told();
    let body = form::write(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    assert_eq!(read(&body), Err(NotificationError::Unsigned));
    assert_eq!(read(&format!("{body}&sign=")), Err(NotificationError::Unsigned));
}

#[test]
fn a_notification_signed_by_another_key_is_refused() {
    assert_eq!(read(&signed(&told(), &FORGERS)), Err(NotificationError::SignatureWrong));
    assert_eq!(read(&format!("{}&extra=1", signed(&told(), &ALIPAYS))), Err(NotificationError::SignatureWrong));
}

#[test]
fn in_certificate_mode_only_the_certificate_that_is_held_is_believed() {
    let trust = AlipayTrust::Certificates {
        app_cert: certificate(&OURS, 1),
        alipay_cert: certificate(&ALIPAYS, 2),
        root_certs: certificate(&FORGERS, 3),
    };
    let alipay = Alipay::new(&AlipayConfig { trust, ..alipay_config() }).unwrap();
    let held = alipay.certificates.as_ref().unwrap().alipay.clone();
    let read_naming = |number: &str| {
        let body = signed(&with(&[("alipay_cert_sn", number)]), &ALIPAYS);
        read_notification(&alipay, &IncomingNotification { headers: &[], body: body.as_bytes() }, NOW)
    };
    assert!(read_naming(&held).is_ok());
    assert_eq!(read_naming("00"), Err(NotificationError::SignatureWrong));
}

#[test]
fn a_notification_cannot_choose_sha_1() {
    for algorithm in ["RSA", "rsa2", ""] {
        assert_eq!(read_with(&[("sign_type", algorithm)]), Err(NotificationError::SignatureAlgorithm));
    }
}

#[test]
fn a_stale_notification_is_refused_and_one_repeated_for_a_day_is_not() {
    let body = signed(&told(), &ALIPAYS);
    assert!(read_at(&body, NOW.plus(Span::hours(25))).is_ok());
    assert_eq!(read_at(&body, NOW.plus(Span::hours(27))), Err(NotificationError::Stale));
    assert_eq!(read_at(&body, NOW.minus(Span::minutes(30))), Err(NotificationError::Stale));
}

#[test]
fn a_notification_for_another_merchant_app_currency_or_order_is_refused() {
    assert_eq!(read_with(&[("seller_id", "2088000000000000")]), Err(NotificationError::OtherMerchant));
    assert_eq!(read_with(&[("app_id", "2021000000000000")]), Err(NotificationError::OtherApp));
    assert_eq!(read_with(&[("trans_currency", "USD")]), Err(NotificationError::Currency));
    for reference in ["", "20261123-1", "pay_01QH2X9F5QSZZH", &REFUND.to_reference()] {
        assert_eq!(read_with(&[("out_trade_no", reference)]), Err(NotificationError::UnknownReference));
    }
}

#[test]
fn an_amount_that_is_no_number_of_fen_is_refused() {
    for amount in ["", "88.888", "-88.88", "1e3", "88,88", "eighty-eight"] {
        assert_eq!(read_with(&[("total_amount", amount)]), Err(NotificationError::Amount), "{amount:?}");
    }
}

#[test]
fn what_cannot_be_read_is_malformed() {
    let malformed = |body: &str| assert!(matches!(read(body), Err(NotificationError::Malformed(_))), "{body:.40}");
    malformed("a=%");
    malformed("a=%FF");
    malformed(&format!("{}&app_id=1", signed(&told(), &ALIPAYS)));
    malformed(&signed(&with(&[("notify_time", "yesterday")]), &ALIPAYS));
    malformed(&signed(&with(&[("charset", "GBK")]), &ALIPAYS));
    malformed(&signed(&with(&[("trade_no", "")]), &ALIPAYS));
    malformed(&"a".repeat(limits::NOTIFICATION_BYTES_MAX + 1));
    assert_eq!(read(""), Err(NotificationError::Unsigned));
}

#[test]
fn each_changed_byte_is_refused() {
    let (genuine, alipay) = (signed(&told(), &ALIPAYS).into_bytes(), alipay());
    let mut reasons = BTreeMap::<&str, u32>::new();
    for at in 0..genuine.len() {
        let mut body = genuine.clone();
        body[at] ^= 1;
        let read = read_notification(&alipay, &IncomingNotification { headers: &[], body: &body }, NOW);
        *reasons.entry(read.expect_err("a changed byte was accepted").code()).or_default() += 1;
    }
    assert!(reasons["notification_signature_wrong"] > 500, "{reasons:?}");
}

#[test]
fn a_field_that_hides_in_another_is_refused() {
    let alipay = alipay();
    let read =
        |body: &str| read_notification(&alipay, &IncomingNotification { headers: &[], body: body.as_bytes() }, NOW);
    let refund = with(&[
        ("receipt_amount", "88.88"),
        ("refund_fee", "8.80"),
        ("gmt_refund", "2026-11-23 20:22:01.320"),
        ("out_biz_no", &REFUND.to_reference()),
    ]);
    let genuine = signed(&refund, &ALIPAYS);
    // With these two hidden, the signature holds as before, and the refund would be a payment of the whole amount.
    let hidden = genuine.replace("&refund_fee=", "%26refund_fee=").replace("&gmt_refund=", "%26gmt_refund=");
    assert_eq!(read(&hidden), Err(NotificationError::Malformed("a field hides in another one")));
    for (at, _) in genuine.match_indices('&') {
        let hidden = format!("{}%26{}", &genuine[..at], &genuine[at + 1..]);
        let read = read(&hidden);
        assert!(read.is_err() || read == self::read(&genuine), "{hidden}: {read:?}");
    }
    // What nothing depends on may hold the sign: a coupon's name, say.
    assert!(read_with(&[("voucher_detail_list", "A&B=C")]).is_ok());
    assert!(read_with(&[("voucher_detail_list", "A&total_amount=0.01")]).is_err());
}

proptest! {
    #[test]
    fn no_bytes_panic_the_reader(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let alipay = alipay();
        let read = read_notification(&alipay, &IncomingNotification { headers: &[], body: &body }, NOW);
        prop_assert!(read.is_err());
    }

    #[test]
    fn no_genuine_fields_panic_the_reader(
        name in "out_trade_no|total_amount|trade_status|notify_time|refund_fee|out_biz_no|trade_no|gmt_payment",
        value in "\\PC{0,20}",
    ) {
        let _ = read_with(&[(&name, &value)]);
    }
}
