//! What the tests of this crate share: keys made at run time, providers that are set up, and providers' own voices.

use std::sync::LazyLock;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce as AeadNonce, UnboundKey};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ringup_core::id::{PaymentId, RefundId};
use ringup_core::money::{Amount, Unit};
use ringup_core::payment::{PayMethod, PaymentCode};
use ringup_core::secret::Secret;
use ringup_core::time::{Span, Timestamp};

use crate::config::{AlipayConfig, AlipayTrust, PlatformKeys, PlatformPublicKey, WechatPayConfig};
use crate::crypto::SigningKey;
use crate::http::{HttpRequest, HttpResponse};
use crate::order::{CreatePayment, Nonce, PayByCode, RefundOrder};

/// 2026-11-23 20:24:06 in China.
pub const NOW: Timestamp = Timestamp::from_seconds(1_795_436_646);
pub const PAYMENT: PaymentId = PaymentId::from_u64(251_142_000_000_123);
pub const REFUND: RefundId = RefundId::from_u64(251_142_000_000_456);
pub const API_V3_KEY: &str = "0123456789abcdef0123456789ABCDEF";
pub const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0116000000012026112300001234567890";

/// An RSA key of 2,048 bits that lives as long as the test run.
pub struct TestKey {
    pub private_pem: String,
    pub public_pem: String,
    signing_key: SigningKey,
}

pub static OURS: LazyLock<TestKey> = LazyLock::new(TestKey::generate);
pub static ALIPAYS: LazyLock<TestKey> = LazyLock::new(TestKey::generate);
pub static WECHAT_PAYS: LazyLock<TestKey> = LazyLock::new(TestKey::generate);
pub static FORGERS: LazyLock<TestKey> = LazyLock::new(TestKey::generate);

impl TestKey {
    fn generate() -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let private: Pkcs8V1Der<'_> = pair.as_der().unwrap();
        let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
        let private_pem = pem("PRIVATE KEY", private.as_ref());
        Self {
            signing_key: SigningKey::parse(&private_pem).unwrap(),
            public_pem: pem("PUBLIC KEY", public.as_ref()),
            private_pem,
        }
    }

    /// RSA2, base64.
    pub fn sign(&self, text: &str) -> String {
        self.signing_key.sign(text).unwrap()
    }
}

pub fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

pub fn alipay_config() -> AlipayConfig {
    AlipayConfig {
        gateway_url: "https://openapi.alipay.com/gateway.do".to_owned(),
        app_id: "2021000111222333".to_owned(),
        seller_id: "2088123456789012".to_owned(),
        private_key: Secret::new(OURS.private_pem.clone()),
        trust: AlipayTrust::PublicKey(ALIPAYS.public_pem.clone()),
    }
}

pub fn wechat_pay_config() -> WechatPayConfig {
    WechatPayConfig {
        base_url: "https://api.mch.weixin.qq.com".to_owned(),
        app_id: "wxd678efh567hg6787".to_owned(),
        mchid: "1900007291".to_owned(),
        merchant_serial: "5157F09EFDC096DE15EBE81A47057A7200000001".to_owned(),
        private_key: Secret::new(OURS.private_pem.clone()),
        api_v3_key: Secret::new(API_V3_KEY.to_owned()),
        platform_keys: PlatformKeys {
            public_key: Some(PlatformPublicKey { id: PUBLIC_KEY_ID.to_owned(), pem: WECHAT_PAYS.public_pem.clone() }),
            certificates: Vec::new(),
        },
    }
}

pub fn nonce() -> Nonce {
    Nonce::from_bytes([0x5a; 16])
}

pub fn yuan(text: &str) -> Amount {
    Amount::parse(text, Unit::Cny).unwrap()
}

pub fn create_payment(method: PayMethod) -> CreatePayment {
    CreatePayment {
        order: PAYMENT.into(),
        method,
        amount: yuan("88.88"),
        subject: "电话卡充值 100% & more".to_owned(),
        notify_url: "https://ringup.example/notifications/x".to_owned(),
        return_url: "https://ringup.example/top-ups/abc?lang=zh&x=1".to_owned(),
        expires_at: NOW.plus(Span::minutes(15)),
        payer_ip: Some("203.0.113.7".to_owned()),
        openid: Some(Secret::new("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".to_owned())),
    }
}

/// A code that is nobody's.
pub const ALIPAY_CODE: &str = "287634438256643940";
pub const WECHAT_PAY_CODE: &str = "130061098828009406";

