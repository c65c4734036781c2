//! The paper and the printer that a slip is laid out for, and the slip as the bytes to send.

use std::collections::BTreeSet;

use crate::emit;
use crate::font::Font;
use crate::layout;
use crate::limits;
use crate::qr::QrTooLong;
use crate::slip::{Part, Slip};

/// How wide the paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 58 mm, of which 48 mm are printed on: 384 dots, 32 columns.
    Mm58,
    /// 80 mm, of which 72 mm are printed on: 576 dots, 48 columns.
    Mm80,
}

impl Width {
    /// The dots of one printed row, 8 to a millimetre.
    pub fn dots(self) -> usize {
        match self {
            Self::Mm58 => 384,
            Self::Mm80 => 576,
        }
    }

    /// The characters of one line of the printer's font A, 12 dots each.
    pub fn columns(self) -> usize {
        match self {
            Self::Mm58 => 32,
            Self::Mm80 => 48,
        }
    }
}

/// How a line with more than ASCII gets onto the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// Drawn by us. Every printer prints it.
    Raster,
    /// As text in GB18030, by the printer's own Chinese font: fewer bytes and faster, where the printer is known to have
    /// one. A line with a character that needs four bytes there (`¥`, rare names) is drawn all the same.
    Gb18030,
}

/// What a slip is laid out for.
#[derive(Debug, Clone)]
pub struct Paper {
    /// How wide it is.
    pub width: Width,
    /// What the printer can write itself.
    pub charset: Charset,
    /// What other lines are drawn with. A till that prints nothing but ASCII needs none.
    pub font: Option<Font>,
}

/// A slip as the bytes to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// ESC/POS, from the reset to the last part.
    pub bytes: Vec<u8>,
    /// Characters that are a box on the paper, because the font lacks them or because no printer may get them. To be
    /// logged: somebody should choose another font.
    pub missing: BTreeSet<char>,
}

/// Why a slip cannot be laid out. Nothing was printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// More parts than a slip may have.
    #[error("the slip has {parts} parts; {} at most", limits::PARTS_MAX)]
    TooManyParts {
        /// How many it has.
        parts: usize,
    },
    /// A text is longer than a text may be.
    #[error("a text of the slip has {characters} characters; {} at most", limits::TEXT_CHARACTERS_MAX)]
    TextTooLong {
        /// How many it has.
        characters: usize,
    },
    /// More empty lines at once than make sense.
    #[error("the slip feeds {lines} lines at once; {} at most", limits::FEED_LINES_MAX)]
    FeedTooLong {
        /// How many it wants.
        lines: u8,
    },
    /// The QR code would be wider than the paper, or too fine for a phone.
    #[error(transparent)]
    QrTooLong(#[from] QrTooLong),
    /// A line must be drawn, and there is no font to draw it with.
    #[error("`{character}` must be drawn, and no font is set")]
    FontNeeded {
        /// The first such character.
        character: char,
    },
    /// A command that the printer's language cannot express.
    #[error("not expressible in ESC/POS: {0}")]
    Inexpressible(String),
}

impl ComposeError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooManyParts { .. } => "slip_too_many_parts",
            Self::TextTooLong { .. } => "slip_text_too_long",
            Self::FeedTooLong { .. } => "slip_feed_too_long",
            Self::QrTooLong(_) => "slip_qr_too_long",
            Self::FontNeeded { .. } => "slip_font_needed",
            Self::Inexpressible(_) => "slip_inexpressible",
        }
    }
}

impl Paper {
    /// Lays out `slip` and writes it down in the printer's language.
    ///
    /// # Errors
    /// When the slip is longer than the limits, its QR code does not fit on the paper, or a line must be drawn and there
    /// is no font. A character that the font lacks is no error: it is a box, and named in [`Sheet::missing`].
    pub fn compose(&self, slip: &Slip) -> Result<Sheet, ComposeError> {
        check(slip)?;
        let blocks = layout::blocks(slip, self.width, self.charset)?;
        emit::sheet(&blocks, self)
    }
}

fn check(slip: &Slip) -> Result<(), ComposeError> {
    if slip.parts.len() > limits::PARTS_MAX {
        return Err(ComposeError::TooManyParts { parts: slip.parts.len() });
    }
    for part in &slip.parts {
        if let Some(characters) =
            part.texts().into_iter().map(|text| text.chars().count()).find(|one| *one > limits::TEXT_CHARACTERS_MAX)
        {
            return Err(ComposeError::TextTooLong { characters });
        }
        if let Part::Feed(lines) = part
            && *lines > limits::FEED_LINES_MAX
        {
            return Err(ComposeError::FeedTooLong { lines: *lines });
        }
    }
    Ok(())
}
