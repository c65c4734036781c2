//! Purses: money that somebody keeps for us, or has left with us. A clerk's drawer from open to close, the cash box of a
//! kiosk, the safe of a store, the float of an agent.
//!
//! A purse is one account with a chain of journal entries of its own, as a card is. What a person would like to know of
//! it besides, such as whose drawer it is, stands in tables that are no money.

use crate::coded::coded_enum;
use crate::id::PurseId;
use crate::ledger::{AccountCode, Balance, ChainHead, Holding};
use crate::money::{Amount, Unit};
use crate::time::Timestamp;
use crate::top_up::Channel;

coded_enum! {
    /// What a purse is.
    PurseKind {
        /// The drawer of a till, from open to close, in the hands of one clerk.
        TillSession = 1, "till_session";
        /// The cash box in a kiosk, from one collection to the next.
        CashBox = 2, "cash_box";
        /// The safe of a store: drawers are filled from it and emptied into it.
        Safe = 3, "safe";
        /// What an agent has paid in advance.
        Float = 4, "float";
    }
}

impl PurseKind {
    /// The account that holds its money.
    #[must_use]
    pub const fn account(self) -> AccountCode {
        match self {
            Self::TillSession => AccountCode::CashTill,
            Self::CashBox => AccountCode::CashKiosk,
            Self::Safe => AccountCode::CashSafe,
            Self::Float => AccountCode::FloatAgent,
        }
    }

    /// Whether the money is in it before anybody is asked: a validator has taken the notes, and nobody can hand them back. So a sale is
    /// booked whatever becomes of it, also one that is heard of after the box was counted.
    #[must_use]
    pub const fn is_paid_first(self) -> bool {
        match self {
            Self::CashBox => true,
            Self::TillSession | Self::Safe | Self::Float => false,
        }
    }

    /// Whether top-ups of this channel may be paid into it, or out of it.
    #[must_use]
    pub const fn sells_by(self, channel: Channel) -> bool {
        match (self, channel) {
            (Self::TillSession, Channel::Store)
            | (Self::CashBox, Channel::Kiosk)
            | (Self::Float, Channel::Agent | Channel::Api) => true,
            (Self::TillSession | Self::CashBox | Self::Safe | Self::Float, _) => false,
        }
    }
}

/// Where a purse stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PurseState {
    /// In use.
    Open,
    /// Counted and emptied. Final.
    Closed(Count),
}

/// What was found when a purse was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// When.
    pub closed_at: Timestamp,
    /// What the books said.
    pub expected: Amount,
    /// What was counted, by somebody who had not been told.
    pub counted: Amount,
}

/// Money that somebody keeps for us, or has left with us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purse {
    /// Its id.
    pub id: PurseId,
    /// What it is.
    pub kind: PurseKind,
    /// What it is counted in.
    pub unit: Unit,
    /// The purse that it is filled from and emptied into: a drawer's or cash box's safe.
    pub parent: Option<PurseId>,
    /// How far a float may go below zero; zero for everything else.
    pub credit_limit: Amount,
    /// What is in it: nothing before the first posting.
    pub holds: Option<Holding>,
    /// How many receipts it has numbered, without a gap.
    pub receipts: u64,
    /// Where it stands.
    pub state: PurseState,
    /// Since when it is in use.
    pub opened_at: Timestamp,
    /// The end of its chain of entries.
    pub chain: ChainHead,
    /// How often the row has been written: guards the next write.
    pub version: u64,
}

impl Purse {
    /// What can be taken out of it: of a float, down to its credit limit.
    #[must_use]
    pub fn available(&self) -> Amount {
        let balance = self.holds.map_or(Balance::ZERO, |held| held.balance);
        balance.moved(self.credit_limit, true).unwrap_or(balance).available(self.unit)
    }

    /// The purse that numbers its receipts: a store's are numbered over all its drawers.
    #[must_use]
    pub fn numbered_in(&self) -> PurseId {
        self.parent.unwrap_or(self.id)
    }
}
