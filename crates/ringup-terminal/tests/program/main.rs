//! The program as it runs in a kiosk: a process of its own with its screen, a played validator, a played printer, and a server that answers
//! as docs/kiosk-api.md says.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod killed;
mod kiosk;
mod line;
mod paper;
mod qr;
mod screens;
mod server;
mod verify;
