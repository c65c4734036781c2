//! What happened to a top-up, in order: the timeline that a holder reads, written in the same commit as the money.

use crate::coded::coded_enum;
use crate::id::{EventId, PaymentId, TopUpId};
use crate::money::Amount;
use crate::time::Timestamp;

coded_enum! {
    /// What happened.
    EventKind {
        /// The top-up was placed.
        Placed = 1, "placed";
        /// Another payment was begun for it.
        PaymentBegun = 2, "payment_begun";
        /// A provider took the money.
        Captured = 3, "captured";
        /// The value is on the card.
        Credited = 4, "credited";
        /// Nobody paid, and nobody can any more.
        Abandoned = 5, "abandoned";
        /// Money is owed back.
        RefundRequested = 6, "refund_requested";
        /// A provider has sent money back.
        RefundSucceeded = 7, "refund_succeeded";
        /// A provider will not send money back: a person looks at it.
        RefundFailed = 8, "refund_failed";
        /// Paid; the value comes on the card at a stated time.
        Deferred = 9, "deferred";
        /// So much cash was handed over, more than was to be paid: the rest was given back.
        CashGiven = 10, "cash_given";
    }
}

/// Something that happened to a top-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its id: events are in the order of their ids.
    pub id: EventId,
    /// To which top-up.
    pub top_up: TopUpId,
    /// What happened to it before.
    pub previous: Option<EventId>,
    /// What.
    pub kind: EventKind,
    /// By which payment, where one is concerned.
    pub payment: Option<PaymentId>,
    /// How much, where money is concerned.
    pub amount: Option<Amount>,
    /// When it happened in the world.
    pub happened_at: Timestamp,
}
