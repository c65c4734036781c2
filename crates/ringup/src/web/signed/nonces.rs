use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use ringup_core::id::DeviceId;
use ringup_core::time::{Span, Timestamp};

/// So many signatures are remembered at once; a till sends some in a minute.
const REMEMBERED_MAX: usize = 100_000;

/// The nonces of the signatures that still count.
///
/// Each server remembers its own: a request that is copied to another one is a repeat there, with the same idempotency key.
#[derive(Debug, Default)]
pub(in crate::web) struct Nonces(Mutex<BTreeMap<(DeviceId, String), Timestamp>>);

impl Nonces {
    /// Whether a device uses a nonce for the first time.
    pub(super) fn is_new(&self, device: DeviceId, nonce: String, now: Timestamp, counts_for: Span) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A signature may be made ahead of our clock by as much as it may lag behind it.
        let forget_before = now.minus(counts_for).minus(counts_for);
        if seen.len() >= REMEMBERED_MAX {
            seen.retain(|_, at| *at >= forget_before);
        }
        if seen.len() >= REMEMBERED_MAX {
            return false;
        }
        match seen.insert((device, nonce), now) {
            Some(before) if before >= forget_before => false,
            Some(_) | None => true,
        }
    }
}
