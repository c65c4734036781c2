//! A text broken into lines, where the rules of its script allow it (Unicode's line breaking, UAX 14).

#[cfg(test)]
mod tests;

use swash::text::analyze;
use swash::text::cluster::Boundary;

use crate::face::Face;
use crate::layout::Length;

/// `text` in lines of letters of `size` that are no wider than `width`. A word that is wider than a line is broken anywhere.
/// There is always a line, were it an empty one.
pub(crate) fn wrap(face: &Face, text: &str, size: Length, width: Length) -> Vec<String> {
    let text = face.writable(text);
    let mut lines = Vec::new();
    let mut line = Line::default();
    let advances = face.glyphs(&text, size);
    for ((character, (_, advance)), (_, boundary)) in text.chars().zip(advances).zip(analyze(text.chars())) {
        match boundary {
            Boundary::Mandatory if !line.is_empty() => lines.push(line.take()),
            Boundary::Line => line.may_break(),
            Boundary::Mandatory | Boundary::Word | Boundary::None => {}
        }
        if character == '\n' {
            continue;
        }
        // A space at the end of a line needs no room.
        while character != ' ' && line.width + advance > width && !line.is_empty() {
            lines.push(line.break_off());
        }
        line.push(character, advance);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line.take());
    }
    lines
}

/// A line that is being filled.
#[derive(Default)]
struct Line {
    characters: Vec<(char, Length)>,
    width: Length,
    /// How many characters stand before the last place where it may be broken.
    breakable: usize,
}

impl Line {
    fn is_empty(&self) -> bool {
        self.characters.is_empty()
    }

    fn push(&mut self, character: char, advance: Length) {
        self.characters.push((character, advance));
        self.width += advance;
    }

    fn may_break(&mut self) {
        self.breakable = self.characters.len();
    }

    /// What is before the last place where it may be broken, or all of it when there is none; the rest stays.
    fn break_off(&mut self) -> String {
        let at = if self.breakable == 0 { self.characters.len() } else { self.breakable };
        let rest = self.characters.split_off(at);
        let text = self.take();
        self.width = rest.iter().map(|(_, advance)| advance).sum();
        self.characters = rest;
        text
    }

    fn take(&mut self) -> String {
        let text: String = std::mem::take(&mut self.characters).into_iter().map(|(character, _)| character).collect();
        (self.width, self.breakable) = (0, 0);
        text.trim_end().to_owned()
    }
}
