//! What came of one input.

use std::fmt::Debug;

/// How far an input got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// It was turned away, as it should be.
    Refused,
    /// It was taken, and everything that follows from that held.
    Accepted,
}

/// A property that does not hold, or a house that could not be made ready.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Broken(pub String);

/// The verdict on one input.
pub type Checked = Result<Reached, Broken>;

impl Broken {
    /// For `map_err`: what was being done, and why it could not be done.
    pub(crate) fn doing<E: std::fmt::Display>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self(format!("{what}: {error}"))
    }
}

/// This must be so; the sentence says what is wrong when it is not.
pub(crate) fn holds(so: bool, otherwise: impl FnOnce() -> String) -> Result<(), Broken> {
    if so { Ok(()) } else { Err(Broken(otherwise())) }
}

/// These two must be the same.
pub(crate) fn same<T: PartialEq + Debug>(what: &str, found: &T, wanted: &T) -> Result<(), Broken> {
    holds(found == wanted, || format!("{what}: found {found:?}, wanted {wanted:?}"))
}
