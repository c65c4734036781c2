//! Devices: a till or kiosk gets a code from the office, once, makes a key of its own, and signs what it asks from then on.

mod algorithm;
mod code;

pub use algorithm::SignatureAlgorithm;
pub use code::{EnrolCode, ParseEnrolCodeError};

use ringup_core::id::{DeviceId, PlaceId};
use ringup_core::shard::Shard;
use ringup_core::time::Span;
use ringup_db::clerk_session;
use ringup_db::device::{Device, DeviceKey, DeviceKind, PrinterAt};

use crate::Engine;
use crate::error::{SubmitError, Unavailable};

/// How long a code can be used.
pub const CODE_LASTS: Span = Span::hours(24);

/// So seldom it is written down that a device was heard.
const SEEN_EVERY: Span = Span::minutes(1);

/// Why a device was not enrolled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnrolError {
    /// There is no such code, it was used before, or its time is over: the three look the same.
    #[error("the code cannot be used")]
    CodeUnusable,
    /// The public key is none.
    #[error("the public key cannot be used")]
    KeyUnusable,
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<Unavailable> for EnrolError {
    fn from(error: Unavailable) -> Self {
        Self::Submit(error.into())
    }
}

impl EnrolError {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CodeUnusable => "enrol_code_unusable",
            Self::KeyUnusable => "device_key_unusable",
            Self::Submit(error) => error.code(),
        }
    }
}

/// Makes the code that enrols a new device; it is told once, and kept as a hash.
///
/// # Errors
/// [`SubmitError`] when the database does not serve.
pub async fn invite(
    engine: &Engine,
    (kind, place): (DeviceKind, PlaceId),
    name: String,
) -> Result<(DeviceId, EnrolCode), SubmitError> {
    let now = engine.now();
    let id = DeviceId::from_u64(engine.ids().one(Shard(0), now));
    let code = EnrolCode::draw();
    let device = Device {
        id,
        kind,
        place,
        name,
        code_hash: Some(code.hash()),
        code_until: now.plus(CODE_LASTS),
        key: None,
        revoked_at: None,
        seen_at: None,
        printer: None,
    };
    engine.write(move |tx| ringup_db::device::insert_device(tx, &device)).await?;
    Ok((id, code))
}

/// Gives a device the key that it has made.
///
/// # Errors
/// [`EnrolError`], in its order.
pub async fn enrol(
    engine: &Engine,
    code: &EnrolCode,
    algorithm: SignatureAlgorithm,
    public_key: Vec<u8>,
) -> Result<Device, EnrolError> {
    let (now, hash) = (engine.now(), code.hash());
    let found = engine.read(move |tx| ringup_db::device::find_device_by_code(tx, &hash)).await?;
    let device = found.filter(|device| now < device.code_until && device.revoked_at.is_none());
    let device = device.ok_or(EnrolError::CodeUnusable)?;
    if !algorithm.fits(&public_key) {
        return Err(EnrolError::KeyUnusable);
    }
    let key = DeviceKey { algorithm: algorithm.name().to_owned(), public_key, enrolled_at: now };
    let (id, enrolled) = (device.id, key.clone());
    let written = engine
        .write(move |tx| {
            // Whoever used the code meanwhile has the device.
            let again = ringup_db::device::find_device(tx, id)?;
            if again.is_none_or(|device| device.code_hash != Some(hash)) {
                return Ok(false);
            }
            ringup_db::device::enrol_device(tx, id, &enrolled)?;
            Ok(true)
        })
        .await?;
    if written { Ok(Device { code_hash: None, key: Some(key), ..device }) } else { Err(EnrolError::CodeUnusable) }
}

/// The device with this id, if it is enrolled and not shut out.
///
/// # Errors
/// [`Unavailable`].
pub async fn find_enrolled(engine: &Engine, id: DeviceId) -> Result<Option<Device>, Unavailable> {
    let device = engine.read(move |tx| ringup_db::device::find_device(tx, id)).await?;
    Ok(device.filter(|device| device.key.is_some() && device.revoked_at.is_none()))
}

/// Whether a signature is this device's over this text.
#[must_use]
pub fn has_signed(device: &Device, text: &[u8], signature: &[u8]) -> bool {
    let Some(key) = &device.key else { return false };
    SignatureAlgorithm::from_name(&key.algorithm)
        .is_some_and(|algorithm| algorithm.verifies(&key.public_key, text, signature))
}

/// A device was heard. Written down once a minute; when the database does not serve, the next time.
pub async fn note_seen(engine: &Engine, device: &Device) {
    let now = engine.now();
    if device.seen_at.is_some_and(|seen| now < seen.plus(SEEN_EVERY)) {
        return;
    }
    let id = device.id;
    if let Err(error) = engine.write(move |tx| ringup_db::device::note_device_seen(tx, id, now)).await {
        tracing::debug!(%error, "that a device was heard could not be written down");
    }
}

/// Says which receipt printer stands beside a device.
///
/// # Errors
/// [`SubmitError`] when the database does not serve, or there is no such device.
pub async fn set_printer(engine: &Engine, id: DeviceId, printer: Option<PrinterAt>) -> Result<(), SubmitError> {
    engine.write(move |tx| ringup_db::device::update_device_printer(tx, id, printer.as_ref())).await
}

/// Shuts a device out, and whoever is signed in on it.
///
/// # Errors
/// [`SubmitError`] when the database does not serve.
pub async fn revoke(engine: &Engine, id: DeviceId) -> Result<(), SubmitError> {
    let now = engine.now();
    engine
        .write(move |tx| {
            clerk_session::close_clerk_sessions(tx, None, Some(id))?;
            ringup_db::device::revoke_device(tx, id, now)
        })
        .await
}

#[cfg(test)]
mod tests;
