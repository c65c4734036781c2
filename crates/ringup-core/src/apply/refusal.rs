use crate::books::PostError;
use crate::id::{IdsUsedUp, TopUpId};
use crate::ledger::EntryError;
use crate::money::{Amount, AmountError};
use crate::quote::QuoteRefusal;
use crate::time::Timestamp;

/// Why a command was not carried out. The books are as they were.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such card.
    #[error("there is no such card")]
    CardUnknown,
    /// No such top-up.
    #[error("there is no such top-up")]
    TopUpUnknown,
    /// No such payment.
    #[error("there is no such payment")]
    PaymentUnknown,
    /// No such refund.
    #[error("there is no such refund")]
    RefundUnknown,
    /// No such bonus.
    #[error("there is no such bonus")]
    GrantUnknown,
    /// No such product.
    #[error("there is no such product")]
    ProductUnknown,
    /// No such purse.
    #[error("there is no such purse")]
    PurseUnknown,
    /// The purse has been counted and emptied.
    #[error("the purse is closed")]
    PurseClosed,
    /// The purse is not of the kind, the unit or the store for this.
    #[error("this purse does not serve for that")]
    PurseUnsuited,
    /// The float does not cover it.
    #[error("the float covers {available} only")]
    FloatInsufficient {
        /// What it covers.
        available: Amount,
    },
    /// The agent has not earned so much.
    #[error("{payable} have been earned and not been paid")]
    CommissionInsufficient {
        /// What can be paid.
        payable: Amount,
    },
    /// Less cash was given than is to be paid.
    #[error("{asked} are to be paid")]
    CashTooLittle {
        /// What is to be paid.
        asked: Amount,
    },
    /// There is not enough cash in the drawer.
    #[error("there is not enough cash in the drawer")]
    CashInsufficient,
    /// The refund has been handed over before.
    #[error("the refund has been handed over already")]
    RefundPaidOut,
    /// There is a card with this number.
    #[error("there is a card with this number already")]
    CardExists,
    /// The idempotency key was used for something else.
    #[error("the idempotency key was used for something else")]
    KeyUsedForSomethingElse,
    /// The quote's time is over.
    #[error("the quote is no longer valid")]
    QuoteExpired,
    /// The card cannot be topped up, or not by this amount.
    #[error(transparent)]
    Quote(#[from] QuoteRefusal),
    /// The same was put on the same card a moment ago: the caller must say that this is another one.
    #[error("the same amount was put on this card a moment ago")]
    AnotherOne {
        /// The earlier one.
        top_up: TopUpId,
        /// When that was credited.
        credited_at: Timestamp,
    },
    /// Nobody can pay for this top-up any more: it has been paid, or has ended.
    #[error("the top-up is {state} and can no longer be paid")]
    NotPayable {
        /// Where it stands.
        state: &'static str,
    },
    /// A provider tells something else than we know.
    #[error("the provider's report differs from our payment: {0}")]
    ReportDiffers(Difference),
    /// Only a credited top-up can be refunded.
    #[error("the top-up is {state} and cannot be refunded")]
    NotRefundable {
        /// Where it stands.
        state: &'static str,
    },
    /// More than is left of it, or nothing at all.
    #[error("between one minor unit and {refundable} can be refunded")]
    RefundAmount {
        /// What can be refunded at most.
        refundable: Amount,
    },
    /// The card has spent what would be taken off it.
    #[error("the card has spent {main_short} of it, and {bonus_short} of its bonus")]
    CardHasSpent {
        /// How much of its money is missing.
        main_short: Amount,
        /// How much of its bonus is missing.
        bonus_short: Amount,
    },
    /// The card has not enough.
    #[error("the card has {available} only")]
    BalanceInsufficient {
        /// What it can spend.
        available: Amount,
    },
    /// Nothing at all was to be charged.
    #[error("a charge of nothing is no charge")]
    AmountZero,
    /// The card cannot be used now.
    #[error("the card cannot be used now")]
    CardNotUsable,
    /// A card in this state cannot get into that one.
    #[error("a card that is {from} cannot become {to}")]
    CardState {
        /// Its state.
        from: &'static str,
        /// What was asked for.
        to: &'static str,
    },
    /// The books contradict themselves, or a command does. A person must look.
    #[error("the books are inconsistent: {0}")]
    Inconsistent(#[from] Inconsistency),
}

/// In what a provider's report differs from our payment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// Another provider than the one we asked.
    #[error("another provider")]
    Provider,
    /// Another unit.
    #[error("another currency")]
    Unit,
    /// Another amount than we asked for. Not believed from a notification; our own query decides.
    #[error("{told} instead of {asked}")]
    Amount {
        /// What it says.
        told: Amount,
        /// What we asked for.
        asked: Amount,
    },
    /// A second transaction for the same payment.
    #[error("another transaction for a payment that has one")]
    Transaction,
}

