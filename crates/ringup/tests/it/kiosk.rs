//! Scenarios at a kiosk, as the program inside it asks.

mod cash_box;
mod claim;
mod health;
mod proof;
mod sale;
mod signed;
mod top_up;
