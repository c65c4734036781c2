//! Requests that a till or kiosk has signed with its own key: HTTP Message Signatures (RFC 9421) over the method, the path, the
//! query and the digest of the body (RFC 9530).
//!
//! A signature counts for two minutes and once. Whoever copies a request has nothing: it is refused the second time, and no part of
//! it can be changed.

mod nonces;

pub(in crate::web) use nonces::Nonces;

use std::str::FromStr as _;

use aws_lc_rs::{constant_time, digest};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use ringup_core::id::DeviceId;
use ringup_core::time::{Span, Timestamp};
use ringup_db::device::Device;
use ringup_engine::error::Unavailable;
use ringup_engine::{Engine, device};
use sfv::{BareItem, Dictionary, InnerList, ListEntry, ListSerializer, Parser};

/// How far a device's clock may be off, and how long its signature counts.
const CLOCK_TOLERANCE: Span = Span::seconds(120);

/// A nonce has so many characters at most.
const NONCE_MAX: usize = 64;

/// What a signature must cover.
const COVERED: [&str; 4] = ["@method", "@path", "@query", "content-digest"];

const SIGNATURE: HeaderName = HeaderName::from_static("signature");
const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");

/// Why a request is not taken for a device's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::web) enum SignatureError {
    /// It is not signed.
    #[error("the request is not signed")]
    Missing,
    /// The signature's headers cannot be read, or it covers too little.
    #[error("the signature cannot be read, or does not cover method, path, query and body")]
    Malformed,
    /// No such device is enrolled, or it was shut out.
    #[error("this device is not enrolled")]
    DeviceUnknown,
    /// The device's clock is off.
    #[error("the device's clock is off by more than {} s", CLOCK_TOLERANCE.as_seconds())]
    ClockWrong,
    /// The body is not the one that was signed.
    #[error("the body is not the one that was signed")]
    BodyDiffers,
    /// The signature is not that device's.
    #[error("the signature is wrong")]
    Wrong,
    /// The request was sent before.
    #[error("the request was sent before")]
    Replayed,
    /// The database does not serve.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl SignatureError {
    /// Its stable code.
    pub(in crate::web) const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "signature_missing",
            Self::Malformed => "signature_malformed",
            Self::DeviceUnknown => "device_unknown",
            Self::ClockWrong => "clock_wrong",
            Self::BodyDiffers => "content_digest_wrong",
            Self::Wrong => "signature_wrong",
            Self::Replayed => "signature_replayed",
            Self::Unavailable(_) => "unavailable",
        }
    }
}

/// What a signature says of itself.
struct Claim {
    /// What is covered, with the parameters, as the signature's last line has it.
    params: String,
    components: Vec<String>,
    device: DeviceId,
    created: Timestamp,
    nonce: String,
    signature: Vec<u8>,
}

/// The device that has signed a request.
///
/// # Errors
/// [`SignatureError`], in its order.
pub(in crate::web) async fn device_of(
    engine: &Engine,
    nonces: &Nonces,
    parts: &Parts,
    body: &[u8],
) -> Result<Device, SignatureError> {
    let claim = read(&parts.headers)?;
    let found = device::find_enrolled(engine, claim.device).await?;
    let device = found.ok_or(SignatureError::DeviceUnknown)?;
    let now = engine.now();
    let off = now.since(claim.created).as_micros().saturating_abs();
    if off > CLOCK_TOLERANCE.as_micros() {
        return Err(SignatureError::ClockWrong);
    }
    check_digest(&parts.headers, body)?;
    let base = base(parts, &claim).ok_or(SignatureError::Malformed)?;
    if !device::has_signed(&device, base.as_bytes(), &claim.signature) {
        return Err(SignatureError::Wrong);
    }
    // Only a signature that is right is remembered: nobody else can use up a device's nonces.
    if !nonces.is_new(device.id, claim.nonce, now, CLOCK_TOLERANCE) {
        return Err(SignatureError::Replayed);
    }
    device::note_seen(engine, &device).await;
    Ok(device)
}

