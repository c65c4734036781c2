//! Between the database and `ringup_core`: loads the rows that a batch of commands needs, and saves what they did.
//!
//! [`load()`], the commands and [`save()`] stand in one transaction. Nothing here decides about money.

mod load;
mod save;

pub use load::{load, load_locked};
pub use save::save;

#[cfg(test)]
mod tests;
