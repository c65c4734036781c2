//! How tills and kiosks of scenarios sign what they ask (RFC 9421), written apart from the server's own reading of it.

use aws_lc_rs::digest;
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ringup_core::id::DeviceId;

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
    pub key: &'a Ed25519KeyPair,
    pub created: i64,
    pub nonce: String,
}

impl Signing<'_> {
    /// The headers of a signed request.
    pub fn headers(&self, (method, path): (&str, &str), body: &[u8], forged: &Forged) -> [(&'static str, String); 3] {
        let (plain, query) = path.split_once('?').unwrap_or((path, ""));
        let digest = STANDARD.encode(digest::digest(&digest::SHA256, body).as_ref());
        let digest = format!("sha-256=:{digest}:");
        let nonce = forged.nonce.as_ref().unwrap_or(&self.nonce);
        let (created, id) = (self.created, self.id);
        let params = format!(
            "(\"@method\" \"@path\" \"@query\" \"content-digest\");created={created};keyid=\"{id}\";alg=\"ed25519\";\
             nonce=\"{nonce}\""
        );
        let path_signed = forged.path_signed.as_deref().unwrap_or(plain);
        let base = format!(
            "\"@method\": {method}\n\"@path\": {path_signed}\n\"@query\": ?{query}\n\"content-digest\": {digest}\n\
             \"@signature-params\": {params}"
        );
        let signature = STANDARD.encode(self.key.sign(base.as_bytes()).as_ref());
        [
            ("content-digest", digest),
            ("signature-input", format!("device={params}")),
            ("signature", format!("device=:{signature}:")),
        ]
    }
}
