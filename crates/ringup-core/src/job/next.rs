use crate::time::Timestamp;

/// What is to become of a job after it has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is done.
    Done,
    /// It is to run again.
    Again {
        /// When.
        at: Timestamp,
        /// Why it is not done.
        why: String,
    },
    /// A person must look.
    GiveUp {
        /// Why.
        why: String,
    },
}

impl Next {
    /// A stable name of it, for counting.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Again { .. } => "again",
            Self::GiveUp { .. } => "given_up",
        }
    }
}

#[cfg(test)]
mod tests;
