//! The one home of the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ringup_core::time::{Span, Timestamp};

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The operating system.
    System,
    /// The operating system, and so far ahead of it: a real server that is tried with what comes late.
    Ahead(Span),
    /// A test, which moves it by hand.
    Manual(ManualClock),
}

/// A clock that stands still until it is moved.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that shows this moment.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(now.micros())))
    }

    /// Moves it forward.
    pub fn advance(&self, span: Span) {
        self.0.fetch_add(span.as_micros(), Ordering::SeqCst);
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

impl Clock {
    /// Now. A clock before 1970 shows 1970.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Manual(clock) => clock.now(),
            Self::System => read_system(),
            Self::Ahead(span) => read_system().plus(*span),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one home of the clock")]
fn read_system() -> Timestamp {
    let now = std::time::SystemTime::now();
    let since = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
