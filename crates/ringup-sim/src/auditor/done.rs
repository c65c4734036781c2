//! What was done in a world, counted.

use ringup_core::apply::Command;

/// What was done in a world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Commands that were committed.
    pub commands: u64,
    /// Payments that providers took.
    pub taken: u64,
    /// Credits.
    pub credited: u64,
    /// Payments that were owed back at once.
    pub owed_back: u64,
    /// Refunds that were sent.
    pub sent_back: u64,
    /// Uses that were charged.
    pub charged: u64,
    /// Bonuses that lapsed.
    pub lapsed: u64,
    /// Repeats that were answered as the first time.
    pub repeated: u64,
    /// Sales over a counter or off a float.
    pub sold: u64,
    /// Credits at a stated time.
    pub late: u64,
    /// Drawers that were closed.
    pub closed: u64,
    /// Refunds that were handed over in cash.
    pub paid_out: u64,
    /// Moves between a safe or a float and the bank.
    pub moved: u64,
}

impl Done {
    /// Both together.
    #[must_use]
    pub const fn plus(&self, other: &Self) -> Self {
        Self {
            commands: self.commands + other.commands,
            taken: self.taken + other.taken,
            credited: self.credited + other.credited,
            owed_back: self.owed_back + other.owed_back,
            sent_back: self.sent_back + other.sent_back,
            charged: self.charged + other.charged,
            lapsed: self.lapsed + other.lapsed,
            repeated: self.repeated + other.repeated,
            sold: self.sold + other.sold,
            late: self.late + other.late,
            closed: self.closed + other.closed,
            paid_out: self.paid_out + other.paid_out,
            moved: self.moved + other.moved,
        }
    }

    /// What a list calls each count.
    #[must_use]
    pub const fn lines(&self) -> [(&'static str, u64); 13] {
        [
            ("commands were committed", self.commands),
            ("payments were taken by providers", self.taken),
            ("top-ups were credited", self.credited),
            ("payments were owed back at once", self.owed_back),
            ("refunds were sent by providers", self.sent_back),
            ("uses were charged", self.charged),
            ("bonuses lapsed", self.lapsed),
            ("repeats were answered as the first time", self.repeated),
            ("top-ups were sold for cash or off a float", self.sold),
            ("top-ups were credited at a stated time", self.late),
            ("drawers were closed", self.closed),
            ("refunds were handed over in cash", self.paid_out),
            ("sums went between a safe or a float and the bank", self.moved),
        ]
    }

    pub(super) fn count(&mut self, command: &Command, came_to: &str) {
        match (command, came_to) {
            (Command::Sell(_), "placed") => self.sold += 1,
            (Command::CreditTopUp(_), "credited") => self.late += 1,
            (_, "credited") => self.credited += 1,
            (_, "owed back") => self.owed_back += 1,
            (_, "charged") => self.charged += 1,
            (_, "lapsed") => self.lapsed += 1,
            (_, "closed") => self.closed += 1,
            (_, "paid out") => self.paid_out += 1,
            (_, "cash moved") => self.moved += 1,
            (_, "already recorded") => self.repeated += 1,
            (_, again) if again.ends_with(" again") => self.repeated += 1,
            _ => {}
        }
    }
}
