use ringup_core::payment::TransactionId;

use super::*;
use crate::support::{ALIPAY_CODE, ALIPAYS, FORGERS, NOW, PAYMENT, TestKey, alipay_answers, alipay_config, yuan};

fn alipay() -> Alipay {
    Alipay::new(&alipay_config()).unwrap()
}

fn order() -> PayByCode {
    crate::support::pay_by_code(ALIPAY_CODE)
}

fn taken_by(content: &str, key: &TestKey) -> Result<CodeTaken, GatewayError> {
    read_pay_by_code(&alipay(), &order(), &alipay_answers("alipay_trade_pay_response", content, key), NOW)
}

fn taken(content: &str) -> Result<CodeTaken, GatewayError> {
    taken_by(content, &ALIPAYS)
}

/// As in the example of <https://opendocs.alipay.com/open/02ekfp>.
fn paid() -> String {
    format!(
        r#"{{"code":"10000","msg":"Success","buyer_logon_id":"138****0013","buyer_pay_amount":"88.88","gmt_payment":"2026-11-23 20:24:05","invoice_amount":"88.88","out_trade_no":"{}","point_amount":"0.00","receipt_amount":"88.88","total_amount":"88.88","trade_no":"2026112322001404060523871234"}}"#,
        PAYMENT.to_reference()
    )
}

