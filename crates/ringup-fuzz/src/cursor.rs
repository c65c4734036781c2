//! Values drawn from the bytes of an input, one after the other. When the bytes are used up, zeros follow.

/// What is left of an input.
pub struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    /// The whole input.
    pub const fn new(data: &'a [u8]) -> Self {
        Self(data)
    }

    /// Whether nothing is left.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let [byte] = self.bytes();
        byte
    }

    /// The next number of sixteen bits.
    pub fn short(&mut self) -> u16 {
        u16::from_be_bytes(self.bytes())
    }

    /// The next number of 64 bits.
    pub fn long(&mut self) -> u64 {
        u64::from_be_bytes(self.bytes())
    }

    /// The next signed number of 64 bits.
    pub fn signed(&mut self) -> i64 {
        i64::from_be_bytes(self.bytes())
    }

    /// A text of up to 255 bytes, its length first; what is no UTF-8 becomes replacement characters.
    pub fn text(&mut self) -> String {
        let length = usize::from(self.byte()).min(self.0.len());
        let (text, rest) = self.0.split_at_checked(length).unwrap_or((self.0, &[]));
        self.0 = rest;
        String::from_utf8_lossy(text).into_owned()
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for (to, from) in bytes.iter_mut().zip(self.0) {
            *to = *from;
        }
        self.0 = self.0.get(N..).unwrap_or_default();
        bytes
    }
}
