//! The one home of the measuring clock.

use std::time::{Duration, Instant};

/// Counts the time since it was started. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts counting.
    #[expect(clippy::disallowed_methods, reason = "a measurement is what this program is for")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long it has run, in microseconds.
    pub fn micros(self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// How long it has run.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
