//! The ledger: double entry, append-only, balanced per unit by construction.
//!
//! A [`JournalEntry`] says what is to be booked and cannot be out of balance. [`Books::post`] turns it into an
//! [`Entry`]: the same lines with the balance of each account before and after, chained by hash to the entry before
//! it on the same card or purse. Nothing is ever changed or removed; what was wrong is reversed by another entry.
//!
//! [`Books::post`]: crate::books::Books::post

mod account;
mod chain;
mod entry;
pub mod recipes;

pub use account::{AccountCode, AccountKey, AccountRef, Owner, OwnerKind, Side};
pub use chain::{ChainHead, EntryHash, seal};
pub use entry::{Cause, Chain, Entry, EntryError, EntryKind, JournalEntry, Line, Posting};

use crate::money::{Amount, Unit};

/// How much an account holds, counted on its own side: minor units, signed.
///
/// Only accounts without a floor can be below zero, such as what a provider owes us on a day with more
/// refunds than payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Balance(i64);

impl Balance {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many minor units.
    #[must_use]
    pub const fn from_minor(minor: i64) -> Self {
        Self(minor)
    }

    /// In minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// What can be taken from it: never below zero.
    #[must_use]
    pub fn available(self, unit: Unit) -> Amount {
        u64::try_from(self.0).ok().and_then(|minor| Amount::new(minor, unit).ok()).unwrap_or(Amount::zero(unit))
    }

    /// With this much more, or less, on its own side; `None` when it cannot be counted.
    #[must_use]
    pub fn moved(self, amount: Amount, grows: bool) -> Option<Self> {
        let minor = amount.minor_signed();
        if grows { self.0.checked_add(minor) } else { self.0.checked_sub(minor) }.map(Self)
    }
}

/// What a row holds: the account of its own that stands in it.
///
/// A card's money, what is left of a bonus, and what a payment brought that is nowhere yet stand in the rows of the card,
/// the bonus and the payment, because those are written whenever the account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// In what; the first posting decides.
    pub unit: Unit,
    /// How much.
    pub balance: Balance,
    /// How many postings it has had.
    pub version: u64,
}

/// An account as the books hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Which.
    pub key: AccountKey,
    /// What it holds.
    pub balance: Balance,
    /// How many postings it has had: guards the next one.
    pub version: u64,
}

#[cfg(test)]
mod tests;
