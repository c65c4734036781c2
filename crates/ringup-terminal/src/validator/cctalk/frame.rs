//! ccTalk's frames: `destination | length | source | header | data | checksum`, the sum of all bytes being zero.
//!
//! Money Controls, "ccTalk Serial Communication Protocol, Generic Specification", part 1. There is no start byte: a frame ends
//! when its length says so, or when nothing comes any more.

/// The most that one frame carries.
pub const DATA_BYTES_MAX: usize = 255;

/// What a frame carries, from whom and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Who is meant.
    pub to: u8,
    /// Who sends it.
    pub from: u8,
    /// The command; 0 in an answer.
    pub header: u8,
    /// Up to 255 bytes.
    pub data: Vec<u8>,
}

/// The frame cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame carries up to {DATA_BYTES_MAX} bytes")]
pub struct FrameError;

/// What a beginning of bytes is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// The frame goes on.
    Unfinished,
    /// A frame, of so many bytes.
    Whole(Frame, usize),
    /// A frame's length of bytes that do not add up.
    Wrong,
}

impl Frame {
    /// The bytes on the line.
    ///
    /// # Errors
    /// [`FrameError`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, FrameError> {
        let length = u8::try_from(self.data.len()).map_err(|_| FrameError)?;
        let mut bytes = vec![self.to, length, self.from, self.header];
        bytes.extend_from_slice(&self.data);
        bytes.push(sum(&bytes).wrapping_neg());
        Ok(bytes)
    }

    /// Reads the frame that these bytes begin with.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Read {
        let Some(length) = bytes.get(1) else { return Read::Unfinished };
        let whole = usize::from(*length).saturating_add(5);
        let Some(bytes) = bytes.get(..whole) else { return Read::Unfinished };
        let [to, _, from, header, data @ .., _] = bytes else { return Read::Wrong };
        if sum(bytes) != 0 {
            return Read::Wrong;
        }
        Read::Whole(Self { to: *to, from: *from, header: *header, data: data.to_vec() }, whole)
    }
}

fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))
}

#[cfg(test)]
mod tests;