pub fn pay_by_code(code: &str) -> PayByCode {
    PayByCode {
        payment: PAYMENT,
        amount: yuan("88.88"),
        subject: "电话卡充值 100% & more".to_owned(),
        notify_url: "https://ringup.example/notifications/x".to_owned(),
        till: "pur_0000000000001".to_owned(),
        code: PaymentCode::parse(code).unwrap(),
    }
}

pub fn refund_order() -> RefundOrder {
    RefundOrder {
        refund: REFUND,
        payment: PAYMENT,
        amount: yuan("8.80"),
        total: yuan("88.88"),
        reason: "持卡人要求退款".to_owned(),
        notify_url: "https://ringup.example/notifications/refund".to_owned(),
    }
}

/// An answer of Alipay's gateway: `content` is the JSON text of the member, signed with this key.
pub fn alipay_answers(member: &str, content: &str, key: &TestKey) -> HttpResponse {
    let body = format!(r#"{{"{member}":{content},"sign":"{}"}}"#, key.sign(content));
    HttpResponse { status: 200, headers: Vec::new(), body: body.into_bytes() }
}

/// The headers by which WeChat Pay signs a body, at this moment and with this key.
pub fn wechat_pay_signs(body: &str, at: Timestamp, key: &TestKey) -> Vec<(String, String)> {
    let (timestamp, nonce) = (at.seconds().to_string(), "c5ac7061fccab6bf3e254dcf98995b8c");
    let signature = key.sign(&format!("{timestamp}\n{nonce}\n{body}\n"));
    [
        ("wechatpay-timestamp", timestamp.as_str()),
        ("wechatpay-nonce", nonce),
        ("wechatpay-signature", &signature),
        ("wechatpay-serial", PUBLIC_KEY_ID),
        ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// An answer that WeChat Pay signed.
pub fn wechat_pay_answers(status: u16, body: &str) -> HttpResponse {
    HttpResponse { status, headers: wechat_pay_signs(body, NOW, &WECHAT_PAYS), body: body.as_bytes().to_vec() }
}

/// AES-256-GCM as WeChat Pay encrypts: the JSON text of a `resource`.
pub fn wechat_pay_encrypts(content: &str, associated_data: &str) -> String {
    let (nonce, key) = ("fdasflkja484", UnboundKey::new(&AES_256_GCM, API_V3_KEY.as_bytes()).unwrap());
    let mut bytes = content.as_bytes().to_vec();
    let aead_nonce = AeadNonce::try_assume_unique_for_key(nonce.as_bytes()).unwrap();
    LessSafeKey::new(key)
        .seal_in_place_append_tag(aead_nonce, Aad::from(associated_data.as_bytes()), &mut bytes)
        .unwrap();
    serde_json::json!({
        "original_type": "transaction",
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": STANDARD.encode(bytes),
        "associated_data": associated_data,
        "nonce": nonce,
    })
    .to_string()
}

/// A request as a person reads it, with what differs from run to run taken out.
pub fn shown(request: &HttpRequest, signature: &str) -> String {
    let mut text = format!("{} {}\n", request.method.name(), request.url);
    for (name, value) in &request.headers {
        text.push_str(&format!("{name}: {value}\n"));
    }
    text.push('\n');
    text.push_str(&request.body);
    text.replace(signature, "[signature]").replace(&crate::form::encode(signature), "[signature]")
}

/// A certificate of this key, in PEM, issued by itself.
pub fn certificate(key: &TestKey, serial: u64) -> String {
    let pair = rcgen::KeyPair::from_pkcs8_pem_and_sign_algo(&key.private_pem, &rcgen::PKCS_RSA_SHA256).unwrap();
    certificate_of(&pair, serial)
}

/// The same for any kind of key.
pub fn certificate_of(pair: &rcgen::KeyPair, serial: u64) -> String {
    let mut parameters = rcgen::CertificateParams::default();
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    for (kind, value) in [
        (rcgen::DnType::CountryName, "CN"),
        (rcgen::DnType::OrganizationName, "Ringup"),
        (rcgen::DnType::OrganizationalUnitName, "Certification Authority"),
        (rcgen::DnType::CommonName, "Ringup Test CA"),
    ] {
        parameters.distinguished_name.push(kind, value);
    }
    parameters.serial_number = Some(rcgen::SerialNumber::from(serial));
    parameters.self_signed(pair).unwrap().pem()
}
