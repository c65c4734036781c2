//! Advice: what serves somebody best who says where he calls, how much, and for how long.
//!
//! The rules, which pages and the API state beside each result:
//!
//! - The minutes of all days together are made into calls of the stated length, the last one whole as well, and the calls
//!   are spread evenly over the days.
//! - A bundle pays whole calls, in the steps of their rate and without the connection fee, while its minutes last. What is
//!   left at its end is gone. Where it leads to several destinations, the cheapest calls are taken to use it up first: the
//!   order of calls is nobody's to promise, and this one promises least.
//! - What no bundle pays is paid by the minute.
//! - The smallest sum comes first; of equal sums the one with less to buy.

mod choose;
mod days;
mod evaluate;

use super::Plans;
use super::bundle::BundleId;
use super::destination::DestinationId;
use super::rate::CallPrice;
use crate::money::{Amount, AmountError};
use crate::product::ProductId;

/// How large a question may be.
pub mod limits {
    /// A question names this many destinations at most.
    pub const DESTINATIONS_MAX: usize = 8;
    /// And this many minutes to each in a week or month: a week has 10,080.
    pub const MINUTES_MAX: u32 = 10_000;
    /// A call lasts this many seconds at most: four hours.
    pub const CALL_SECONDS_MAX: u32 = 14_400;
    /// Advice is for this many days at most.
    pub const DAYS_MAX: u16 = 366;
    /// So many bundles of one kind are bought at once at most.
    pub const AT_ONCE_MAX: u32 = 10;
    /// So many kinds of bundle are combined at most.
    pub const KINDS_MAX: usize = 3;
    /// So many choices are shown at most.
    pub const CHOICES_MAX: usize = 6;
}

/// In what time somebody talks so many minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// In seven days.
    Week,
    /// In thirty days.
    Month,
}

impl Period {
    /// How many days it has.
    #[must_use]
    pub const fn days(self) -> u32 {
        match self {
            Self::Week => 7,
            Self::Month => 30,
        }
    }

    /// Its name in addresses and in the API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The period with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Week, Self::Month].into_iter().find(|period| period.name() == name)
    }
}

/// How much somebody calls one destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Where to.
    pub destination: DestinationId,
    /// How many minutes.
    pub minutes: u32,
    /// In what time.
    pub per: Period,
}

/// What advice is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// For a card of this product.
    pub product: ProductId,
    /// Where to and how much: one to eight, each destination once.
    pub wishes: Vec<Wish>,
    /// How long a call lasts.
    pub call_seconds: u32,
    /// For how many days.
    pub days: u16,
}

/// The calls that a wish comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedCalls {
    /// Where to.
    pub destination: DestinationId,
    /// How many calls, in all the days.
    pub calls: u64,
    /// What each costs by the minute.
    pub price: CallPrice,
}

/// One way to pay for all calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is bought beforehand; nothing when all is paid by the minute.
    pub bundles: Vec<BundleUse>,
    /// What is paid by the minute, in the order of the question; only where there is something.
    pub paid: Vec<PaidCalls>,
    /// All of it together.
    pub total: Amount,
}

/// What a bundle does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundleUse {
    /// Which bundle.
    pub bundle: BundleId,
    /// How many are bought at once.
    pub at_once: u32,
    /// How often that is done, each time when the one before ends.
    pub times: u32,
    /// What all of them cost.
    pub sum: Amount,
    /// How many calls they pay.
    pub calls: u64,
    /// How many of their seconds are used.
    pub seconds_used: u64,
    /// How many are left over, over all the times.
    pub seconds_left: u64,
    /// When the last of them ends: so many days after the first was bought.
    pub ends_after_days: u32,
}

/// Calls that are paid by the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaidCalls {
    /// Which of the asked calls, counted from 0.
    pub position: usize,
    /// How many of them.
    pub calls: u64,
    /// What they cost together.
    pub sum: Amount,
}

/// Every choice worth showing, the best first. One of them is to pay all by the minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The calls, in the order of the question.
    pub calls: Vec<AskedCalls>,
    /// The choices.
    pub choices: Vec<Choice>,
}

