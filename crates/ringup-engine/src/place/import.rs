//! Taking over a list of places: all of it or none of it, in one commit.
//!
//! A place with a code that is known is changed; one that the list does not name is left as it is.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::PathBuf;

use ringup_core::id::PlaceId;
use ringup_core::place::Place;
use ringup_core::shard::Shard;

use super::file::{self, FileError, RowRefusal};
use crate::Engine;
use crate::error::SubmitError;
use crate::limits;

/// What is to be imported.
#[derive(Clone, Debug)]
pub struct ImportPlaces {
    /// The list (CSV).
    pub file: PathBuf,
    /// What if some rows are refused.
    pub refused: RefusedRows,
}

/// What is done when some rows of a list are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedRows {
    /// Nothing is imported.
    StopAll,
    /// The other rows are imported.
    AreLeftOut,
}

/// What came of an import.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// How many places were written.
    pub imported: usize,
    /// The rows that were refused, in their order.
    pub refused: Vec<RefusedRow>,
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRow {
    /// Its first line in the file, from 1.
    pub line: u64,
    /// Why.
    pub reason: RowRefusal,
}

/// Why nothing was imported, or why that is not known.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The list cannot be read.
    #[error("{}: {source}", file.display())]
    File {
        /// Which file.
        file: PathBuf,
        /// Why.
        source: FileError,
    },
    /// Rows are refused, so none was imported.
    #[error("{} of its rows are refused, so nothing was imported", .0.refused.len())]
    Refused(ImportReport),
    /// The database does not serve.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl fmt::Display for RefusedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}: {}", self.line, self.reason.code(), self.reason)
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} places imported, {} rows refused", self.imported, self.refused.len())
    }
}

/// Imports a list of places. Reads a file, and so must not be called where others wait for the thread.
///
/// # Errors
/// [`ImportError`].
pub async fn import(engine: &Engine, request: &ImportPlaces) -> Result<ImportReport, ImportError> {
    let failed = |source: FileError| ImportError::File { file: request.file.clone(), source };
    let file = File::open(&request.file).map_err(|error| failed(error.into()))?;
    let size = file.metadata().map_err(|error| failed(error.into()))?.len();
    if size > limits::PLACES_FILE_BYTES_MAX {
        return Err(failed(FileError::TooLarge));
    }
    // What is no plain file has no size; it is read no further either.
    let (places, refused) = parse(engine, file.take(limits::PLACES_FILE_BYTES_MAX)).map_err(failed)?;
    let report = ImportReport { imported: places.len(), refused };
    if request.refused == RefusedRows::StopAll && !report.refused.is_empty() {
        return Err(ImportError::Refused(ImportReport { imported: 0, ..report }));
    }
    if !places.is_empty() {
        write(engine, places).await?;
    }
    Ok(report)
}

/// Writes places in one commit: one with a known code is changed and keeps its id.
///
/// # Errors
/// [`SubmitError`] when the database does not serve.
pub async fn write(engine: &Engine, places: Vec<Place>) -> Result<(), SubmitError> {
    engine.write(move |tx| ringup_db::place::upsert_places(tx, &places)).await
}

/// Reads a list of places: those that can be read, with ids of their own, and the rows that cannot.
///
/// # Errors
/// [`FileError`].
pub fn parse(engine: &Engine, list: impl io::Read) -> Result<(Vec<Place>, Vec<RefusedRow>), FileError> {
    let now = engine.now();
    let mut made: u8 = 0;
    // Nothing about a place is divided by shards; they are taken in turn, so that a long list does not run ahead of the clock.
    let next_id = || {
        made = made.wrapping_add(1);
        PlaceId::from_u64(engine.ids().one(Shard(made), now))
    };
    file::read(list, next_id)
}
