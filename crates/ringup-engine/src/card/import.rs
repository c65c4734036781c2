//! Taking over cards that exist already: one opening entry each, all of a file or none of it.
//!
//! A file may be imported again: a card that came from such a line before is counted and left as it is. What is refused is
//! told line by line.

mod file;
mod line;
mod report;

use std::path::PathBuf;

pub use file::FileError;
use line::ImportLine;
pub use line::LineRefusal;
pub use report::{ImportReport, RefusedLine};
use ringup_core::apply::{Command, ImportCard, Moment, Refusal, Touches, apply};
use ringup_core::card::CardState;
use ringup_core::id::{BatchId, IdBlock};
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;
use ringup_db::batch::{Batch, BatchKind};
use ringup_db::error::{DbError, Stop, WriteError};
use ringup_db::seam::WriteTx;

use super::bulk::Bulk;
use crate::ids::IdMint;
use crate::{chance, limits, pin};

/// What is to be imported.
#[derive(Clone, Debug)]
pub struct ImportCards {
    /// The code of the product that the cards become.
    pub product: String,
    /// The file: CSV with the columns `number`, `pin` or `pin_hash`, `balance` and `expiry`.
    pub file: PathBuf,
    /// What if some lines are refused.
    pub refused: RefusedLines,
}

/// What is done when some lines of a file are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedLines {
    /// Nothing is imported.
    StopAll,
    /// The other lines are imported.
    AreLeftOut,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// No such product.
    #[error("there is no product {0:?}")]
    ProductUnknown(String),
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// Lines are refused, so none was imported.
    #[error("{} of its lines are refused, so nothing was imported", .0.refused.len())]
    Refused(ImportReport),
    /// The connection was lost at the commit.
    #[error("it is not known whether the file was imported: import it again, which changes nothing if it was")]
    Unknown,
    /// The database does not serve.
    #[error("nothing was imported: {0}")]
    Database(String),
}

/// Imports a file of cards, in one commit.
///
/// # Errors
/// [`ImportError`].
pub fn import(bulk: &mut Bulk, request: &ImportCards) -> Result<ImportReport, ImportError> {
    let product = bulk.product(&request.product).map_err(|error| ImportError::Database(error.to_string()))?;
    let product = product.ok_or_else(|| ImportError::ProductUnknown(request.product.clone()))?;
    let (lines, refused) = file::read(&request.file, product.unit, &bulk.pins)?;
    let now = bulk.clock.now();
    let batch = Batch {
        id: BatchId::from_u64(bulk.ids.one(Shard(0), now)),
        product: product.id,
        kind: BatchKind::Imported,
        card_count: 0,
        state: CardState::Active,
        created_at: now,
    };
    let importer = Importer { ids: &bulk.ids, batch: &batch, now };
    let mut attempt = 0;
    loop {
        attempt += 1;
        let begun = ImportReport { batch: batch.id, imported: 0, already: 0, refused: refused.clone() };
        let written = bulk.writer.write(|tx| {
            let report = importer.write(tx, &lines, begun, request.refused)?;
            Ok((report, bulk.ids.keep_mark(tx)?))
        });
        return match written {
            Ok((report, mark)) => {
                bulk.ids.mark_kept(mark);
                Ok(report)
            }
            // Nothing is new, so nothing was written: that is no failure.
            Err(WriteError::Refused(report)) if report.refused.is_empty() => Ok(report),
            Err(WriteError::Refused(report)) if request.refused == RefusedLines::AreLeftOut => Ok(report),
            Err(WriteError::Refused(report)) => Err(ImportError::Refused(ImportReport { imported: 0, ..report })),
            Err(WriteError::Conflict) if attempt <= limits::CONFLICT_RETRIES => continue,
            Err(WriteError::CommitUnknown { .. }) => Err(ImportError::Unknown),
            Err(error) => Err(ImportError::Database(error.to_string())),
        };
    }
}

/// Imports lines inside one transaction.
struct Importer<'a> {
    ids: &'a IdMint,
    batch: &'a Batch,
    now: Timestamp,
}

impl Importer<'_> {
    /// Imports all lines; a refused report means that nothing is to be committed.
    fn write(
        &self,
        tx: &mut WriteTx<'_>,
        lines: &[ImportLine],
        begun: ImportReport,
        if_refused: RefusedLines,
    ) -> Result<ImportReport, Stop<ImportReport>> {
        let mut report = begun;
        ringup_db::batch::insert_batch(tx, self.batch)?;
        for lines in lines.chunks(limits::BATCH_MAX) {
            self.write_chunk(tx, lines, &mut report)?;
        }
        report.refused.sort_by_key(|refused| refused.line);
        let stopped = if_refused == RefusedLines::StopAll && !report.refused.is_empty();
        if stopped || report.imported == 0 {
            return Err(Stop::Refused(report));
        }
        ringup_db::batch::set_batch_count(tx, self.batch.id, report.imported)?;
        Ok(report)
    }

    fn write_chunk(
        &self,
        tx: &mut WriteTx<'_>,
        lines: &[ImportLine],
        report: &mut ImportReport,
    ) -> Result<(), DbError> {
        let commands: Vec<Command> = lines.iter().map(|line| Command::ImportCard(self.command(line))).collect();
        let mut touches = Touches::default();
        for command in &commands {
            touches.add(command.touches());
        }
        let mut books = ringup_db::books::load(tx, &touches, self.ids.house(), self.now)?;
        let mut existing = Vec::new();
        for (line, command) in lines.iter().zip(&commands) {
            let ids = self.ids.block(command.shard(), self.now);
            match apply(&mut books, command, self.moment(ids)) {
                Ok(_) => report.imported += 1,
                Err(Refusal::CardExists) => existing.push(line),
                Err(refusal) => report.refused.push(line.refused(LineRefusal::Books(refusal))),
            }
        }
        let changes = books.changes();
        if !changes.is_empty() {
            ringup_db::books::save(tx, self.ids.house(), &changes, self.now)?;
        }
        for line in existing {
            if self.came_from(tx, line)? {
                report.already += 1;
            } else {
                report.refused.push(line.refused(LineRefusal::Books(Refusal::CardExists)));
            }
        }
        Ok(())
    }

    fn moment(&self, ids: IdBlock) -> Moment {
        Moment { now: self.now, ids, house: self.ids.house(), nonce: chance::bytes() }
    }

    fn command(&self, line: &ImportLine) -> ImportCard {
        ImportCard {
            number: line.number,
            product: self.batch.product,
            batch: self.batch.id,
            pin: line.pin,
            balance: line.balance,
            expires_at: line.expires_at,
        }
    }

    /// Whether a card that is there was imported from such a line: the same product, PIN and opening balance. What it has
    /// now, and until when it is valid, may have changed since.
    fn came_from(&self, tx: &mut WriteTx<'_>, line: &ImportLine) -> Result<bool, DbError> {
        let is_ours =
            ringup_db::card::find_card(tx, line.number)?.is_some_and(|card| card.product == self.batch.product);
        let pin = ringup_db::card::find_pin(tx, line.number)?;
        let first = ringup_db::journal::first_entry_of(tx, line.number)?;
        Ok(is_ours && pin.is_some_and(|pin| pin::is_same(pin, line.pin)) && line.opened(first.as_ref()))
    }
}

#[cfg(test)]
mod tests;
