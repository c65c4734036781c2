//! The one source of chance of a world: a small generator from a seed, the same on every machine and for ever.

/// SplitMix64: each step adds an odd constant and mixes the sum. Not for secrets.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The generator of this seed.
    #[must_use]
    pub const fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when that is 0.
    pub const fn below(&mut self, end: u64) -> u64 {
        let bits = self.bits();
        if end == 0 { 0 } else { bits % end }
    }

    /// A number from `least` to `most`, both included.
    pub const fn from_to(&mut self, least: i64, most: i64) -> i64 {
        let span = most.wrapping_sub(least).cast_unsigned().wrapping_add(1);
        least.wrapping_add(self.below(span).cast_signed())
    }

    /// Yes, so many times in a thousand.
    pub const fn per_mille(&mut self, times: u64) -> bool {
        self.below(1_000) < times
    }

    /// One of these, each as likely as the others; the first of none is none.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        let count = u64::try_from(all.len()).unwrap_or(u64::MAX);
        let place = usize::try_from(self.below(count)).unwrap_or(0);
        all.get(place).copied()
    }

    /// Sixteen bytes.
    pub fn bytes(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.bits().to_be_bytes());
        bytes[8..].copy_from_slice(&self.bits().to_be_bytes());
        bytes
    }
}
