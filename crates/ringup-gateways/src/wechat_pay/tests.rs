use ringup_core::secret::Secret;

use super::*;
use crate::support::wechat_pay_config;

#[test]
fn a_setting_that_is_wrong_is_named() {
    let refused = |change: fn(&mut WechatPayConfig)| {
        let mut config = wechat_pay_config();
        change(&mut config);
        WechatPay::new(&config).unwrap_err().to_string()
    };
    let lines = [
        refused(|config| config.private_key = Secret::new("secret".to_owned())),
        refused(|config| config.api_v3_key = Secret::new("short".to_owned())),
        refused(|config| config.base_url = "ftp://api.mch.weixin.qq.com".to_owned()),
        refused(|config| config.mchid = "1900007291\"".to_owned()),
        refused(|config| config.merchant_serial = "5157\r\nX-Evil: 1".to_owned()),
        refused(|config| config.app_id = String::new()),
        refused(|config| config.platform_keys.certificates.push("no certificate".to_owned())),
        refused(|config| {
            if let Some(key) = &mut config.platform_keys.public_key {
                key.pem = "no key".to_owned();
            }
        }),
    ];
    insta::assert_snapshot!(lines.join("\n"));
}
