//! Tables and facts: rows that are never torn, and heads that come again overleaf.

use super::blocks::{NOTE, TEXT};
use super::{BOTTOM, Ink, LEFT, Length, Line, Node, Row, Sheet, Style, TOP, WIDTH};
use crate::document::{Align, DocumentError, Table};
use crate::wrap::wrap;

/// Between two columns.
const GUTTER: Length = 14_000;
/// Above and below the letters of a row.
const PADDING: Length = 4_500;
/// How much of the width the names of facts take, in hundredths.
const NAMES: Length = 36;

const MUTED: Style = Style { ink: Ink::Muted, ..TEXT };

/// A column that has its place.
struct Place {
    x: Length,
    width: Length,
    align: Align,
}

impl Sheet<'_> {
    pub(super) fn facts(&mut self, facts: &[(String, String)]) -> Result<(), DocumentError> {
        self.space(8_000);
        let names = WIDTH * NAMES / 100;
        let places = [
            Place { x: LEFT, width: names - GUTTER, align: Align::Start },
            Place { x: LEFT + names, width: WIDTH - names, align: Align::Start },
        ];
        let mut rows = Vec::new();
        for (name, fact) in facts {
            let cells = self.cells(&[name, fact], &places, &[MUTED, TEXT]);
            self.make_room(&cells, None)?;
            rows.push(Row { is_named: true, cells: self.row(cells) });
        }
        if !rows.is_empty() {
            self.pages.tree.push(Node::Table { head: None, rows });
        }
        self.space(6_000);
        Ok(())
    }

    pub(super) fn table(&mut self, table: &Table) -> Result<(), DocumentError> {
        self.space(8_000);
        let places = places(table);
        let heads: Vec<&String> = table.columns.iter().map(|column| &column.head).collect();
        let head = self.cells(&heads, &places, &[NOTE]);
        // The head does not stand alone at the foot of a page.
        if !self.has_room(height(&head) + TEXT.leading + 2 * PADDING) {
            self.turn_over();
        }
        let tagged = self.row(head.clone());
        let mut rows = Vec::new();
        for row in &table.rows {
            let cells = self.cells(&row.iter().collect::<Vec<_>>(), &places, &[TEXT]);
            self.make_room(&cells, Some(&head))?;
            rows.push(Row { is_named: false, cells: self.row(cells) });
        }
        if let Some(total) = &table.total {
            let cells = self.cells(&total.iter().collect::<Vec<_>>(), &places, &[TEXT]);
            self.make_room(&cells, Some(&head))?;
            self.rule(self.y, true);
            rows.push(Row { is_named: true, cells: self.row(cells) });
        }
        self.pages.tree.push(Node::Table { head: Some(tagged), rows });
        self.space(6_000);
        Ok(())
    }

    /// The lines of each text, by the style of its column; the last style holds for all that are left. What stands behind an
    /// end of line in a text is said quietly below.
    fn cells(&self, texts: &[&String], places: &[Place], styles: &[Style]) -> Vec<Cell> {
        let cell = |(column, (text, place)): (usize, (&&String, &Place))| {
            let style = styles.get(column).or(styles.last()).copied().unwrap_or(TEXT);
            let (first, rest) =
                text.split_once('\n').map_or((text.as_str(), None), |(first, rest)| (first, Some(rest)));
            let mut cell = self.set(first, place, style);
            cell.extend(rest.into_iter().flat_map(|rest| self.set(rest, place, NOTE)));
            cell
        };
        texts.iter().zip(places).enumerate().map(cell).collect()
    }

    fn set(&self, text: &str, place: &Place, style: Style) -> Cell {
        let lines = wrap(self.face, text, style.size, place.width).into_iter().map(|text| {
            let x = match place.align {
                Align::Start => place.x,
                Align::End => place.x + place.width - self.face.width(&text, style.size),
            };
            CellLine { text, x, style }
        });
        lines.collect()
    }

    /// Turns over when the row does not fit below, and says the head of the table again.
    fn make_room(&mut self, cells: &[Cell], head: Option<&[Cell]>) -> Result<(), DocumentError> {
        if self.has_room(height(cells)) {
            return Ok(());
        }
        if TOP + head.map_or(0, height) + height(cells) > BOTTOM {
            return Err(DocumentError::RowTooHigh);
        }
        self.turn_over();
        for cell in head.unwrap_or_default() {
            let page = self.pages.count - 1;
            let mut y = self.y + PADDING;
            for CellLine { text, x, style } in cell {
                let (at, size, ink) = (y + style.baseline(), style.size, style.ink);
                self.pages.artifacts.push(Line { text: text.clone(), page, x: *x, y: at, size, ink });
                y += style.leading;
            }
        }
        if let Some(head) = head {
            self.y += height(head);
            self.rule(self.y, false);
        }
        Ok(())
    }

    /// Puts a row down, with a hairline below.
    fn row(&mut self, cells: Vec<Cell>) -> Vec<Vec<usize>> {
        let below = self.y + height(&cells);
        let place = |cell: Cell| {
            let mut y = self.y + PADDING;
            let lines = cell.into_iter().map(|CellLine { text, x, style }| {
                let number = self.line(text, x, y, style);
                y += style.leading;
                number
            });
            lines.collect()
        };
        let numbers = cells.into_iter().map(place).collect();
        self.y = below;
        self.rule(below, false);
        numbers
    }
}

type Cell = Vec<CellLine>;

/// A line of a cell, with its left end.
#[derive(Clone)]
struct CellLine {
    text: String,
    x: Length,
    style: Style,
}

fn height(cells: &[Cell]) -> Length {
    let letters = cells.iter().map(|cell| cell.iter().map(|line| line.style.leading).sum::<Length>());
    letters.max().unwrap_or_default() + 2 * PADDING
}

/// The columns side by side, each as wide as its share of what the gutters leave.
fn places(table: &Table) -> Vec<Place> {
    let shares: Length = table.columns.iter().map(|column| Length::from(column.share)).sum();
    let gutters = Length::try_from(table.columns.len().saturating_sub(1)).unwrap_or_default() * GUTTER;
    let mut x = LEFT;
    let place = |column: &crate::document::Column| {
        let width = (WIDTH - gutters) * Length::from(column.share) / shares.max(1);
        let place = Place { x, width, align: column.align };
        x += width + GUTTER;
        place
    };
    table.columns.iter().map(place).collect()
}
