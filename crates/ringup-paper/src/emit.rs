//! Lines in the printer's language. `escpos` writes the commands; pictures are ours, because it would take them only as
//! files in an image format.

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use encoding_rs::GB18030;
use escpos::driver::Driver;
use escpos::errors::{PrinterError, Result as EscposResult};
use escpos::printer::Printer;
use escpos::utils::{Encoder, JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};
use swash::scale::ScaleContext;

use crate::cell::{Cell, double_byte, is_invisible};
use crate::layout::{Block, Line, Style};
use crate::paper::{Charset, ComposeError, Paper, Sheet};
use crate::raster::{CHARACTER_DOTS, Pen, Raster};

/// White between lines: 6 dots for normal ones, as printers have it when switched on, and a little more below what is large or
/// white on black.
const GAP_DOTS: usize = 6;
const LARGE_GAP_DOTS: usize = 10;

/// The height of a rule with the white around it, and where in it the black begins and ends.
const RULE_DOTS: usize = 18;
const RULE: (usize, usize) = (6, 8);

/// `GS V 1`: partial cut where the paper is. `escpos` would send `GS V 65`, which cuts wholly and feeds first: on printers
/// without a cutter the slip would stay inside.
const CUT: [u8; 3] = [0x1d, b'V', 1];

/// `GS a 0`: no reports unasked, which some printers make from the factory on.
const NO_REPORTS: [u8; 3] = [0x1d, b'a', 0];

/// `FS &` and `FS .`: two bytes are one Chinese character, or two others.
const CHINESE_ON: [u8; 2] = [0x1c, b'&'];
const CHINESE_OFF: [u8; 2] = [0x1c, b'.'];

/// Writes `blocks` for `paper`.
///
/// # Errors
/// When a line must be drawn and there is no font.
pub(crate) fn sheet(blocks: &[Block], paper: &Paper) -> Result<Sheet, ComposeError> {
    let memory = Memory::default();
    let mut missing = BTreeSet::new();
    let mut writer = Writer {
        printer: Printer::new(memory.clone(), Protocol::new(Encoder::new(GB18030)), None),
        paper,
        context: ScaleContext::new(),
        missing: &mut missing,
        line_dots: None,
        style: Style::Normal,
    };
    writer.begin()?;
    for block in blocks {
        writer.block(block)?;
    }
    writer.printer.print()?;
    drop(writer);
    Ok(Sheet { bytes: memory.bytes.take(), missing })
}

/// How a line gets onto the paper.
enum Means {
    /// As the printer's own letters.
    Text,
    /// As a picture.
    Picture,
}

struct Writer<'a> {
    printer: Printer<Memory>,
    paper: &'a Paper,
    context: ScaleContext,
    missing: &'a mut BTreeSet<char>,
    /// The line spacing that the printer has now.
    line_dots: Option<usize>,
    /// The style that the printer has now.
    style: Style,
}

