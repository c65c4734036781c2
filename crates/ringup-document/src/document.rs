//! What a document says, before it has a place on a page.

use jiff::Timestamp;

use crate::face::Face;
use crate::layout;
use crate::limits::{BLOCKS_MAX, COLUMNS_MAX, ROWS_MAX, TEXT_CHARACTERS_MAX};
use crate::pdf;

/// A document: a title and blocks, one below the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What it is, at its head and in the reader's title bar.
    pub title: String,
    /// The language of its texts, as BCP 47 writes it.
    pub language: String,
    /// Who issues it, above the title and at the foot of every page.
    pub issuer: String,
    /// When it was made.
    pub made: Timestamp,
    /// What stands at the foot of each page, such as `Page {page} of {pages}`: the two numbers come in.
    pub page_label: String,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Begins a part.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A paragraph in small, quiet letters.
    Note(String),
    /// What is what, a row each.
    Facts(Vec<(String, String)>),
    /// Rows below named columns; the head comes again on every page that they reach.
    Table(Table),
}

/// Rows below named columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, with as many cells as there are columns. What stands behind an end of line in a cell is said quietly.
    pub rows: Vec<Vec<String>>,
    /// What the rows come to, below a line.
    pub total: Option<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub head: String,
    /// Where its texts stand.
    pub align: Align,
    /// How wide it is, against its neighbours.
    pub share: u16,
}

impl Column {
    /// A column of words.
    pub fn words(head: impl Into<String>, share: u16) -> Self {
        Self { head: head.into(), align: Align::Start, share }
    }

    /// A column of figures, whose last digits stand below each other.
    pub fn figures(head: impl Into<String>, share: u16) -> Self {
        Self { head: head.into(), align: Align::End, share }
    }
}

/// Where a text stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Start,
    /// Figures.
    End,
}

/// Why there is no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// It has more blocks, rows, columns or characters than a document may have.
    #[error("the document has too many {0}")]
    TooLong(&'static str),
    /// A row has more or fewer cells than the table has columns, or a column has no width.
    #[error("a row of a table does not fit its columns")]
    Misshapen,
    /// A row is higher than a page.
    #[error("a row of a table is higher than a page")]
    RowTooHigh,
    /// It breaks what PDF/A or PDF/UA ask for.
    #[error("the document breaks its standard: {0}")]
    Standard(String),
}

impl DocumentError {
    /// The stable code of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong(_) => "document_too_long",
            Self::Misshapen => "document_misshapen",
            Self::RowTooHigh => "document_row_too_high",
            Self::Standard(_) => "document_standard",
        }
    }
}

impl Document {
    /// The document as a PDF, drawn with `face`. The same document is the same bytes.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn to_pdf(&self, face: &Face) -> Result<Vec<u8>, DocumentError> {
        self.check()?;
        let pages = layout::lay_out(self, face)?;
        pdf::write(self, face, &pages)
    }

    /// The label of one page.
    pub(crate) fn label(&self, page: usize, pages: usize) -> String {
        self.page_label.replace("{page}", &page.to_string()).replace("{pages}", &pages.to_string())
    }

    fn check(&self) -> Result<(), DocumentError> {
        texts([&self.title, &self.issuer, &self.page_label].into_iter())?;
        if self.blocks.len() > BLOCKS_MAX {
            return Err(DocumentError::TooLong("blocks"));
        }
        self.blocks.iter().try_for_each(Block::check)
    }
}

impl Block {
    fn check(&self) -> Result<(), DocumentError> {
        match self {
            Self::Heading(text) | Self::Text(text) | Self::Note(text) => texts(std::iter::once(text)),
            Self::Facts(rows) if rows.len() > ROWS_MAX => Err(DocumentError::TooLong("rows")),
            Self::Facts(rows) => texts(rows.iter().flat_map(|(name, fact)| [name, fact])),
            Self::Table(table) => table.check(),
        }
    }
}

impl Table {
    fn check(&self) -> Result<(), DocumentError> {
        if self.columns.len() > COLUMNS_MAX {
            return Err(DocumentError::TooLong("columns"));
        }
        if self.rows.len() > ROWS_MAX {
            return Err(DocumentError::TooLong("rows"));
        }
        let fits = |row: &Vec<String>| row.len() == self.columns.len();
        let has_width = self.columns.iter().all(|column| column.share > 0) && !self.columns.is_empty();
        if !has_width || !self.rows.iter().chain(&self.total).all(fits) {
            return Err(DocumentError::Misshapen);
        }
        texts(self.columns.iter().map(|column| &column.head))?;
        texts(self.rows.iter().chain(&self.total).flatten())
    }
}

fn texts<'text>(mut texts: impl Iterator<Item = &'text String>) -> Result<(), DocumentError> {
    if texts.any(|text| text.chars().count() > TEXT_CHARACTERS_MAX) {
        return Err(DocumentError::TooLong("characters"));
    }
    Ok(())
}
