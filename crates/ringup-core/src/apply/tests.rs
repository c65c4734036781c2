//! Scenarios: what each command does to the books. After every command an auditor looks at all of them.

mod audit;
mod by_code;
mod cards;
mod journal;
mod kiosk;
mod paying;
mod placing;
mod random;
mod refunding;
mod selling;
mod shelf;
pub(crate) mod support;
mod using;
