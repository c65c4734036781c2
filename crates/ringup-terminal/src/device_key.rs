//! The key of a kiosk, in a file that its owner alone may read, and how it signs what it asks (RFC 9421).

#[cfg(test)]
mod tests;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use aws_lc_rs::digest;
use aws_lc_rs::encoding::AsBigEndian as _;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

/// A kiosk's key and what it was enrolled as.
#[derive(Debug)]
pub struct DeviceKey {
    pair: Ed25519KeyPair,
    /// The key's id for signatures.
    pub device: String,
    /// The number in front of its notes' numbers.
    pub kiosk: u32,
}

/// A key that is not enrolled yet.
#[derive(Debug)]
pub struct NewKey(Ed25519KeyPair);

/// As it stands in the file.
#[derive(Deserialize, Serialize)]
struct KeyFile {
    device: String,
    kiosk: u32,
    seed: String,
}

/// What is to be signed.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The path, without a query: a kiosk asks none.
    pub path: &'a str,
    /// The body; empty when there is none.
    pub body: &'a [u8],
}

/// What is wrong with the key.
#[derive(Debug, thiserror::Error)]
pub enum DeviceKeyError {
    /// The file is not there.
    #[error("{0} is not there: this machine is not enrolled")]
    Missing(String),
    /// It can be read by others.
    #[error("{0} can be read by others than its owner: chmod 600")]
    Open(String),
    /// There is one already.
    #[error("{0} is there already: this machine is enrolled; move it away to enrol anew")]
    Exists(String),
    /// It is no key.
    #[error("{0} is no key of a kiosk")]
    Malformed(String),
    /// No key can be made.
    #[error("no key can be made")]
    NotMade,
    /// The disk.
    #[error("{0}: {1}")]
    Disk(String, std::io::Error),
}

impl DeviceKeyError {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "not_enrolled",
            Self::Open(_) => "key_readable_by_others",
            Self::Exists(_) => "already_enrolled",
            Self::Malformed(_) => "key_malformed",
            Self::NotMade => "key_not_made",
            Self::Disk(..) => "disk",
        }
    }
}

impl NewKey {
    /// Makes one.
    ///
    /// # Errors
    /// [`DeviceKeyError::NotMade`].
    pub fn generate() -> Result<Self, DeviceKeyError> {
        Ed25519KeyPair::generate().map(Self).map_err(|_| DeviceKeyError::NotMade)
    }

    /// Its public half, in base64url without padding, as an enrolment sends it.
    #[must_use]
    pub fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.public_key().as_ref())
    }

    /// It was enrolled under this id.
    #[must_use]
    pub fn enrolled(self, device: String, kiosk: u32) -> DeviceKey {
        DeviceKey { pair: self.0, device, kiosk }
    }
}

impl DeviceKey {
    /// Whether a machine is enrolled already: its file is never written over.
    ///
    /// # Errors
    /// [`DeviceKeyError::Exists`].
    pub fn must_be_new(path: &Path) -> Result<(), DeviceKeyError> {
        if path.exists() { Err(DeviceKeyError::Exists(path.display().to_string())) } else { Ok(()) }
    }

    /// Writes the key into a file that nobody but its owner may read, and that must be new.
    ///
    /// # Errors
    /// [`DeviceKeyError`].
    pub fn keep(&self, path: &Path) -> Result<(), DeviceKeyError> {
        let name = || path.display().to_string();
        let seed = self.pair.seed().and_then(|seed| seed.as_be_bytes()).map_err(|_| DeviceKeyError::NotMade)?;
        let file =
            KeyFile { device: self.device.clone(), kiosk: self.kiosk, seed: URL_SAFE_NO_PAD.encode(seed.as_ref()) };
        let text = serde_json::to_string(&file).map_err(|_| DeviceKeyError::NotMade)?;
        Self::must_be_new(path)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(|error| DeviceKeyError::Disk(name(), error))?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        written.map_err(|error| DeviceKeyError::Disk(name(), error))
    }

    /// Reads the key of an enrolled machine.
    ///
    /// # Errors
    /// [`DeviceKeyError`].
    pub fn read(path: &Path) -> Result<Self, DeviceKeyError> {
        let name = || path.display().to_string();
        let about = std::fs::metadata(path).map_err(|_| DeviceKeyError::Missing(name()))?;
        if about.permissions().mode() & 0o077 != 0 {
            return Err(DeviceKeyError::Open(name()));
        }
        let text = std::fs::read_to_string(path).map_err(|error| DeviceKeyError::Disk(name(), error))?;
        let malformed = || DeviceKeyError::Malformed(name());
        let file: KeyFile = serde_json::from_str(&text).map_err(|_| malformed())?;
        let seed = URL_SAFE_NO_PAD.decode(&file.seed).map_err(|_| malformed())?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| malformed())?;
        Ok(Self { pair, device: file.device, kiosk: file.kiosk })
    }

    /// The header fields that sign a request at this second.
    #[must_use]
    pub fn sign(&self, asked: Asked<'_>, created: i64, nonce: &str) -> [(&'static str, String); 3] {
        let digest = STANDARD.encode(digest::digest(&digest::SHA256, asked.body).as_ref());
        let digest = format!("sha-256=:{digest}:");
        let device = &self.device;
        let params = format!(
            "(\"@method\" \"@path\" \"@query\" \"content-digest\");created={created};keyid=\"{device}\";\
             alg=\"ed25519\";nonce=\"{nonce}\""
        );
        let Asked { method, path, .. } = asked;
        let base = format!(
            "\"@method\": {method}\n\"@path\": {path}\n\"@query\": ?\n\"content-digest\": {digest}\n\
             \"@signature-params\": {params}"
        );
        let signature = STANDARD.encode(self.pair.sign(base.as_bytes()).as_ref());
        [
            ("content-digest", digest),
            ("signature-input", format!("kiosk={params}")),
            ("signature", format!("kiosk=:{signature}:")),
        ]
    }
}
