//! Why a chore stopped, as one sentence for the person at the terminal.

use std::fmt;

/// Why a chore stopped. The sentence is all there is: nothing here decides by the kind of failure.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure that reads `sentence`.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// For `map_err`: what was being done, and what the system said about it.
    pub fn doing<E: fmt::Display>(what: impl fmt::Display) -> impl FnOnce(E) -> Self {
        move |error| Self(format!("{what}: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
