//! Notifications signed with the providers' own keys, with anything in them changed: what only a provider gone wrong, or
//! another merchant's notification, looks like. By the specifications again, not by the gateways' code.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ringup_sandbox::{Forgery, SignedNotification};
use serde_json::{Value, json};

use super::{Order, TestApp};

/// A private key that signs notifications.
pub struct Signer(KeyPair);

impl Signer {
    pub fn of(pem: &str) -> Self {
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        Self(KeyPair::from_pkcs8(&STANDARD.decode(body).unwrap()).unwrap())
    }

    fn sign(&self, text: &str) -> String {
        #[expect(clippy::disallowed_methods, reason = "a test's own signature needs its own randomness")]
        let random = SystemRandom::new();
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature).unwrap();
        STANDARD.encode(signature)
    }
}

/// A notification of Alipay's, opened.
pub struct Alipay {
    url: String,
    pub fields: Vec<(String, String)>,
}

impl Alipay {
    /// What Alipay would say of an order now.
    pub fn about(app: &TestApp, order: &Order) -> Self {
        Self::open(&app.notification(order, Forgery::None))
    }

    pub fn open(notification: &SignedNotification) -> Self {
        let url = reqwest::Url::parse(&format!("http://form/?{}", notification.body)).unwrap();
        let fields = url.query_pairs().filter(|(name, _)| !matches!(name.as_ref(), "sign" | "sign_type"));
        let fields = fields.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        Self { url: notification.url.clone(), fields }
    }

    /// Says something else in a field.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What is signed.
    pub fn signed_text(&self) -> String {
        let mut fields = self.fields.clone();
        fields.sort();
        fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    pub fn signed_by(self, signer: &Signer) -> SignedNotification {
        let signature = signer.sign(&self.signed_text());
        self.with_signature("RSA2", &signature)
    }

    /// With a signature that was made elsewhere.
    pub fn with_signature(self, sign_type: &str, signature: &str) -> SignedNotification {
        let signed = self.with("sign_type", sign_type).with("sign", signature);
        signed.unchanged()
    }

    /// As it stands, without a signature when it has none.
    pub fn unchanged(self) -> SignedNotification {
        let mut form = reqwest::Url::parse("http://form/").unwrap();
        form.query_pairs_mut().extend_pairs(&self.fields);
        let content_type = "application/x-www-form-urlencoded; charset=utf-8".to_owned();
        SignedNotification {
            url: self.url,
            headers: vec![("content-type".to_owned(), content_type)],
            body: form.query().unwrap_or_default().to_owned(),
        }
    }
}

/// A notification of WeChat Pay's, opened.
pub struct WechatPay {
    url: String,
    envelope: Value,
    pub resource: Value,
    timestamp: i64,
    serial: String,
    key: Vec<u8>,
}

const NONCE: &str = "a-nonce-that-is-a-nonce-of-32-ch";

impl WechatPay {
    /// What WeChat Pay would say of an order now, in public-key mode.
    pub fn about(app: &TestApp, order: &Order) -> Self {
        let notification = app.notification(order, Forgery::None);
        let envelope: Value = serde_json::from_str(&notification.body).unwrap();
        let key = app.keys.wechat_pay.api_v3_key.clone().into_bytes();
        let sealed = &envelope["resource"];
        let mut bytes = STANDARD.decode(sealed["ciphertext"].as_str().unwrap()).unwrap();
        let aad = Aad::from(sealed["associated_data"].as_str().unwrap_or_default().as_bytes());
        let opened = cipher(&key).open_in_place(nonce(sealed["nonce"].as_str().unwrap()), aad, &mut bytes).unwrap();
        let resource = serde_json::from_slice(opened).unwrap();
        let serial = app.keys.wechat_pay.platform_public_key_id.clone();
        Self { url: notification.url, envelope, resource, timestamp: app.clock.now().micros() / 1_000_000, serial, key }
    }

    /// Says something else in a field of what is encrypted.
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.resource[name] = value;
        self
    }

    /// Signed so many seconds later.
    pub fn signed_later(mut self, seconds: i64) -> Self {
        self.timestamp += seconds;
        self
    }

    /// Names another of WeChat Pay's keys.
    pub fn naming(mut self, serial: &str) -> Self {
        self.serial = serial.to_owned();
        self
    }

    /// Encrypted with another key than the one that was agreed on.
    pub fn encrypted_with(mut self, key: &[u8; 32]) -> Self {
        self.key = key.to_vec();
        self
    }

    pub fn signed_by(mut self, signer: &Signer) -> SignedNotification {
        let mut bytes = self.resource.to_string().into_bytes();
        cipher(&self.key)
            .seal_in_place_append_tag(nonce("twelve-bytes"), Aad::from(b"transaction"), &mut bytes)
            .unwrap();
        self.envelope["resource"]["ciphertext"] = json!(STANDARD.encode(bytes));
        self.envelope["resource"]["nonce"] = json!("twelve-bytes");
        self.envelope["resource"]["associated_data"] = json!("transaction");
        let body = self.envelope.to_string();
        let signature = signer.sign(&format!("{}\n{NONCE}\n{body}\n", self.timestamp));
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("wechatpay-timestamp", self.timestamp.to_string()),
            ("wechatpay-nonce", NONCE.to_owned()),
            ("wechatpay-serial", self.serial),
            ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048".to_owned()),
            ("wechatpay-signature", signature),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value)).to_vec();
        SignedNotification { url: self.url, headers, body }
    }
}

fn cipher(key: &[u8]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).unwrap())
}

fn nonce(text: &str) -> Nonce {
    Nonce::try_assume_unique_for_key(text.as_bytes()).unwrap()
}
