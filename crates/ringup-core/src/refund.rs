//! Refunds: money on its way back to a payer.

use crate::id::{PaymentId, RefundId, TopUpId};
use crate::money::Amount;
use crate::payment::InvalidTransition;
use crate::time::Timestamp;
use crate::top_up::RefundReason;

/// Where a refund stands. Each state carries only what is known in that state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// Booked; the provider has to send it.
    Requested,
    /// The provider has sent it. Final.
    Succeeded {
        /// When.
        succeeded_at: Timestamp,
    },
    /// The provider will not send it: a person must.
    Failed {
        /// When we knew.
        failed_at: Timestamp,
        /// The provider's reason, in its own words.
        reason: String,
    },
}

impl RefundState {
    /// Its name, as columns and logs have it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Succeeded { .. } => "succeeded",
            Self::Failed { .. } => "failed",
        }
    }

    /// The provider has sent it. After a failure too: staff may have had it sent again.
    ///
    /// # Errors
    /// [`InvalidTransition`] when that was known: the caller treats it as a repeat.
    pub fn succeed(self, succeeded_at: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Requested | Self::Failed { .. } => Ok(Self::Succeeded { succeeded_at }),
            Self::Succeeded { .. } => Err(InvalidTransition { from: self.name(), to: "succeeded" }),
        }
    }

    /// The provider will not send it.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it has been sent, or the failure was known.
    pub fn fail(self, failed_at: Timestamp, reason: String) -> Result<Self, InvalidTransition> {
        match self {
            Self::Requested => Ok(Self::Failed { failed_at, reason }),
            Self::Succeeded { .. } | Self::Failed { .. } => Err(InvalidTransition { from: self.name(), to: "failed" }),
        }
    }
}

/// Money on its way back to a payer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Its id; our reference at the provider is made of it.
    pub id: RefundId,
    /// The payment that is paid back.
    pub payment: PaymentId,
    /// What that paid for.
    pub top_up: TopUpId,
    /// The refund that was booked for it before this one.
    pub previous: Option<RefundId>,
    /// How much goes back.
    pub amount: Amount,
    /// Why.
    pub reason: RefundReason,
    /// Where it stands.
    pub state: RefundState,
    /// When it was booked.
    pub requested_at: Timestamp,
    /// How often the row has been written: guards the next write.
    pub version: u64,
}

#[cfg(test)]
mod tests;
