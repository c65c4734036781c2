//! Scenarios of agents.

mod api;
mod application;
mod commission;
mod float;
mod licence;
mod list;
mod office;
mod public;
mod purchase;
mod sale;
mod sign_in;
mod sub_agent;
