use std::collections::BTreeSet;

use crate::{
    AlipayKeyMode, NotificationSigner, PayerAct, Provider, SandboxConfig, SandboxError, system_clock,
    testing::{Shop, keys},
};

fn config() -> SandboxConfig {
    SandboxConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        public_url: Some("https://sandbox.test".to_owned()),
        clock: system_clock(),
        time_scale: 1,
        alipay: keys().alipay_merchant(AlipayKeyMode::Key),
        wechat_pay: keys().wechat_pay_merchant(NotificationSigner::Mixed),
    }
}

#[tokio::test]
async fn a_stopped_sandbox_answers_nobody_and_frees_its_address() {
    let shop = Shop::open().await;
    assert_eq!(shop.native("W00001", 100).await.0, 200);
    let (address, url) = (shop.sandbox.addr(), shop.sandbox.url());
    shop.sandbox.shutdown().await;
    assert!(shop.http.get(format!("{url}/_sandbox/orders")).send().await.is_err(), "also on a connection kept alive");
    assert!(crate::start(SandboxConfig { listen: address, ..config() }).await.is_ok());
}

#[tokio::test]
async fn key_material_that_cannot_be_used_is_refused_at_the_start() {
    let mut wrong = config();
    wrong.wechat_pay.api_v3_key = "short".to_owned();
    assert!(matches!(crate::start(wrong).await, Err(SandboxError::Key(_))));
    let mut wrong = config();
    (wrong.wechat_pay.public_key, wrong.wechat_pay.certificate) = (None, None);
    assert!(matches!(crate::start(wrong).await, Err(SandboxError::NoPlatformKey)));
    let mut wrong = config();
    wrong.alipay.platform_private_key = "rubbish".to_owned();
    assert!(matches!(crate::start(wrong).await, Err(SandboxError::Key(_))));
}

#[tokio::test]
async fn the_phone_is_where_the_public_address_says() {
    let shop = Shop::open_with(config()).await;
    let order = serde_json::json!({ "out_trade_no": "A1", "total_amount": "1.00", "subject": "x" });
    let made = shop.alipay("alipay.trade.precreate", order).await;
    assert_eq!(made["qr_code"], "https://sandbox.test/_sandbox/phone/alipay/A1");
}

#[tokio::test]
async fn while_a_merchant_migrates_both_keys_sign_notifications() {
    let shop = Shop::open_with(config()).await;
    let mut serials = BTreeSet::new();
    for number in ["W00001", "W00002", "W00003", "W00004"] {
        assert_eq!(shop.native(number, 100).await.0, 200);
        shop.control.pay(Provider::WechatPay, number, PayerAct::Pay).unwrap();
    }
    for received in shop.inbox.wait_for(4).await {
        assert!(received.wechat_pay().is_some());
        serials.insert(received.headers["wechatpay-serial"].to_str().unwrap().to_owned());
    }
    assert_eq!(serials.len(), 2, "{serials:?}");
}
