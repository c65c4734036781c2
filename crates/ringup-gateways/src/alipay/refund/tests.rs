use ringup_core::money::Amount;

use super::*;
use crate::support::{ALIPAYS, FORGERS, NOW, PAYMENT, REFUND, TestKey, alipay_answers, alipay_config, refund_order};

fn alipay() -> Alipay {
    Alipay::new(&alipay_config()).unwrap()
}

fn refunded(fund_change: &str, key: &TestKey) -> Result<RefundWord, GatewayError> {
    let content = format!(
        r#"{{"code":"10000","msg":"Success","out_trade_no":"{}","trade_no":"2026112322001404060523871234","refund_fee":"88.88"{fund_change}}}"#,
        PAYMENT.to_reference()
    );
    read_refund(&alipay(), &refund_order(), &alipay_answers("alipay_trade_refund_response", &content, key), NOW)
}

fn asked(content: &str) -> Result<RefundWord, GatewayError> {
    let response = alipay_answers("alipay_trade_fastpay_refund_query_response", content, &ALIPAYS);
    read_query_refund(&alipay(), REFUND, PAYMENT, &response, NOW)
}

fn state(refund: &str, more: &str) -> String {
    format!(
        r#"{{"code":"10000","msg":"Success","out_trade_no":"{}","out_request_no":"{refund}"{more}}}"#,
        PAYMENT.to_reference()
    )
}

#[test]
fn money_has_gone_back_only_when_fund_change_says_so() {
    let succeeded = RefundWord::Succeeded { succeeded_at: NOW };
    assert_eq!(refunded(r#","fund_change":"Y""#, &ALIPAYS), Ok(succeeded));
    assert!(matches!(refunded(r#","fund_change":"N""#, &ALIPAYS), Err(GatewayError::Unknown(_))));
    assert!(matches!(refunded("", &ALIPAYS), Err(GatewayError::Unknown(_))));
    assert!(matches!(refunded(r#","fund_change":"Y""#, &FORGERS), Err(GatewayError::Unknown(_))));
}

#[test]
fn a_refused_refund_and_an_unknown_one_are_told_apart() {
    let said = |code: &str, sub_code: &str| {
        let content = format!(r#"{{"code":"{code}","msg":"Business Failed","sub_code":"{sub_code}","sub_msg":"x"}}"#);
        let response = alipay_answers("alipay_trade_refund_response", &content, &ALIPAYS);
        read_refund(&alipay(), &refund_order(), &response, NOW)
    };
    assert!(matches!(said("40004", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"), Err(GatewayError::Refused { .. })));
    assert!(matches!(said("40004", "ACQ.SYSTEM_ERROR"), Err(GatewayError::Unknown(_))));
    assert!(matches!(said("20000", "aop.unknow-error"), Err(GatewayError::Unknown(_))));
}

#[test]
fn asking_about_a_refund_tells_done_and_not_done_apart() {
    let ours = REFUND.to_reference();
    let when = china_time::from_alipay("2026-11-23 20:23:00").unwrap();
    let done = state(&ours, r#","refund_status":"REFUND_SUCCESS","gmt_refund_pay":"2026-11-23 20:23:00""#);
    assert_eq!(asked(&done), Ok(RefundWord::Succeeded { succeeded_at: when }));
    assert_eq!(asked(&state(&ours, "")), Ok(RefundWord::NotFound));
    assert_eq!(asked(r#"{"code":"10000","msg":"Success"}"#), Ok(RefundWord::NotFound));
    assert_eq!(asked(&state(&ours, r#","refund_status":"REFUND_PROCESSING""#)), Ok(RefundWord::Processing));
    let no_trade = r#"{"code":"40004","msg":"Business Failed","sub_code":"ACQ.TRADE_NOT_EXIST"}"#;
    assert_eq!(asked(no_trade), Ok(RefundWord::NotFound));
    let other = state("ref0000000000001", r#","refund_status":"REFUND_SUCCESS""#);
    assert!(matches!(asked(&other), Err(GatewayError::Unknown(_))));
}

#[test]
fn another_unit_is_unsupported() {
    let order = RefundOrder { amount: Amount::zero(Unit::Usd), ..refund_order() };
    assert_eq!(refund(&alipay(), &order, NOW), Err(GatewayError::Unsupported));
}
