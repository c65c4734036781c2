use ringup_core::money::Amount;

use super::*;
use crate::support::{ALIPAYS, FORGERS, NOW, PAYMENT, TestKey, alipay_answers, alipay_config, create_payment, yuan};

fn alipay() -> Alipay {
    Alipay::new(&alipay_config()).unwrap()
}

fn queried(content: &str) -> Result<PaymentWord, GatewayError> {
    queried_from(&alipay_answers("alipay_trade_query_response", content, &ALIPAYS))
}

fn queried_from(response: &HttpResponse) -> Result<PaymentWord, GatewayError> {
    read_query(&alipay(), PAYMENT, response, NOW)
}

fn trade(status: &str, more: &str) -> String {
    // As in the example of <https://opendocs.alipay.com/open/028woa>, with the `\/` that Alipay writes for `/`.
    format!(
        r#"{{"code":"10000","msg":"Success","buyer_logon_id":"159****5620","out_trade_no":"{}","trade_no":"2026112322001404060523871234","total_amount":"88.88","trade_status":"{status}","subject":"\u7535\u8bdd\u5361 \/ 100%"{more}}}"#,
        PAYMENT.to_reference()
    )
}

fn failure(code: &str, sub_code: &str) -> String {
    format!(r#"{{"code":"{code}","msg":"Business Failed","sub_code":"{sub_code}","sub_msg":"\u4ea4\u6613"}}"#)
}

fn paid(amount: Amount) -> PaymentWord {
    PaymentWord::Paid {
        transaction: TransactionId::parse("2026112322001404060523871234").unwrap(),
        amount,
        paid_at: china_time::from_alipay("2026-11-23 20:20:01").unwrap(),
    }
}

const WHEN: &str = r#","send_pay_date":"2026-11-23 20:20:01""#;

#[test]
fn a_query_tells_the_states_apart() {
    assert_eq!(queried(&trade("WAIT_BUYER_PAY", "")), Ok(PaymentWord::Waiting));
    assert_eq!(queried(&trade("TRADE_SUCCESS", WHEN)), Ok(paid(yuan("88.88"))));
    assert_eq!(queried(&trade("TRADE_FINISHED", WHEN)), Ok(paid(yuan("88.88"))));
    assert_eq!(queried(&trade("TRADE_CLOSED", "")), Ok(PaymentWord::Closed));
    assert_eq!(queried(&failure("40004", "ACQ.TRADE_NOT_EXIST")), Ok(PaymentWord::NotFound));
}

#[test]
fn what_is_neither_paid_nor_unpaid_is_unknown() {
    let unknown = |content: &str| assert!(matches!(queried(content), Err(GatewayError::Unknown(_))), "{content}");
    unknown(&trade("TRADE_CLOSED", WHEN));
    unknown(&trade("TRADE_SOMETHING_NEW", ""));
    unknown(&failure("20000", "isp.unknow-error"));
    unknown(&failure("40004", "ACQ.SYSTEM_ERROR"));
    unknown(&failure("10003", ""));
    unknown(&trade("TRADE_SUCCESS", WHEN).replace("88.88", "88.888"));
    unknown(&trade("TRADE_SUCCESS", WHEN).replace("\"total_amount\":\"88.88\",", ""));
    unknown("{}");
    unknown("\"text\"");
}

#[test]
fn an_answer_about_another_order_says_nothing_of_ours() {
    let other = trade("TRADE_SUCCESS", WHEN).replace(&PAYMENT.to_reference(), "pay0000000000001");
    let about = "the answer is about order pay0000000000001".to_owned();
    assert_eq!(queried(&other), Err(GatewayError::Unknown(about)));
    // A right signature over the answer to another question.
    let closed = alipay_answers("alipay_trade_close_response", &trade("TRADE_SUCCESS", WHEN), &ALIPAYS);
    assert!(matches!(queried_from(&closed), Err(GatewayError::Unknown(_))));
}

#[test]
fn an_answer_without_alipays_signature_is_no_state() {
    let content = trade("TRADE_SUCCESS", WHEN);
    let forged = alipay_answers("alipay_trade_query_response", &content, &FORGERS);
    let wrong = "the signature on the answer is not Alipay's".to_owned();
    assert_eq!(queried_from(&forged), Err(GatewayError::Unknown(wrong)));
    let body = format!(r#"{{"alipay_trade_query_response":{content}}}"#).into_bytes();
    let unsigned = HttpResponse { status: 200, headers: Vec::new(), body };
    assert_eq!(queried_from(&unsigned), Err(GatewayError::Unknown("the answer is not signed".to_owned())));
}

#[test]
fn each_changed_byte_of_an_answer_is_noticed() {
    let genuine = alipay_answers("alipay_trade_query_response", &trade("TRADE_SUCCESS", WHEN), &ALIPAYS);
    let alipay = alipay();
    for at in 0..genuine.body.len() {
        let mut changed = genuine.clone();
        changed.body[at] ^= 1;
        let read = read_query(&alipay, PAYMENT, &changed, NOW);
        assert!(matches!(read, Err(GatewayError::Unknown(_))), "byte {at}: {read:?}");
    }
}

#[test]
fn the_signature_is_over_the_very_bytes_of_the_member() {
    // Spaces around it are not signed, an escaped slash in it is: writing the JSON anew would lose both.
    let content = trade("WAIT_BUYER_PAY", "");
    let sign = ALIPAYS.sign(&content).replace('/', "\\/");
    let body = format!("{{ \"sign\" : \"{sign}\" ,\n \"alipay_trade_query_response\" :  {content}  }}").into_bytes();
    assert_eq!(queried_from(&HttpResponse { status: 200, headers: Vec::new(), body }), Ok(PaymentWord::Waiting));
}

#[test]
fn an_unsigned_error_is_a_failure_and_never_a_state() {
    let unsigned = |content: &str| {
        let body = format!(r#"{{"error_response":{content}}}"#).into_bytes();
        queried_from(&HttpResponse { status: 200, headers: Vec::new(), body })
    };
    let refused = GatewayError::Refused { code: "isv.invalid-signature".to_owned(), message: "交易".to_owned() };
    assert_eq!(unsigned(&failure("40002", "isv.invalid-signature")), Err(refused));
    assert!(matches!(unsigned(&failure("40004", "ACQ.TRADE_NOT_EXIST")), Err(GatewayError::Unknown(_))));
    assert!(matches!(unsigned(&failure("20000", "isp.unknow-error")), Err(GatewayError::Unknown(_))));
}

#[test]
fn rubbish_and_server_errors_are_unknown() {
    for (status, body) in [(200, "<html>"), (200, "[]"), (200, "{}"), (200, ""), (502, "{}"), (302, ""), (404, "")] {
        let response = HttpResponse { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
        assert!(matches!(queried_from(&response), Err(GatewayError::Unknown(_))), "{status} {body}");
    }
}

fn created(content: &str, key: &TestKey) -> Result<Created, GatewayError> {
    let response = alipay_answers("alipay_trade_precreate_response", content, key);
    read_create(&alipay(), &create_payment(PayMethod::Qr), &response)
}

#[test]
fn making_an_order_gives_a_code_or_says_that_it_is_paid() {
    let made = format!(
        r#"{{"code":"10000","msg":"Success","out_trade_no":"{}","qr_code":"https:\/\/qr.alipay.com\/bavh4wjlxf12tper3a"}}"#,
        PAYMENT.to_reference()
    );
    let hand_over = Created::HandOver("https://qr.alipay.com/bavh4wjlxf12tper3a".to_owned());
    assert_eq!(created(&made, &ALIPAYS), Ok(hand_over));
    assert!(matches!(created(&made, &FORGERS), Err(GatewayError::Unknown(_))));
    assert_eq!(created(&failure("40004", "ACQ.TRADE_HAS_SUCCESS"), &ALIPAYS), Ok(Created::AlreadyPaid));
    let refused = created(&failure("40004", "ACQ.TRADE_HAS_CLOSE"), &ALIPAYS);
    assert!(matches!(refused, Err(GatewayError::Refused { code, .. }) if code == "ACQ.TRADE_HAS_CLOSE"));
}

#[test]
fn closing_tells_done_paid_and_not_found_apart() {
    let closed = |content: &str| {
        read_close(&alipay(), PAYMENT, &alipay_answers("alipay_trade_close_response", content, &ALIPAYS))
    };
    let done = format!(r#"{{"code":"10000","msg":"Success","out_trade_no":"{}"}}"#, PAYMENT.to_reference());
    assert_eq!(closed(&done), Ok(Closed::Done));
    assert_eq!(closed(&failure("40004", "ACQ.TRADE_HAS_CLOSE")), Ok(Closed::Done));
    assert_eq!(closed(&failure("40004", "ACQ.TRADE_STATUS_ERROR")), Ok(Closed::AlreadyPaid));
    assert_eq!(closed(&failure("40004", "ACQ.TRADE_HAS_SUCCESS")), Ok(Closed::AlreadyPaid));
    assert_eq!(closed(&failure("40004", "ACQ.TRADE_NOT_EXIST")), Ok(Closed::NotFound));
    assert!(matches!(closed(&failure("40006", "isv.insufficient-isv-permissions")), Err(GatewayError::Refused { .. })));
    assert!(matches!(closed(&failure("20000", "")), Err(GatewayError::Unknown(_))));
}

#[test]
fn what_alipay_does_not_have_is_unsupported() {
    let alipay = alipay();
    let dollars = CreatePayment { amount: Amount::zero(Unit::Usd), ..create_payment(PayMethod::Qr) };
    assert_eq!(create(&alipay, &dollars, NOW), Err(GatewayError::Unsupported));
    assert_eq!(page_url(&alipay, &create_payment(PayMethod::InApp), NOW), Err(GatewayError::Unsupported));
}
