//! Promotions: what the issuer gives on top, by a stated rule.

use crate::money::Amount;
use crate::product::{Name, ProductId};
use crate::time::{Span, Timestamp};

/// A promotion, by the number the issuer gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PromotionId(pub u32);

/// A rule that changes what is paid, or adds a bonus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promotion {
    /// Its number.
    pub id: PromotionId,
    /// Whose cards it is for.
    pub product: ProductId,
    /// What pages call it.
    pub name: Name,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when: at this moment it is over.
    pub ends_at: Timestamp,
    /// From which amount on.
    pub spend_at_least: Amount,
    /// What it gives.
    pub gives: Gift,
}

/// What a promotion gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gift {
    /// So much less is paid.
    Discount(Amount),
    /// So much bonus, which lapses so long after it was given.
    Bonus {
        /// How much, in any unit.
        amount: Amount,
        /// How long it can be spent.
        lasts: Span,
    },
}

impl Promotion {
    /// Whether it applies to this amount, bought at this moment.
    #[must_use]
    pub fn applies(&self, product: ProductId, amount: Amount, now: Timestamp) -> bool {
        self.product == product
            && self.starts_at <= now
            && now < self.ends_at
            && amount.unit() == self.spend_at_least.unit()
            && amount.minor() >= self.spend_at_least.minor()
    }
}
