//! One batch: load, apply, save, commit. What is run again and who is told what is decided in
//! `ringup_core::batch`.

use std::convert::Infallible;
use std::sync::Arc;

use ringup_core::apply::{Command, Moment};
use ringup_core::batch::{self, Decision, Rules, Store, WriteFailure};
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;
use ringup_db::books;
use ringup_db::error::{DbError, WriteError};
use ringup_db::seam::{Unsynced, Writer};

use super::answers::Answers;
use super::{Source, Waiting};
use crate::ids::IdMint;
use crate::{chance, limits};

/// Carries out a batch: what is to be answered once it is on the disk.
pub(super) fn run(writer: &mut Writer, waiting: Vec<Waiting>, source: &Source) -> Answers {
    let now = source.clock.now();
    let (commands, askers): (Vec<Command>, Vec<_>) =
        waiting.into_iter().map(|waiting| (waiting.command, waiting.answer)).unzip();
    // Drawn once: a batch that must be run again decides the same.
    let moments: Vec<Moment> = commands
        .iter()
        .map(|command| Moment {
            now,
            ids: source.ids.block(command.shard(), now),
            house: source.house,
            nonce: chance::bytes(),
        })
        .collect();
    metrics::histogram!("ringup_batch_commands").record(f64::from(u32::try_from(commands.len()).unwrap_or(u32::MAX)));
    let ids = Arc::clone(&source.ids);
    let mut store = Database {
        writer,
        ids: &ids,
        house: source.house,
        now,
        met_others: false,
        unsynced: Unsynced::nothing(),
        mark: None,
    };
    let rules = Rules { on_unknown: source.on_unknown, conflict_retries: limits::CONFLICT_RETRIES };
    let (results, go_on) = batch::carry_out(&mut store, &commands, &moments, rules);
    let Database { unsynced, mark, .. } = store;
    Answers { results, askers, unsynced, mark, ids, go_on }
}

/// The books as a database keeps them.
struct Database<'a> {
    writer: &'a mut Writer,
    ids: &'a IdMint,
    house: Shard,
    now: Timestamp,
    /// Whether others wrote the same rows: who has met them takes the rows for itself before it reads them again.
    met_others: bool,
    /// What was written last: it is on the disk only when all before it is.
    unsynced: Unsynced,
    /// The mark of the ids that was written.
    mark: Option<Timestamp>,
}

impl Store for Database<'_> {
    fn write(&mut self, commands: &[Command], moments: &[Moment]) -> Result<Vec<Decision>, WriteFailure> {
        let (touches, ids, house, now) = (batch::touches(commands), self.ids, self.house, self.now);
        let load = if self.met_others { books::load_locked } else { books::load };
        let written = self.writer.write_ahead(|tx| {
            let mut books = load(tx, &touches, house, now)?;
            let decisions = batch::decide(&mut books, commands, moments);
            let changes = books.changes();
            if changes.is_empty() {
                return Ok((decisions, None));
            }
            books::save(tx, house, &changes, now)?;
            Ok((decisions, ids.keep_mark(tx)?))
        });
        self.met_others |= matches!(written, Err(WriteError::Conflict));
        let ((decisions, mark), unsynced) = written.map_err(|error| failure(error, commands.len()))?;
        self.unsynced = unsynced;
        self.mark = mark.or(self.mark);
        Ok(decisions)
    }
}

/// A database's error in the words of a batch, with a line in the log for what is no everyday matter.
fn failure(error: WriteError<Infallible>, commands: usize) -> WriteFailure {
    match error {
        WriteError::Conflict => WriteFailure::Conflict,
        WriteError::CommitUnknown(why) => {
            tracing::error!(%why, commands, "the outcome of a commit is not known");
            WriteFailure::Unknown
        }
        WriteError::Unavailable(why) => {
            tracing::error!(%why, commands, "a batch could not be written");
            WriteFailure::Unavailable(why.to_string())
        }
        WriteError::Failed(error) => {
            tracing::error!(%error, commands, "a batch could not be saved");
            match error {
                DbError::Broken(rule) => WriteFailure::Broken(rule),
                error => WriteFailure::Failed(error.to_string()),
            }
        }
    }
}
