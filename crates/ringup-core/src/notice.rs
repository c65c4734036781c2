//! Receipts that are sent to a holder who asks for it: where to, and how that stands.

mod email;

pub use email::{EmailAddress, ParseEmailError};

use crate::coded::coded_enum;

coded_enum! {
    /// How a notice stands.
    NoticeState {
        /// It is on its way: a job sends it.
        Waiting = 1, "waiting";
        /// The mail server has taken it.
        Delivered = 2, "delivered";
        /// The mail server will never take it: there is no such address, or it wants no mail of ours.
        Refused = 3, "refused";
        /// No mail server took it for a day.
        GivenUp = 4, "given_up";
    }
}

/// So many notices a receipt may have.
pub const NOTICES_OF_RECEIPT_MAX: u32 = 3;
