//! Cards: their numbers, and whether one may be topped up.

mod number;

pub use number::{CardNumber, ParseCardNumberError};

use crate::coded::coded_enum;
use crate::id::{BatchId, TopUpId};
use crate::ledger::{ChainHead, Holding};
use crate::money::Amount;
use crate::product::{Product, ProductId};
use crate::time::Timestamp;

coded_enum! {
    /// What the issuer decided about a card. Whether it has expired follows from its date; see [`Card::standing`].
    CardState {
        /// The number has been drawn; nobody has the card.
        Generated = 1, "generated";
        /// Printed, and waiting to be sold.
        InStock = 2, "in_stock";
        /// In use.
        Active = 3, "active";
        /// Stopped by staff; can be made active again.
        Suspended = 4, "suspended";
        /// Ended for good.
        Closed = 5, "closed";
    }
}

impl CardState {
    /// The states that staff may move it to.
    #[must_use]
    pub const fn may_become(self) -> &'static [Self] {
        match self {
            Self::Generated => &[Self::InStock, Self::Active, Self::Closed],
            Self::InStock => &[Self::Active, Self::Closed],
            Self::Active => &[Self::Suspended, Self::Closed],
            Self::Suspended => &[Self::Active, Self::Closed],
            Self::Closed => &[],
        }
    }
}

/// How a card stands at a moment: the issuer's decision and the date together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not sold yet: generated or in stock.
    NotSold,
    /// Can be used and topped up.
    Good,
    /// Past its date but inside the grace period: a top-up brings it back.
    Expired {
        /// Until when a top-up brings it back.
        grace_until: Timestamp,
    },
    /// Past its date and its grace period.
    Dead,
    /// Stopped by staff.
    Suspended,
    /// Ended for good.
    Closed,
}

/// A card, as far as money is concerned. Its PIN is not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// What it is known by.
    pub number: CardNumber,
    /// What kind of card it is.
    pub product: ProductId,
    /// The batch it was made or imported in.
    pub batch: BatchId,
    /// What the issuer decided.
    pub state: CardState,
    /// Until when it can be used; nothing while it has not been sold.
    pub expires_at: Option<Timestamp>,
    /// Its own money: the account `card.main`. Nothing before the first posting.
    pub main: Option<Holding>,
    /// The last top-up put on it, to ask before the same is done again.
    pub last_credit: Option<LastCredit>,
    /// The head of its chain of journal entries.
    pub chain: ChainHead,
    /// How often the row has been written: guards the next write.
    pub version: u64,
}

/// The last top-up put on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastCredit {
    /// Which.
    pub top_up: TopUpId,
    /// What was bought.
    pub amount: Amount,
    /// When.
    pub credited_at: Timestamp,
}

impl Card {
    /// How it stands now.
    #[must_use]
    pub fn standing(&self, product: &Product, now: Timestamp) -> Standing {
        match self.state {
            CardState::Generated | CardState::InStock => Standing::NotSold,
            CardState::Suspended => Standing::Suspended,
            CardState::Closed => Standing::Closed,
            CardState::Active => match self.expires_at {
                None => Standing::Good,
                Some(expires_at) if now < expires_at => Standing::Good,
                Some(expires_at) => {
                    let grace_until = expires_at.plus(product.grace);
                    if now < grace_until { Standing::Expired { grace_until } } else { Standing::Dead }
                }
            },
        }
    }

    /// Until when it would be valid after a top-up now: the product's span from now, and never less than it has.
    #[must_use]
    pub fn expiry_after_top_up(&self, product: &Product, now: Timestamp) -> Timestamp {
        let extended = now.plus(product.added_per_top_up);
        match self.expires_at {
            Some(expires_at) if expires_at > extended => expires_at,
            Some(_) | None => extended,
        }
    }
}

#[cfg(test)]
mod tests;
