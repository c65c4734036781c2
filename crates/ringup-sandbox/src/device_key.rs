//! The key of a till or kiosk, and how it signs what it asks (RFC 9421 over method, path, query and the body's digest).

use aws_lc_rs::digest;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::crypto::KeyError;

/// A device's key pair.
#[derive(Debug)]
pub struct DeviceKey(Ed25519KeyPair);

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The path, without the query.
    pub path: &'a str,
    /// The query, without its question mark.
    pub query: &'a str,
    /// The body; empty when there is none.
    pub body: &'a [u8],
}

impl DeviceKey {
    /// A new one.
    ///
    /// # Errors
    /// [`KeyError`] when none can be made.
    pub fn generate() -> Result<Self, KeyError> {
        Ok(Self(Ed25519KeyPair::generate().map_err(|_| KeyError::DeviceKeyNotMade)?))
    }

    /// Its public half, in base64url without padding, as an enrolment sends it.
    #[must_use]
    pub fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.public_key().as_ref())
    }

    /// The header fields that sign a request of the device with this id, at this second.
    #[must_use]
    pub fn sign(&self, asked: Asked<'_>, device: &str, created: i64, nonce: &str) -> [(&'static str, String); 3] {
        let digest = STANDARD.encode(digest::digest(&digest::SHA256, asked.body).as_ref());
        let digest = format!("sha-256=:{digest}:");
        let params = format!(
            "(\"@method\" \"@path\" \"@query\" \"content-digest\");created={created};keyid=\"{device}\";\
             alg=\"ed25519\";nonce=\"{nonce}\""
        );
        let Asked { method, path, query, .. } = asked;
        let base = format!(
            "\"@method\": {method}\n\"@path\": {path}\n\"@query\": ?{query}\n\"content-digest\": {digest}\n\
             \"@signature-params\": {params}"
        );
        let signature = STANDARD.encode(self.0.sign(base.as_bytes()).as_ref());
        [
            ("content-digest", digest),
            ("signature-input", format!("till={params}")),
            ("signature", format!("till=:{signature}:")),
        ]
    }
}
