use ringup_core::money::Amount;
use ringup_core::payment::TransactionId;
use ringup_core::time::Span;

use super::*;
use crate::crypto::VerifyingKey;
use crate::support::{
    FORGERS, NOW, OURS, PAYMENT, WECHAT_PAYS, create_payment, nonce, wechat_pay_answers, wechat_pay_config,
    wechat_pay_signs, yuan,
};

fn wechat_pay() -> WechatPay {
    WechatPay::new(&wechat_pay_config()).unwrap()
}

fn queried(body: &str) -> Result<PaymentWord, GatewayError> {
    queried_from(&wechat_pay_answers(200, body))
}

fn queried_from(response: &HttpResponse) -> Result<PaymentWord, GatewayError> {
    read_query(&wechat_pay(), PAYMENT, response, NOW)
}

/// An order, after the example in <https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_4_2.shtml>.
fn order(state: &str, more: &str) -> String {
    format!(
        r#"{{"appid":"wxd678efh567hg6787","mchid":"1900007291","out_trade_no":"{}","trade_state":"{state}","trade_state_desc":"支付成功","trade_type":"NATIVE","attach":""{more}}}"#,
        PAYMENT.to_reference()
    )
}

const MONEY: &str = r#","transaction_id":"4200002026112320200112345678","success_time":"2026-11-23T20:20:01+08:00","amount":{"currency":"CNY","payer_currency":"CNY","payer_total":8800,"total":8888}"#;

