//! Texts that people type and machines send: read, written again, and read once more.

pub mod ack_line;
pub mod amount;
pub mod card_number;
pub mod dialled;
pub mod id;
pub mod key_and_pin;
pub mod place;
pub mod top_up_code;
