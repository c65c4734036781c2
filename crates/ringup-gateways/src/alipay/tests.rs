use ringup_core::secret::Secret;

use super::*;
use crate::support::alipay_config;

#[test]
fn a_setting_that_is_wrong_is_named() {
    let refused = |change: fn(&mut AlipayConfig)| {
        let mut config = alipay_config();
        change(&mut config);
        Alipay::new(&config).unwrap_err().to_string()
    };
    let lines = [
        refused(|config| config.private_key = Secret::new("secret".to_owned())),
        refused(|config| config.private_key = Secret::new("c2VjcmV0".to_owned())),
        refused(|config| config.trust = AlipayTrust::PublicKey(String::new())),
        refused(|config| config.gateway_url = "openapi.alipay.com".to_owned()),
        refused(|config| config.gateway_url = "https://openapi.alipay.com/gateway.do?charset=utf-8".to_owned()),
        refused(|config| config.app_id = String::new()),
        refused(|config| config.seller_id = "2088 1234".to_owned()),
    ];
    insta::assert_snapshot!(lines.join("\n"));
}
