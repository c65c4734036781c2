//! Scenarios at a store's till.

mod bad_input;
mod by_code;
mod drawer;
mod office;
mod print;
mod safe;
mod sale;
mod sign_in;
mod undo;
