//! What users see, tested through the doors they use: HTTP, pages and the command line; on SQLite, or on PostgreSQL when
//! `RINGUP_TEST_DATABASE_URL` names a server.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod support;

mod agent;
mod api;
mod bad_input;
mod balance;
mod cli;
mod faults;
mod kiosk;
mod notice;
mod notification;
mod pages;
mod place;
mod plan;
mod rating;
mod refund;
mod sdk;
mod servers;
mod store;
mod storm;
mod sweep;
mod top_up;
