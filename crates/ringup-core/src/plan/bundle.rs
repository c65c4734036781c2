use super::destination::DestinationId;
use crate::money::Amount;
use crate::product::{Name, ProductId};

/// A bundle, by the number the issuer gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BundleId(pub u32);

/// Minutes to some destinations, bought beforehand and gone when their time is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Its number.
    pub id: BundleId,
    /// Whose cards it is for.
    pub product: ProductId,
    /// What pages call it.
    pub name: Name,
    /// What it costs, once.
    pub price: Amount,
    /// How many minutes it has. Calls use them up in the steps of their destination's rate, and pay no connection fee.
    pub minutes: u32,
    /// Where its minutes lead. The product has a rate to each, for what the bundle does not pay.
    pub destinations: Vec<DestinationId>,
    /// How many days it lasts.
    pub validity_days: u16,
}

impl Bundle {
    /// Whether its minutes lead there.
    #[must_use]
    pub fn covers(&self, destination: DestinationId) -> bool {
        self.destinations.contains(&destination)
    }

    /// Its minutes, in seconds.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        u64::from(self.minutes).saturating_mul(60)
    }
}
