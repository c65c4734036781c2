//! A kiosk's acceptor against the sandbox's validators, over a pseudo-terminal.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod auditor;
mod faults;
mod power_cut;
mod support;
