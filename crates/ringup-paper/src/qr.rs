//! How large a QR code becomes. The printer draws it; we choose the size of its modules, so that it fits and can be read.

#[cfg(test)]
mod tests;

use crate::paper::Width;

/// Bytes that versions 1 to 20 hold at error correction M (15 %): ISO/IEC 18004, table 7, byte mode. Version 20 is 97 modules
/// wide, which fits on 58 mm with white around it at the smallest module.
const BYTES: [usize; 20] =
    [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666];

/// Dots of a module: below 3, a phone cannot tell them apart on thermal paper; above 8, it is a poster.
const MODULE_DOTS_MIN: usize = 3;
const MODULE_DOTS_MAX: usize = 8;

/// A text that fits in no QR code that a phone can read from paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the QR code holds {bytes} bytes; {bytes_max} at most")]
pub struct QrTooLong {
    /// How many it should hold.
    pub bytes: usize,
    /// How many fit.
    pub bytes_max: usize,
}

/// The dots of a module of the code for `content`: about half the paper's width for the whole code, more when there is
/// much in it.
///
/// # Errors
/// When it would not fit on the paper.
pub(crate) fn module_dots(content: &str, width: Width) -> Result<u8, QrTooLong> {
    let bytes = content.len();
    let too_long = || QrTooLong { bytes, bytes_max: BYTES.iter().copied().max().unwrap_or_default() };
    let modules = modules_for(bytes).ok_or_else(too_long)?;
    let wanted = width.dots() * 9 / 16 / modules;
    u8::try_from(wanted.clamp(MODULE_DOTS_MIN, MODULE_DOTS_MAX)).map_err(|_| too_long())
}

fn modules_for(bytes: usize) -> Option<usize> {
    BYTES.iter().position(|held| bytes <= *held).map(|index| 21 + 4 * index)
}
