//! How long, how often, and on how much is measured.

use std::time::Duration;

/// The effort of a run.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How many rounds a point has; its figure is their median.
    pub rounds: u32,
    /// How long each round lasts.
    pub round: Duration,
    /// How long each round of a yardstick lasts: whole seconds.
    pub yardstick: Duration,
    /// How many cards the usual world has.
    pub cards: u32,
    /// How many top-ups wait in it.
    pub placed: u32,
}

impl Effort {
    /// What the figures of the documents are made with: twelve seconds a point.
    pub const FULL: Self = Self {
        rounds: 3,
        round: Duration::from_secs(4),
        yardstick: Duration::from_secs(4),
        cards: 1_000_000,
        placed: 600_000,
    };
    /// For a look: two seconds a point, on a small world.
    pub const QUICK: Self = Self {
        rounds: 2,
        round: Duration::from_secs(1),
        yardstick: Duration::from_secs(1),
        cards: 20_000,
        placed: 120_000,
    };
}
