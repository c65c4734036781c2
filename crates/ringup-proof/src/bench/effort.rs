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
    /// How many notifications are signed ahead.
    pub notifications: usize,
    /// How many commands wait for the lane at a time where there is no promotion.
    pub in_flight: &'static [usize],
    /// The same where there are a discount and a bonus.
    pub in_flight_promoted: &'static [usize],
    /// How many connections there are.
    pub connections: &'static [usize],
    /// How many cards there are where growth is measured, and how many top-ups wait for them.
    pub sizes: &'static [(u32, u32)],
    /// How many cards are issued.
    pub issued: u32,
    /// Whether that is measured too which a quick run does not judge.
    pub everything: bool,
}

impl Effort {
    /// What the figures of the documents are made with: twelve seconds a point.
    pub const FULL: Self = Self {
        rounds: 3,
        round: Duration::from_secs(4),
        yardstick: Duration::from_secs(4),
        cards: 1_000_000,
        placed: 600_000,
        notifications: 150_000,
        in_flight: &[1, 16, 128, 1_024],
        in_flight_promoted: &[128],
        connections: &[1, 16, 64, 256],
        sizes: &[(10_000, 600_000), (1_000_000, 600_000), (10_000_000, 600_000)],
        issued: 1_000_000,
        everything: true,
    };
    /// For a look: two seconds a point, on a small world.
    pub const QUICK: Self = Self {
        rounds: 2,
        round: Duration::from_secs(1),
        yardstick: Duration::from_secs(1),
        cards: 20_000,
        placed: 120_000,
        notifications: 20_000,
        in_flight: &[128],
        in_flight_promoted: &[128],
        connections: &[64],
        sizes: &[],
        issued: 20_000,
        everything: false,
    };
}
