//! A kiosk's acceptor against the sandbox's validators, over a pseudo-terminal.

mod auditor;
mod faults;
mod power_cut;
mod support;