impl Writer<'_> {
    fn begin(&mut self) -> Result<(), ComposeError> {
        self.printer.init()?;
        self.printer.custom(&NO_REPORTS)?;
        // Some printers are switched on in Chinese; `ESC @` does not put that back everywhere.
        self.printer.custom(match self.paper.charset {
            Charset::Raster => &CHINESE_OFF,
            Charset::Gb18030 => &CHINESE_ON,
        })?;
        Ok(())
    }

    fn block(&mut self, block: &Block) -> Result<(), ComposeError> {
        match block {
            Block::Line(line) => match means(line, self.paper.charset) {
                Means::Text => self.text(line),
                Means::Picture => self.picture(line),
            },
            Block::Rule => self.rule(),
            Block::Qr { content, module_dots } => self.qr(content, *module_dots),
            Block::Feed(lines) => {
                self.space_lines(CHARACTER_DOTS + GAP_DOTS)?;
                self.printer.feeds(*lines)?;
                Ok(())
            }
            Block::Cut => {
                self.printer.custom(&CUT)?;
                Ok(())
            }
        }
    }

    fn text(&mut self, line: &Line) -> Result<(), ComposeError> {
        self.space_lines(line_dots(line))?;
        if line.inverse {
            self.printer.reverse(true)?;
        }
        let mut column = 0;
        for run in line.runs.iter().filter(|run| !run.cells.is_empty()) {
            if run.column > column {
                self.style(if line.inverse { run.style } else { Style::Normal })?;
                self.printer.write(&" ".repeat(run.column - column))?;
            }
            self.style(run.style)?;
            self.printer.write(&visible(&run.cells))?;
            column = run.end();
        }
        if line.inverse {
            self.printer.write(&" ".repeat(self.paper.width.columns() - column))?;
            self.printer.reverse(false)?;
        }
        self.style(Style::Normal)?;
        // A bare line feed: unlike `ESC d 1`, every printer has it.
        self.printer.custom(b"\n")?;
        Ok(())
    }

    fn picture(&mut self, line: &Line) -> Result<(), ComposeError> {
        let Some(font) = &self.paper.font else {
            let drawn = |cell: &&Cell| !cell.character.is_ascii() || cell.character.is_ascii_control();
            let character = line.cells().find(drawn).map_or(' ', |cell| cell.character);
            return Err(ComposeError::FontNeeded { character });
        };
        let mut pen = Pen { font, missing: self.missing, context: &mut self.context };
        let raster = pen.line(line, self.paper.width.dots(), line_dots(line));
        self.printer.custom(&raster.command())?;
        Ok(())
    }

    fn rule(&mut self) -> Result<(), ComposeError> {
        let mut raster = Raster::new(self.paper.width.dots(), RULE_DOTS);
        raster.fill_rows(RULE.0, RULE.1);
        self.printer.custom(&raster.command())?;
        Ok(())
    }

    fn qr(&mut self, content: &str, module_dots: u8) -> Result<(), ComposeError> {
        self.space_lines(CHARACTER_DOTS + GAP_DOTS)?;
        self.printer.custom(b"\n")?.justify(JustifyMode::CENTER)?;
        self.printer
            .qrcode_option(content, QRCodeOption::new(QRCodeModel::Model2, module_dots, QRCodeCorrectionLevel::M))?;
        self.printer.justify(JustifyMode::LEFT)?.custom(b"\n")?;
        Ok(())
    }

    fn space_lines(&mut self, dots: usize) -> Result<(), ComposeError> {
        if self.line_dots != Some(dots) {
            self.printer.line_spacing(u8::try_from(dots).unwrap_or(u8::MAX))?;
            self.line_dots = Some(dots);
        }
        Ok(())
    }

    fn style(&mut self, style: Style) -> Result<(), ComposeError> {
        if self.style.is_bold() != style.is_bold() {
            self.printer.bold(style.is_bold())?;
        }
        if self.style.scale() != style.scale() {
            let scale = if style.scale() == 2 { 2 } else { 1 };
            self.printer.size(scale, scale)?;
        }
        self.style = style;
        Ok(())
    }
}

/// One character that the printer cannot write makes a picture of the whole line, so that its letters look alike.
fn means(line: &Line, charset: Charset) -> Means {
    let writable = |cell: &Cell| match cell.character {
        ' '..='~' => true,
        other if cell.columns == 0 => is_invisible(other),
        other => charset == Charset::Gb18030 && cell.columns == 2 && double_byte(other).is_some(),
    };
    if line.cells().all(writable) { Means::Text } else { Means::Picture }
}

fn visible(cells: &[Cell]) -> String {
    cells.iter().filter(|cell| cell.columns > 0).map(|cell| cell.character).collect()
}

fn line_dots(line: &Line) -> usize {
    let gap = if line.scale() == 1 && !line.inverse { GAP_DOTS } else { LARGE_GAP_DOTS };
    line.scale() * CHARACTER_DOTS + gap
}

// `escpos` prints through a driver; this one keeps the bytes.
#[derive(Clone, Default)]
struct Memory {
    bytes: Rc<RefCell<Vec<u8>>>,
}

impl Driver for Memory {
    fn name(&self) -> String {
        "memory".to_owned()
    }

    fn write(&self, data: &[u8]) -> EscposResult<()> {
        self.bytes.try_borrow_mut()?.extend_from_slice(data);
        Ok(())
    }

    fn read(&self, _buffer: &mut [u8]) -> EscposResult<usize> {
        Ok(0)
    }

    fn flush(&self) -> EscposResult<()> {
        Ok(())
    }
}

impl From<PrinterError> for ComposeError {
    fn from(error: PrinterError) -> Self {
        Self::Inexpressible(error.to_string())
    }
}
