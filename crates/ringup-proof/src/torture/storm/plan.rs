//! Who is told what, when, and how often.

use crate::rig::dice::Dice;

/// A provider repeats itself so often at most.
const TIMES_MAX: u64 = 15;

/// Of a thousand tellings, so many are forged, and as many bear another amount.
const WRONG_PER_MILLE: u64 = 50;

/// Of a thousand orders, so many are never paid: whoever says so is lying.
const UNPAID_PER_MILLE: u64 = 50;

/// Of a thousand orders, so many are told of 26 hours late, and as many 73 hours late.
const LATE_PER_MILLE: u64 = 30;

/// Of a thousand tellings, so many have nobody who hears their answer.
const DROPPED_PER_MILLE: u64 = 100;

/// When an order is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// At once.
    AtOnce,
    /// 26 hours late.
    After26Hours,
    /// 73 hours late.
    After73Hours,
}

impl When {
    /// All, in their order.
    pub const ALL: [Self; 3] = [Self::AtOnce, Self::After26Hours, Self::After73Hours];

    /// How far the clock has gone on.
    pub const fn seconds(self) -> u32 {
        match self {
            Self::AtOnce => 0,
            Self::After26Hours => 26 * 3_600,
            Self::After73Hours => 73 * 3_600,
        }
    }
}

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The truth.
    Genuine,
    /// The truth, in the words that were signed when it was paid.
    Old,
    /// Signed with a key that is not the provider's.
    Forged,
    /// Signed by the provider, with another amount.
    OtherAmount,
}

/// One telling.
#[derive(Clone, Copy, Debug)]
pub struct Telling {
    /// Of which order.
    pub order: usize,
    /// What.
    pub kind: Kind,
    /// Whether nobody waits for the answer.
    pub is_dropped: bool,
}

/// What is to happen.
pub struct Plan {
    /// When each order is told of.
    pub when: Vec<When>,
    /// Which orders have been paid.
    pub is_paid: Vec<bool>,
    /// All tellings, shuffled.
    pub tellings: Vec<Telling>,
}

impl Plan {
    /// Draws one for so many orders.
    pub fn draw(orders: usize, dice: &mut Dice) -> Self {
        let mut plan = Self { when: Vec::new(), is_paid: Vec::new(), tellings: Vec::new() };
        for order in 0..orders {
            let is_paid = !dice.per_mille(UNPAID_PER_MILLE);
            let when = match dice.below(1_000) {
                drawn if drawn < LATE_PER_MILLE => When::After26Hours,
                drawn if drawn < 2 * LATE_PER_MILLE => When::After73Hours,
                _ => When::AtOnce,
            };
            let times = dice.below(TIMES_MAX).saturating_add(1);
            for _ in 0..times {
                let kind = draw_kind(is_paid, when, dice);
                plan.tellings.push(Telling { order, kind, is_dropped: dice.per_mille(DROPPED_PER_MILLE) });
            }
            plan.when.push(when);
            plan.is_paid.push(is_paid);
        }
        dice.shuffle(&mut plan.tellings);
        plan
    }

    /// Which orders somebody tells the truth of.
    pub fn is_told(&self) -> Vec<bool> {
        let mut is_told = vec![false; self.when.len()];
        for telling in self.tellings.iter().filter(|telling| telling.kind == Kind::Genuine) {
            if let Some(told) = is_told.get_mut(telling.order) {
                *told = true;
            }
        }
        is_told
    }

    /// The tellings of a time, in their order.
    pub fn at(&self, when: When) -> Vec<Telling> {
        self.tellings.iter().filter(|telling| self.when.get(telling.order) == Some(&when)).copied().collect()
    }
}

fn draw_kind(is_paid: bool, when: When, dice: &mut Dice) -> Kind {
    let drawn = dice.below(1_000);
    match (is_paid, when) {
        (false, _) if drawn < 500 => Kind::Forged,
        (false, _) => Kind::OtherAmount,
        (true, _) if drawn < WRONG_PER_MILLE => Kind::Forged,
        (true, _) if drawn < 2 * WRONG_PER_MILLE => Kind::OtherAmount,
        (true, When::AtOnce) => Kind::Genuine,
        // Whoever repeats himself may send what he signed at first.
        (true, _) if drawn < 300 => Kind::Old,
        (true, _) => Kind::Genuine,
    }
}

#[cfg(test)]
mod tests;
