//! How tills and kiosks of scenarios sign what they ask (RFC 9421).

use ringup_core::id::DeviceId;
use ringup_sandbox::{Asked, DeviceKey};

/// What a request is signed with besides the device's own key, for those that try to get in.
#[derive(Clone, Debug, Default)]
pub struct Forged {
    pub nonce: Option<String>,
    pub body_after_signing: Option<Vec<u8>>,
    pub path_signed: Option<String>,
}

/// Who signs, when, and with which nonce.
pub struct Signing<'a> {
    pub id: DeviceId,
    pub key: &'a DeviceKey,
    pub created: i64,
    pub nonce: String,
}

impl Signing<'_> {
    /// The headers of a signed request.
    pub fn headers(&self, (method, path): (&str, &str), body: &[u8], forged: &Forged) -> [(&'static str, String); 3] {
        let (plain, query) = path.split_once('?').unwrap_or((path, ""));
        let nonce = forged.nonce.as_ref().unwrap_or(&self.nonce);
        let asked = Asked { method, path: forged.path_signed.as_deref().unwrap_or(plain), query, body };
        self.key.sign(asked, &self.id.to_string(), self.created, nonce)
    }
}
