//! RSA keys that live as long as the process.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::{Broken, outside};

/// A key pair of 2,048 bits.
pub struct Key {
    pair: KeyPair,
    /// The private half, as bare base64.
    pub private: String,
    /// The public half, as bare base64.
    pub public: String,
}

impl Key {
    /// A new one.
    ///
    /// # Errors
    /// [`Broken`] when the library makes none.
    pub fn make() -> Result<Self, Broken> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(Broken::doing("an RSA key"))?;
        let private: Pkcs8V1Der<'_> = pair.as_der().map_err(Broken::doing("a private key"))?;
        let public: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(Broken::doing("a public key"))?;
        let (private, public) = (STANDARD.encode(private.as_ref()), STANDARD.encode(public.as_ref()));
        Ok(Self { pair, private, public })
    }

    /// RSA with SHA-256 (PKCS#1 v1.5), in base64.
    ///
    /// # Errors
    /// [`Broken`] when the library refuses.
    pub fn sign(&self, message: &[u8]) -> Result<String, Broken> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &outside::random(), message, &mut signature)
            .map_err(Broken::doing("a signature"))?;
        Ok(STANDARD.encode(signature))
    }
}
