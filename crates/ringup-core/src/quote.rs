//! Quotes: what a top-up would cost and give, with every difference explained.

use crate::card::{Card, CardNumber, Standing};
use crate::coded::coded_enum;
use crate::money::{Amount, AmountError};
use crate::product::{Name, Product, ProductId};
use crate::promotion::{Gift, Promotion, PromotionId};
use crate::time::{Span, Timestamp};

/// How long a quote can be taken.
pub const VALID_FOR: Span = Span::minutes(15);

/// How long after its quote a payment that comes late still gets what the promotions gave.
pub const HONOURED_FOR: Span = Span::hours(24);

coded_enum! {
    /// What an adjustment changes.
    AdjustmentKind {
        /// Less is paid.
        Discount = 1, "discount";
        /// A bonus comes on top.
        Bonus = 2, "bonus";
    }
}

/// One explained difference between the amount and what is paid or got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// Which promotion makes it.
    pub promotion: PromotionId,
    /// What that is called.
    pub name: Name,
    /// What it changes.
    pub kind: AdjustmentKind,
    /// By how much.
    pub amount: Amount,
}

/// What a top-up would cost and give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// For which card.
    pub card: CardNumber,
    /// Of which product.
    pub product: ProductId,
    /// What the card gets to spend.
    pub card_gets: Amount,
    /// What is paid for it.
    pub you_pay: Amount,
    /// What comes as bonus.
    pub bonus: Option<Bonus>,
    /// Why what is paid and got differs from the amount, promotion by promotion.
    pub adjustments: Vec<Adjustment>,
    /// Until when the card would be valid.
    pub card_valid_until: Timestamp,
    /// When it was made.
    pub quoted_at: Timestamp,
}

/// The bonus of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bonus {
    /// How much, in any unit.
    pub amount: Amount,
    /// How long it can be spent, from the credit on.
    pub lasts: Span,
}

/// Why a card cannot be topped up, in order of precedence. No money has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteRefusal {
    /// It has not been sold yet.
    #[error("the card has not been activated")]
    CardNotActive,
    /// Staff have stopped it.
    #[error("the card is suspended")]
    CardSuspended,
    /// Its date and its grace period are over.
    #[error("the card has expired, and its grace period is over")]
    CardExpired,
    /// It has ended for good.
    #[error("the card is closed")]
    CardClosed,
    /// It is counted in another unit.
    #[error("the card is kept in {0}")]
    WrongUnit(crate::money::Unit),
    /// This product is not topped up by this amount.
    #[error("the amount is not offered")]
    AmountNotOffered,
    /// The card would hold more than it may.
    #[error("the card may hold {balance_max} at most")]
    BalanceTooHigh {
        /// What it may hold.
        balance_max: Amount,
    },
    /// An amount could not be computed.
    #[error(transparent)]
    Amount(#[from] AmountError),
}

/// What a quote is made from.
#[derive(Clone, Copy, Debug)]
pub struct QuoteFor<'a> {
    /// The card.
    pub card: &'a Card,
    /// Its product.
    pub product: &'a Product,
    /// What it holds to spend now.
    pub balance: Amount,
    /// The promotions of its product.
    pub promotions: &'a [Promotion],
}

impl Quote {
    /// Makes a quote.
    ///
    /// Of several discounts the largest applies, and of several bonuses the largest of the first one's unit: they do
    /// not add up.
    ///
    /// # Errors
    /// [`QuoteRefusal`], in its order.
    pub fn make(made_for: QuoteFor<'_>, amount: Amount, now: Timestamp) -> Result<Self, QuoteRefusal> {
        let QuoteFor { card, product, balance, promotions } = made_for;
        may_be_topped_up(card.standing(product, now))?;
        if amount.unit() != product.unit {
            return Err(QuoteRefusal::WrongUnit(product.unit));
        }
        if !product.offers(amount) {
            return Err(QuoteRefusal::AmountNotOffered);
        }
        may_hold(product, balance, amount)?;
        let deal = Deal::of(product.id, promotions, amount, now)?;
        let discount = deal.discount.map(|(promotion, off)| adjustment(promotion, AdjustmentKind::Discount, off));
        let bonus = deal.bonus.map(|(promotion, given)| adjustment(promotion, AdjustmentKind::Bonus, given.amount));
        Ok(Self {
            card: card.number,
            product: product.id,
            card_gets: amount,
            you_pay: deal.you_pay,
            bonus: deal.bonus.map(|(_, given)| given),
            adjustments: discount.into_iter().chain(bonus).collect(),
            card_valid_until: card.expiry_after_top_up(product, now),
            quoted_at: now,
        })
    }

