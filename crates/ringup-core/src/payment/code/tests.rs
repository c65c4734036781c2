use super::*;

#[test]
fn the_first_digits_tell_whose_code_it_is() {
    for (text, provider) in [
        ("2512345678901234", Provider::Alipay),
        ("287634438256643940", Provider::Alipay),
        ("301234567890123456789012", Provider::Alipay),
        ("100000000000000000", Provider::WechatPay),
        ("15 0061 0988 2800 9406", Provider::WechatPay),
    ] {
        let code = PaymentCode::parse(text).unwrap();
        assert_eq!(code.provider(), provider, "{text}");
        assert_eq!(code.reveal(), text.replace(' ', ""));
    }
}

#[test]
fn what_is_no_payment_code_is_refused() {
    for text in [
        "",
        "28",
        "251234567890123",
        "3012345678901234567890123",
        "24123456789012345678",
        "311234567890123456",
        "10000000000000000",
        "1500000000000000000",
        "160000000000000000",
        "28763443825664394x",
        "２８７６３４４３８２５６６４３９４",
        "https://qr.alipay.com/bax00001",
    ] {
        assert_eq!(PaymentCode::parse(text).unwrap_err(), ParsePaymentCodeError, "{text}");
    }
}

#[test]
fn a_code_shows_itself_to_nobody() {
    let code = PaymentCode::parse("287634438256643940").unwrap();
    assert_eq!(format!("{code:?}"), "PaymentCode { provider: Alipay, digits: *** }");
}

#[test]
fn each_refusal_is_found_again_by_its_code() {
    for refusal in CodeRefusal::ALL {
        assert_eq!(CodeRefusal::from_code(refusal.code()), Some(refusal));
    }
    assert_eq!(CodeRefusal::from_code(""), None);
}
