//! Certificates: what both providers read out of them, and how the demo's are made.

use md5::{Digest, Md5};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, PKCS_RSA_SHA256, SerialNumber};
use x509_parser::{
    certificate::X509Certificate,
    prelude::FromDer,
    x509::{AttributeTypeAndValue, X509Name},
};

use crate::{
    crypto::{self, KeyError, VerifyingKey},
    outside,
};

/// Signature algorithms whose object identifier starts so are RSA; Alipay counts only those of a root bundle.
const RSA_ALGORITHMS: &str = "1.2.840.113549.1.1";

/// What is used of a certificate.
pub struct Certificate {
    /// The public key.
    pub key: VerifyingKey,
    /// The serial number as WeChat Pay writes it: upper-case hexadecimal, no leading zeros lost.
    pub serial_hex: String,
    /// The name that Alipay gives it: the MD5 of issuer and serial number.
    pub alipay_sn: String,
    /// The armoured text, as it was given.
    pub pem: String,
}

impl Certificate {
    /// Reads one PEM certificate.
    ///
    /// # Errors
    /// [`KeyError::NotPem`], [`KeyError::NotCertificate`].
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let der = crypto::decode_pem(pem)?;
        let (_, certificate) = X509Certificate::from_der(&der).map_err(|_| KeyError::NotCertificate)?;
        Ok(Self {
            key: VerifyingKey::from_der(certificate.public_key().raw),
            serial_hex: crypto::hex(certificate.raw_serial()).trim_start_matches("00").to_uppercase(),
            alipay_sn: alipay_sn(&certificate),
            pem: pem.to_owned(),
        })
    }
}

/// Alipay's name of a root bundle: the names of its RSA certificates, joined.
///
/// # Errors
/// [`KeyError::NotPem`], [`KeyError::NotCertificate`].
pub fn alipay_root_sn(bundle_pem: &str) -> Result<String, KeyError> {
    let mut names = Vec::new();
    for der in crypto::decode_bundle(bundle_pem)? {
        let (_, certificate) = X509Certificate::from_der(&der).map_err(|_| KeyError::NotCertificate)?;
        if certificate.signature_algorithm.algorithm.to_id_string().starts_with(RSA_ALGORITHMS) {
            names.push(alipay_sn(&certificate));
        }
    }
    Ok(names.join("_"))
}

fn alipay_sn(certificate: &X509Certificate<'_>) -> String {
    let text = format!("{}{}", reversed_name(certificate.issuer()), certificate.tbs_certificate.serial);
    crypto::hex(&Md5::digest(text.as_bytes()))
}

/// `CN=..,OU=..,O=..,C=CN`: Alipay's SDKs write the parts of a name last to first.
fn reversed_name(name: &X509Name<'_>) -> String {
    let mut parts: Vec<String> = name.iter_attributes().map(part).collect();
    parts.reverse();
    parts.join(",")
}

fn part(attribute: &AttributeTypeAndValue<'_>) -> String {
    let kind = match attribute.attr_type().to_id_string().as_str() {
        "2.5.4.3" => "CN".to_owned(),
        "2.5.4.6" => "C".to_owned(),
        "2.5.4.7" => "L".to_owned(),
        "2.5.4.8" => "ST".to_owned(),
        "2.5.4.10" => "O".to_owned(),
        "2.5.4.11" => "OU".to_owned(),
        other => other.to_owned(),
    };
    format!("{kind}={}", attribute.as_str().unwrap_or_default())
}

/// A demo certification authority.
pub struct Authority {
    /// The self-signed certificate.
    pub certificate_pem: String,
    issuer: Issuer<'static, rcgen::KeyPair>,
}

/// Makes a self-signed demo authority.
///
/// # Errors
/// [`KeyError::CertificateNotMade`].
pub fn make_authority(common_name: &str, private_key_pem: &str) -> Result<Authority, KeyError> {
    let key = read_key(private_key_pem)?;
    let mut params = params(common_name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate_pem = params.self_signed(&key).map_err(not_made)?.pem();
    Ok(Authority { certificate_pem, issuer: Issuer::new(params, key) })
}

/// Makes a demo certificate for the key, signed by the authority.
///
/// # Errors
/// [`KeyError::CertificateNotMade`].
pub fn make_certificate(common_name: &str, private_key_pem: &str, authority: &Authority) -> Result<String, KeyError> {
    let key = read_key(private_key_pem)?;
    let certificate = params(common_name).signed_by(&key, &authority.issuer).map_err(not_made)?;
    Ok(certificate.pem())
}

fn params(common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CountryName, "CN");
    params.distinguished_name.push(DnType::OrganizationName, "Ringup Sandbox");
    params.distinguished_name.push(DnType::OrganizationalUnitName, "Demo, not for money");
    params.distinguished_name.push(DnType::CommonName, common_name);
    let mut serial = outside::random_bytes::<20>();
    // A serial number is a positive integer: the first byte stays between 0x40 and 0x7f.
    serial[0] = serial[0] & 0x3f | 0x40;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params
}

fn read_key(private_key_pem: &str) -> Result<rcgen::KeyPair, KeyError> {
    rcgen::KeyPair::from_pkcs8_pem_and_sign_algo(private_key_pem, &PKCS_RSA_SHA256).map_err(not_made)
}

fn not_made(error: rcgen::Error) -> KeyError {
    KeyError::CertificateNotMade(error.to_string())
}

#[cfg(test)]
mod tests;
