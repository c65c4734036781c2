//! Float that an agent buys through a provider: an order of its own, and what is believed of it.
//!
//! The row tells what is to be paid and what came of it; the money is booked by [`CashMove::FloatPaid`], under a key that is
//! the purchase's own. A float can always take money, so whatever was really paid is put on it, however late it is heard of.
//!
//! [`CashMove::FloatPaid`]: crate::apply::CashMove::FloatPaid

use crate::apply::{Difference, Refusal};
use crate::id::{AgentId, FloatPurchaseId, PurseId};
use crate::money::Amount;
use crate::payment::{InvalidTransition, PayMethod, PaymentWord, Provider, ReportSource, TransactionId};
use crate::time::Timestamp;

/// Float that an agent buys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FloatPurchase {
    /// Its id; our reference at the provider is made of it.
    pub id: FloatPurchaseId,
    /// Who buys.
    pub agent: AgentId,
    /// His float.
    pub float: PurseId,
    /// What is asked.
    pub amount: Amount,
    /// Who takes the money.
    pub provider: Provider,
    /// How the payer gets there.
    pub method: PayMethod,
    /// Where it stands.
    pub state: FloatPurchaseState,
    /// When it was written down.
    pub created_at: Timestamp,
    /// Until when the provider may take the money; then we close the order there.
    pub expires_at: Timestamp,
    /// How often the row has been written: guards the next write.
    pub version: u64,
}

/// Where a float purchase stands. Each state carries only what is known in that state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FloatPurchaseState {
    /// Written down; the provider has not answered yet.
    Created,
    /// The provider waits for the payer.
    Pending {
        /// What brings the payer there: the text of the QR code, or an address.
        hand_over: String,
    },
    /// The provider has the money. Final.
    Paid(FloatPaid),
    /// No money moved, and the provider will take none. Money that comes later is still believed.
    Abandoned {
        /// When we knew.
        abandoned_at: Timestamp,
    },
}

/// What a provider took for float.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FloatPaid {
    /// The provider's number of it.
    pub transaction: TransactionId,
    /// What was really paid: nearly always what was asked.
    pub amount: Amount,
    /// When, as the provider says.
    pub paid_at: Timestamp,
    /// When it was on the float: nothing between the two, for a moment or until the job has looked.
    pub booked_at: Option<Timestamp>,
}

/// What a provider says of a float purchase, after its signature and its merchant have been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FloatReport {
    /// Who says it.
    pub provider: Provider,
    /// Of which purchase.
    pub purchase: FloatPurchaseId,
    /// How we came to know.
    pub source: ReportSource,
    /// What is said.
    pub word: PaymentWord,
}

impl FloatPurchaseState {
    /// Its name, as columns and logs have it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Pending { .. } => "pending",
            Self::Paid(_) => "paid",
            Self::Abandoned { .. } => "abandoned",
        }
    }

    /// The provider has answered and waits for the payer. A second answer replaces the first.
    ///
    /// # Errors
    /// [`InvalidTransition`] when the purchase has ended: the late answer is of no use.
    pub fn hand_over(self, hand_over: String) -> Result<Self, InvalidTransition> {
        match self {
            Self::Created | Self::Pending { .. } => Ok(Self::Pending { hand_over }),
            Self::Paid(_) | Self::Abandoned { .. } => Err(InvalidTransition { from: self.name(), to: "pending" }),
        }
    }

    /// The provider has the money, also when it was thought that nobody would pay.
    ///
    /// # Errors
    /// [`InvalidTransition`] when that was known: the caller treats it as a repeat.
    pub fn pay(self, paid: FloatPaid) -> Result<Self, InvalidTransition> {
        match self {
            Self::Created | Self::Pending { .. } | Self::Abandoned { .. } => Ok(Self::Paid(paid)),
            Self::Paid(_) => Err(InvalidTransition { from: self.name(), to: "paid" }),
        }
    }

    /// The provider has closed the order unpaid.
    ///
    /// # Errors
    /// [`InvalidTransition`] when it has been paid, or abandoned before.
    pub fn abandon(self, abandoned_at: Timestamp) -> Result<Self, InvalidTransition> {
        match self {
            Self::Created | Self::Pending { .. } => Ok(Self::Abandoned { abandoned_at }),
            Self::Paid(_) | Self::Abandoned { .. } => Err(InvalidTransition { from: self.name(), to: "abandoned" }),
        }
    }
}

impl FloatPurchase {
    /// What was paid, if anything was.
    #[must_use]
    pub const fn paid(&self) -> Option<&FloatPaid> {
        match &self.state {
            FloatPurchaseState::Paid(paid) => Some(paid),
            FloatPurchaseState::Created | FloatPurchaseState::Pending { .. } | FloatPurchaseState::Abandoned { .. } => {
                None
            }
        }
    }

    /// The purchase as it stands after a provider's word; the same when there was nothing new in it.
    ///
    /// # Errors
    /// [`Refusal::ReportDiffers`]: it is written down, and the provider is asked.
    pub fn told(self, report: &FloatReport, now: Timestamp) -> Result<Self, Refusal> {
        if report.provider != self.provider {
            return Err(Refusal::ReportDiffers(Difference::Provider));
        }
        let before = self.state.clone();
        let state = match &report.word {
            // Only a payment by code is given back, and float is not bought by code.
            PaymentWord::NotFound | PaymentWord::Waiting | PaymentWord::Declined | PaymentWord::GivenBack { .. } => {
                before
            }
            PaymentWord::Closed => self.state.clone().abandon(now).unwrap_or(before), // known, or paid
            PaymentWord::Paid { transaction, amount, paid_at } => {
                self.check_paid(transaction, *amount, report.source)?;
                let (transaction, amount, paid_at) = (transaction.clone(), *amount, *paid_at);
                let paid = FloatPaid { transaction, amount, paid_at, booked_at: None };
                self.state.clone().pay(paid).unwrap_or(before) // providers repeat themselves
            }
        };
        Ok(Self { state, ..self })
    }

    fn check_paid(&self, transaction: &TransactionId, told: Amount, source: ReportSource) -> Result<(), Refusal> {
        if told.unit() != self.amount.unit() {
            return Err(Refusal::ReportDiffers(Difference::Unit));
        }
        let asked = match self.paid() {
            Some(known) if known.transaction == *transaction => known.amount,
            Some(_) => return Err(Refusal::ReportDiffers(Difference::Transaction)),
            None => self.amount,
        };
        match source {
            // A notification that names another amount is not believed: the caller asks the provider, whose answer to our own
            // question decides. What was booked by such an answer stays as it is.
            ReportSource::Notification if told != asked => {
                Err(Refusal::ReportDiffers(Difference::Amount { told, asked }))
            }
            ReportSource::Query if told.is_zero() || (self.paid().is_some() && told != asked) => {
                Err(Refusal::ReportDiffers(Difference::Amount { told, asked }))
            }
            ReportSource::Notification | ReportSource::Query => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