/// What must never happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Inconsistency {
    /// An entry could not be made.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// An entry could not be posted.
    #[error(transparent)]
    Post(#[from] PostError),
    /// An amount could not be computed.
    #[error(transparent)]
    Amount(#[from] AmountError),
    /// A command used too many ids.
    #[error(transparent)]
    Ids(#[from] IdsUsedUp),
    /// A row that another one names is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
}

/// Who is to answer for a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The caller asked for what cannot be done.
    Refused,
    /// Ringup is broken, and says so.
    Inconsistent,
}

impl Refusal {
    /// Who is to answer for it.
    #[must_use]
    pub const fn kind(&self) -> RefusalKind {
        match self {
            Self::Inconsistent(_) => RefusalKind::Inconsistent,
            _ => RefusalKind::Refused,
        }
    }

    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CardUnknown => "card_unknown",
            Self::TopUpUnknown => "top_up_unknown",
            Self::PaymentUnknown => "payment_unknown",
            Self::RefundUnknown => "refund_unknown",
            Self::GrantUnknown => "grant_unknown",
            Self::ProductUnknown => "product_unknown",
            Self::PurseUnknown => "purse_unknown",
            Self::PurseClosed => "purse_closed",
            Self::PurseUnsuited => "purse_unsuited",
            Self::FloatInsufficient { .. } => "float_insufficient",
            Self::CommissionInsufficient { .. } => "commission_insufficient",
            Self::CashTooLittle { .. } => "cash_too_little",
            Self::CashInsufficient => "cash_insufficient",
            Self::RefundPaidOut => "refund_paid_out",
            Self::CardExists => "card_exists",
            Self::KeyUsedForSomethingElse => "idempotency_key_reused",
            Self::QuoteExpired => "quote_expired",
            Self::Quote(refusal) => refusal.code(),
            Self::AnotherOne { .. } => "another_one",
            Self::NotPayable { .. } => "top_up_not_payable",
            Self::ReportDiffers(_) => "report_differs",
            Self::NotRefundable { .. } => "top_up_not_refundable",
            Self::RefundAmount { .. } => "refund_amount",
            Self::CardHasSpent { .. } => "card_has_spent",
            Self::BalanceInsufficient { .. } => "balance_insufficient",
            Self::AmountZero => "amount_zero",
            Self::CardNotUsable => "card_not_usable",
            Self::CardState { .. } => "card_state",
            Self::Inconsistent(_) => "inconsistent",
        }
    }
}

impl QuoteRefusal {
    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CardNotActive => "card_not_active",
            Self::CardSuspended => "card_suspended",
            Self::CardExpired => "card_expired",
            Self::CardClosed => "card_closed",
            Self::WrongUnit(_) => "wrong_unit",
            Self::AmountNotOffered => "amount_not_offered",
            Self::BalanceTooHigh { .. } => "balance_too_high",
            Self::Amount(_) => "amount_too_large",
        }
    }
}

/// What breaks inside a command is an inconsistency, whatever it is.
macro_rules! inconsistent_from {
    ($($error:ty),+) => {
        $(impl From<$error> for Refusal {
            fn from(error: $error) -> Self {
                Self::Inconsistent(error.into())
            }
        })+
    };
}

inconsistent_from!(EntryError, PostError, AmountError, IdsUsedUp);

#[cfg(test)]
mod tests;