fn read(headers: &HeaderMap) -> Result<Claim, SignatureError> {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(input), Some(signature)) = (text(&SIGNATURE_INPUT), text(&SIGNATURE)) else {
        return Err(SignatureError::Missing);
    };
    let inputs: Dictionary = Parser::new(input).parse().map_err(|_| SignatureError::Malformed)?;
    let signatures: Dictionary = Parser::new(signature).parse().map_err(|_| SignatureError::Malformed)?;
    let (Some((label, ListEntry::InnerList(covered))), 1) = (inputs.first(), inputs.len()) else {
        return Err(SignatureError::Malformed);
    };
    let signature = match signatures.get(label) {
        Some(ListEntry::Item(item)) => item.bare_item.as_byte_sequence().map(<[u8]>::to_vec),
        Some(ListEntry::InnerList(_)) | None => None,
    };
    claim(covered, signature).ok_or(SignatureError::Malformed)
}

fn claim(covered: &InnerList, signature: Option<Vec<u8>>) -> Option<Claim> {
    let plain = |item: &sfv::Item| {
        let name = item.bare_item.as_string().map(|name| name.as_str().to_owned());
        name.filter(|_| item.params.is_empty())
    };
    let components: Option<Vec<String>> = covered.items.iter().map(plain).collect();
    let components = components.filter(|names| COVERED.iter().all(|needed| names.iter().any(|name| name == needed)))?;
    let parameter = |name: &str| covered.params.get(name);
    let text = |name: &str| parameter(name).and_then(BareItem::as_string).map(|text| text.as_str().to_owned());
    let device = DeviceId::from_str(&text("keyid")?).ok()?;
    let created = i64::from(parameter("created")?.as_integer()?);
    let nonce = text("nonce").filter(|nonce| (8..=NONCE_MAX).contains(&nonce.len()))?;
    Some(Claim {
        params: serialized(covered)?,
        components,
        device,
        created: Timestamp::from_seconds(created),
        nonce,
        signature: signature?,
    })
}

/// The covered components with their parameters, in the one form that there is (RFC 9421, section 2.3).
fn serialized(covered: &InnerList) -> Option<String> {
    let mut list = ListSerializer::new();
    list.members(std::iter::once(&ListEntry::InnerList(covered.clone())));
    list.finish()
}

/// What is signed: a line for each component, and the parameters last (RFC 9421, section 2.5).
fn base(parts: &Parts, claim: &Claim) -> Option<String> {
    let mut base = String::new();
    for name in &claim.components {
        let value = match name.as_str() {
            "@method" => parts.method.as_str().to_owned(),
            "@path" => parts.uri.path().to_owned(),
            "@query" => format!("?{}", parts.uri.query().unwrap_or_default()),
            header if header.starts_with('@') => return None,
            header => {
                let mut values = parts.headers.get_all(header).iter();
                let value = values.next()?.to_str().ok()?.trim().to_owned();
                if values.next().is_some() {
                    return None;
                }
                value
            }
        };
        base.push_str(&format!("\"{name}\": {value}\n"));
    }
    base.push_str(&format!("\"@signature-params\": {}", claim.params));
    Some(base)
}

fn check_digest(headers: &HeaderMap, body: &[u8]) -> Result<(), SignatureError> {
    let value = headers.get(&CONTENT_DIGEST).and_then(|value| value.to_str().ok());
    let digests: Dictionary = Parser::new(value.unwrap_or_default()).parse().map_err(|_| SignatureError::Malformed)?;
    let told = match digests.get("sha-256") {
        Some(ListEntry::Item(item)) => item.bare_item.as_byte_sequence(),
        Some(ListEntry::InnerList(_)) | None => None,
    };
    let told = told.ok_or(SignatureError::Malformed)?;
    let found = digest::digest(&digest::SHA256, body);
    constant_time::verify_slices_are_equal(told, found.as_ref()).map_err(|_| SignatureError::BodyDiffers)
}

#[cfg(test)]
mod tests;
