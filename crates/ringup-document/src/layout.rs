//! Where everything stands: blocks become lines of letters on pages, and the tree that tells what each line belongs to.

mod blocks;
mod table;
#[cfg(test)]
mod tests;

use crate::document::{Document, DocumentError};
use crate::face::Face;

/// Thousandths of a point, of which 72 are an inch. From the left edge, from the upper edge, or wide.
pub(crate) type Length = i64;

pub(crate) const PAGE_WIDTH: Length = 595_276;
pub(crate) const PAGE_HEIGHT: Length = 841_890;
pub(crate) const LEFT: Length = 56_693;
pub(crate) const TOP: Length = 62_000;
pub(crate) const WIDTH: Length = PAGE_WIDTH - 2 * LEFT;
/// Nothing but the foot stands below.
const BOTTOM: Length = PAGE_HEIGHT - 76_000;
const FOOT_LINE: Length = PAGE_HEIGHT - 58_000;

/// What letters look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// What is read.
    Full,
    /// What stands beside it.
    Muted,
    /// The issuer's colour.
    Brand,
}

/// A line of letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub text: String,
    pub page: usize,
    /// Of its first letter.
    pub x: Length,
    /// Of its baseline.
    pub y: Length,
    pub size: Length,
    pub ink: Ink,
}

/// A hairline across the page or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub page: usize,
    pub x: Length,
    pub y: Length,
    pub width: Length,
    pub is_strong: bool,
}

/// What lines belong to, in reading order. A leaf is the place of a line in [`Pages::lines`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Title(Vec<usize>),
    Heading(Vec<usize>),
    Paragraph(Vec<usize>),
    Table { head: Option<Vec<Vec<usize>>>, rows: Vec<Row> },
}

/// A row of a table: the lines of each cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Whether its first cell names it.
    pub is_named: bool,
    pub cells: Vec<Vec<usize>>,
}

/// A document that has its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pages {
    pub count: usize,
    /// What is read, in reading order.
    pub lines: Vec<Line>,
    pub tree: Vec<Node>,
    /// What only guides the eye: the foot, and the heads of tables that go on.
    pub artifacts: Vec<Line>,
    pub rules: Vec<Rule>,
}

/// Gives everything in `document` its place.
pub(crate) fn lay_out(document: &Document, face: &Face) -> Result<Pages, DocumentError> {
    let mut sheet = Sheet { face, pages: Pages { count: 1, ..Pages::default() }, y: TOP };
    sheet.head(document);
    for block in &document.blocks {
        sheet.block(block)?;
    }
    sheet.feet(document);
    Ok(sheet.pages)
}

/// The pages that are being filled, and how far the last one is.
struct Sheet<'face> {
    face: &'face Face,
    pages: Pages,
    y: Length,
}

/// How letters are set.
#[derive(Clone, Copy)]
struct Style {
    size: Length,
    /// From one line to the next.
    leading: Length,
    ink: Ink,
}

impl Style {
    /// From the upper edge of a line to its baseline.
    const fn baseline(self) -> Length {
        (self.leading - self.size) / 2 + self.size * 88 / 100
    }
}

impl Sheet<'_> {
    /// Whether the last page has room for so much more.
    fn has_room(&self, height: Length) -> bool {
        self.y + height <= BOTTOM
    }

    fn turn_over(&mut self) {
        self.pages.count += 1;
        self.y = TOP;
    }

    fn space(&mut self, height: Length) {
        // At the head of a page a distance to what is above has no meaning.
        if self.y > TOP {
            self.y += height;
        }
    }

    /// A line of letters at (`x`, `y`) of the last page, which belongs to the tree by the number that is given back.
    fn line(&mut self, text: String, x: Length, y: Length, style: Style) -> usize {
        let (page, size, ink) = (self.pages.count - 1, style.size, style.ink);
        self.pages.lines.push(Line { text, page, x, y: y + style.baseline(), size, ink });
        self.pages.lines.len() - 1
    }

    fn rule(&mut self, y: Length, is_strong: bool) {
        self.pages.rules.push(Rule { page: self.pages.count - 1, x: LEFT, y, width: WIDTH, is_strong });
    }

    /// The issuer and the number of the page, at the foot of each.
    fn feet(&mut self, document: &Document) {
        let style = blocks::NOTE;
        for page in 0..self.pages.count {
            let number = self.face.writable(&document.label(page + 1, self.pages.count));
            let issuer = self.face.writable(&document.issuer);
            let right = LEFT + WIDTH - self.face.width(&number, style.size);
            let y = FOOT_LINE + 8_000 + style.baseline();
            self.pages.rules.push(Rule { page, x: LEFT, y: FOOT_LINE, width: WIDTH, is_strong: false });
            let (size, ink) = (style.size, style.ink);
            self.pages.artifacts.push(Line { text: issuer, page, x: LEFT, y, size, ink });
            self.pages.artifacts.push(Line { text: number, page, x: right, y, size, ink });
        }
    }
}
