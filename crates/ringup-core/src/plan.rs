//! Plans: what a card can be used for. Rates by the minute, bundles of minutes, and the advice which of them serves best.
//!
//! All of it is the issuer's own words, read from the catalogue: a destination that is not there has no price, and none is
//! guessed. Nothing here moves money.

mod advice;
mod bundle;
mod destination;
mod find;
mod number;
mod rate;

pub use advice::{
    Advice, AdviceRefusal, AskedCalls, BundleUse, Choice, PaidCalls, Period, Question, Wish, advise, limits,
};
pub use bundle::{Bundle, BundleId};
pub use destination::{Destination, DestinationId};
pub use find::FindRefusal;
pub use number::{Dialled, ParseDialledError, ParsePrefixError, Prefix};
pub use rate::{CallPrice, Increment, MinuteRate, Rate};

use crate::product::ProductId;

/// Everything that the issuer's cards can be used for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plans {
    /// Where calls go. A prefix belongs to one of them.
    pub destinations: Vec<Destination>,
    /// What a minute costs there, for each product that reaches it.
    pub rates: Vec<Rate>,
    /// What can be bought beforehand.
    pub bundles: Vec<Bundle>,
}

impl Plans {
    /// The destination with this number.
    #[must_use]
    pub fn destination(&self, id: DestinationId) -> Option<&Destination> {
        self.destinations.iter().find(|destination| destination.id == id)
    }

    /// The destination that files and addresses name so.
    #[must_use]
    pub fn destination_by_code(&self, code: &str) -> Option<&Destination> {
        self.destinations.iter().find(|destination| destination.code == code)
    }

    /// What a card of this product pays there; nothing when it does not reach it.
    #[must_use]
    pub fn rate(&self, product: ProductId, destination: DestinationId) -> Option<&Rate> {
        self.rates.iter().find(|rate| rate.product == product && rate.destination == destination)
    }

    /// The rates of a product, in the issuer's order of destinations.
    pub fn rates_of(&self, product: ProductId) -> impl Iterator<Item = (&Destination, &Rate)> {
        self.destinations.iter().filter_map(move |destination| Some((destination, self.rate(product, destination.id)?)))
    }

    /// The bundles of a product, by their numbers.
    pub fn bundles_of(&self, product: ProductId) -> impl Iterator<Item = &Bundle> {
        self.bundles.iter().filter(move |bundle| bundle.product == product)
    }

    /// The bundle with this number.
    #[must_use]
    pub fn bundle(&self, id: BundleId) -> Option<&Bundle> {
        self.bundles.iter().find(|bundle| bundle.id == id)
    }
}

#[cfg(test)]
mod tests;
