//! SSP's frames: `7F | sequence bit and address | length | data | CRC low, high`, with 7F doubled after the first.
//!
//! ITL, "SSP Protocol Manual GA138", "Transport Layer".

const START: u8 = 0x7F;
const SEQUENCE_BIT: u8 = 0x80;
/// The most that one frame carries.
pub const DATA_BYTES_MAX: usize = 255;

/// What a frame carries, and for or from whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// It changes with each new command; the answer repeats it.
    pub sequence: bool,
    /// The validator's address, 0 to 125.
    pub address: u8,
    /// 1 to 255 bytes.
    pub data: Vec<u8>,
}

/// The frame cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame carries 1 to {DATA_BYTES_MAX} bytes to an address below 128")]
pub struct FrameError;

impl Frame {
    /// The bytes on the line.
    ///
    /// # Errors
    /// [`FrameError`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, FrameError> {
        let length = u8::try_from(self.data.len()).map_err(|_| FrameError)?;
        if length == 0 || self.address & SEQUENCE_BIT != 0 {
            return Err(FrameError);
        }
        let mut body = vec![self.address | if self.sequence { SEQUENCE_BIT } else { 0 }, length];
        body.extend_from_slice(&self.data);
        let sum = checksum(&body);
        body.extend_from_slice(&sum.to_le_bytes());
        let mut bytes = vec![START];
        for byte in body {
            bytes.push(byte);
            if byte == START {
                bytes.push(START);
            }
        }
        Ok(bytes)
    }
}

/// The CRC-16 with the polynomial 0x8005 and the seed 0xFFFF, highest bit first, over the bytes before they are doubled.
pub fn checksum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |sum, byte| {
        let mut sum = sum ^ (u16::from(*byte) << 8);
        for _ in 0..8 {
            let carry = sum & 0x8000 != 0;
            sum <<= 1;
            if carry {
                sum ^= 0x8005;
            }
        }
        sum
    })
}

/// Takes frames out of what comes from the line, whatever comes. A frame with a wrong checksum is passed over.
#[derive(Debug, Default)]
pub struct Reader {
    /// The frame so far, without its start and with nothing doubled.
    body: Vec<u8>,
    is_inside: bool,
    /// The last byte was a start byte inside a frame: the next one says what it means.
    was_start: bool,
}

impl Reader {
    /// Takes the next byte; answers a frame when it was its last.
    pub fn take(&mut self, byte: u8) -> Option<Frame> {
        if self.was_start {
            self.was_start = false;
            if byte != START {
                // A lone start byte: what came so far is given up, and a new frame begins.
                self.body.clear();
            }
            return self.push(byte);
        }
        if byte == START {
            self.was_start = self.is_inside;
            self.is_inside = true;
            return None;
        }
        if self.is_inside { self.push(byte) } else { None }
    }

    fn push(&mut self, byte: u8) -> Option<Frame> {
        self.body.push(byte);
        let [head, length, rest @ ..] = self.body.as_slice() else { return None };
        if rest.len() < usize::from(*length).saturating_add(2) {
            return None;
        }
        let frame = read_whole(*head, &self.body);
        self.body.clear();
        self.is_inside = false;
        frame
    }
}

fn read_whole(head: u8, body: &[u8]) -> Option<Frame> {
    let (covered, sum) = body.split_last_chunk::<2>()?;
    let data = covered.get(2..).filter(|data| !data.is_empty())?;
    if checksum(covered) != u16::from_le_bytes(*sum) {
        return None;
    }
    Some(Frame { sequence: head & SEQUENCE_BIT != 0, address: head & !SEQUENCE_BIT, data: data.to_vec() })
}

#[cfg(test)]
mod tests;
