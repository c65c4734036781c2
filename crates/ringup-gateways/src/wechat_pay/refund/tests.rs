use ringup_core::money::Amount;

use super::*;
use crate::china_time;
use crate::support::{NOW, PAYMENT, REFUND, nonce, refund_order, wechat_pay_answers, wechat_pay_config};

fn wechat_pay() -> WechatPay {
    WechatPay::new(&wechat_pay_config()).unwrap()
}

/// A refund, after the example in <https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_4_9.shtml>.
fn wire(refund: &str, status: &str) -> String {
    format!(
        r#"{{"refund_id":"50000000382019052709732678859","out_refund_no":"{refund}","transaction_id":"4200002026112320200112345678","out_trade_no":"{}","channel":"ORIGINAL","success_time":"2026-11-23T20:23:00+08:00","status":"{status}","amount":{{"total":8888,"refund":880,"currency":"CNY"}}}}"#,
        PAYMENT.to_reference()
    )
}

fn both(status: u16, body: &str) -> [Result<RefundWord, GatewayError>; 2] {
    let (wechat_pay, response) = (wechat_pay(), wechat_pay_answers(status, body));
    [
        read_refund(&wechat_pay, &refund_order(), &response, NOW),
        read_query_refund(&wechat_pay, REFUND, PAYMENT, &response, NOW),
    ]
}

#[test]
fn ordering_and_asking_tell_the_states_apart() {
    let succeeded_at = china_time::from_rfc3339("2026-11-23T20:23:00+08:00").unwrap();
    for (status, word) in [
        ("SUCCESS", RefundWord::Succeeded { succeeded_at }),
        ("PROCESSING", RefundWord::Processing),
        ("CLOSED", RefundWord::Failed { reason: "CLOSED".to_owned() }),
        ("ABNORMAL", RefundWord::Failed { reason: "ABNORMAL".to_owned() }),
    ] {
        assert_eq!(both(200, &wire(&REFUND.to_reference(), status)), [Ok(word.clone()), Ok(word)]);
    }
}

#[test]
fn a_refund_of_another_number_or_an_unknown_state_is_unknown() {
    for body in [
        wire("ref0000000000001", "SUCCESS"),
        wire("20261123-1", "SUCCESS"),
        wire(&REFUND.to_reference(), "SOMETHING_NEW"),
        wire(&REFUND.to_reference(), "SUCCESS").replace(&PAYMENT.to_reference(), "pay0000000000001"),
        "{}".to_owned(),
    ] {
        for read in both(200, &body) {
            assert!(matches!(read, Err(GatewayError::Unknown(_))), "{read:?}");
        }
    }
}

#[test]
fn a_refund_that_wechat_pay_does_not_know_may_be_ordered_again() {
    let [ordered, asked] = both(404, r#"{"code":"RESOURCE_NOT_EXISTS","message":"退款单不存在"}"#);
    assert!(matches!(ordered, Err(GatewayError::Refused { .. })));
    assert_eq!(asked, Ok(RefundWord::NotFound));
    let [ordered, _] = both(403, r#"{"code":"NOT_ENOUGH","message":"基本账户余额不足"}"#);
    let refused =
        GatewayError::Refused { code: "NOT_ENOUGH".to_owned(), message: "基本账户余额不足".to_owned() };
    assert_eq!(ordered, Err(refused));
    let [ordered, _] = both(500, r#"{"code":"SYSTEM_ERROR","message":"系统错误"}"#);
    assert!(matches!(ordered, Err(GatewayError::Unknown(_))));
}

#[test]
fn another_unit_is_unsupported() {
    let order = RefundOrder { amount: Amount::zero(Unit::Usd), ..refund_order() };
    assert_eq!(refund(&wechat_pay(), &order, NOW, &nonce()), Err(GatewayError::Unsupported));
}
