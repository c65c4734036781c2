//! The program inside a kiosk. So far: bank notes, from the bill validator to the kiosk's own journal.
//!
//! [`Acceptor`] is the door: it has a [`Validator`](validator::Validator) on a serial line and a [`Journal`](journal::Journal) on the
//! disk, and writes each step down before the validator is told to do it. It starts with asking the validator what became of
//! the note that was unfinished when the kiosk was cut off. It credits nothing itself: what is to be credited is read from the journal.
//!
//! Everything here blocks. Nothing here reads a clock or draws chance: both are arguments.

pub mod acceptor;
pub mod journal;
pub mod limits;
pub mod line;
pub mod validator;

pub use acceptor::{Acceptor, AcceptorError, Happening};
pub use journal::{Journal, JournalError};
pub use validator::{Protocol, Validator};
