//! The one home of randomness in a kiosk: the operating system's.

use ringup_core::bank_note::ClaimCode;

/// So many random bytes. Where the system has none to give the process ends: a claim's code that can be guessed is money for anybody.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::disallowed_methods, reason = "this is the one home of randomness in a kiosk")]
    if aws_lc_rs::rand::fill(&mut bytes).is_err() {
        tracing::error!("the operating system gives no randomness");
        std::process::abort();
    }
    bytes
}

/// A nonce for a signature: 32 hexadecimal digits.
#[must_use]
pub fn nonce() -> String {
    hex(bytes())
}

/// The code of a claim.
#[must_use]
pub fn claim_code() -> ClaimCode {
    ClaimCode::from_bytes(bytes())
}

/// As an idempotency key is sent.
#[must_use]
pub fn hex(bytes: [u8; 16]) -> String {
    ringup_core::bank_note::SaleKey(bytes).to_string()
}