    /// What notes that are in the box already give their card.
    ///
    /// They are credited as they are: any sum, and none is given back. What a discount would take off the price comes on the card
    /// instead, as far as the card may hold it; so `you_pay` and the discount make `card_gets`, as in every quote. Whether the card can
    /// be topped up at all is no question here: the money is there, and must be booked in either case.
    ///
    /// # Errors
    /// [`QuoteRefusal::WrongUnit`]; [`QuoteRefusal::Amount`] for nothing, or for more than can be counted.
    pub fn of_notes(made_for: QuoteFor<'_>, put_in: Amount, now: Timestamp) -> Result<Self, QuoteRefusal> {
        let QuoteFor { card, product, balance, promotions } = made_for;
        if put_in.unit() != product.unit {
            return Err(QuoteRefusal::WrongUnit(product.unit));
        }
        let takes_any = may_be_topped_up(card.standing(product, now)).is_ok();
        let deal = Deal::of(product.id, if takes_any { promotions } else { &[] }, put_in, now)?;
        let full = balance.plus(put_in)?;
        let room = if full.exceeds(product.balance_max)? {
            Amount::zero(product.unit)
        } else {
            product.balance_max.minus(full)?
        };
        let on_top = match deal.discount {
            Some((promotion, off)) => Some((promotion, off.at_most(room)?)).filter(|(_, more)| !more.is_zero()),
            None => None,
        };
        let card_gets = on_top.map_or(Ok(put_in), |(_, more)| put_in.plus(more))?;
        let discount = on_top.map(|(promotion, more)| adjustment(promotion, AdjustmentKind::Discount, more));
        let bonus = deal.bonus.map(|(promotion, given)| adjustment(promotion, AdjustmentKind::Bonus, given.amount));
        Ok(Self {
            card: card.number,
            product: product.id,
            card_gets,
            you_pay: put_in,
            bonus: deal.bonus.map(|(_, given)| given),
            adjustments: discount.into_iter().chain(bonus).collect(),
            card_valid_until: card.expiry_after_top_up(product, now),
            quoted_at: now,
        })
    }

    /// Until when it can be taken.
    #[must_use]
    pub const fn valid_until(&self) -> Timestamp {
        self.quoted_at.plus(VALID_FOR)
    }

    /// Whether a payment made at this moment still gets what was quoted: always without promotions, for a day with them.
    #[must_use]
    pub fn is_honoured_at(&self, paid_at: Timestamp) -> bool {
        self.adjustments.is_empty() || paid_at < self.quoted_at.plus(HONOURED_FOR)
    }
}

/// Whether a card that stands so can be topped up.
///
/// # Errors
/// The [`QuoteRefusal`] that says why not.
pub const fn may_be_topped_up(standing: Standing) -> Result<(), QuoteRefusal> {
    match standing {
        Standing::Good | Standing::Expired { .. } => Ok(()),
        Standing::NotSold => Err(QuoteRefusal::CardNotActive),
        Standing::Suspended => Err(QuoteRefusal::CardSuspended),
        Standing::Dead => Err(QuoteRefusal::CardExpired),
        Standing::Closed => Err(QuoteRefusal::CardClosed),
    }
}

/// Whether the card may hold this much more.
///
/// # Errors
/// [`QuoteRefusal::BalanceTooHigh`], [`QuoteRefusal::Amount`].
pub fn may_hold(product: &Product, balance: Amount, more: Amount) -> Result<(), QuoteRefusal> {
    if balance.plus(more)?.exceeds(product.balance_max)? {
        return Err(QuoteRefusal::BalanceTooHigh { balance_max: product.balance_max });
    }
    Ok(())
}

/// What the promotions make of an amount, whichever card it is for.
#[derive(Clone, Copy, Debug)]
pub struct Deal<'a> {
    /// What is paid.
    pub you_pay: Amount,
    /// The promotion that takes something off, and how much.
    pub discount: Option<(&'a Promotion, Amount)>,
    /// The promotion that gives a bonus, and which.
    pub bonus: Option<(&'a Promotion, Bonus)>,
}

impl<'a> Deal<'a> {
    /// For this product, now. Something is always paid: a top-up for nothing would have no payment to prove it.
    ///
    /// # Errors
    /// [`AmountError::BelowZero`] for an amount of nothing.
    pub fn of(
        product: ProductId,
        promotions: &'a [Promotion],
        amount: Amount,
        now: Timestamp,
    ) -> Result<Self, AmountError> {
        let applying: Vec<&Promotion> =
            promotions.iter().filter(|promotion| promotion.applies(product, amount, now)).collect();
        let off_max = amount.minus(Amount::new(1, amount.unit())?)?;
        let discount = match largest_discount(&applying) {
            Some((promotion, off)) => Some((promotion, off.at_most(off_max)?)),
            None => None,
        };
        let you_pay = discount.map_or(Ok(amount), |(_, off)| amount.minus(off))?;
        Ok(Self { you_pay, discount, bonus: largest_bonus(&applying) })
    }
}

fn largest_discount<'a>(promotions: &[&'a Promotion]) -> Option<(&'a Promotion, Amount)> {
    let discounts = promotions.iter().filter_map(|promotion| match promotion.gives {
        Gift::Discount(amount) => Some((*promotion, amount)),
        Gift::Bonus { .. } => None,
    });
    discounts.max_by_key(|(promotion, amount)| (amount.minor(), std::cmp::Reverse(promotion.id)))
}

fn largest_bonus<'a>(promotions: &[&'a Promotion]) -> Option<(&'a Promotion, Bonus)> {
    let bonuses: Vec<(&Promotion, Bonus)> = promotions
        .iter()
        .filter_map(|promotion| match promotion.gives {
            Gift::Bonus { amount, lasts } => Some((*promotion, Bonus { amount, lasts })),
            Gift::Discount(_) => None,
        })
        .collect();
    let unit = bonuses.first().map(|(_, bonus)| bonus.amount.unit())?;
    bonuses
        .into_iter()
        .filter(|(_, bonus)| bonus.amount.unit() == unit)
        .max_by_key(|(promotion, bonus)| (bonus.amount.minor(), std::cmp::Reverse(promotion.id)))
}

fn adjustment(promotion: &Promotion, kind: AdjustmentKind, amount: Amount) -> Adjustment {
    Adjustment { promotion: promotion.id, name: promotion.name.clone(), kind, amount }
}

#[cfg(test)]
mod tests;
