//! Receipts that are sent to a holder who asks for it: where to, and how that stands.

mod email;
mod mobile;

pub use email::{EmailAddress, ParseEmailError};
pub use mobile::{MobileNumber, ParseMobileError};

use crate::coded::coded_enum;

coded_enum! {
    /// How a notice stands.
    NoticeState {
        /// It is on its way: a job sends it.
        Waiting = 1, "waiting";
        /// The mail server has taken it, or the phone has: the SMS centre said so.
        Delivered = 2, "delivered";
        /// The mail server or the SMS centre will never take it: there is no such address, or it wants nothing of ours.
        Refused = 3, "refused";
        /// Nobody took it for a day.
        GivenUp = 4, "given_up";
        /// The SMS centre has taken it; the phone has not been heard of yet, and need not be.
        Accepted = 5, "accepted";
        /// The SMS centre took it, and could not bring it to the phone.
        Failed = 6, "failed";
        /// It was handed to the SMS centre as often as it may be, and no answer came: it may have been sent.
        Unanswered = 7, "unanswered";
    }
}

coded_enum! {
    /// How a notice goes.
    NoticeKind {
        /// By e-mail.
        Email = 1, "email";
        /// As a text message.
        Sms = 2, "sms";
    }
}

/// So many notices a receipt may have.
pub const NOTICES_OF_RECEIPT_MAX: u32 = 3;
