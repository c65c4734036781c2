use ringup_core::payment::PayMethod;

use super::*;
use crate::config::{PlatformKeys, WechatPayConfig};
use crate::crypto::VerifyingKey;
use crate::support::{
    NOW, OURS, PAYMENT, REFUND, WECHAT_PAY_CODE, create_payment, nonce, pay_by_code, refund_order, shown,
    wechat_pay_config,
};
use crate::wechat_pay;

fn wechat_pay() -> WechatPay {
    WechatPay::new(&wechat_pay_config()).unwrap()
}

/// The value of one parameter of the `Authorization` header.
fn parameter(request: &HttpRequest, name: &str) -> String {
    let authorization = &request.headers.iter().find(|(header, _)| *header == "authorization").unwrap().1;
    let (_, rest) = authorization.split_once(&format!("{name}=\"")).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// What WeChat Pay does with a request: puts the five lines together from what it got, and proves.
fn proved(request: &HttpRequest) -> (String, String) {
    let path = request.url.splitn(4, '/').nth(3).unwrap();
    let (timestamp, nonce) = (parameter(request, "timestamp"), parameter(request, "nonce_str"));
    let text = format!("{}\n/{path}\n{timestamp}\n{nonce}\n{}\n", request.method.name(), request.body);
    let signature = parameter(request, "signature");
    assert!(VerifyingKey::parse(&OURS.public_pem).unwrap().verifies(text.as_bytes(), &signature), "{text}");
    (text, signature)
}

fn check(name: &str, request: &HttpRequest) {
    let (text, signature) = proved(request);
    insta::assert_snapshot!(name, format!("{}\n\nsigned:\n{text}", shown(request, &signature)));
}

#[test]
fn every_call_is_signed_over_its_five_lines() {
    let (wechat_pay, nonce) = (wechat_pay(), nonce());
    for (name, method) in [("native", PayMethod::Qr), ("h5", PayMethod::Mobile), ("jsapi", PayMethod::InApp)] {
        check(name, &wechat_pay::create(&wechat_pay, &create_payment(method), NOW, &nonce).unwrap());
    }
    check("query", &wechat_pay::query(&wechat_pay, PAYMENT, NOW, &nonce).unwrap());
    check("close", &wechat_pay::close(&wechat_pay, PAYMENT, NOW, &nonce).unwrap());
    check("codepay", &wechat_pay::pay_by_code(&wechat_pay, &pay_by_code(WECHAT_PAY_CODE), NOW, &nonce).unwrap());
    check("reverse", &wechat_pay::reverse(&wechat_pay, PAYMENT, NOW, &nonce).unwrap());
    check("refund", &wechat_pay::refund(&wechat_pay, &refund_order(), NOW, &nonce).unwrap());
    check("query_refund", &wechat_pay::query_refund(&wechat_pay, REFUND, NOW, &nonce).unwrap());
    check("certificates", &wechat_pay::certificates(&wechat_pay, NOW, &nonce).unwrap());
}

#[test]
fn a_payers_code_stands_in_the_body_only_and_in_nothing_that_is_logged() {
    let request = wechat_pay::pay_by_code(&wechat_pay(), &pay_by_code(WECHAT_PAY_CODE), NOW, &nonce()).unwrap();
    assert!(request.body.contains(WECHAT_PAY_CODE));
    let headers: String = request.headers.iter().map(|(_, value)| value.as_str()).collect();
    assert!(!format!("{} {headers} {request:?}", request.url).contains(WECHAT_PAY_CODE));
}

#[test]
fn a_base_address_with_a_path_is_signed_as_it_is_sent() {
    let config = WechatPayConfig { base_url: "http://127.0.0.1:8081/wechat_pay/".to_owned(), ..wechat_pay_config() };
    let request = wechat_pay::query(&WechatPay::new(&config).unwrap(), PAYMENT, NOW, &nonce()).unwrap();
    assert!(request.url.starts_with("http://127.0.0.1:8081/wechat_pay/v3/pay/"), "{}", request.url);
    proved(&request);
}

#[test]
fn only_a_merchant_with_the_public_key_asks_for_its_signature() {
    let config = WechatPayConfig { platform_keys: PlatformKeys::default(), ..wechat_pay_config() };
    let request = wechat_pay::query(&WechatPay::new(&config).unwrap(), PAYMENT, NOW, &nonce()).unwrap();
    assert!(request.headers.iter().all(|(name, _)| *name != "wechatpay-serial"));
}
