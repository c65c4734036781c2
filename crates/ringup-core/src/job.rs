//! Work to be done later, and matters for a person: both are written in the commit that makes them necessary.

pub mod credit_top_up;
pub mod follow;
pub mod follow_float_purchase;
pub mod lapse_grant;
mod next;
pub mod send_notice;
pub mod send_refund;

pub use next::Next;

use crate::coded::coded_enum;
use crate::id::{CaseId, JobId, TopUpId};
use crate::shard::Shard;
use crate::time::{Span, Timestamp};

coded_enum! {
    /// What is to be done. Each may run twice without harm.
    JobKind {
        /// Ask the provider about a payment, and close its order when its time is over.
        FollowPayment = 1, "follow_payment";
        /// Have a provider send money back, and find out whether it did.
        SendRefund = 2, "send_refund";
        /// End a bonus whose date has come.
        LapseGrant = 3, "lapse_grant";
        /// Put on a card what was paid for it before.
        CreditTopUp = 4, "credit_top_up";
        /// Sell the next rows of a list that an agent confirmed.
        SellList = 5, "sell_list";
        /// Send a receipt to a holder.
        SendNotice = 8, "send_notice";
        /// Ask the provider about float that an agent buys, put it on the float, and close its order when its time is over.
        FollowFloatPurchase = 11, "follow_float_purchase";
    }
}

/// Work to be done later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// Where it lives: the shard of its subject.
    pub shard: Shard,
    /// What is to be done.
    pub kind: JobKind,
    /// With what: the number of a payment's, refund's, grant's, list's, notice's or float purchase's id.
    pub subject: u64,
    /// Not before.
    pub run_at: Timestamp,
}

/// How soon after placing a top-up its provider is asked for the first time.
pub const FIRST_QUERY_AFTER: Span = Span::seconds(10);

coded_enum! {
    /// Why a person must look.
    CaseKind {
        /// A provider told us, signed, of a payment that differs from ours.
        ReportDiffers = 1, "report_differs";
        /// A provider will not send money back.
        RefundFailed = 2, "refund_failed";
        /// A job was tried as often as it may be.
        JobGivenUp = 3, "job_given_up";
        /// A provider has money that is neither on a card nor on its way back. It cannot be; the sweeper looks all the same.
        PaidNotSettled = 4, "paid_not_settled";
        /// Notes are in a kiosk's box, and their card cannot be topped up: the holder has a slip with a claim.
        CashNotCredited = 5, "cash_not_credited";
        /// Somebody takes what a holder wrote about a place for abuse.
        RatingReported = 6, "rating_reported";
    }
}

/// A matter that a person must look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCase {
    /// Its id.
    pub id: CaseId,
    /// Why.
    pub kind: CaseKind,
    /// Which top-up it concerns.
    pub top_up: TopUpId,
    /// What was seen, for the person; no secrets, no whole card numbers.
    pub detail: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By when the holder has been promised an answer.
    pub due_at: Timestamp,
}

/// How long cash that is owed back may wait to be collected before a person sees to it.
pub const COLLECTED_WITHIN: Span = Span::hours(24);

/// How soon a person answers: the clock that the holder sees.
pub const ANSWERED_WITHIN: Span = Span::hours(24);
