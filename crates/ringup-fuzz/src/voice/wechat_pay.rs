//! WeChat Pay's voice: JSON, what it says encrypted inside, and a signature over its bytes in the headers.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ringup_core::secret::Secret;
use ringup_gateways::{PlatformKeys, PlatformPublicKey, WechatPayConfig};
use serde_json::json;

use super::key::Key;
use super::{NOW, PAYMENT, REFUND};
use crate::Broken;

/// Our app.
pub const APP: &str = "wxd678efh567hg6787";
/// Our merchant number.
pub const MERCHANT: &str = "1900007291";
/// The name of WeChat Pay's key.
pub const KEY_ID: &str = "PUB_KEY_ID_0116000000012026112300001234567890";
/// How it says that it signs.
pub const ALGORITHM: &str = "WECHATPAY2-SHA256-RSA2048";
/// What makes the signature another one each time.
pub const NONCE: &str = "c5ac7061fccab6bf3e254dcf98995b8c";

const API_V3_KEY: &str = "0123456789abcdef0123456789ABCDEF";
const RESOURCE_NONCE: &str = "fdasflkja484";

/// WeChat Pay, with its key.
pub struct WechatPay(Key);

impl WechatPay {
    pub(super) fn make() -> Result<Self, Broken> {
        Ok(Self(Key::make()?))
    }

    pub(super) fn config(&self, ours: &Key, url: &str) -> WechatPayConfig {
        let public_key = PlatformPublicKey { id: KEY_ID.to_owned(), pem: self.0.public.clone() };
        WechatPayConfig {
            base_url: url.to_owned(),
            app_id: APP.to_owned(),
            mchid: MERCHANT.to_owned(),
            merchant_serial: "5157F09EFDC096DE15EBE81A47057A7200000001".to_owned(),
            private_key: Secret::new(ours.private.clone()),
            api_v3_key: Secret::new(API_V3_KEY.to_owned()),
            platform_keys: PlatformKeys { public_key: Some(public_key), certificates: Vec::new() },
        }
    }

    /// The headers by which it signs a body.
    ///
    /// # Errors
    /// [`Broken`] when it cannot be signed.
    pub fn headers(&self, body: &[u8]) -> Result<Vec<(String, String)>, Broken> {
        let timestamp = NOW.seconds().to_string();
        let mut message = format!("{timestamp}\n{NONCE}\n").into_bytes();
        message.extend_from_slice(body);
        message.push(b'\n');
        let signature = self.0.sign(&message)?;
        let headers = [
            ("wechatpay-timestamp", timestamp.as_str()),
            ("wechatpay-nonce", NONCE),
            ("wechatpay-signature", &signature),
            ("wechatpay-serial", KEY_ID),
            ("wechatpay-signature-type", ALGORITHM),
        ];
        Ok(headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
    }

    /// A body that says this, encrypted for us.
    ///
    /// # Errors
    /// [`Broken`] when it cannot be encrypted.
    pub fn body(&self, event_type: &str, content: &[u8]) -> Result<Vec<u8>, Broken> {
        let key = UnboundKey::new(&AES_256_GCM, API_V3_KEY.as_bytes()).map_err(Broken::doing("a key"))?;
        let nonce = Nonce::try_assume_unique_for_key(RESOURCE_NONCE.as_bytes()).map_err(Broken::doing("a nonce"))?;
        let mut bytes = content.to_vec();
        LessSafeKey::new(key)
            .seal_in_place_append_tag(nonce, Aad::from(b"transaction"), &mut bytes)
            .map_err(Broken::doing("encrypting"))?;
        let body = json!({
            "id": "EV-2026112320200112345",
            "create_time": "2026-11-23T20:20:02+08:00",
            "resource_type": "encrypt-resource",
            "event_type": event_type,
            "summary": "支付成功",
            "resource": {
                "original_type": "transaction",
                "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": STANDARD.encode(bytes),
                "associated_data": "transaction",
                "nonce": RESOURCE_NONCE,
            },
        });
        Ok(body.to_string().into_bytes())
    }
}

/// A payment of ours, paid, after the example in <https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_4_5.shtml>.
pub fn payment() -> Vec<u8> {
    let content = json!({
        "transaction_id": "4200002026112320200112345678",
        "amount": { "payer_total": 8800, "total": 8888, "currency": "CNY", "payer_currency": "CNY" },
        "mchid": MERCHANT,
        "trade_state": "SUCCESS",
        "success_time": "2026-11-23T20:20:01+08:00",
        "payer": { "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
        "out_trade_no": PAYMENT.to_reference(),
        "appid": APP,
        "trade_type": "NATIVE",
    });
    content.to_string().into_bytes()
}

/// A refund of ours, sent, after the example in <https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_4_11.shtml>.
pub fn refund() -> Vec<u8> {
    let content = json!({
        "mchid": MERCHANT,
        "transaction_id": "4200002026112320200112345678",
        "out_trade_no": PAYMENT.to_reference(),
        "refund_id": "50200207182018070300011301001",
        "out_refund_no": REFUND.to_reference(),
        "refund_status": "SUCCESS",
        "success_time": "2026-11-23T20:23:00+08:00",
        "amount": { "total": 8888, "refund": 880, "payer_total": 8888, "payer_refund": 880 },
    });
    content.to_string().into_bytes()
}
