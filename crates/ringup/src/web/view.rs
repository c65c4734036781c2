//! What the pages show: one typed context for each template, made of finished texts.
//!
//! Nothing here knows the engine, the database or a form: handlers read those and fill these in. Each context has
//! samples, from which the tests render every page in both languages.

pub mod parts;
pub mod samples;
pub mod shell;

pub mod agent;
pub mod balance;
pub mod help;
pub mod notice;
pub mod place;
pub mod plan;
pub mod problem;
pub mod rating;
pub mod receipt;
pub mod store;
pub mod sub_agent;
pub mod top_up;

#[cfg(test)]
mod tests;

pub use parts::*;
pub use shell::{Page, Theme};
