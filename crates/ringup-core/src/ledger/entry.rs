//! Journal entries: proposed by a recipe, then posted.

use super::{AccountKey, AccountRef, Balance, EntryHash, Side};
use crate::card::CardNumber;
use crate::coded::coded_enum;
use crate::id::{EntryId, GrantId, PaymentId, PurseId, RefundId};
use crate::money::{Amount, Unit};
use crate::shard::Shard;
use crate::time::Timestamp;

coded_enum! {
    /// What an entry is about: one for each recipe.
    EntryKind {
        /// A provider has taken money.
        PaymentCaptured = 1, "payment_captured";
        /// A card got its value.
        TopUpCredited = 2, "top_up_credited";
        /// Money that could not go on a card is owed back.
        PaymentOwedBack = 3, "payment_owed_back";
        /// A top-up was taken off the card, and is owed back.
        TopUpReversed = 4, "top_up_reversed";
        /// A provider has sent money back.
        RefundSent = 5, "refund_sent";
        /// Value was spent.
        UsageCharged = 6, "usage_charged";
        /// A bonus reached its date unspent.
        BonusLapsed = 7, "bonus_lapsed";
        /// A card came from another system with a balance.
        OpeningBalance = 8, "opening_balance";
        /// A purse came into use.
        PurseOpened = 9, "purse_opened";
        /// A purse was counted and emptied.
        PurseClosed = 10, "purse_closed";
        /// Cash went to the bank, or came from it.
        CashMoved = 11, "cash_moved";
        /// An agent paid in advance.
        FloatBought = 12, "float_bought";
        /// An agent has earned commission.
        CommissionEarned = 13, "commission_earned";
        /// What he earned by sales that were reversed is taken back.
        CommissionTakenBack = 14, "commission_taken_back";
        /// He was paid what he had earned.
        CommissionPaid = 15, "commission_paid";
    }
}

/// What caused an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A payment.
    Payment(PaymentId),
    /// A refund.
    Refund(RefundId),
    /// A bonus that lapsed.
    Grant(GrantId),
    /// A use of the card, by the number that the caller gave it.
    Usage(u64),
    /// An import, by the batch it was in.
    Import(u64),
    /// What somebody did with a purse.
    Purse(PurseId),
}

impl Cause {
    /// Its kind and number, as columns keep them.
    #[must_use]
    pub const fn parts(self) -> (i64, u64) {
        match self {
            Self::Payment(id) => (1, id.as_u64()),
            Self::Refund(id) => (2, id.as_u64()),
            Self::Grant(id) => (3, id.as_u64()),
            Self::Usage(number) => (4, number),
            Self::Import(number) => (5, number),
            Self::Purse(id) => (6, id.as_u64()),
        }
    }

    /// Reads [`Self::parts`] back.
    #[must_use]
    pub const fn from_parts(kind: i64, number: u64) -> Option<Self> {
        match kind {
            1 => Some(Self::Payment(PaymentId::from_u64(number))),
            2 => Some(Self::Refund(RefundId::from_u64(number))),
            3 => Some(Self::Grant(GrantId::from_u64(number))),
            4 => Some(Self::Usage(number)),
            5 => Some(Self::Import(number)),
            6 => Some(Self::Purse(PurseId::from_u64(number))),
            _ => None,
        }
    }
}

/// In whose chain an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chain {
    /// A card's: whatever concerns a card.
    Card(CardNumber),
    /// A purse's: what concerns no card.
    Purse(PurseId),
}

impl Chain {
    /// The shard that its entries live in.
    #[must_use]
    pub fn shard(self) -> Shard {
        match self {
            Self::Card(number) => Shard::of_card(number),
            Self::Purse(id) => id.shard(),
        }
    }

    /// The card, if it is one's.
    #[must_use]
    pub const fn card(self) -> Option<CardNumber> {
        match self {
            Self::Card(number) => Some(number),
            Self::Purse(_) => None,
        }
    }
}

