//! Drawing numbers and PINs: at random and without order, so that no list of them lets anyone guess the next.

use std::collections::HashSet;
use std::hint::black_box;

use ringup_core::card::CardNumber;
use ringup_core::product::NumberFormat;

use crate::chance;
use crate::limits;

/// Why no numbers can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// The prefix and the length make no card number.
    #[error("the product's prefix and length make no card number")]
    Format,
    /// There would be too many cards among the numbers of this format.
    #[error("the product's numbers have room for {room} cards a batch")]
    Room {
        /// How many cards can be made at once.
        room: u64,
    },
}

/// A random number of a product's format. It may be another card's already: the database decides.
///
/// # Errors
/// [`DrawError::Format`] when the format makes no card number.
pub fn number(format: &NumberFormat) -> Result<CardNumber, DrawError> {
    Numbers::new(format, 1)?.draw(&mut Dice::new())
}

/// So many random digits.
#[must_use]
pub fn pin(digits: u32) -> String {
    Pins::draw(1, digits, &mut Dice::new()).get(0).iter().copied().map(char::from).collect()
}

/// Random numbers below a bound, each as likely as the others.
pub(super) struct Dice {
    bytes: [u8; 4_096],
    used: usize,
}

impl Dice {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; 4_096], used: 4_096 }
    }

    /// A number from zero up to, and without, the bound.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        let bound = bound.max(1);
        // Numbers above the last whole multiple of the bound are drawn again: they would make small results likelier.
        let fair = u64::MAX - u64::MAX % bound;
        loop {
            let drawn = u64::from_le_bytes(self.take());
            if drawn < fair {
                return drawn % bound;
            }
        }
    }

    fn take<const N: usize>(&mut self) -> [u8; N] {
        if self.used + N > self.bytes.len() {
            chance::fill(&mut self.bytes);
            self.used = 0;
        }
        let mut taken = [0; N];
        for (to, from) in taken.iter_mut().zip(self.bytes.iter_mut().skip(self.used)) {
            *to = std::mem::take(from);
        }
        self.used += N;
        taken
    }
}

/// PINs were made of these bytes.
impl Drop for Dice {
    fn drop(&mut self) {
        wipe(&mut self.bytes);
    }
}

/// Draws card numbers of one format, each once.
pub(super) struct Numbers {
    first: u64,
    space: u64,
    drawn: HashSet<u64>,
}

impl Numbers {
    pub(super) fn new(format: &NumberFormat, count: u32) -> Result<Self, DrawError> {
        // A sign or a leading zero would be read as a number too, and make shorter ones.
        if format.prefix.starts_with('0') || !format.prefix.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(DrawError::Format);
        }
        let prefix_digits = u32::try_from(format.prefix.len()).map_err(|_| DrawError::Format)?;
        let serial_digits = format.digits.checked_sub(prefix_digits + 1).ok_or(DrawError::Format)?;
        let prefix: u64 = format.prefix.parse().map_err(|_| DrawError::Format)?;
        let space = 10_u64.checked_pow(serial_digits).ok_or(DrawError::Format)?;
        let first = prefix.checked_mul(space).ok_or(DrawError::Format)?;
        CardNumber::with_check_digit(first).map_err(|_| DrawError::Format)?;
        let room = space / limits::NUMBERS_FOR_EACH_CARD;
        if u64::from(count) > room {
            return Err(DrawError::Room { room });
        }
        Ok(Self { first, space, drawn: HashSet::with_capacity(usize::try_from(count).unwrap_or(0)) })
    }

    /// A number that has not been drawn yet.
    pub(super) fn draw(&mut self, dice: &mut Dice) -> Result<CardNumber, DrawError> {
        let drawn = u64::try_from(self.drawn.len()).unwrap_or(u64::MAX);
        if drawn > self.space / 2 {
            return Err(DrawError::Room { room: self.space / limits::NUMBERS_FOR_EACH_CARD });
        }
        loop {
            let serial = dice.below(self.space);
            if self.drawn.insert(serial) {
                return CardNumber::with_check_digit(self.first + serial).map_err(|_| DrawError::Format);
            }
        }
    }
}

/// PINs in the clear, digit by digit. Wiped when they are not needed any more.
pub(super) struct Pins {
    digits: Vec<u8>,
    width: usize,
}

impl Pins {
    pub(super) fn draw(count: usize, digits: u32, dice: &mut Dice) -> Self {
        let width = usize::try_from(digits).unwrap_or(0);
        let digits = (0..count.saturating_mul(width)).map(|_| b'0' + random_digit(dice)).collect();
        Self { digits, width: width.max(1) }
    }

    /// The PIN of the card at this position.
    pub(super) fn get(&self, position: usize) -> &[u8] {
        let start = position.saturating_mul(self.width);
        self.digits.get(start..start.saturating_add(self.width)).unwrap_or_default()
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.digits.chunks(self.width)
    }
}

impl Drop for Pins {
    fn drop(&mut self) {
        wipe(&mut self.digits);
    }
}

fn random_digit(dice: &mut Dice) -> u8 {
    loop {
        let [byte] = dice.take();
        if byte < 250 {
            return byte % 10;
        }
    }
}

/// Overwrites what was secret, in a way that is not optimised away.
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    black_box(bytes);
}

#[cfg(test)]
mod tests;
