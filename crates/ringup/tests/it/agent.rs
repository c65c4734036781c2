//! Scenarios of agents.

mod api;
mod application;
mod float;
mod licence;
mod office;
mod public;
mod sale;
mod sign_in;
