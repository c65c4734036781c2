//! The cryptography that the providers ask for, all of it from aws-lc-rs: RSA signatures with SHA-256 (Alipay calls
//! them RSA2) and AES-256-GCM. SHA-1 is not here, so nothing can ask for it.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce as AeadNonce, UnboundKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is neither PEM nor bare base64.
    #[error("it is neither PEM nor bare base64")]
    NotBase64,
    /// What it holds is no RSA key of 2048 to 8192 bits.
    #[error("it holds no RSA key of 2048 to 8192 bits")]
    NotRsa,
    /// It is no certificate.
    #[error("it is no X.509 certificate")]
    NotACertificate,
    /// It has not the length it must have.
    #[error("it has not {0} bytes")]
    Length(usize),
}

/// The system refused to make a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature could not be made")]
pub struct SignError;

/// Our private key: makes RSASSA-PKCS1-v1_5 signatures over SHA-256. `Debug` shows nothing of it.
pub struct SigningKey(KeyPair);

impl SigningKey {
    /// Reads PKCS#8 or PKCS#1, in PEM or as the bare base64 that Alipay's key tool writes.
    ///
    /// # Errors
    /// [`KeyError::NotBase64`], [`KeyError::NotRsa`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let der = der_of(text)?;
        let key = KeyPair::from_pkcs8(&der).or_else(|_| KeyPair::from_der(&der));
        key.map(Self).map_err(|_| KeyError::NotRsa)
    }

    /// Signs a text; base64.
    ///
    /// # Errors
    /// [`SignError`] when memory or the library fails.
    pub fn sign(&self, text: &str) -> Result<String, SignError> {
        #[expect(
            clippy::disallowed_methods,
            reason = "PKCS#1 v1.5 signatures are deterministic; the argument only blinds, and is ignored by aws-lc-rs"
        )]
        let random = SystemRandom::new();
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature).map_err(|_| SignError)?;
        Ok(STANDARD.encode(signature))
    }

    /// The public half, as the DER of PKCS#1: what a certificate of this key must hold.
    pub fn public_der(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(***)")
    }
}

/// A provider's public key.
#[derive(Clone, Debug)]
pub struct VerifyingKey(ParsedPublicKey);

impl VerifyingKey {
    /// Reads a public key (SPKI or PKCS#1) in PEM or as bare base64.
    ///
    /// # Errors
    /// [`KeyError::NotBase64`], [`KeyError::NotRsa`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        Self::from_der(&der_of(text)?)
    }

    /// Reads the DER of a public key (SPKI or PKCS#1).
    ///
    /// # Errors
    /// [`KeyError::NotRsa`].
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).map(Self).map_err(|_| KeyError::NotRsa)
    }

    /// Whether the base64 signature is this key's, over exactly these bytes.
    pub fn verifies(&self, message: &[u8], signature: &str) -> bool {
        STANDARD.decode(signature).is_ok_and(|signature| self.0.verify_sig(message, &signature).is_ok())
    }
}

/// The key that WeChat Pay encrypts its notifications with: 32 bytes that the merchant chose ("APIv3 key").
pub struct ResourceKey(LessSafeKey);

/// The text was not encrypted with our key, or was changed on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it was not encrypted with our key, or was changed on its way")]
pub struct DecryptError;

impl ResourceKey {
    /// Takes the 32 characters as the key.
    ///
    /// # Errors
    /// [`KeyError::Length`].
    pub fn new(key: &str) -> Result<Self, KeyError> {
        let length = AES_256_GCM.key_len();
        let key = UnboundKey::new(&AES_256_GCM, key.as_bytes()).map_err(|_| KeyError::Length(length))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Decrypts and authenticates AES-256-GCM: base64 of the ciphertext and its 16-byte tag.
    ///
    /// # Errors
    /// [`DecryptError`], whatever was wrong: an attacker learns nothing of it.
    pub fn decrypt(&self, nonce: &str, associated_data: &str, ciphertext: &str) -> Result<Vec<u8>, DecryptError> {
        let mut text = STANDARD.decode(ciphertext).map_err(|_| DecryptError)?;
        let nonce = AeadNonce::try_assume_unique_for_key(nonce.as_bytes()).map_err(|_| DecryptError)?;
        let associated_data = Aad::from(associated_data.as_bytes());
        let length = self.0.open_in_place(nonce, associated_data, &mut text).map_err(|_| DecryptError)?.len();
        text.truncate(length);
        Ok(text)
    }
}

impl std::fmt::Debug for ResourceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ResourceKey(***)")
    }
}

/// The bytes in a PEM block or in bare base64; line ends and spaces are of no account.
fn der_of(text: &str) -> Result<Vec<u8>, KeyError> {
    let body: String = text.lines().map(str::trim).filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(body).map_err(|_| KeyError::NotBase64)
}

#[cfg(test)]
pub mod tests;
