//! Why a use case could not do what it was asked.

use ringup_core::apply::{Refusal, RefusalKind};
use ringup_core::batch::NotDone;

/// The database, or our own queue before it, cannot serve this now. Nothing has happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the database does not serve now: {0}")]
pub struct Unavailable(pub String);

/// Why a command was not carried out, or why that is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// The books say no. Nothing has happened.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too many wait already. Nothing has happened; come back in a moment.
    #[error("too many commands wait")]
    Busy,
    /// The database does not serve. Nothing has happened.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// It was being committed when the database was lost: it may have happened, or not. Asking again with the same
    /// idempotency key tells.
    #[error("it is not known whether it was committed")]
    Unknown,
    /// A commit failed, so nothing is written any more until the server has been started again.
    #[error("the write lane has stopped after a failed commit")]
    Stopped,
}

impl From<NotDone> for SubmitError {
    fn from(error: NotDone) -> Self {
        match error {
            NotDone::Refused(refusal) => Self::Refused(refusal),
            NotDone::Unavailable(why) => Self::Unavailable(Unavailable(why)),
            NotDone::Unknown => Self::Unknown,
            NotDone::Stopped => Self::Stopped,
        }
    }
}

/// Who is to answer for an error, and what its caller may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The caller asked for what cannot be done: 4xx.
    Refused,
    /// Come back later, with the same idempotency key: 503.
    Unavailable,
    /// Ringup is broken, and says so: 500.
    Inconsistent,
}

impl SubmitError {
    /// Who is to answer for it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Refused(refusal) => match refusal.kind() {
                RefusalKind::Refused => ErrorKind::Refused,
                RefusalKind::Inconsistent => ErrorKind::Inconsistent,
            },
            Self::Busy | Self::Unavailable(_) | Self::Unknown | Self::Stopped => ErrorKind::Unavailable,
        }
    }

    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Busy => "busy",
            Self::Unavailable(_) | Self::Stopped => "unavailable",
            Self::Unknown => "outcome_unknown",
        }
    }
}
