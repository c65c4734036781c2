//! Randomness for signatures of our own making: the only file here that names it.

use aws_lc_rs::rand::SystemRandom;

/// What signing with RSA asks for. PKCS#1 v1.5 signatures do not depend on it.
#[expect(clippy::disallowed_methods, reason = "here providers are played, who are outside the house")]
pub fn random() -> SystemRandom {
    SystemRandom::new()
}
