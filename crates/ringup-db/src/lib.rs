//! Ringup's database: SQLite or PostgreSQL behind one seam, and the only crate that names SQL.
//!
//! Everything here is sync and blocks: it must not be called on a thread that runs asynchronous tasks. Nothing here decides
//! about money; that is done by `ringup_core`, between [`books::load`] and [`books::save`].

pub mod error;
pub mod migrate;
pub mod seam;
pub mod url;

pub mod books;

pub mod account;
pub mod agent;
pub mod agent_document;
pub mod agent_key;
pub mod bank_note;
pub mod batch;
mod capture;
pub mod card;
pub mod cash_box;
pub mod cash_transit;
pub mod clerk;
pub mod clerk_session;
pub mod commission;
pub mod device;
pub mod event;
pub mod float_purchase;
pub mod float_transfer;
pub mod grant;
pub mod id_mark;
pub mod idempotency_key;
pub mod identity_check;
pub mod job;
pub mod journal;
pub mod kiosk;
pub mod kiosk_claim;
pub mod kiosk_sale;
pub mod notice;
pub mod notification;
pub mod payment;
pub mod pin_guard;
pub mod place;
pub mod plan;
pub mod product;
pub mod promotion;
pub mod purse;
pub mod rating;
pub mod rating_report;
pub mod refund;
pub mod review_case;
pub mod sale_list;
pub mod schema;
pub mod slip;
pub mod store;
pub mod sub_agent;
pub mod till_session;
pub mod top_up;
pub mod void_request;

pub mod verify;

mod column;
mod dialect;

pub use error::{DbError, Stop, Unavailable, WriteError};
pub use seam::{Database, Read, ReadTx, Reader, WriteTx, Writer};
pub use url::DatabaseUrl;

#[cfg(test)]
mod testing;
