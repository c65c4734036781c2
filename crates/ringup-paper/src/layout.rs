//! A slip as lines on a grid of columns, before anybody says how each line gets onto the paper.

mod rows;
#[cfg(test)]
mod tests;

use crate::cell::{Cell, cells, width};
use crate::paper::{Charset, ComposeError, Width};
use crate::qr;
use crate::slip::{Part, Slip};
use crate::wrap::wrap;

/// Characters that a reader can hold in mind at once.
const CODE_GROUP: usize = 4;

/// From the printing head to the cutter or the edge to tear at are about 15 mm, four lines, on the printers that we know.
const LINES_TO_CUTTER: u8 = 5;

/// What follows each other on the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// A line of text.
    Line(Line),
    /// A line across.
    Rule,
    /// A QR code in the middle.
    Qr { content: String, module_dots: u8 },
    /// So many empty lines.
    Feed(u8),
    /// The cut, the paper being where it belongs.
    Cut,
}

/// A line of text: runs in reading order that do not overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub runs: Vec<Run>,
    /// White on black, across the whole paper.
    pub inverse: bool,
}

/// Characters beside each other in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    /// The column that it begins at, in columns of the normal size.
    pub column: usize,
    pub style: Style,
    pub cells: Vec<Cell>,
}

/// How characters look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Normal,
    Bold,
    /// Bold, twice as wide and twice as high.
    Large,
}

impl Style {
    /// How often the normal size it is, in both directions.
    pub fn scale(self) -> usize {
        match self {
            Self::Normal | Self::Bold => 1,
            Self::Large => 2,
        }
    }

    pub fn is_bold(self) -> bool {
        self != Self::Normal
    }
}

impl Line {
    /// How often the normal height its tallest run is.
    pub fn scale(&self) -> usize {
        self.runs.iter().map(|run| run.style.scale()).max().unwrap_or(1)
    }

    /// Its characters.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.runs.iter().flat_map(|run| &run.cells)
    }
}

impl Run {
    /// The column behind it.
    pub fn end(&self) -> usize {
        self.column + width(&self.cells) * self.style.scale()
    }
}

/// Lays out `slip`.
///
/// # Errors
/// When a QR code does not fit on the paper.
pub(crate) fn blocks(slip: &Slip, paper: Width, charset: Charset) -> Result<Vec<Block>, ComposeError> {
    let mut blocks = Vec::new();
    for part in &slip.parts {
        add(part, Grid { columns: paper.columns(), charset }, paper, &mut blocks)?;
    }
    Ok(blocks)
}

fn add(part: &Part, grid: Grid, paper: Width, blocks: &mut Vec<Block>) -> Result<(), ComposeError> {
    let mut lines = |lines: Vec<Line>| blocks.extend(lines.into_iter().map(Block::Line));
    match part {
        Part::Heading(text) => lines(grid.centred(text, Style::Large)),
        Part::Paragraph(text) => lines(grid.left(text)),
        Part::Row { key, value } => lines(rows::row(&grid.cells(key), &grid.cells(value), Style::Normal, grid.columns)),
        Part::Amount { label, value } => {
            lines(rows::row(&grid.cells(label), &grid.cells(value), Style::Large, grid.columns));
        }
        Part::Code(code) => lines(grid.code(code)),
        Part::Reprint(text) => {
            lines(grid.centred(text, Style::Bold).into_iter().map(|line| Line { inverse: true, ..line }).collect());
        }
        Part::Rule => blocks.push(Block::Rule),
        Part::Qr { content, caption } => {
            blocks.push(Block::Qr { content: content.clone(), module_dots: qr::module_dots(content, paper)? });
            if !caption.trim().is_empty() {
                blocks.extend(grid.centred(caption, Style::Normal).into_iter().map(Block::Line));
            }
        }
        Part::Feed(lines) => blocks.push(Block::Feed(*lines)),
        Part::Cut => blocks.extend([Block::Feed(LINES_TO_CUTTER), Block::Cut]),
    }
    Ok(())
}

/// The columns of the paper, and how wide the characters are on it.
#[derive(Debug, Clone, Copy)]
struct Grid {
    columns: usize,
    charset: Charset,
}

impl Grid {
    fn cells(self, text: &str) -> Vec<Cell> {
        cells(text, self.charset)
    }

    /// The lines of `text`, each of its own lines broken where the paper ends.
    fn wrapped(self, text: &str, style: Style) -> Vec<Vec<Cell>> {
        text.lines().flat_map(|line| wrap(&self.cells(line), self.columns / style.scale())).collect()
    }

    fn left(self, text: &str) -> Vec<Line> {
        self.wrapped(text, Style::Normal).into_iter().map(|cells| one_run(0, Style::Normal, cells)).collect()
    }

    fn centred(self, text: &str, style: Style) -> Vec<Line> {
        let centre = |cells: Vec<Cell>| {
            let spare = self.columns - width(&cells) * style.scale();
            one_run(spare / 2, style, cells)
        };
        self.wrapped(text, style).into_iter().map(centre).collect()
    }

    /// Groups of four, as many in each line as in the next, or one more, and each below the other.
    fn code(self, code: &str) -> Vec<Line> {
        let characters: Vec<char> = code.chars().filter(|one| !one.is_whitespace() && *one != '-').collect();
        let groups: Vec<String> = characters.chunks(CODE_GROUP).map(|group| group.iter().collect()).collect();
        let widest = groups.iter().map(|group| width(&self.cells(group))).max().unwrap_or_default();
        let groups_max = ((self.columns + 1) / (widest + 1)).max(1);
        let groups_each = groups.len().div_ceil(groups.len().div_ceil(groups_max).max(1)).max(1);
        let lines: Vec<Vec<Cell>> = groups.chunks(groups_each).map(|groups| self.cells(&groups.join(" "))).collect();
        let spare = self.columns - lines.iter().map(|line| width(line)).max().unwrap_or_default();
        lines.into_iter().map(|cells| one_run(spare / 2, Style::Bold, cells)).collect()
    }
}

fn one_run(column: usize, style: Style, cells: Vec<Cell>) -> Line {
    Line { runs: vec![Run { column, style, cells }], inverse: false }
}
