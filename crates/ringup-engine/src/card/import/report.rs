//! What came of an import.

use std::io;

use ringup_core::id::BatchId;

use super::line::LineRefusal;

/// What came of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportReport {
    /// The batch of the cards that are new.
    pub batch: BatchId,
    /// How many cards are new.
    pub imported: u64,
    /// How many had been imported from the same line before.
    pub already: u64,
    /// The lines that were refused, in their order.
    pub refused: Vec<RefusedLine>,
}

/// A line that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedLine {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The card number in it, as it stands there.
    pub number: String,
    /// Why.
    pub reason: LineRefusal,
}

impl ImportReport {
    /// Writes the refused lines as CSV: line, number, code, reason. PINs are not in it.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_refused(&self, out: impl io::Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(["line", "number", "code", "reason"])?;
        for refused in &self.refused {
            let (line, reason) = (refused.line.to_string(), refused.reason.to_string());
            csv.write_record([&line, &refused.number, refused.reason.code(), &reason])?;
        }
        csv.flush()
    }
}

impl std::fmt::Display for ImportReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { imported, already, refused, .. } = self;
        write!(f, "{imported} cards imported, {already} had been before, {} lines refused", refused.len())
    }
}
