use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, VerificationAlgorithm};

/// How a device signs, by the names that RFC 9421 has for it (section 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// Ed25519, with a public key of 32 bytes: programs.
    Ed25519,
    /// ECDSA over P-256 with SHA-256, the two numbers of a signature one behind the other; the public key is a point of 65
    /// bytes. What browsers can keep so that no script reads it.
    EcdsaP256Sha256,
}

impl SignatureAlgorithm {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::EcdsaP256Sha256 => "ecdsa-p256-sha256",
        }
    }

    /// The algorithm with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Ed25519, Self::EcdsaP256Sha256].into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Whether these bytes are a public key for it.
    #[must_use]
    pub fn fits(self, public_key: &[u8]) -> bool {
        let length = match self {
            Self::Ed25519 => 32,
            Self::EcdsaP256Sha256 => 65,
        };
        public_key.len() == length && ParsedPublicKey::new(self.verification(), public_key).is_ok()
    }

    /// Whether this is a signature over the text.
    #[must_use]
    pub fn verifies(self, public_key: &[u8], text: &[u8], signature: &[u8]) -> bool {
        ParsedPublicKey::new(self.verification(), public_key).is_ok_and(|key| key.verify_sig(text, signature).is_ok())
    }

    fn verification(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::Ed25519 => &ED25519,
            Self::EcdsaP256Sha256 => &ECDSA_P256_SHA256_FIXED,
        }
    }
}
