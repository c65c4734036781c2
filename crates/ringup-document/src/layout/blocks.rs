//! The head of a document, its headings and its paragraphs.

use super::{Ink, LEFT, Length, Node, Sheet, Style, WIDTH};
use crate::document::{Block, Document, DocumentError};
use crate::wrap::wrap;

const ISSUER: Style = Style { size: 11_000, leading: 16_000, ink: Ink::Brand };
const TITLE: Style = Style { size: 22_000, leading: 30_000, ink: Ink::Full };
const HEADING: Style = Style { size: 13_000, leading: 20_000, ink: Ink::Full };
pub(super) const TEXT: Style = Style { size: 10_000, leading: 16_000, ink: Ink::Full };
pub(super) const NOTE: Style = Style { size: 8_500, leading: 13_500, ink: Ink::Muted };

/// A heading stands on a page only with so much of what it is the heading of.
const KEPT_WITH_HEADING: Length = 60_000;

impl Sheet<'_> {
    pub(super) fn head(&mut self, document: &Document) {
        let issuer = self.paragraph(&document.issuer, ISSUER);
        self.pages.tree.push(Node::Paragraph(issuer));
        self.space(4_000);
        let title = self.paragraph(&document.title, TITLE);
        self.pages.tree.push(Node::Title(title));
        self.space(6_000);
    }

    pub(super) fn block(&mut self, block: &Block) -> Result<(), DocumentError> {
        match block {
            Block::Heading(text) => {
                self.space(18_000);
                if !self.has_room(HEADING.leading + KEPT_WITH_HEADING) {
                    self.turn_over();
                }
                let lines = self.paragraph(text, HEADING);
                self.pages.tree.push(Node::Heading(lines));
                self.space(2_000);
            }
            Block::Text(text) => self.text(text, TEXT),
            Block::Note(text) => self.text(text, NOTE),
            Block::Facts(rows) => self.facts(rows)?,
            Block::Table(table) => self.table(table)?,
        }
        Ok(())
    }

    fn text(&mut self, text: &str, style: Style) {
        self.space(4_000);
        let lines = self.paragraph(text, style);
        self.pages.tree.push(Node::Paragraph(lines));
        self.space(4_000);
    }

    /// A paragraph across the page, which may go on overleaf.
    fn paragraph(&mut self, text: &str, style: Style) -> Vec<usize> {
        let lines = wrap(self.face, text, style.size, WIDTH);
        let place = |line| {
            if !self.has_room(style.leading) {
                self.turn_over();
            }
            let number = self.line(line, LEFT, self.y, style);
            self.y += style.leading;
            number
        };
        lines.into_iter().map(place).collect()
    }
}
