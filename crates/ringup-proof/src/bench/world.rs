//! The world that is measured: cards with an opening balance, and top-ups that have been placed and wait for their payment.
//!
//! It is drawn from a seed and lives at moments of its own, so that building it again, on either database, gives the same
//! card numbers and the same payment ids.

mod build;
mod catalogue;
mod placed;

pub use build::{build, pin_of};
pub use catalogue::{OPENING_MINOR, UNIT};
pub use placed::{Placed, read_placed, write_placed};

use ringup_core::time::{Span, Timestamp};

/// Which promotions the cards of a world have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Offer {
    /// None: what is paid is what the card gets.
    Plain,
    /// A discount, and a bonus with a date of its own.
    Promoted,
}

impl Offer {
    /// Its name, in figures and folders.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Promoted => "promoted",
        }
    }
}

/// What a world holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorldSpec {
    /// How many cards, each with one entry for what it held when it came.
    pub cards: u32,
    /// What their product gives on top.
    pub offer: Offer,
    /// How many top-ups wait for their payment.
    pub placed: u32,
}

/// Changed whenever worlds are built in another way: older ones are then built anew.
const FORM: u32 = 3;

impl WorldSpec {
    /// The name of its folder and database.
    pub fn name(&self) -> String {
        format!("world{FORM}_{}_{}_{}", self.offer.name(), self.cards, self.placed)
    }
}

/// When the cards came: 2026-01-05T10:00:00 in China. Long past, so that ids made now never meet the world's.
pub const CARDS_CAME_AT: Timestamp = Timestamp::from_seconds(1_767_578_400);

/// When the top-ups were placed.
pub const PLACED_AT: Timestamp = CARDS_CAME_AT.plus(Span::hours(2));

/// When they were paid: before anyone asks the provider by himself.
pub const PAID_AT: Timestamp = PLACED_AT.plus(Span::seconds(5));
