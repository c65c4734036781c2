//! Black and white dots, and lines drawn with them.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use swash::scale::ScaleContext;

use crate::cell::{Cell, is_invisible};
use crate::font::{Font, Glyph};
use crate::layout::{Line, Run};

/// A column of the printer's font A, and its height.
pub(crate) const COLUMN_DOTS: usize = 12;
pub(crate) const CHARACTER_DOTS: usize = 24;

const INVERSE_MARGIN_DOTS: usize = 2;

/// A picture of one bit to a dot, its rows filled up to whole bytes, as `GS v 0` takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Raster {
    row_bytes: usize,
    rows: usize,
    bits: Vec<u8>,
}

impl Raster {
    pub fn new(width: usize, rows: usize) -> Self {
        let row_bytes = width.div_ceil(8);
        Self { row_bytes, rows, bits: vec![0; row_bytes * rows] }
    }

    /// Makes a dot black; one outside the picture is not there to be made.
    pub fn set(&mut self, x: i32, y: i32) {
        if let Some((byte, mask)) = self.place(x, y) {
            *byte |= mask;
        }
    }

    /// Turns black into white and back in the first `rows` rows.
    pub fn invert(&mut self, rows: usize) {
        self.bits.iter_mut().take(rows * self.row_bytes).for_each(|byte| *byte = !*byte);
    }

    /// Fills the rows from `from` on, before `to`, with black.
    pub fn fill_rows(&mut self, from: usize, to: usize) {
        self.bits
            .iter_mut()
            .skip(from * self.row_bytes)
            .take((to - from) * self.row_bytes)
            .for_each(|byte| *byte = 0xff);
    }

    /// `GS v 0`: one picture at the left edge, its white right edge left out.
    pub fn command(&self) -> Vec<u8> {
        let rows: Vec<&[u8]> = self.bits.chunks(self.row_bytes).collect();
        let used = |row: &&[u8]| row.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let row_bytes = rows.iter().map(used).max().unwrap_or_default().max(1);
        let mut command = vec![0x1d, b'v', b'0', 0];
        command.extend(little_endian(row_bytes));
        command.extend(little_endian(self.rows));
        rows.iter().for_each(|row| command.extend(row.iter().take(row_bytes)));
        command
    }

    fn place(&mut self, x: i32, y: i32) -> Option<(&mut u8, u8)> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        if x >= self.row_bytes * 8 || y >= self.rows {
            return None;
        }
        self.bits.get_mut(y * self.row_bytes + x / 8).map(|byte| (byte, 0x80 >> (x % 8)))
    }
}

/// Sizes on paper are far below what two bytes hold.
fn little_endian(size: usize) -> [u8; 2] {
    u16::try_from(size).unwrap_or(u16::MAX).to_le_bytes()
}

/// Draws lines with a font, and keeps what the font lacks.
pub(crate) struct Pen<'a> {
    pub font: &'a Font,
    pub missing: &'a mut BTreeSet<char>,
    pub context: &'a mut ScaleContext,
}

impl Pen<'_> {
    /// `line` as a picture `width` dots wide and `rows` high.
    pub fn line(&mut self, line: &Line, width: usize, rows: usize) -> Raster {
        let mut raster = Raster::new(width, rows);
        // Chinese fills its square: white on black it needs some black above and below.
        let margin = if line.inverse { INVERSE_MARGIN_DOTS } else { 0 };
        let baseline = margin + baseline(line.scale());
        line.runs.iter().for_each(|run| self.run(run, baseline, &mut raster));
        if line.inverse {
            raster.invert(line.scale() * CHARACTER_DOTS + 2 * margin);
        }
        raster
    }

    fn run(&mut self, run: &Run, baseline: usize, raster: &mut Raster) {
        let scale = run.style.scale();
        let mut x = run.column * COLUMN_DOTS;
        for cell in &run.cells {
            let columns = cell.columns * scale * COLUMN_DOTS;
            let frame = Frame { x: signed(x), width: signed(columns), baseline: signed(baseline), scale };
            self.cell(*cell, frame, raster);
            if run.style.is_bold() {
                // Bold as printers do it: once more, beside itself.
                self.cell(*cell, Frame { x: frame.x + signed(scale), ..frame }, raster);
            }
            x += columns;
        }
    }

    fn cell(&mut self, cell: Cell, frame: Frame, raster: &mut Raster) {
        if cell.character == ' ' || (cell.columns == 0 && is_invisible(cell.character)) {
            return;
        }
        let dots = u16::try_from(frame.scale * CHARACTER_DOTS).unwrap_or(u16::MAX);
        let glyph = self.font.glyph(cell.character, dots, self.context);
        match glyph.filter(|_| !cell.character.is_control()) {
            Some(glyph) => frame.draw(&glyph, raster),
            None => {
                self.missing.insert(cell.character);
                frame.draw_box(raster);
            }
        }
    }
}

/// Where a character stands.
#[derive(Clone, Copy)]
struct Frame {
    x: i32,
    width: i32,
    baseline: i32,
    scale: usize,
}

impl Frame {
    fn draw(self, glyph: &Glyph, raster: &mut Raster) {
        // A mark without a width of its own stands before its origin; here it has a place to itself.
        let left = match glyph.advance {
            0 => (self.width - signed(glyph.width)) / 2,
            advance => (self.width - advance) / 2 + glyph.left,
        };
        let (x, y) = (self.x + left, self.baseline - glyph.top);
        if glyph.width == 0 {
            return;
        }
        for (row, dots) in glyph.black.chunks(glyph.width).enumerate() {
            for (column, _) in dots.iter().enumerate().filter(|(_, black)| **black) {
                raster.set(x + signed(column), y + signed(row));
            }
        }
    }

    fn draw_box(self, raster: &mut Raster) {
        let edge = signed(self.scale);
        let (left, right) = (self.x + edge, self.x + self.width - 1 - edge);
        let (top, bottom) = (self.baseline - 18 * edge, self.baseline);
        for stroke in 0..edge {
            (left..=right).for_each(|x| {
                raster.set(x, top + stroke);
                raster.set(x, bottom - stroke);
            });
            (top..=bottom).for_each(|y| {
                raster.set(left + stroke, y);
                raster.set(right - stroke, y);
            });
        }
    }
}

/// Outline fonts for Chinese put the baseline at 0.88 of the em.
fn baseline(scale: usize) -> usize {
    scale * CHARACTER_DOTS * 88 / 100
}

fn signed(dots: usize) -> i32 {
    i32::try_from(dots).unwrap_or(i32::MAX)
}
