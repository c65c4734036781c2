//! Ringup's rules, with no IO at all: money, the ledger, cards, quotes, top-ups, payments, and
//! [`apply`]: what a command does to the books.
//!
//! Nothing here reads a clock, draws a random number, opens a file or names a database. Time, ids
//! and nonces are arguments, so the same decision runs on SQLite, on PostgreSQL, in a test and in a
//! simulator, and always comes out the same.

#![cfg_attr(test, expect(clippy::arithmetic_side_effects, reason = "a test that overflows fails, and says so"))]

pub mod apply;
pub mod bank_note;
pub mod batch;
pub mod books;
pub mod card;
mod coded;
pub mod commission;
pub mod event;
pub mod float_purchase;
pub mod id;
pub mod job;
pub mod ledger;
pub mod money;
pub mod notice;
pub mod payment;
pub mod place;
pub mod plan;
pub mod product;
pub mod promotion;
pub mod purse;
pub mod quote;
pub mod rating;
pub mod refund;
pub mod secret;
pub mod shard;
pub mod sub_agent;
pub mod time;
pub mod top_up;
