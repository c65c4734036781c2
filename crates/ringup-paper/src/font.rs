//! The outline font that lines are drawn with.
//!
//! It is read whole, once, from the machine's own files: none is part of Ringup. Drawn is on a grid: whatever a letter's
//! own width, it stands in the middle of its one or two columns.

#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use swash::scale::{Render, ScaleContext, Source};
use swash::zeno::Format;
use swash::{FontRef, StringId};

use crate::limits::FONT_BYTES_MAX;

/// From this coverage on, a dot is black. A little below half, because thermal paper swallows thin strokes.
const BLACK: u8 = 112;

/// Families that are preferred in a file with several: letters of one column each, and the shapes that mainland China
/// writes.
const PREFERRED: [&str; 3] = ["Mono CJK SC", "CJK SC", " SC"];

/// A font, read and found usable. Cheap to clone.
#[derive(Clone)]
pub struct Font {
    // A vector, because to make a slice of it would hold 19 MB twice for a moment.
    data: Arc<Vec<u8>>,
    face: usize,
    family: String,
}

/// Why there is no font.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// The file cannot be read.
    #[error("the font {} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is larger than any font.
    #[error("the font {} is larger than {FONT_BYTES_MAX} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The file is no OpenType or TrueType font with outlines.
    #[error("{} is no OpenType or TrueType font with outlines", path.display())]
    NotAFont {
        /// The file.
        path: PathBuf,
    },
}

impl FontError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "font_unreadable",
            Self::TooLarge { .. } => "font_too_large",
            Self::NotAFont { .. } => "font_not_a_font",
        }
    }
}

/// The dots of one glyph, and where they stand to its origin on the baseline.
pub(crate) struct Glyph {
    pub left: i32,
    pub top: i32,
    pub width: usize,
    /// How far the next glyph would be.
    pub advance: i32,
    /// Row by row, `width` each.
    pub black: Vec<bool>,
}

impl Font {
    /// Reads the font at `path`: a `.ttf` or `.otf`, or a `.ttc` with several, of which the simplified Chinese one with
    /// letters of equal width is taken, when there is one.
    ///
    /// # Errors
    /// When the file cannot be read, or is no font with outlines.
    pub fn open(path: &Path) -> Result<Self, FontError> {
        let unreadable = |source| FontError::Unreadable { path: path.to_owned(), source };
        let mut data = Vec::new();
        let file = File::open(path).map_err(unreadable)?;
        file.take(FONT_BYTES_MAX + 1).read_to_end(&mut data).map_err(unreadable)?;
        if u64::try_from(data.len()).is_ok_and(|bytes| bytes > FONT_BYTES_MAX) {
            return Err(FontError::TooLarge { path: path.to_owned() });
        }
        Self::from_bytes(data).ok_or_else(|| FontError::NotAFont { path: path.to_owned() })
    }

    /// The family that was taken, as the font names it.
    pub fn family(&self) -> &str {
        &self.family
    }

    /// The file that it was read from, with every face in it.
    pub fn bytes(&self) -> Arc<Vec<u8>> {
        Arc::clone(&self.data)
    }

    /// Whether it can draw `character`.
    pub fn has(&self, character: char) -> bool {
        self.face().is_some_and(|face| face.charmap().map(character) != 0)
    }

    /// Draws `character` with `dots` dots to its em.
    pub(crate) fn glyph(&self, character: char, dots: u16, context: &mut ScaleContext) -> Option<Glyph> {
        let face = self.face()?;
        let id = face.charmap().map(character);
        if id == 0 {
            return None;
        }
        let size = f32::from(dots);
        let advance = face.glyph_metrics(&[]).scale(size).advance_width(id).round() as i32;
        let mut scaler = context.builder(face).size(size).hint(true).build();
        // A space of whatever kind has a glyph and nothing to draw; anything else with nothing to draw would be lost.
        let image = Render::new(&[Source::Outline]).format(Format::Alpha).render(&mut scaler, id).unwrap_or_default();
        let black: Vec<bool> = image.data.iter().map(|coverage| *coverage >= BLACK).collect();
        if !black.contains(&true) && !character.is_whitespace() {
            return None;
        }
        Some(Glyph {
            left: image.placement.left,
            top: image.placement.top,
            width: usize::try_from(image.placement.width).ok()?,
            advance,
            black,
        })
    }

    fn from_bytes(data: Vec<u8>) -> Option<Self> {
        let families: Vec<String> = (0..).map_while(|face| family(&data, face)).collect();
        let face = preferred(&families);
        let family = families.into_iter().nth(face)?;
        let font = Self { data: Arc::new(data), face, family };
        // A font of pictures, or one cut off, has letters and no outlines.
        font.glyph('0', 24, &mut ScaleContext::new())?;
        Some(font)
    }

    fn face(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(&self.data, self.face)
    }
}

impl fmt::Debug for Font {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Font").field("family", &self.family).finish_non_exhaustive()
    }
}

/// The face to take of those that have these families: the first when none is preferred.
fn preferred(families: &[String]) -> usize {
    let with = |wanted: &&str| families.iter().position(|family| family.contains(*wanted));
    PREFERRED.iter().find_map(with).unwrap_or_default()
}

fn family(data: &[u8], face: usize) -> Option<String> {
    let face = FontRef::from_index(data, face)?;
    Some(face.localized_strings().find_by_id(StringId::Family, None).map(|name| name.to_string()).unwrap_or_default())
}
