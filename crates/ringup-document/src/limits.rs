//! How long a document may be: texts from outside must not become a book.

/// Blocks of one document.
pub(crate) const BLOCKS_MAX: usize = 1_000;

/// Rows of one table, or of the facts of one block.
pub(crate) const ROWS_MAX: usize = 10_000;

/// Columns of one table.
pub(crate) const COLUMNS_MAX: usize = 12;

/// Characters of one text.
pub(crate) const TEXT_CHARACTERS_MAX: usize = 4_000;