/// Why no advice is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdviceRefusal {
    /// The question names no destination.
    #[error("name at least one destination")]
    NoDestination,
    /// It names too many.
    #[error("name {} destinations at most", limits::DESTINATIONS_MAX)]
    TooManyDestinations,
    /// A call of that length is none.
    #[error("a call lasts 1 to {} seconds", limits::CALL_SECONDS_MAX)]
    CallLength,
    /// That many days are too few or too many.
    #[error("advice is for 1 to {} days", limits::DAYS_MAX)]
    Days,
    /// The minutes to this destination, counted from 0, are none or too many.
    #[error("the minutes to each destination are 1 to {}", limits::MINUTES_MAX)]
    Minutes {
        /// Which one.
        position: usize,
    },
    /// This destination was named before.
    #[error("each destination can be named once")]
    NamedTwice {
        /// Which one.
        position: usize,
    },
    /// The card does not reach this destination.
    #[error("the card has no rate for this destination")]
    NoRate {
        /// Which one.
        position: usize,
    },
    /// A sum cannot be counted.
    #[error(transparent)]
    Amount(#[from] AmountError),
}

impl AdviceRefusal {
    /// Which destination of the question it is about, counted from 0.
    #[must_use]
    pub const fn position(&self) -> Option<usize> {
        match self {
            Self::Minutes { position } | Self::NamedTwice { position } | Self::NoRate { position } => Some(*position),
            Self::NoDestination | Self::TooManyDestinations | Self::CallLength | Self::Days | Self::Amount(_) => None,
        }
    }

    /// Its stable code, in problem documents and in the locales.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoDestination => "destination_missing",
            Self::TooManyDestinations => "destinations_too_many",
            Self::CallLength => "call_length_out_of_range",
            Self::Days => "days_out_of_range",
            Self::Minutes { .. } => "minutes_out_of_range",
            Self::NamedTwice { .. } => "destination_named_twice",
            Self::NoRate { .. } => "destination_not_reached",
            Self::Amount(_) => "sum_too_large",
        }
    }
}

/// What serves best.
///
/// # Errors
/// [`AdviceRefusal`], in its order.
pub fn advise(plans: &Plans, question: &Question) -> Result<Advice, AdviceRefusal> {
    question.check()?;
    let calls = asked_calls(plans, question)?;
    let choices = choose::choices(plans, question, &calls)?;
    Ok(Advice { calls, choices })
}

impl Question {
    fn check(&self) -> Result<(), AdviceRefusal> {
        if self.wishes.is_empty() {
            return Err(AdviceRefusal::NoDestination);
        }
        if self.wishes.len() > limits::DESTINATIONS_MAX {
            return Err(AdviceRefusal::TooManyDestinations);
        }
        if !(1..=limits::CALL_SECONDS_MAX).contains(&self.call_seconds) {
            return Err(AdviceRefusal::CallLength);
        }
        if !(1..=limits::DAYS_MAX).contains(&self.days) {
            return Err(AdviceRefusal::Days);
        }
        for (position, wish) in self.wishes.iter().enumerate() {
            if !(1..=limits::MINUTES_MAX).contains(&wish.minutes) {
                return Err(AdviceRefusal::Minutes { position });
            }
            if self.wishes.iter().take(position).any(|before| before.destination == wish.destination) {
                return Err(AdviceRefusal::NamedTwice { position });
            }
        }
        Ok(())
    }

    /// How many calls a wish comes to: as many as hold its minutes, the last one whole.
    fn calls(&self, wish: &Wish) -> u64 {
        let seconds = u64::from(wish.minutes).saturating_mul(60).saturating_mul(u64::from(self.days));
        seconds.div_ceil(u64::from(wish.per.days())).div_ceil(u64::from(self.call_seconds).max(1))
    }
}

fn asked_calls(plans: &Plans, question: &Question) -> Result<Vec<AskedCalls>, AdviceRefusal> {
    let mut asked = Vec::with_capacity(question.wishes.len());
    for (position, wish) in question.wishes.iter().enumerate() {
        let rate = plans.rate(question.product, wish.destination).ok_or(AdviceRefusal::NoRate { position })?;
        let price = rate.price(question.call_seconds)?;
        asked.push(AskedCalls { destination: wish.destination, calls: question.calls(wish), price });
    }
    Ok(asked)
}

#[cfg(test)]
mod tests;
