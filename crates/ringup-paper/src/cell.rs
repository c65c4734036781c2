//! How many columns a character takes. A column is one character of the printer's font A: 12 dots.

#[cfg(test)]
mod tests;

use encoding_rs::GB18030;
use unicode_width::UnicodeWidthChar;

use crate::paper::Charset;

/// A character, and the columns that it takes: none, one or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    pub character: char,
    pub columns: usize,
}

/// Marks that Unicode calls ambiguous: half as wide between Latin letters as in Chinese.
const CHINESE_MARKS: &str = "“”‘’…—";

/// Takes `text` apart into cells for a printer with this charset. Tabs and line feeds become spaces: who wants lines
/// splits them before.
pub(crate) fn cells(text: &str, charset: Charset) -> Vec<Cell> {
    let chinese = text.chars().any(|character| character.width() == Some(2));
    let cell = |character: char| {
        let character = if character.is_whitespace() && !is_ideographic_space(character) { ' ' } else { character };
        Cell { character, columns: columns(character, charset, chinese) }
    };
    text.chars().map(cell).collect()
}

/// The columns of all of `cells`.
pub(crate) fn width(cells: &[Cell]) -> usize {
    cells.iter().map(|cell| cell.columns).sum()
}

/// What a printer with a Chinese character set is sent for `character`: `None` when that is four bytes, which older
/// models print as two wrong characters.
pub(crate) fn double_byte(character: char) -> Option<[u8; 2]> {
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = GB18030.encode(character.encode_utf8(&mut buffer));
    if unmappable {
        return None;
    }
    <[u8; 2]>::try_from(bytes.as_ref()).ok()
}

fn columns(character: char, charset: Charset, chinese: bool) -> usize {
    if character.is_ascii() {
        return 1;
    }
    // Such a printer draws everything that it takes two bytes for in a square, Greek letters too.
    if charset == Charset::Gb18030 && double_byte(character).is_some() {
        return 2;
    }
    match character.width() {
        Some(2) => 2,
        Some(1) if chinese && CHINESE_MARKS.contains(character) => 2,
        Some(0) if is_invisible(character) => 0,
        // A mark that belongs above its neighbour gets a place of its own: ugly, and not lost.
        Some(_) | None => 1,
    }
}

/// Characters that are there to be not seen: joiners, directions, variants.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

fn is_ideographic_space(character: char) -> bool {
    character == '\u{3000}'
}
