//! Alipay, by its OpenAPI gateway ("version=1.0"): one address, the method is a parameter.
//!
//! Facts that shape this module, each beside the code that copes with it: requests are signed over their raw values with
//! `sign_type` among them, notifications without it; answers are signed over the bytes of one member of the JSON, as
//! they came; an order made for a QR code does not exist until somebody scans it.

mod answer;
mod certificate;
mod code;
mod notification;
mod payment;
mod refund;
mod request;

pub use code::{cancel, pay_by_code, read_cancel, read_pay_by_code, read_query_by_code};
pub use notification::read_notification;
pub use payment::{close, create, page_url, query, read_close, read_create, read_query};
pub use refund::{query_refund, read_query_refund, read_refund, refund};

use crate::config::{self, AlipayConfig, AlipayTrust, ConfigError};
use crate::crypto::{KeyError, SigningKey, VerifyingKey};

/// How we speak to Alipay, its keys read.
#[derive(Debug)]
pub struct Alipay {
    gateway_url: String,
    app_id: String,
    seller_id: String,
    signing_key: SigningKey,
    alipay_key: VerifyingKey,
    certificates: Option<CertificateNumbers>,
}

/// The numbers by which Alipay and we name our certificates to each other.
#[derive(Debug)]
struct CertificateNumbers {
    app: String,
    alipay: String,
    root: String,
}

impl Alipay {
    /// Reads the keys.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn new(config: &AlipayConfig) -> Result<Self, ConfigError> {
        let signing_key = SigningKey::parse(config.private_key.reveal()).map_err(wrong("alipay.private_key"))?;
        let (alipay_key, certificates) = match &config.trust {
            AlipayTrust::PublicKey(key) => (VerifyingKey::parse(key).map_err(wrong("alipay.trust.public_key"))?, None),
            AlipayTrust::Certificates { app_cert, alipay_cert, root_certs } => {
                let app = certificate::read(app_cert).map_err(wrong("alipay.trust.app_cert"))?;
                let alipay = certificate::read(alipay_cert).map_err(wrong("alipay.trust.alipay_cert"))?;
                let root = certificate::root_number(root_certs).map_err(wrong("alipay.trust.root_certs"))?;
                if app.public_key != signing_key.public_der() {
                    return Err(ConfigError::CertificateOfAnotherKey);
                }
                let key = VerifyingKey::from_der(&alipay.public_key).map_err(wrong("alipay.trust.alipay_cert"))?;
                (key, Some(CertificateNumbers { app: app.number, alipay: alipay.number, root }))
            }
        };
        Ok(Self {
            gateway_url: config::address("alipay.gateway_url", &config.gateway_url)?,
            app_id: config::name("alipay.app_id", &config.app_id)?,
            seller_id: config::name("alipay.seller_id", &config.seller_id)?,
            signing_key,
            alipay_key,
            certificates,
        })
    }
}

fn wrong(setting: &'static str) -> impl FnOnce(KeyError) -> ConfigError {
    move |reason| ConfigError::Key { setting, reason }
}

#[cfg(test)]
mod tests;
