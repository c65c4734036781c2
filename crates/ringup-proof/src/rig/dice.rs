//! Chance that can be repeated: the same seed draws the same.

/// A small generator (splitmix64): not for secrets, but equal everywhere for equal seeds.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Begins at a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Others that draw independently of these, for a task of its own.
    #[must_use]
    pub fn split(&mut self) -> Self {
        Self(self.draw())
    }

    /// Any number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from zero up to, and without, the bound; zero for the bound zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        // The remainder favours small numbers by less than bound / 2^64, which no test here can see.
        self.draw().checked_rem(bound).unwrap_or(0)
    }

    /// A position in a list of this length.
    pub fn position(&mut self, length: usize) -> usize {
        usize::try_from(self.below(u64::try_from(length).unwrap_or(u64::MAX))).unwrap_or(0)
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let position = self.position(from.len());
        from.get(position)
    }

    /// True so many times in a thousand.
    pub fn per_mille(&mut self, chance: u64) -> bool {
        self.below(1_000) < chance
    }

    /// Puts them in any order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.position(last.saturating_add(1));
            items.swap(last, other);
        }
    }

    /// A key for a request, 26 characters long.
    pub fn key(&mut self) -> String {
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut letter = || self.pick(ALPHABET).map_or('0', |&letter| char::from(letter));
        (0..26).map(|_| letter()).collect()
    }
}

#[cfg(test)]
mod tests;
