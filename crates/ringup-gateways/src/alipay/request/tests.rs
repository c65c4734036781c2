use ringup_core::payment::PayMethod;

use super::*;
use crate::alipay;
use crate::crypto::VerifyingKey;
use crate::support::{
    ALIPAY_CODE, NOW, OURS, PAYMENT, REFUND, alipay_config, create_payment, pay_by_code, refund_order, shown,
};

fn alipay() -> Alipay {
    Alipay::new(&alipay_config()).unwrap()
}

/// The parameters of an address and a body, as Alipay puts them together.
fn merged(url: &str, body: &str) -> BTreeMap<String, String> {
    let query = url.split_once('?').unwrap().1;
    form::parse(format!("{query}&{body}").as_bytes()).unwrap()
}

/// What Alipay does with a request: takes `sign` out, drops what is empty, sorts, joins, proves.
fn proved(mut parameters: BTreeMap<String, String>) -> (String, String) {
    let signature = parameters.remove("sign").unwrap();
    let text = string_to_sign(parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    assert!(VerifyingKey::parse(&OURS.public_pem).unwrap().verifies(text.as_bytes(), &signature));
    (text, signature)
}

fn check(name: &str, request: &HttpRequest) {
    let (text, signature) = proved(merged(&request.url, &request.body));
    insta::assert_snapshot!(name, format!("{}\n\nsigned:\n{text}", shown(request, &signature)));
}

#[test]
fn every_call_is_signed_over_query_and_body_together() {
    let alipay = alipay();
    check("precreate", &alipay::create(&alipay, &create_payment(PayMethod::Qr), NOW).unwrap());
    check("query", &alipay::query(&alipay, PAYMENT, NOW).unwrap());
    check("close", &alipay::close(&alipay, PAYMENT, NOW).unwrap());
    check("pay_by_code", &alipay::pay_by_code(&alipay, &pay_by_code(ALIPAY_CODE), NOW).unwrap());
    check("cancel", &alipay::cancel(&alipay, PAYMENT, NOW).unwrap());
    check("refund", &alipay::refund(&alipay, &refund_order(), NOW).unwrap());
    check("query_refund", &alipay::query_refund(&alipay, REFUND, PAYMENT, NOW).unwrap());
}

#[test]
fn a_payers_code_stands_in_the_body_only_and_in_nothing_that_is_logged() {
    let request = alipay::pay_by_code(&alipay(), &pay_by_code(ALIPAY_CODE), NOW).unwrap();
    assert!(request.body.contains(ALIPAY_CODE));
    assert!(!request.url.contains(ALIPAY_CODE));
    assert!(!format!("{request:?} {:?}", pay_by_code(ALIPAY_CODE)).contains(ALIPAY_CODE));
}

#[test]
fn a_page_is_an_address_that_carries_the_signed_order() {
    for (name, method) in [("page", PayMethod::Page), ("wap", PayMethod::Mobile)] {
        let url = alipay::page_url(&alipay(), &create_payment(method), NOW).unwrap();
        let (text, signature) = proved(merged(&url, ""));
        let url = url.replace(&form::encode(&signature), "[signature]");
        insta::assert_snapshot!(name, format!("{url}\n\nsigned:\n{text}"));
    }
}
