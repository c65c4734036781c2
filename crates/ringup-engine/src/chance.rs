//! The one home of randomness: the operating system's, by way of aws-lc-rs.

/// So many random bytes.
///
/// Where the operating system has no randomness to give, the process ends: to go on with bytes that can be guessed would
/// open every receipt.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

/// Fills a slice with random bytes; see [`bytes`].
pub fn fill(bytes: &mut [u8]) {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of randomness")]
    let filled = aws_lc_rs::rand::fill(bytes);
    if filled.is_err() {
        tracing::error!("the operating system gives no randomness");
        std::process::abort();
    }
}
