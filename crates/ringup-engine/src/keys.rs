//! The secrets that must not stand in the database: for PINs, quotes, guarded look-ups, the signature on receipts, and where
//! receipts are sent.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use aws_lc_rs::digest;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};

use crate::chance;
use crate::pin::PinKey;

/// What the files of a key folder are called.
const PIN_FILE: &str = "pin.key";
const QUOTE_FILE: &str = "quote.key";
const RECORD_FILE: &str = "record.key";
const RECEIPT_FILE: &str = "receipt.key";
const NOTICE_FILE: &str = "notice.key";

/// Why the keys cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A file cannot be read or written.
    #[error("{file}: {source}")]
    File {
        /// Which.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file is there, but it is not 64 hexadecimal digits.
    #[error("{file} is not 64 hexadecimal digits")]
    Form {
        /// Which.
        file: String,
    },
    /// The bytes make no key.
    #[error("the bytes of {file} make no key")]
    Unusable {
        /// Which.
        file: &'static str,
    },
}

/// The secrets of an installation.
pub struct Keys {
    pins: PinKey,
    quotes: LessSafeKey,
    records: LessSafeKey,
    receipts: Ed25519KeyPair,
    receipt_key_id: String,
    notices: LessSafeKey,
}

impl Keys {
    /// Reads the key files of a folder; those that are missing are made.
    ///
    /// Losing `pin.key` makes every PIN unreadable, and losing `record.key` the personal data in the database: they belong in a
    /// backup of their own, apart from the database's.
    ///
    /// # Errors
    /// [`KeysError`].
    pub fn read_or_make(folder: &Path) -> Result<Self, KeysError> {
        let at_folder = |source| KeysError::File { file: folder.display().to_string(), source };
        fs::create_dir_all(folder).map_err(at_folder)?;
        Self::from_bytes(
            &read_or_make(&folder.join(PIN_FILE))?,
            &read_or_make(&folder.join(QUOTE_FILE))?,
            &read_or_make(&folder.join(RECORD_FILE))?,
            &read_or_make(&folder.join(RECEIPT_FILE))?,
            &read_or_make(&folder.join(NOTICE_FILE))?,
        )
    }

    /// Keys that live as long as the process: for tests.
    ///
    /// # Errors
    /// [`KeysError::Unusable`].
    pub fn ephemeral() -> Result<Self, KeysError> {
        let key = chance::bytes;
        Self::from_bytes(&key(), &key(), &key(), &key(), &key())
    }

    fn from_bytes(
        pins: &[u8; 32],
        quotes: &[u8; 32],
        records: &[u8; 32],
        receipts: &[u8; 32],
        notices: &[u8; 32],
    ) -> Result<Self, KeysError> {
        let (quotes, records) = (sealing(quotes, QUOTE_FILE)?, sealing(records, RECORD_FILE)?);
        let notices = sealing(notices, NOTICE_FILE)?;
        let receipts =
            Ed25519KeyPair::from_seed_unchecked(receipts).map_err(|_| KeysError::Unusable { file: RECEIPT_FILE })?;
        let fingerprint = digest::digest(&digest::SHA256, receipts.public_key().as_ref());
        let receipt_key_id = hex(fingerprint.as_ref().get(..8).unwrap_or_default());
        Ok(Self { pins: PinKey::new(pins), quotes, records, notices, receipts, receipt_key_id })
    }

    /// For PINs.
    #[must_use]
    pub const fn pins(&self) -> &PinKey {
        &self.pins
    }

    /// Seals quotes on their way through a browser.
    #[must_use]
    pub(crate) const fn quotes(&self) -> &LessSafeKey {
        &self.quotes
    }

    /// Seals what the database keeps of people and their papers.
    #[must_use]
    pub(crate) const fn records(&self) -> &LessSafeKey {
        &self.records
    }

    /// Seals what is to be sent, and where to, for as long as it waits in the database.
    #[must_use]
    pub(crate) const fn notices(&self) -> &LessSafeKey {
        &self.notices
    }

    /// Signs receipts.
    #[must_use]
    pub(crate) const fn receipts(&self) -> &Ed25519KeyPair {
        &self.receipts
    }

    /// The public half of what signs receipts: 32 bytes of Ed25519.
    #[must_use]
    pub fn receipt_public_key(&self) -> &[u8] {
        self.receipts.public_key().as_ref()
    }

    /// The name of that key: the first 16 hexadecimal digits of its SHA-256.
    #[must_use]
    pub fn receipt_key_id(&self) -> &str {
        &self.receipt_key_id
    }
}

fn sealing(bytes: &[u8; 32], file: &'static str) -> Result<LessSafeKey, KeysError> {
    UnboundKey::new(&AES_256_GCM, bytes).map(LessSafeKey::new).map_err(|_| KeysError::Unusable { file })
}

fn read_or_make(path: &Path) -> Result<[u8; 32], KeysError> {
    let failed = |source| KeysError::File { file: path.display().to_string(), source };
    match fs::read_to_string(path) {
        Ok(text) => unhex(text.trim()).ok_or_else(|| KeysError::Form { file: path.display().to_string() }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let bytes: [u8; 32] = chance::bytes();
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(path).map_err(failed)?;
            writeln!(file, "{}", hex(&bytes)).and_then(|()| file.sync_all()).map_err(failed)?;
            Ok(bytes)
        }
        Err(error) => Err(failed(error)),
    }
}

/// The first 128 bits of a longer hash.
pub(crate) fn first_128_bits(hash: &[u8]) -> [u8; 16] {
    let mut short = [0; 16];
    for (to, from) in short.iter_mut().zip(hash) {
        *to = *from;
    }
    short
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (position, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(position * 2..position * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}
