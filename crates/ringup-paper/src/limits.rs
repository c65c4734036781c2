//! How long a slip may be. Paper is finite, and a text from outside must not print a roll of it.

/// Parts of one slip.
pub(crate) const PARTS_MAX: usize = 200;

/// Characters of one text of a part.
pub(crate) const TEXT_CHARACTERS_MAX: usize = 2_000;

/// Lines that one part may feed.
pub(crate) const FEED_LINES_MAX: u8 = 20;

/// How often the printer may keep silent, for one read timeout each, while it still says that nothing is wrong with it.
pub(crate) const SILENCES_MAX: u32 = 15;

/// Bytes of a printer that are listened to for one answer.
pub(crate) const BYTES_MAX: usize = 256;

/// The largest font file that is read.
pub(crate) const FONT_BYTES_MAX: u64 = 64 * 1024 * 1024;