fn failure(status: u16, code: &str) -> HttpResponse {
    wechat_pay_answers(status, &format!(r#"{{"code":"{code}","message":"订单"}}"#))
}

#[test]
fn a_query_tells_the_states_apart() {
    let paid = PaymentWord::Paid {
        transaction: TransactionId::parse("4200002026112320200112345678").unwrap(),
        amount: yuan("88.88"),
        paid_at: china_time::from_rfc3339("2026-11-23T20:20:01+08:00").unwrap(),
    };
    assert_eq!(queried(&order("SUCCESS", MONEY)), Ok(paid));
    for state in ["NOTPAY", "USERPAYING", "PAYERROR"] {
        assert_eq!(queried(&order(state, "")), Ok(PaymentWord::Waiting), "{state}");
    }
    for state in ["CLOSED", "REVOKED"] {
        assert_eq!(queried(&order(state, "")), Ok(PaymentWord::Closed), "{state}");
    }
    assert_eq!(queried_from(&failure(404, "ORDER_NOT_EXIST")), Ok(PaymentWord::NotFound));
}

#[test]
fn what_is_neither_paid_nor_unpaid_is_unknown() {
    let unknown = |body: &str| assert!(matches!(queried(body), Err(GatewayError::Unknown(_))), "{body}");
    unknown(&order("REFUND", MONEY));
    unknown(&order("SOMETHING_NEW", ""));
    unknown(&order("SUCCESS", ""));
    unknown(&order("SUCCESS", &MONEY.replace("8888", "88.88")));
    unknown(&order("SUCCESS", &MONEY.replace(r#""currency":"CNY","payer_"#, r#""currency":"USD","payer_"#)));
    unknown("{}");
    for (status, code) in [(500, "SYSTEM_ERROR"), (429, "FREQUENCY_LIMITED"), (400, "SYSTEM_ERROR"), (302, "X")] {
        let read = queried_from(&failure(status, code));
        assert!(matches!(read, Err(GatewayError::Unknown(_))), "{status} {read:?}");
    }
    let rubbish = wechat_pay_answers(403, "<html>");
    assert!(matches!(queried_from(&rubbish), Err(GatewayError::Unknown(_))));
}

#[test]
fn an_answer_about_another_order_merchant_or_app_says_nothing_of_ours() {
    let other = |from: &str, to: &str| queried(&order("SUCCESS", MONEY).replace(from, to));
    for (from, to) in [
        (PAYMENT.to_reference().as_str(), "pay0000000000001"),
        (PAYMENT.to_reference().as_str(), "20261123-1"),
        ("1900007291", "1900000000"),
        ("wxd678efh567hg6787", "wx0000000000000000"),
    ] {
        assert!(matches!(other(from, to), Err(GatewayError::Unknown(_))), "{to}");
    }
}

#[test]
fn a_success_without_wechat_pays_signature_is_unknown() {
    let body = order("SUCCESS", MONEY);
    let signed_by = |headers| queried_from(&HttpResponse { status: 200, headers, body: body.clone().into_bytes() });
    assert!(signed_by(wechat_pay_signs(&body, NOW, &WECHAT_PAYS)).is_ok());
    let unknown = |headers, why: &str| {
        let error = signed_by(headers).unwrap_err();
        assert_eq!(error, GatewayError::Unknown(format!("the answer is not WeChat Pay's: {why}")));
    };
    unknown(Vec::new(), "it bears no signature");
    unknown(wechat_pay_signs(&body, NOW, &FORGERS), "the signature is not the provider's");
    unknown(wechat_pay_signs("{}", NOW, &WECHAT_PAYS), "the signature is not the provider's");
    let stale = wechat_pay_signs(&body, NOW.minus(Span::seconds(301)), &WECHAT_PAYS);
    unknown(stale, "it was signed too long ago, or in the future");
    let mut other_key = wechat_pay_signs(&body, NOW, &WECHAT_PAYS);
    other_key[3].1 = "PUB_KEY_ID_0000000000000000000000000000000000".to_owned();
    unknown(other_key, "the signature is not the provider's");
}

#[test]
fn an_error_may_be_unsigned_but_not_wrongly_signed() {
    let mut response = failure(404, "ORDER_NOT_EXIST");
    response.headers.clear();
    assert_eq!(queried_from(&response), Ok(PaymentWord::NotFound));
    response.headers = wechat_pay_signs("{}", NOW, &WECHAT_PAYS);
    assert!(matches!(queried_from(&response), Err(GatewayError::Unknown(_))));
}

#[test]
fn making_an_order_hands_the_payer_over() {
    let (wechat_pay, nonce) = (wechat_pay(), nonce());
    let created = |method, body: &str| {
        read_create(&wechat_pay, &create_payment(method), &wechat_pay_answers(200, body), NOW, &nonce)
    };
    let native = created(PayMethod::Qr, r#"{"code_url":"weixin:\/\/wxpay\/bizpayurl\/up?pr=NwY5Mz9&groupid=00"}"#);
    assert_eq!(native, Ok(Created::HandOver("weixin://wxpay/bizpayurl/up?pr=NwY5Mz9&groupid=00".to_owned())));
    let h5 = created(
        PayMethod::Mobile,
        r#"{"h5_url":"https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx20&package=1"}"#,
    );
    insta::assert_snapshot!(format!("{h5:?}"));
    assert!(matches!(created(PayMethod::Qr, "{}"), Err(GatewayError::Unknown(_))));
}

#[test]
fn the_page_script_gets_parameters_that_we_signed() {
    let answer = wechat_pay_answers(200, r#"{"prepay_id":"wx26112221580621e9b071c00d9e093b0000"}"#);
    let created = read_create(&wechat_pay(), &create_payment(PayMethod::InApp), &answer, NOW, &nonce());
    let Ok(Created::InApp(parameters)) = created else { panic!("{created:?}") };
    let JsapiParameters { app_id, time_stamp, nonce_str, package, sign_type, pay_sign } = parameters;
    let text = format!("{app_id}\n{time_stamp}\n{nonce_str}\n{package}\n");
    assert!(VerifyingKey::parse(&OURS.public_pem).unwrap().verifies(text.as_bytes(), &pay_sign));
    insta::assert_snapshot!(format!("{text}{sign_type}"));
}

#[test]
fn an_order_that_is_paid_already_is_no_refusal() {
    let created =
        |response: &HttpResponse| read_create(&wechat_pay(), &create_payment(PayMethod::Qr), response, NOW, &nonce());
    assert_eq!(created(&failure(403, "ORDERPAID")), Ok(Created::AlreadyPaid));
    for (status, code) in [(400, "PARAM_ERROR"), (403, "OUT_TRADE_NO_USED"), (400, "ORDER_CLOSED"), (401, "SIGN_ERROR")]
    {
        let read = created(&failure(status, code));
        assert!(matches!(&read, Err(GatewayError::Refused { code: said, .. }) if said == code), "{read:?}");
    }
}

#[test]
fn closing_tells_done_paid_and_not_found_apart() {
    let closed = |response: &HttpResponse| read_close(&wechat_pay(), response, NOW);
    assert_eq!(closed(&wechat_pay_answers(204, "")), Ok(Closed::Done));
    assert_eq!(closed(&failure(400, "ORDER_CLOSED")), Ok(Closed::Done));
    assert_eq!(closed(&failure(400, "ORDERPAID")), Ok(Closed::AlreadyPaid));
    assert_eq!(closed(&failure(404, "ORDER_NOT_EXIST")), Ok(Closed::NotFound));
    let unsigned = HttpResponse { status: 204, headers: Vec::new(), body: Vec::new() };
    assert!(matches!(closed(&unsigned), Err(GatewayError::Unknown(_))));
    assert!(matches!(closed(&failure(401, "SIGN_ERROR")), Err(GatewayError::Refused { .. })));
}

#[test]
fn each_changed_byte_of_an_answer_is_noticed() {
    let (genuine, wechat_pay) = (wechat_pay_answers(200, &order("SUCCESS", MONEY)), wechat_pay());
    for at in 0..genuine.body.len() {
        let mut changed = genuine.clone();
        changed.body[at] ^= 1;
        let read = read_query(&wechat_pay, PAYMENT, &changed, NOW);
        assert!(matches!(read, Err(GatewayError::Unknown(_))), "byte {at}: {read:?}");
    }
}

#[test]
fn what_wechat_pay_does_not_have_is_unsupported() {
    let unsupported = |payment: CreatePayment| {
        assert_eq!(create(&wechat_pay(), &payment, NOW, &nonce()), Err(GatewayError::Unsupported));
    };
    unsupported(create_payment(PayMethod::Page));
    unsupported(CreatePayment { amount: Amount::zero(Unit::Usd), ..create_payment(PayMethod::Qr) });
    unsupported(CreatePayment { payer_ip: None, ..create_payment(PayMethod::Mobile) });
    unsupported(CreatePayment { openid: None, ..create_payment(PayMethod::InApp) });
}
