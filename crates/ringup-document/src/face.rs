//! The face that a document is written in.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use krilla::text::Font;
use swash::{FontRef, StringId};

use crate::layout::Length;

/// Families that are preferred in a file with several: the shapes that mainland China writes, letters of their own widths.
const PREFERRED: [&str; 2] = ["Sans CJK SC", " SC"];

/// Families of letters that are all equally wide, which no book is set in.
const EQUALLY_WIDE: &str = "Mono";

/// What is written for a character that the face lacks, if it has these.
const LACKING: [char; 2] = ['□', '?'];

/// A face of an outline font. Cheap to clone.
#[derive(Clone)]
pub struct Face {
    data: Arc<Vec<u8>>,
    index: usize,
    font: Font,
    lacking: char,
}

impl Face {
    /// The face to take from the bytes of a `.ttf` or `.otf`, or of a `.ttc` with several, of which the simplified Chinese one
    /// with letters of their own widths is taken, when there is one. None when they are no font with outlines.
    pub fn from_bytes(data: impl Into<Arc<Vec<u8>>>) -> Option<Self> {
        let data = data.into();
        let families: Vec<String> = (0..).map_while(|index| family(&data, index)).collect();
        let index = preferred(&families);
        let font = Font::new(Arc::clone(&data).into(), u32::try_from(index).ok()?)?;
        let charmap = FontRef::from_index(&data, index)?.charmap();
        let lacking = LACKING.into_iter().find(|instead| charmap.map(*instead) != 0)?;
        Some(Self { data, index, font, lacking })
    }

    pub(crate) fn font(&self) -> &Font {
        &self.font
    }

    /// `text` as this face can write it: what it lacks is a box, and what is no letter at all is a space.
    pub(crate) fn writable(&self, text: &str) -> String {
        let Some(face) = self.face() else { return String::new() };
        let charmap = face.charmap();
        let written = text.chars().map(|character| match character {
            '\n' => '\n',
            _ if character.is_control() || character.is_whitespace() => ' ',
            _ if charmap.map(character) == 0 => self.lacking,
            _ => character,
        });
        written.collect()
    }

    /// The glyph of each character of `text`, and how far the next one is from it, in letters of `size`.
    pub(crate) fn glyphs(&self, text: &str, size: Length) -> Vec<(u16, Length)> {
        let Some(face) = self.face() else { return Vec::new() };
        let (charmap, metrics) = (face.charmap(), face.glyph_metrics(&[]));
        let em = i64::from(metrics.units_per_em()).max(1);
        let glyph = |character| {
            let id = charmap.map(character);
            // Widths are whole numbers of units in every font; the library reads them as floats.
            let units = metrics.advance_width(id) as i64;
            (id, units * size / em)
        };
        text.chars().map(glyph).collect()
    }

    /// How wide `text` is in letters of `size`.
    pub(crate) fn width(&self, text: &str, size: Length) -> Length {
        self.glyphs(text, size).into_iter().map(|(_, advance)| advance).sum()
    }

    fn face(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(&self.data, self.index)
    }
}

impl fmt::Debug for Face {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let family = family(&self.data, self.index).unwrap_or_default();
        formatter.debug_struct("Face").field("family", &family).finish_non_exhaustive()
    }
}

/// The face to take of those that have these families: the first when none is preferred.
fn preferred(families: &[String]) -> usize {
    let with =
        |wanted: &&str| families.iter().position(|family| family.contains(*wanted) && !family.contains(EQUALLY_WIDE));
    PREFERRED.iter().find_map(with).unwrap_or_default()
}

fn family(data: &[u8], index: usize) -> Option<String> {
    let face = FontRef::from_index(data, index)?;
    Some(face.localized_strings().find_by_id(StringId::Family, None).map(|name| name.to_string()).unwrap_or_default())
}
