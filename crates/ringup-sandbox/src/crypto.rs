//! RSA signatures, AES-256-GCM, PEM: the sandbox's own, shared with nobody, so that it checks the gateways.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::outside;

/// Key material that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The text is neither PEM nor bare base64.
    #[error("key material is neither PEM nor base64")]
    NotPem,
    /// The bytes are no RSA key of at least 2048 bits.
    #[error("key material is no RSA key of at least 2048 bits")]
    NotRsa,
    /// The bytes are no X.509 certificate.
    #[error("key material is no X.509 certificate")]
    NotCertificate,
    /// A certificate could not be made.
    #[error("certificate could not be made: {0}")]
    CertificateNotMade(String),
    /// A symmetric key has the wrong length.
    #[error("the API v3 key must be 32 bytes, but has {0}")]
    SymmetricKeyLength(usize),
    /// A device's key could not be made.
    #[error("a device's key could not be made")]
    DeviceKeyNotMade,
}

/// A private RSA key that signs with PKCS #1 v1.5 and SHA-256.
pub struct SigningKey(KeyPair);

impl SigningKey {
    /// Reads a PKCS #8 key, armoured or not.
    ///
    /// # Errors
    /// [`KeyError::NotPem`], [`KeyError::NotRsa`].
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let der = decode_pem(pem)?;
        KeyPair::from_pkcs8(&der).or_else(|_| KeyPair::from_der(&der)).map(Self).map_err(|_| KeyError::NotRsa)
    }

    /// Makes a new 2048-bit key.
    ///
    /// # Errors
    /// [`KeyError::NotRsa`] when the operating system has no randomness.
    pub fn generate() -> Result<Self, KeyError> {
        KeyPair::generate(KeySize::Rsa2048).map(Self).map_err(|_| KeyError::NotRsa)
    }

    /// The signature of `message`, in base64.
    pub fn sign(&self, message: &[u8]) -> String {
        let mut signature = vec![0; self.0.public_modulus_len()];
        match self.0.sign(&RSA_PKCS1_SHA256, &outside::random(), message, &mut signature) {
            Ok(()) => STANDARD.encode(signature),
            // Signing fails only without memory; an empty signature is refused by everyone.
            Err(_) => String::new(),
        }
    }

    /// The private key as PKCS #8 PEM.
    ///
    /// # Errors
    /// [`KeyError::NotRsa`] when the key cannot be written.
    pub fn private_pem(&self) -> Result<String, KeyError> {
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&self.0).map_err(|_| KeyError::NotRsa)?;
        Ok(encode_pem("PRIVATE KEY", der.as_ref()))
    }

    /// The public key as `SubjectPublicKeyInfo` PEM.
    ///
    /// # Errors
    /// [`KeyError::NotRsa`] when the key cannot be written.
    pub fn public_pem(&self) -> Result<String, KeyError> {
        let der = AsDer::<PublicKeyX509Der<'_>>::as_der(self.0.public_key()).map_err(|_| KeyError::NotRsa)?;
        Ok(encode_pem("PUBLIC KEY", der.as_ref()))
    }
}

/// A public RSA key that verifies PKCS #1 v1.5 signatures with SHA-256.
pub struct VerifyingKey(Vec<u8>);

impl VerifyingKey {
    /// Reads a `SubjectPublicKeyInfo` or PKCS #1 public key, armoured or not.
    ///
    /// # Errors
    /// [`KeyError::NotPem`]; a key of another kind shows when it verifies nothing.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        decode_pem(pem).map(Self)
    }

    /// Takes the `SubjectPublicKeyInfo` of a certificate.
    pub fn from_der(der: &[u8]) -> Self {
        Self(der.to_vec())
    }

    /// Whether `signature` (base64) is this key's signature of `message`.
    pub fn verifies(&self, message: &[u8], signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature) else { return false };
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.0).verify(message, &signature).is_ok()
    }
}

/// Encrypts with AES-256-GCM; the answer is base64 of ciphertext and tag.
///
/// # Errors
/// [`KeyError::SymmetricKeyLength`].
pub fn seal(key: &[u8], nonce: [u8; 12], associated_data: &str, plaintext: &[u8]) -> Result<String, KeyError> {
    let wrong_length = || KeyError::SymmetricKeyLength(key.len());
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(|_| wrong_length())?);
    let mut sealed = plaintext.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(associated_data), &mut sealed)
        .map_err(|_| wrong_length())?;
    Ok(STANDARD.encode(sealed))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of the first PEM block, or of bare base64: Alipay hands keys out without armour.
///
/// # Errors
/// [`KeyError::NotPem`].
pub fn decode_pem(text: &str) -> Result<Vec<u8>, KeyError> {
    let body = match text.split_once("-----BEGIN ") {
        Some((_, block)) => {
            let (_, body) = block.split_once("-----").ok_or(KeyError::NotPem)?;
            body.split_once("-----END ").ok_or(KeyError::NotPem)?.0
        }
        None => text,
    };
    let compact: String = body.chars().filter(|letter| !letter.is_whitespace()).collect();
    STANDARD.decode(compact).ok().filter(|bytes| !bytes.is_empty()).ok_or(KeyError::NotPem)
}

/// Every PEM block of a bundle, as bytes.
///
/// # Errors
/// [`KeyError::NotPem`].
pub fn decode_bundle(text: &str) -> Result<Vec<Vec<u8>>, KeyError> {
    text.split_inclusive("-----END CERTIFICATE-----")
        .filter(|block| block.contains("-----BEGIN"))
        .map(decode_pem)
        .collect()
}

/// Bytes in PEM armour, 64 characters a line.
pub fn encode_pem(label: &str, der: &[u8]) -> String {
    let mut pem = format!("-----BEGIN {label}-----\n");
    let mut rest = STANDARD.encode(der);
    while !rest.is_empty() {
        let line: String = rest.drain(..rest.len().min(64)).collect();
        pem.push_str(&line);
        pem.push('\n');
    }
    pem.push_str(&format!("-----END {label}-----\n"));
    pem
}

#[cfg(test)]
mod tests;
