use ringup_core::payment::TransactionId;

use super::*;
use crate::china_time;
use crate::support::{
    FORGERS, NOW, PAYMENT, WECHAT_PAY_CODE, wechat_pay_answers, wechat_pay_config, wechat_pay_signs, yuan,
};

fn wechat_pay() -> WechatPay {
    WechatPay::new(&wechat_pay_config()).unwrap()
}

fn taken_from(response: &HttpResponse) -> Result<CodeTaken, GatewayError> {
    read_pay_by_code(&wechat_pay(), &crate::support::pay_by_code(WECHAT_PAY_CODE), response, NOW)
}

fn taken(body: &str) -> Result<CodeTaken, GatewayError> {
    taken_from(&wechat_pay_answers(200, body))
}

fn failure(status: u16, code: &str) -> HttpResponse {
    wechat_pay_answers(status, &format!(r#"{{"code":"{code}","message":"订单"}}"#))
}

/// After the fields in <https://pay.weixin.qq.com/docs/merchant/apis/code-payment-v3/direct/code-pay.html>.
fn order(state: &str, more: &str) -> String {
    format!(
        r#"{{"appid":"wxd678efh567hg6787","mchid":"1900007291","out_trade_no":"{}","trade_state":"{state}","trade_type":"MICROPAY"{more}}}"#,
        PAYMENT.to_reference()
    )
}

const MONEY: &str = r#","transaction_id":"4200002026112320200112345678","success_time":"2026-11-23T20:24:01+08:00","amount":{"currency":"CNY","payer_currency":"CNY","payer_total":8888,"total":8888}"#;

fn word(given_back: bool) -> PaymentWord {
    let transaction = TransactionId::parse("4200002026112320200112345678").unwrap();
    let (amount, paid_at) = (yuan("88.88"), china_time::from_rfc3339("2026-11-23T20:24:01+08:00").unwrap());
    match given_back {
        true => PaymentWord::GivenBack { transaction, amount, paid_at },
        false => PaymentWord::Paid { transaction, amount, paid_at },
    }
}

#[test]
fn paid_at_once_waiting_for_the_payer_and_declined_are_told_apart() {
    assert_eq!(taken(&order("SUCCESS", MONEY)), Ok(CodeTaken::Said(word(false))));
    for body in [r#"{"trade_state":"USERPAYING"}"#, &order("USERPAYING", ""), &order("ACCEPT", "")] {
        assert_eq!(taken(body), Ok(CodeTaken::Said(PaymentWord::Waiting)), "{body}");
    }
    assert_eq!(taken_from(&failure(400, "USERPAYING")), Ok(CodeTaken::Said(PaymentWord::Waiting)));
    let declined = taken(&order("PAYERROR", r#","trade_state_desc":"支付失败""#));
    assert_eq!(declined, Ok(CodeTaken::Refused { why: CodeRefusal::Declined, said: "PAYERROR: 支付失败".to_owned() }));
}

#[test]
fn each_refusal_says_what_a_clerk_can_do() {
    for (code, expected) in [
        ("AUTH_CODE_INVALID", CodeRefusal::CodeInvalid),
        ("AUTH_CODE_EXPIRE", CodeRefusal::CodeInvalid),
        ("NOTENOUGH", CodeRefusal::BalanceInsufficient),
        ("TRADE_ERROR", CodeRefusal::Declined),
        ("PARAM_ERROR", CodeRefusal::Refused),
    ] {
        let said = format!("{code}: 订单");
        assert_eq!(taken_from(&failure(400, code)), Ok(CodeTaken::Refused { why: expected, said }), "{code}");
    }
    let repeats = wechat_pay_answers(400, &format!(r#"{{"code":"PARAM_ERROR","message":"{WECHAT_PAY_CODE} 不合法"}}"#));
    let Ok(CodeTaken::Refused { said, .. }) = taken_from(&repeats) else { panic!() };
    assert_eq!(said, "PARAM_ERROR: *** 不合法");
}

#[test]
fn what_wechat_pay_does_not_know_itself_is_unknown_and_no_refusal() {
    for (status, code) in [(500, "SYSTEM_ERROR"), (400, "BANK_ERROR"), (429, "FREQUENCY_LIMITED"), (400, "ORDERPAID")] {
        assert!(matches!(taken_from(&failure(status, code)), Err(GatewayError::Unknown(_))), "{code}");
    }
    let unknown = |body: &str| assert!(matches!(taken(body), Err(GatewayError::Unknown(_))), "{body}");
    unknown(&order("REVOKED", ""));
    unknown(&order("SUCCESS", ""));
    unknown(r#"{"trade_state":"SUCCESS"}"#);
    unknown(&order("SUCCESS", MONEY).replace(&PAYMENT.to_reference(), "pay0000000000001"));
    unknown(&order("SUCCESS", MONEY).replace("1900007291", "1900000000"));
    unknown("{}");
    let body = order("SUCCESS", MONEY);
    for headers in [Vec::new(), wechat_pay_signs(&body, NOW, &FORGERS)] {
        let response = HttpResponse { status: 200, headers, body: body.clone().into_bytes() };
        assert!(matches!(taken_from(&response), Err(GatewayError::Unknown(_))));
    }
}

#[test]
fn reversing_leaves_to_a_query_what_it_did() {
    let reversed = |response: &HttpResponse| read_reverse(&wechat_pay(), PAYMENT, response, NOW);
    let done =
        format!(r#"{{"appid":"wxd678efh567hg6787","mchid":"1900007291","out_trade_no":"{}"}}"#, PAYMENT.to_reference());
    assert_eq!(reversed(&wechat_pay_answers(200, &done)), Ok(Cancelled::Ask));
    assert_eq!(reversed(&failure(404, "ORDER_NOT_EXIST")), Ok(Cancelled::NotFound));
    assert!(matches!(reversed(&failure(400, "USERPAYING")), Err(GatewayError::Unknown(_))));
    assert!(matches!(reversed(&failure(500, "SYSTEM_ERROR")), Err(GatewayError::Unknown(_))));
    assert!(matches!(reversed(&failure(401, "SIGN_ERROR")), Err(GatewayError::Refused { .. })));
    let other = done.replace(&PAYMENT.to_reference(), "pay0000000000001");
    assert!(matches!(reversed(&wechat_pay_answers(200, &other)), Err(GatewayError::Unknown(_))));
}

#[test]
fn a_reversed_payment_was_unpaid_or_has_been_given_back() {
    type Read = fn(&WechatPay, PaymentId, &HttpResponse, Timestamp) -> Result<PaymentWord, GatewayError>;
    let read = |read: Read, body: &str| read(&wechat_pay(), PAYMENT, &wechat_pay_answers(200, body), NOW);
    for reader in [read_query_by_code, read_query_reversed] as [Read; 2] {
        assert_eq!(read(reader, &order("REVOKED", "")), Ok(PaymentWord::Closed));
        assert_eq!(read(reader, &order("REVOKED", MONEY)), Ok(word(true)));
        assert_eq!(read(reader, &order("SUCCESS", MONEY)), Ok(word(false)));
        assert_eq!(read(reader, &order("USERPAYING", "")), Ok(PaymentWord::Waiting));
        assert_eq!(read(reader, &order("PAYERROR", "")), Ok(PaymentWord::Declined));
        let none = reader(&wechat_pay(), PAYMENT, &failure(404, "ORDER_NOT_EXIST"), NOW);
        assert_eq!(none, Ok(PaymentWord::NotFound));
    }
    assert_eq!(read(read_query_reversed, &order("REFUND", MONEY)), Ok(word(true)));
    // Not right after our own reversal somebody may have refunded a part of it on WeChat Pay's pages: a person looks.
    assert!(matches!(read(read_query_by_code, &order("REFUND", MONEY)), Err(GatewayError::Unknown(_))));
}
