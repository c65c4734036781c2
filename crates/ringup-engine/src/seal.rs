//! Sealing: what travels through a browser, or lies in the database, can neither be read nor changed there (AES-256-GCM).

use aws_lc_rs::aead::{Aad, LessSafeKey, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::chance;

const NONCE_LENGTH: usize = 12;

/// Seals a content for one purpose, as text for an address, a form or a cookie.
///
/// Contents are far below the cipher's limit of 64 GiB; were one not, the text would be empty, and never open.
pub(crate) fn seal(key: &LessSafeKey, purpose: &[u8], content: Vec<u8>) -> String {
    URL_SAFE_NO_PAD.encode(seal_bytes(key, purpose, content))
}

/// The same as bytes, for a column.
pub(crate) fn seal_bytes(key: &LessSafeKey, purpose: &[u8], content: Vec<u8>) -> Vec<u8> {
    let nonce: [u8; NONCE_LENGTH] = chance::bytes();
    let mut sealed = content;
    if key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(purpose), &mut sealed).is_err() {
        return Vec::new();
    }
    let mut bytes = nonce.to_vec();
    bytes.append(&mut sealed);
    bytes
}

/// Opens what was sealed for this purpose; nothing when it was damaged, changed, or sealed with another key or for
/// another purpose.
pub(crate) fn open(key: &LessSafeKey, purpose: &[u8], text: &str) -> Option<Vec<u8>> {
    open_bytes(key, purpose, &URL_SAFE_NO_PAD.decode(text).ok()?)
}

/// Opens what was sealed as bytes.
pub(crate) fn open_bytes(key: &LessSafeKey, purpose: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = bytes.split_at_checked(NONCE_LENGTH)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut sealed = sealed.to_vec();
    let opened = key.open_in_place(nonce, Aad::from(purpose), &mut sealed).ok()?;
    Some(opened.to_vec())
}
