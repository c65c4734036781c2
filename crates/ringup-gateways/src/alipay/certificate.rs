//! Certificate mode: the numbers by which Alipay and we name certificates to each other, as `getSN` of Alipay's SDK for
//! Node makes them.

use md5::{Digest, Md5};
use x509_parser::certificate::X509Certificate;
use x509_parser::objects::{oid_registry, oid2abbrev};
use x509_parser::pem::Pem;

use crate::crypto::KeyError;

/// All the ways to sign with RSA have an identifier below this one (PKCS#1).
const PKCS1: &str = "1.2.840.113549.1.1.";

/// What is needed of a certificate.
pub struct Certificate {
    /// Its number.
    pub number: String,
    /// Its public key, as the DER of PKCS#1.
    pub public_key: Vec<u8>,
}

/// Reads the first certificate of a PEM text.
///
/// # Errors
/// [`KeyError::NotACertificate`].
pub fn read(pem: &str) -> Result<Certificate, KeyError> {
    let block = blocks(pem).next().ok_or(KeyError::NotACertificate)?;
    let certificate = block.parse_x509().map_err(|_| KeyError::NotACertificate)?;
    let number = number_of(&certificate)?;
    let public_key = certificate.public_key().subject_public_key.data.to_vec();
    Ok(Certificate { number, public_key })
}

/// The number of a bundle of roots: those of its RSA certificates, joined. Alipay's bundle also holds certificates of
/// the Chinese SM2 kind; they do not count, whether they can be read here or not.
///
/// # Errors
/// [`KeyError::NotACertificate`] when none counts.
pub fn root_number(pem: &str) -> Result<String, KeyError> {
    let mut numbers = Vec::new();
    for block in blocks(pem) {
        let Ok(certificate) = block.parse_x509() else { continue };
        if certificate.signature_algorithm.algorithm.to_id_string().starts_with(PKCS1) {
            numbers.push(number_of(&certificate)?);
        }
    }
    if numbers.is_empty() { Err(KeyError::NotACertificate) } else { Ok(numbers.join("_")) }
}

fn blocks(pem: &str) -> impl Iterator<Item = Pem> {
    Pem::iter_from_buffer(pem.as_bytes()).map_while(Result::ok).filter(|block| block.label == "CERTIFICATE")
}

/// MD5 of the issuer, last part first, and the decimal serial number. MD5 only makes a name here; it proves nothing.
fn number_of(certificate: &X509Certificate<'_>) -> Result<String, KeyError> {
    let mut parts = Vec::new();
    for attribute in certificate.issuer().iter_attributes() {
        let kind = oid2abbrev(attribute.attr_type(), oid_registry()).map_err(|_| KeyError::NotACertificate)?;
        let value = attribute.as_str().map_err(|_| KeyError::NotACertificate)?;
        parts.push(format!("{kind}={value}"));
    }
    parts.reverse();
    let text = format!("{}{}", parts.join(","), certificate.tbs_certificate.serial);
    Ok(Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests;
