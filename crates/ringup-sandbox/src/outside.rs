//! Clock, randomness and the HTTP client: the only file of the sandbox that names them.
//!
//! The sandbox stands for the outside world, so it has its own; Ringup's come from its engine.

use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;

use crate::limits;

/// Gives the time as microseconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's own clock.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(|| jiff_now().as_microsecond())
}

#[expect(clippy::disallowed_methods, reason = "the sandbox stands for the outside world, which has its own clock")]
fn jiff_now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// The source of randomness that signing needs.
#[expect(clippy::disallowed_methods, reason = "the sandbox stands for the outside world, which has its own randomness")]
pub(crate) fn random() -> SystemRandom {
    SystemRandom::new()
}

/// Random bytes; zeros only if the operating system has none, which it never has not.
#[expect(clippy::disallowed_methods, reason = "the sandbox stands for the outside world, which has its own randomness")]
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if aws_lc_rs::rand::fill(&mut bytes).is_err() {
        tracing::error!("the operating system gave no random bytes");
    }
    bytes
}

/// A random text of `length` upper-case letters and digits, as providers use for nonces.
pub(crate) fn random_text(length: usize) -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let [byte] = random_bytes::<1>();
        text.extend(ALPHABET.get(usize::from(byte) % ALPHABET.len()).map(|&letter| char::from(letter)));
    }
    text
}

/// Why the client that carries notifications could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// TLS could not be set up.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The client itself.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
}

/// The client that carries notifications to the merchant. It follows no redirect: a redirect is no acknowledgement.
///
/// The roots of trust are compiled in: on a machine without a certificate store the platform's verifier refuses to be
/// made, and the sandbox would not start.
#[expect(clippy::disallowed_methods, reason = "the sandbox stands for the outside world, which has its own client")]
pub(crate) fn http_client() -> Result<reqwest::Client, ClientError> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .timeout(limits::NOTIFICATION_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .user_agent("Mozilla/4.0")
        .build()?;
    Ok(client)
}
