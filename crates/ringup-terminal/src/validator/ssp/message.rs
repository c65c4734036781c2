//! What SSP's frames carry: commands, and the answers to SETUP and POLL, at protocol version 6.
//!
//! ITL, "SSP Protocol Manual GA138".

use ringup_core::money::{Amount, Unit};

use crate::limits::CHANNELS_MAX;

pub const SET_INHIBITS: u8 = 0x02;
pub const SETUP: u8 = 0x05;
pub const HOST_PROTOCOL: u8 = 0x06;
pub const POLL: u8 = 0x07;
pub const REJECT: u8 = 0x08;
pub const DISABLE: u8 = 0x09;
pub const ENABLE: u8 = 0x0A;
pub const SYNC: u8 = 0x11;
pub const HOLD: u8 = 0x18;

/// The events have the sizes of this version: the first in which the setup says the value of each note in full.
pub const PROTOCOL_VERSION: u8 = 6;

/// "Understood, and done or being done."
pub const OK: u8 = 0xF0;

/// One thing that a validator tells in the answer to a poll. A number is the kind of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It was started: switched on, or reset.
    Reset,
    /// A note is being read; or, with its kind, is held.
    Read(u8),
    /// The note is where nobody gets it out: the word to credit it on.
    Credit(u8),
    /// The note has gone back.
    Rejected,
    /// A note is stuck.
    Jam,
    /// Somebody tried to cheat.
    Fraud,
    /// When it started it found a note and gave it back.
    ClearedToFront,
    /// When it started it found a note and moved it into the box; kind 0 is unknown.
    ClearedToBox(u8),
    /// The box is full.
    BoxFull,
    /// The box was taken out.
    BoxRemoved,
    /// The box is in its place again.
    BoxReplaced,
    /// It takes no notes.
    Disabled,
    /// Of no interest: a note on its way, or what belongs to devices that are no plain validators.
    Other,
    /// A code that is not known here, and with it the rest of the answer: its length is not known either.
    Unreadable,
}

/// The notices in the answer to a poll.
#[must_use]
pub fn read_notices(answer: &[u8]) -> Vec<Notice> {
    let mut rest = match answer {
        [OK, rest @ ..] => rest,
        other => other,
    };
    let mut notices = Vec::new();
    while let [code, after @ ..] = rest {
        let with_kind = |make: fn(u8) -> Notice| after.split_first().map(|(kind, after)| (make(*kind), after));
        let found = match code {
            0xF1 => Some((Notice::Reset, after)),
            0xEF => with_kind(Notice::Read),
            0xEE => with_kind(Notice::Credit),
            0xEC => Some((Notice::Rejected, after)),
            0xE9 | 0xEA => Some((Notice::Jam, after)),
            0xE8 | 0xB5 => Some((Notice::Disabled, after)),
            0xE7 => Some((Notice::BoxFull, after)),
            0xE6 => with_kind(|_| Notice::Fraud),
            0xE4 => Some((Notice::BoxReplaced, after)),
            0xE3 => Some((Notice::BoxRemoved, after)),
            0xE2 => with_kind(Notice::ClearedToBox),
            0xE1 => with_kind(|_| Notice::ClearedToFront),
            // Rejecting, stacking, stacked (the credit was told before it), note path open, bar code, initialising.
            0xED | 0xCC | 0xEB | 0xE0 | 0xE5 | 0xD1 | 0xB6 => Some((Notice::Other, after)),
            _ => None,
        };
        let Some((notice, after)) = found else {
            notices.push(Notice::Unreadable);
            break;
        };
        notices.push(notice);
        rest = after;
    }
    notices
}

/// Why a validator's setup is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// It breaks off, or the command failed.
    #[error("the setup breaks off")]
    Short,
    /// It is no plain validator of notes.
    #[error("unit type {0} is no plain validator of notes")]
    UnitType(u8),
}

/// What each kind of note is worth, from kind 1 on; nothing for one of another currency, or of no value.
///
/// # Errors
/// [`SetupError`].
pub fn read_setup(answer: &[u8], unit: Unit) -> Result<Vec<Option<Amount>>, SetupError> {
    let [OK, setup @ ..] = answer else { return Err(SetupError::Short) };
    let unit_type = *setup.first().ok_or(SetupError::Short)?;
    if unit_type != 0 {
        return Err(SetupError::UnitType(unit_type));
    }
    let count = usize::from(*setup.get(11).ok_or(SetupError::Short)?);
    // unit type 1, firmware 4, country 3, multiplier 3, count 1, short values n, security n, then what version 6 reads:
    let real = setup.get(12 + count * 2..).ok_or(SetupError::Short)?;
    let (multiplier, real) = real.split_first_chunk::<3>().ok_or(SetupError::Short)?;
    let (_version, real) = real.split_first().ok_or(SetupError::Short)?;
    let (countries, values) = real.split_at_checked(count * 3).ok_or(SetupError::Short)?;
    let values = values.get(..count * 4).ok_or(SetupError::Short)?;
    let multiplier = u64::from(u32::from_be_bytes([0, multiplier[0], multiplier[1], multiplier[2]]));
    let notes = countries.chunks_exact(3).zip(values.chunks_exact(4)).take(usize::from(CHANNELS_MAX));
    Ok(notes
        .map(|(country, value)| {
            let value = value.try_into().map_or(0, u32::from_le_bytes);
            let minor = u64::from(value).checked_mul(multiplier)?;
            let is_ours = country == unit.code().as_bytes() && minor > 0;
            Amount::new(minor, unit).ok().filter(|_| is_ours)
        })
        .collect())
}

/// The two bytes of SET INHIBITS: a bit for each kind of note that may be taken, from kind 1 on.
#[must_use]
pub fn inhibits(notes: &[Option<Amount>]) -> [u8; 2] {
    let bits = notes.iter().enumerate().filter(|(_, value)| value.is_some()).fold(0_u16, |bits, (place, _)| {
        u32::try_from(place).ok().and_then(|place| 1_u16.checked_shl(place)).map_or(bits, |bit| bits | bit)
    });
    bits.to_le_bytes()
}

#[cfg(test)]
mod tests;
