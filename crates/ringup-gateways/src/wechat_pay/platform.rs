//! The keys that WeChat Pay signs with: which are believed, and how new certificates are fetched.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use ringup_core::time::Timestamp;
use serde::Deserialize;
use x509_parser::pem::Pem;

use super::resource::ResourceWire;
use super::signature::SignatureHeaders;
use super::{WechatPay, answer, request, wrong};
use crate::china_time;
use crate::config::{ConfigError, PlatformKeys};
use crate::crypto::{KeyError, VerifyingKey};
use crate::http::{HttpRequest, HttpResponse};
use crate::order::{GatewayError, Nonce};

/// Certificates' keys by their serial numbers.
pub type Certificates = BTreeMap<String, VerifyingKey>;

/// Every key that is believed, by the name that `Wechatpay-Serial` gives it.
#[derive(Debug)]
pub struct PlatformKeyRing {
    public_key_id: Option<String>,
    set_up: Certificates,
    downloaded: RwLock<Certificates>,
}

impl PlatformKeyRing {
    /// Reads the keys that are set up.
    ///
    /// # Errors
    /// [`ConfigError::Key`].
    pub fn new(keys: &PlatformKeys) -> Result<Self, ConfigError> {
        let mut set_up = Certificates::new();
        if let Some(public_key) = &keys.public_key {
            let key = VerifyingKey::parse(&public_key.pem).map_err(wrong("wechat_pay.platform_keys.public_key"))?;
            set_up.insert(named(&public_key.id), key);
        }
        for pem in &keys.certificates {
            let read = read_certificate(pem.as_bytes());
            let (serial, key) = read.map_err(wrong("wechat_pay.platform_keys.certificates"))?;
            set_up.insert(serial, key);
        }
        Ok(Self {
            public_key_id: keys.public_key.as_ref().map(|key| key.id.clone()),
            set_up,
            downloaded: RwLock::default(),
        })
    }

    /// The name of the public key, when there is one.
    pub fn public_key_id(&self) -> Option<&str> {
        self.public_key_id.as_deref()
    }

    /// The key of this name.
    pub fn find(&self, serial: &str) -> Option<VerifyingKey> {
        let serial = named(serial);
        // A poisoned lock only means that some thread died; the map is replaced whole, so it is never half written.
        let downloaded = self.downloaded.read().unwrap_or_else(PoisonError::into_inner);
        self.set_up.get(&serial).or_else(|| downloaded.get(&serial)).cloned()
    }

    /// Believes these instead of what was downloaded before.
    pub fn replace_downloaded(&self, certificates: Certificates) {
        *self.downloaded.write().unwrap_or_else(PoisonError::into_inner) = certificates;
    }
}

#[derive(Deserialize)]
struct CertificatesWire {
    data: Vec<CertificateWire>,
}

#[derive(Deserialize)]
struct CertificateWire {
    serial_no: String,
    expire_time: String,
    encrypt_certificate: ResourceWire,
}

/// `GET /v3/certificates`: asks for the platform certificates that are good now.
///
/// # Errors
/// [`GatewayError::NotSent`].
pub fn certificates(wechat_pay: &WechatPay, now: Timestamp, nonce: &Nonce) -> Result<HttpRequest, GatewayError> {
    Ok(request::get(wechat_pay, "/v3/certificates", now, nonce)?)
}

/// Reads the answer to [`certificates`].
///
/// The first certificate can be proved by nothing that is held: it comes encrypted with our APIv3 key, which only WeChat
/// Pay and we know, and the answer must be signed by a key that is held, or by one of those that came with it.
///
/// # Errors
/// [`GatewayError::Refused`], [`GatewayError::Unknown`].
pub fn read_certificates(
    wechat_pay: &WechatPay,
    response: &HttpResponse,
    now: Timestamp,
) -> Result<Certificates, GatewayError> {
    answer::refuse_failure(response)?;
    let wire: CertificatesWire = serde_json::from_slice(&response.body)
        .map_err(|_| GatewayError::unknown("the answer is no list of certificates"))?;
    let mut certificates = Certificates::new();
    for certificate in &wire.data {
        if china_time::from_rfc3339(&certificate.expire_time).is_none_or(|at| at <= now) {
            continue;
        }
        let pem = certificate.encrypt_certificate.decrypt(&wechat_pay.resource_key);
        let pem = pem.map_err(|error| GatewayError::unknown(format!("a certificate: {error}")))?;
        let read = read_certificate(&pem).map_err(|error| GatewayError::unknown(format!("a certificate: {error}")));
        let (serial, key) = read?;
        if serial != named(&certificate.serial_no) {
            return Err(GatewayError::unknown("a certificate bears another serial number than the answer says"));
        }
        certificates.insert(serial, key);
    }
    let unproved = |error| GatewayError::unknown(format!("the answer is not WeChat Pay's: {error}"));
    let headers = SignatureHeaders::find(&response.headers).map_err(unproved)?;
    let key = certificates.get(&named(headers.serial)).cloned().or_else(|| wechat_pay.keys.find(headers.serial));
    headers.prove(key.as_ref(), &response.body, now).map_err(unproved)?;
    Ok(certificates)
}

/// The serial number and the key of a certificate in PEM.
fn read_certificate(pem: &[u8]) -> Result<(String, VerifyingKey), KeyError> {
    let block = Pem::iter_from_buffer(pem).next().and_then(Result::ok).ok_or(KeyError::NotACertificate)?;
    let certificate = block.parse_x509().map_err(|_| KeyError::NotACertificate)?;
    let serial: String =
        certificate.tbs_certificate.serial.to_bytes_be().iter().map(|byte| format!("{byte:02X}")).collect();
    let key = VerifyingKey::from_der(&certificate.public_key().subject_public_key.data)?;
    Ok((serial, key))
}

/// Serial numbers are hexadecimal, written in either case.
fn named(serial: &str) -> String {
    serial.to_ascii_uppercase()
}

#[cfg(test)]
mod tests;
