//! What can go wrong with a database, in our words: no driver's error leaves this crate.

/// Why the database is of no use just now. Trying again later may help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// Another process holds the lock, and kept it longer than we wait.
    #[error("the database is locked by another process")]
    Locked,
    /// The disk, or what the database may take of it, is full.
    #[error("the database's disk is full")]
    Full,
    /// The server cannot be reached, or the connection was lost.
    #[error("the database cannot be reached: {0}")]
    Gone(String),
    /// A statement took longer than it may.
    #[error("the database took too long")]
    TooSlow,
    /// The database may only be read.
    #[error("the database can only be read")]
    ReadOnly,
    /// Reading or writing the file failed.
    #[error("the database's disk fails: {0}")]
    Disk(String),
}

/// Why a statement, or the reading of its rows, failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// Somebody else wrote the same rows: run the whole transaction again, from its reading on.
    #[error("somebody else wrote the same rows")]
    Conflict,
    /// A rule that the database keeps would be broken.
    #[error("the database's rule {0} would be broken")]
    Broken(String),
    /// The database is of no use just now.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// A row holds what no version of Ringup writes.
    #[error("a row is damaged: {0}")]
    Damaged(String),
    /// The database does not take the statement: the schema is another one, or the program is wrong.
    #[error("the database refuses the statement: {0}")]
    Statement(String),
}

/// Why a closure in [`Writer::write`](crate::seam::Writer::write) stops: the database failed, or the caller's rules refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop<E> {
    /// The database failed.
    Db(DbError),
    /// The caller refuses.
    Refused(E),
}

impl<E> From<DbError> for Stop<E> {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

/// What became of a transaction that did not commit, or may not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError<E> {
    /// The closure refused. Rolled back.
    #[error("refused: {0}")]
    Refused(E),
    /// Somebody else wrote the same rows. Rolled back: run it again, from its reading on.
    #[error("somebody else wrote the same rows")]
    Conflict,
    /// The database is of no use just now. Certainly not committed.
    #[error(transparent)]
    Unavailable(Unavailable),
    /// The database failed while it committed: nobody may be told that it did, or that it did not.
    #[error("whether it was committed is unknown: {0}")]
    CommitUnknown(Unavailable),
    /// [`DbError::Broken`], [`DbError::Damaged`] or [`DbError::Statement`]. Rolled back; trying again does not help.
    #[error(transparent)]
    Failed(DbError),
}

impl<E> From<DbError> for WriteError<E> {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Conflict => Self::Conflict,
            DbError::Unavailable(why) => Self::Unavailable(why),
            DbError::Broken(_) | DbError::Damaged(_) | DbError::Statement(_) => Self::Failed(error),
        }
    }
}

impl<E> From<Stop<E>> for WriteError<E> {
    fn from(stop: Stop<E>) -> Self {
        match stop {
            Stop::Db(error) => error.into(),
            Stop::Refused(refusal) => Self::Refused(refusal),
        }
    }
}
