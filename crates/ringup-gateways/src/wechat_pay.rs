//! WeChat Pay, by its API v3: JSON over HTTP, every request, answer and notification signed, and what a notification says
//! encrypted as well.
//!
//! WeChat Pay signs with one of several keys and names it in a header. Which ones are believed is [`platform`]'s to
//! know: a public key that was set up, certificates that were set up, and certificates that were downloaded.

mod answer;
mod code;
mod notification;
mod payment;
mod platform;
mod refund;
mod request;
mod resource;
mod signature;
mod transaction;

pub use code::{pay_by_code, read_pay_by_code, read_query_by_code, read_query_reversed, read_reverse, reverse};
pub use notification::read_notification;
pub use payment::{close, create, query, read_close, read_create, read_query};
pub use platform::{certificates, read_certificates};
pub use refund::{query_refund, read_query_refund, read_refund, refund};

use platform::PlatformKeyRing;

use crate::config::{self, ConfigError, WechatPayConfig};
use crate::crypto::{KeyError, ResourceKey, SigningKey};

/// How we speak to WeChat Pay, its keys read.
#[derive(Debug)]
pub struct WechatPay {
    base_url: String,
    /// What of the base address stands in the path, and so in the string to sign: nothing, but behind a proxy.
    base_path: String,
    app_id: String,
    mchid: String,
    merchant_serial: String,
    signing_key: SigningKey,
    resource_key: ResourceKey,
    keys: PlatformKeyRing,
}

impl WechatPay {
    /// Reads the keys.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn new(config: &WechatPayConfig) -> Result<Self, ConfigError> {
        let base_url = config::address("wechat_pay.base_url", &config.base_url)?;
        Ok(Self {
            base_path: path_of(&base_url),
            base_url,
            app_id: config::name("wechat_pay.app_id", &config.app_id)?,
            mchid: config::name("wechat_pay.mchid", &config.mchid)?,
            merchant_serial: config::name("wechat_pay.merchant_serial", &config.merchant_serial)?,
            signing_key: SigningKey::parse(config.private_key.reveal()).map_err(wrong("wechat_pay.private_key"))?,
            resource_key: ResourceKey::new(config.api_v3_key.reveal()).map_err(wrong("wechat_pay.api_v3_key"))?,
            keys: PlatformKeyRing::new(&config.platform_keys)?,
        })
    }

    /// Believes these certificates from now on, instead of those that were downloaded before.
    pub fn keep_certificates(&self, certificates: platform::Certificates) {
        self.keys.replace_downloaded(certificates);
    }
}

/// `/gateway` of `https://proxy.example/gateway`; empty when there is none.
fn path_of(base_url: &str) -> String {
    let after_scheme = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    after_scheme.find('/').and_then(|at| after_scheme.get(at..)).unwrap_or_default().to_owned()
}

fn wrong(setting: &'static str) -> impl FnOnce(KeyError) -> ConfigError {
    move |reason| ConfigError::Key { setting, reason }
}

#[cfg(test)]
mod tests;
