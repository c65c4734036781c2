//! The providers of a scenario.

use std::sync::{Arc, LazyLock};

use ringup_core::payment::Provider;
use ringup_core::secret::Secret;
use ringup_core::time::Span;
use ringup_engine::clock::ManualClock;
use ringup_gateways::{
    AlipayConfig, AlipayTrust, Gateways, GatewaysConfig, MailConfig, PlatformKeys, PlatformPublicKey, SmsConfig,
    WechatPayConfig,
};
use ringup_sandbox::{AlipayKeyMode, DemoKeys, NotificationSigner, Sandbox, SandboxConfig};

/// Six RSA keys take seconds in a test build, so all scenarios of a run share them.
static KEYS: LazyLock<DemoKeys> = LazyLock::new(|| DemoKeys::generate().unwrap());

pub fn keys() -> DemoKeys {
    KEYS.clone()
}

/// What Ringup and the providers agreed on.
pub struct Agreement {
    pub keys: DemoKeys,
    pub alipay_mode: AlipayKeyMode,
    pub notify_with: NotificationSigner,
    /// Which of WeChat Pay's keys Ringup holds.
    pub held: HeldKeys,
    /// Where Ringup looks for both providers instead of the sandbox.
    pub elsewhere: Option<String>,
    /// How far the providers' clocks are behind ours.
    pub providers_behind: Span,
    /// How many times faster the providers' own waits run.
    pub time_scale: u32,
    /// Whether receipts are sent by e-mail.
    pub mail: bool,
    /// Whether they are sent as text messages, and with which password.
    pub sms: Option<&'static str>,
}

/// Which of WeChat Pay's keys a merchant holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldKeys {
    PublicKey,
    Certificate,
    Both,
}

impl Agreement {
    pub fn of(keys: &DemoKeys) -> Self {
        Self {
            keys: keys.clone(),
            alipay_mode: AlipayKeyMode::Key,
            notify_with: NotificationSigner::PublicKey,
            held: HeldKeys::Both,
            elsewhere: None,
            providers_behind: Span::seconds(0),
            time_scale: 1,
            mail: true,
            sms: None,
        }
    }
}

pub async fn start(agreement: &Agreement, clock: ManualClock) -> (Sandbox, Gateways) {
    let keys = &agreement.keys;
    let behind = agreement.providers_behind;
    let sandbox = ringup_sandbox::start(SandboxConfig {
        listen: "127.0.0.1:0".parse().unwrap(),
        public_url: None,
        clock: Arc::new(move || clock.now().minus(behind).micros()),
        time_scale: agreement.time_scale,
        alipay: keys.alipay_merchant(agreement.alipay_mode),
        wechat_pay: keys.wechat_pay_merchant(agreement.notify_with),
    })
    .await
    .unwrap();
    let gateways = gateways(agreement, &sandbox);
    (sandbox, gateways)
}

/// What a server needs to speak to the providers of this sandbox.
pub fn gateways(agreement: &Agreement, sandbox: &Sandbox) -> Gateways {
    let gateways = Gateways::new(&GatewaysConfig {
        alipay: Some(alipay(agreement, sandbox)),
        wechat_pay: Some(wechat_pay(agreement, sandbox)),
        mail: agreement.mail.then(|| MailConfig {
            smtp_url: sandbox.smtp_url(),
            password: None,
            from: "Ringup <receipts@ringup.example>".to_owned(),
        }),
        sms: agreement.sms.map(|password| SmsConfig {
            smpp_url: sandbox.smpp_url(),
            password: Some(Secret::new(password.to_owned())),
            from: "Ringup".to_owned(),
            countries: vec!["CN".to_owned(), "SG".to_owned()],
        }),
    });
    gateways.unwrap()
}

fn alipay(agreement: &Agreement, sandbox: &Sandbox) -> AlipayConfig {
    let keys = agreement.keys.alipay.clone();
    AlipayConfig {
        gateway_url: agreement
            .elsewhere
            .as_ref()
            .map_or_else(|| sandbox.alipay_gateway_url(), |url| format!("{url}/gateway.do")),
        app_id: keys.app_id,
        seller_id: keys.seller_id,
        private_key: Secret::new(keys.merchant_private_key),
        trust: match agreement.alipay_mode {
            AlipayKeyMode::Key => AlipayTrust::PublicKey(keys.platform_public_key),
            AlipayKeyMode::Certificate => AlipayTrust::Certificates {
                app_cert: keys.merchant_certificate,
                alipay_cert: keys.platform_certificate,
                root_certs: keys.root_certificate,
            },
        },
    }
}

fn wechat_pay(agreement: &Agreement, sandbox: &Sandbox) -> WechatPayConfig {
    let keys = agreement.keys.wechat_pay.clone();
    let public_key = PlatformPublicKey { id: keys.platform_public_key_id, pem: keys.platform_public_key };
    let platform_keys = match agreement.held {
        HeldKeys::PublicKey => PlatformKeys { public_key: Some(public_key), certificates: Vec::new() },
        HeldKeys::Certificate => PlatformKeys { public_key: None, certificates: vec![keys.platform_certificate] },
        HeldKeys::Both => PlatformKeys { public_key: Some(public_key), certificates: vec![keys.platform_certificate] },
    };
    WechatPayConfig {
        base_url: agreement.elsewhere.clone().unwrap_or_else(|| sandbox.wechat_pay_base_url()),
        app_id: keys.appid,
        mchid: keys.mchid,
        merchant_serial: keys.merchant_serial,
        private_key: Secret::new(keys.merchant_private_key),
        api_v3_key: Secret::new(keys.api_v3_key),
        platform_keys,
    }
}

/// The sandbox's name of a provider of ours.
pub fn theirs(provider: Provider) -> ringup_sandbox::Provider {
    match provider {
        Provider::Alipay => ringup_sandbox::Provider::Alipay,
        Provider::WechatPay => ringup_sandbox::Provider::WechatPay,
    }
}
