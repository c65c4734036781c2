//! What ccTalk's frames carry: the commands for a bill validator, and its events.
//!
//! Money Controls, "ccTalk Serial Communication Protocol, Generic Specification", parts 2 to 4.

use ringup_core::money::{Amount, Unit};

/// Where we are, and where bill validators are unless somebody has moved them.
pub const HOST: u8 = 1;
pub const BILL_VALIDATOR: u8 = 40;

/// The header of every answer.
pub const ANSWER: u8 = 0;
pub const SIMPLE_POLL: u8 = 254;
pub const REQUEST_MANUFACTURER: u8 = 246;
pub const REQUEST_CATEGORY: u8 = 245;
pub const MODIFY_INHIBITS: u8 = 231;
pub const MODIFY_MASTER_INHIBIT: u8 = 228;
pub const READ_BILL_EVENTS: u8 = 159;
pub const REQUEST_BILL_ID: u8 = 157;
pub const REQUEST_SCALING: u8 = 156;
pub const ROUTE_BILL: u8 = 154;
pub const MODIFY_OPERATING_MODE: u8 = 153;

/// ROUTE BILL: give it back, take it, hold it longer.
pub const ROUTE_BACK: u8 = 0;
pub const ROUTE_TO_STACKER: u8 = 1;
pub const ROUTE_HOLD: u8 = 255;

/// Use the stacker, and the escrow: no note is taken before it is told to be.
pub const STACKER_AND_ESCROW: u8 = 0b11;

/// How many events a validator keeps.
pub const EVENTS_KEPT: usize = 5;

/// One event. A number is the kind of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The note is in the box: the word to credit it on. Kind 0 is unknown.
    Stacked(u8),
    /// The note is held.
    Escrowed(u8),
    /// The note in escrow has gone back.
    Returned,
    /// A note was refused.
    Rejected,
    /// A note, or the stacker, is stuck or broken.
    Jam,
    /// Somebody tried to cheat.
    Fraud,
    /// The box is full.
    BoxFull,
    /// The box was taken out.
    BoxRemoved,
    /// The box is in its place again.
    BoxReplaced,
    /// Of no interest.
    Other,
}

/// The events that a validator keeps, with the counter of the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Events {
    /// 0 after a start; then 1 to 255, and 1 again.
    pub counter: u8,
    /// The newest first.
    pub notices: [Notice; EVENTS_KEPT],
}

/// The answer to READ BILL EVENTS; nothing when it is none.
#[must_use]
pub fn read_events(data: &[u8]) -> Option<Events> {
    let (counter, pairs) = data.split_first()?;
    let pairs: &[u8; EVENTS_KEPT * 2] = pairs.try_into().ok()?;
    let mut notices = [Notice::Other; EVENTS_KEPT];
    for (notice, pair) in notices.iter_mut().zip(pairs.chunks_exact(2)) {
        *notice = read_notice(pair[0], pair[1]);
    }
    Some(Events { counter: *counter, notices })
}

const fn read_notice(a: u8, b: u8) -> Notice {
    match (a, b) {
        (1..=255, 0) => Notice::Stacked(a),
        (1..=255, 1) => Notice::Escrowed(a),
        (0, 1) => Notice::Returned,
        // Not valid, not moved well, inhibited from here or by a switch.
        (0, 2..=5) => Notice::Rejected,
        // In the transport or the stacker; stacker faulty or jammed; the safe place; the thread cutter.
        (0, 6 | 7 | 13 | 15 | 16 | 19) => Notice::Jam,
        // Pulled backwards, tampered with, light, string.
        (0, 8 | 9 | 17 | 18) => Notice::Fraud,
        (0, 10 | 12) => Notice::BoxReplaced,
        (0, 11) => Notice::BoxRemoved,
        (0, 14) => Notice::BoxFull,
        (0, 21) => Notice::Stacked(0),
        _ => Notice::Other,
    }
}

/// How the values of a country's notes are written: their unit, and how many minor units one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scaling {
    /// What is counted.
    pub unit: Unit,
    /// Minor units for each one on the note's name.
    pub minor_each: u64,
}

/// The unit of the country that a note's name begins with.
#[must_use]
pub fn unit_of(country: &[u8]) -> Option<Unit> {
    match country {
        b"CN" => Some(Unit::Cny),
        b"EU" => Some(Unit::Eur),
        b"HK" => Some(Unit::Hkd),
        b"JP" => Some(Unit::Jpy),
        b"PH" => Some(Unit::Php),
        b"US" => Some(Unit::Usd),
        _ => None,
    }
}

/// The answer to REQUEST COUNTRY SCALING FACTOR: the factor, low byte first, and the number of decimal places.
#[must_use]
pub fn read_scaling(data: &[u8], unit: Unit) -> Option<Scaling> {
    let [low, high, decimals] = data else { return None };
    let factor = u64::from(u16::from_le_bytes([*low, *high]));
    let missing = unit.minor_digits().checked_sub(u32::from(*decimals))?;
    let minor_each = 10_u64.checked_pow(missing)?.checked_mul(factor)?;
    (minor_each > 0).then_some(Scaling { unit, minor_each })
}

/// What a note is worth, by its name: two letters for the country, four digits, a letter for the issue.
#[must_use]
pub fn read_bill_id(name: &[u8], scaling: Scaling) -> Option<Amount> {
    let [a, b, digits @ .., _issue] = name else { return None };
    if digits.len() != 4 || unit_of(&[*a, *b]) != Some(scaling.unit) {
        return None;
    }
    let count = digits
        .iter()
        .try_fold(0_u64, |count, digit| digit.is_ascii_digit().then(|| count * 10 + u64::from(digit - b'0')))?;
    let minor = count.checked_mul(scaling.minor_each).filter(|minor| *minor > 0)?;
    Amount::new(minor, scaling.unit).ok()
}

#[cfg(test)]
mod tests;
