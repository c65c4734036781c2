//! The program inside a kiosk: its screens, its bank notes, its slips, and its talk with the server.
//!
//! [`Acceptor`] is the door: it has a [`Validator`](validator::Validator) on a serial line and a [`Journal`] on the
//! disk, and writes each step down before the validator is told to do it. It starts with asking the validator what became of
//! the note that was unfinished when the kiosk was cut off. It credits nothing itself: what is to be credited is read from the journal.
//!
//! What is around a note blocks, and reads no clock and draws no chance: both are arguments.

pub mod acceptor;
pub mod chance;
pub mod cli;
pub mod clock;
pub mod config;
pub mod courier;
pub mod device_key;
pub mod journal;
pub mod limits;
pub mod line;
pub mod machine;
mod policy;
pub mod printer;
pub mod screen;
pub mod server;
pub mod slip;
pub mod validator;
pub mod wire;
pub mod words;

pub use acceptor::{Acceptor, AcceptorError, DrawCode, Happening};
pub use journal::{Journal, JournalError, JournalRefusal, Marked, SaleTotal};
pub use validator::{Connection, Event, Protocol};
