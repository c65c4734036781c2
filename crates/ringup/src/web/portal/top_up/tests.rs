use ringup_core::payment::{PayMethod, Provider};

use super::{is_web_address, read_way};

#[test]
fn another_way_names_a_provider_and_a_method_that_pages_offer() {
    let way = |text| read_way(text, "192.0.2.1".to_owned()).map(|pay| (pay.provider, pay.method));
    assert_eq!(way("wechat_pay/qr"), Some((Provider::WechatPay, PayMethod::Qr)));
    assert_eq!(way("alipay/mobile"), Some((Provider::Alipay, PayMethod::Mobile)));
    for wrong in ["", "alipay", "alipay/", "alipay/in_app", "alipay/page", "stripe/qr", "/qr"] {
        assert_eq!(way(wrong), None, "{wrong:?}");
    }
}

#[test]
fn only_an_address_of_the_web_becomes_a_link() {
    assert!(is_web_address("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1"));
    assert!(!is_web_address("javascript:alert(1)"));
    assert!(!is_web_address("weixin://wxpay/bizpayurl?pr=NwY5Mz9"));
}
