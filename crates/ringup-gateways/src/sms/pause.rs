//! How long an SMS centre is left alone after it could not be reached, or asked for it.

use ringup_core::time::{Span, Timestamp};

use super::SmsError;
use crate::limits;

/// Whether the centre may be spoken to, and why not.
#[derive(Debug, Default)]
pub(super) struct Pause {
    ends: Option<(Timestamp, SmsError)>,
    /// How often in a row it was begun.
    times: u32,
}

impl Pause {
    /// What is answered without speaking to the centre; nothing when it may be spoken to.
    pub(super) fn holds(&self, now: Timestamp) -> Option<SmsError> {
        self.ends.as_ref().filter(|(until, _)| now < *until).map(|(_, why)| why.clone())
    }

    /// The centre is left alone from now on: each time twice as long as before. When it is already, nothing changes: all who wait for one
    /// connection lose it together.
    pub(super) fn begin(&mut self, why: SmsError, now: Timestamp) {
        if self.holds(now).is_some() {
            return;
        }
        let (first, longest) = match why {
            // Our name or our password is wrong. Asking again mends nothing, and some centres lock out who asks too often.
            SmsError::NotKnown { .. } => (limits::SMS_FAULT_PAUSE_FIRST, limits::SMS_FAULT_PAUSE_MAX),
            _ => (limits::SMS_PAUSE_FIRST, limits::SMS_PAUSE_MAX),
        };
        let seconds = (first.as_micros() / 1_000_000).saturating_mul(1 << self.times.min(16));
        let pause = Span::seconds(seconds).min(longest);
        self.times = self.times.saturating_add(1);
        self.ends = Some((now.plus(pause), why));
    }

    /// The centre has taken something.
    pub(super) fn end(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests;
