//! What WeChat Pay encrypts for us (<https://pay.weixin.qq.com/wiki/doc/apiv3/wechatpay/wechatpay4_2.shtml>).

use serde::Deserialize;

use crate::crypto::{DecryptError, ResourceKey};

/// An encrypted text and what is needed to read it.
#[derive(Deserialize)]
pub struct ResourceWire {
    algorithm: String,
    ciphertext: String,
    nonce: String,
    #[serde(default)]
    associated_data: String,
}

impl ResourceWire {
    /// Decrypts it.
    ///
    /// # Errors
    /// [`DecryptError`]: also for another algorithm than AES-256-GCM.
    pub fn decrypt(&self, key: &ResourceKey) -> Result<Vec<u8>, DecryptError> {
        if self.algorithm != "AEAD_AES_256_GCM" {
            return Err(DecryptError);
        }
        key.decrypt(&self.nonce, &self.associated_data, &self.ciphertext)
    }
}