fn failure(code: &str, sub_code: &str) -> String {
    format!(r#"{{"code":"{code}","msg":"Business Failed","sub_code":"{sub_code}","sub_msg":"\u652f\u4ed8"}}"#)
}

fn transaction_id() -> TransactionId {
    TransactionId::parse("2026112322001404060523871234").unwrap()
}

#[test]
fn paid_at_once_and_waiting_for_the_payer_are_told_apart() {
    let paid_at = china_time::from_alipay("2026-11-23 20:24:05").unwrap();
    let word = PaymentWord::Paid { transaction: transaction_id(), amount: yuan("88.88"), paid_at };
    assert_eq!(taken(&paid()), Ok(CodeTaken::Said(word)));
    let waiting = format!(
        r#"{{"code":"10003","msg":" order success pay inprocess","out_trade_no":"{}","trade_no":"2026112322001404060523871234","total_amount":"88.88"}}"#,
        PAYMENT.to_reference()
    );
    assert_eq!(taken(&waiting), Ok(CodeTaken::Said(PaymentWord::Waiting)));
    assert_eq!(taken(r#"{"code":"10003","msg":"pay inprocess"}"#), Ok(CodeTaken::Said(PaymentWord::Waiting)));
}

#[test]
fn each_refusal_says_what_a_clerk_can_do() {
    for (sub_code, expected) in [
        ("ACQ.PAYMENT_AUTH_CODE_INVALID", CodeRefusal::CodeInvalid),
        ("ACQ.BUYER_BALANCE_NOT_ENOUGH", CodeRefusal::BalanceInsufficient),
        ("ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH", CodeRefusal::BalanceInsufficient),
        ("ACQ.PAYMENT_FAIL", CodeRefusal::Declined),
        ("ACQ.TRADE_HAS_CLOSE", CodeRefusal::Refused),
        ("ACQ.ACCESS_FORBIDDEN", CodeRefusal::Refused),
    ] {
        let said = format!("{sub_code}: 支付");
        assert_eq!(taken(&failure("40004", sub_code)), Ok(CodeTaken::Refused { why: expected, said }), "{sub_code}");
    }
}

#[test]
fn what_alipay_does_not_know_itself_is_unknown_and_no_refusal() {
    let unknown = |content: &str| assert!(matches!(taken(content), Err(GatewayError::Unknown(_))), "{content}");
    unknown(&failure("20000", "isp.unknow-error"));
    unknown(&failure("40004", "ACQ.SYSTEM_ERROR"));
    unknown(&failure("40004", "ACQ.TRADE_HAS_SUCCESS"));
    unknown(&paid().replace(&PAYMENT.to_reference(), "pay0000000000001"));
    unknown(&paid().replace(r#""total_amount":"88.88","#, ""));
    unknown(&paid().replace("2026112322001404060523871234", ""));
    unknown(r#"{"code":"10003","out_trade_no":"pay0000000000001"}"#);
    unknown("{}");
    assert!(matches!(taken_by(&paid(), &FORGERS), Err(GatewayError::Unknown(_))));
    assert!(matches!(taken_by(r#"{"code":"10003"}"#, &FORGERS), Err(GatewayError::Unknown(_))));
}

#[test]
fn an_answer_that_repeats_the_request_does_not_carry_the_code_into_a_log() {
    for padding in 0..240 {
        let text = format!("{}{{auth_code:{ALIPAY_CODE}}}", "x".repeat(padding));
        let content = failure("40002", "isv.invalid-signature").replace("\\u652f\\u4ed8", &text);
        let Ok(CodeTaken::Refused { said, .. }) = taken(&content) else { panic!("{content}") };
        assert!(!said.contains(&ALIPAY_CODE[..4]), "{said}");
        assert!(padding > 0 || said.ends_with("{auth_code:***}"), "{said}");
    }
}

fn cancelled(more: &str) -> Result<Cancelled, GatewayError> {
    let content = format!(r#"{{"code":"10000","msg":"Success","out_trade_no":"{}"{more}}}"#, PAYMENT.to_reference());
    read_cancel(&alipay(), PAYMENT, &alipay_answers("alipay_trade_cancel_response", &content, &ALIPAYS))
}

#[test]
fn cancelling_tells_what_it_did() {
    assert_eq!(cancelled(r#","retry_flag":"N","action":"close","trade_no":"1""#), Ok(Cancelled::Done));
    assert_eq!(cancelled(r#","retry_flag":"N","action":"refund","trade_no":"1""#), Ok(Cancelled::Ask));
    assert_eq!(cancelled(r#","retry_flag":"N""#), Ok(Cancelled::NotFound));
    for more in [r#","retry_flag":"Y""#, r#","retry_flag":"Y","action":"close""#, r#","action":"something_new""#] {
        assert!(matches!(cancelled(more), Err(GatewayError::Unknown(_))), "{more}");
    }
    let answered = |content: &str| {
        read_cancel(&alipay(), PAYMENT, &alipay_answers("alipay_trade_cancel_response", content, &ALIPAYS))
    };
    assert_eq!(answered(&failure("40004", "ACQ.TRADE_NOT_EXIST")), Ok(Cancelled::NotFound));
    assert!(matches!(answered(&failure("40004", "ACQ.SYSTEM_ERROR")), Err(GatewayError::Unknown(_))));
    assert!(matches!(answered(&failure("40004", "ACQ.CANCEL_NOT_ALLOWED")), Err(GatewayError::Refused { .. })));
    let other = r#"{"code":"10000","out_trade_no":"pay0000000000001","action":"close"}"#;
    assert!(matches!(answered(other), Err(GatewayError::Unknown(_))));
}

#[test]
fn a_payment_that_was_paid_and_given_back_is_neither_paid_nor_unpaid() {
    let queried = |status: &str, more: &str| {
        let content = format!(
            r#"{{"code":"10000","out_trade_no":"{}","trade_no":"2026112322001404060523871234","total_amount":"88.88","trade_status":"{status}"{more}}}"#,
            PAYMENT.to_reference()
        );
        read_query_by_code(&alipay(), PAYMENT, &alipay_answers("alipay_trade_query_response", &content, &ALIPAYS), NOW)
    };
    let paid_at = china_time::from_alipay("2026-11-23 20:24:05").unwrap();
    let given_back = PaymentWord::GivenBack { transaction: transaction_id(), amount: yuan("88.88"), paid_at };
    assert_eq!(queried("TRADE_CLOSED", r#","send_pay_date":"2026-11-23 20:24:05""#), Ok(given_back));
    assert_eq!(queried("TRADE_CLOSED", ""), Ok(PaymentWord::Closed));
    assert_eq!(queried("WAIT_BUYER_PAY", ""), Ok(PaymentWord::Waiting));
}