/// As a log may name it: no whole card number.
impl std::fmt::Display for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Card(number) => write!(f, "card ···{}", number.last_four()),
            Self::Purse(id) => write!(f, "purse {id}"),
        }
    }
}

/// One debit or credit line of a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which account.
    pub account: AccountRef,
    /// In which column.
    pub side: Side,
    /// How much; never zero in a [`JournalEntry`].
    pub amount: Amount,
}

/// Why lines make no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Debits and credits of a unit are not the same.
    #[error("debits of {debit_minor} and credits of {credit_minor} minor units of {unit} do not balance")]
    Unbalanced {
        /// The unit.
        unit: Unit,
        /// The sum of its debits.
        debit_minor: u128,
        /// The sum of its credits.
        credit_minor: u128,
    },
    /// There is no line with an amount.
    #[error("an entry needs at least one debit and one credit")]
    Empty,
    /// An amount could not be computed.
    #[error(transparent)]
    Amount(#[from] crate::money::AmountError),
}

/// Lines that balance: proposed, not yet posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    kind: EntryKind,
    lines: Vec<Line>,
}

impl JournalEntry {
    /// An entry of these lines; lines of zero are dropped, and lines of the same account and column become one.
    ///
    /// # Errors
    /// [`EntryError::Empty`], [`EntryError::Unbalanced`]; [`EntryError::Amount`] when lines cannot be added up.
    pub fn new(kind: EntryKind, lines: Vec<Line>) -> Result<Self, EntryError> {
        let lines = merge(lines)?;
        if lines.is_empty() {
            return Err(EntryError::Empty);
        }
        for unit in Unit::ALL {
            let sum = |side: Side| -> u128 {
                lines
                    .iter()
                    .filter(|line| line.side == side && line.amount.unit() == unit)
                    .fold(0, |sum: u128, line| sum.saturating_add(u128::from(line.amount.minor())))
            };
            let (debit_minor, credit_minor) = (sum(Side::Debit), sum(Side::Credit));
            if debit_minor != credit_minor {
                return Err(EntryError::Unbalanced { unit, debit_minor, credit_minor });
            }
        }
        Ok(Self { kind, lines })
    }

    /// What it is about.
    #[must_use]
    pub const fn kind(&self) -> EntryKind {
        self.kind
    }

    /// Its lines, in the order of the recipe.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}

fn merge(lines: Vec<Line>) -> Result<Vec<Line>, EntryError> {
    let mut merged: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines.into_iter().filter(|line| !line.amount.is_zero()) {
        let same = |other: &&mut Line| {
            (other.account, other.side, other.amount.unit()) == (line.account, line.side, line.amount.unit())
        };
        match merged.iter_mut().find(same) {
            Some(earlier) => earlier.amount = earlier.amount.plus(line.amount)?,
            None => merged.push(line),
        }
    }
    Ok(merged)
}

/// One line of a posted entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The account's row.
    pub account: AccountKey,
    /// In which column.
    pub side: Side,
    /// How much.
    pub amount: Amount,
    /// The account's balance before.
    pub before: Balance,
    /// Its balance after.
    pub after: Balance,
    /// The account's version after: its first posting makes it 1.
    pub version: u64,
}

/// A posted entry. Never changed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// Where it lives: the shard of its chain.
    pub shard: Shard,
    /// In whose chain it stands.
    pub chain: Chain,
    /// What it is about.
    pub kind: EntryKind,
    /// What caused it.
    pub cause: Cause,
    /// When it happened in the world.
    pub effective_at: Timestamp,
    /// When we wrote it.
    pub recorded_at: Timestamp,
    /// Its lines, in order.
    pub postings: Vec<Posting>,
    /// The entry before it in the same chain: how a card's history is read. The hash covers it by way of that entry's hash.
    pub previous: Option<EntryId>,
    /// Its place in the chain; the first is 1.
    pub position: u64,
    /// The hash of the chain's entry before it, and of all of this one.
    pub hash: EntryHash,
}
