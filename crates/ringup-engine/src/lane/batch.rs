//! One batch: load, apply, save, commit, then answer. What is run again and who is told what is decided in
//! `ringup_core::batch`.

use std::convert::Infallible;

use ringup_core::apply::{Command, Moment};
use ringup_core::batch::{self, Decision, Rules, Store, WriteFailure};
use ringup_core::shard::Shard;
use ringup_core::time::Timestamp;
use ringup_db::books;
use ringup_db::error::{DbError, WriteError};
use ringup_db::seam::Writer;

use super::{GoOn, Source, Waiting};
use crate::error::SubmitError;
use crate::ids::IdMint;
use crate::{chance, limits};

/// Carries out a batch and answers everyone in it.
pub(super) fn run(writer: &mut Writer, waiting: Vec<Waiting>, source: &Source) -> GoOn {
    let now = source.clock.now();
    let (commands, answers): (Vec<Command>, Vec<_>) =
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
    let mut store = Database { writer, ids: &source.ids, house: source.house, now, met_others: false };
    let rules = Rules { on_unknown: source.on_unknown, conflict_retries: limits::CONFLICT_RETRIES };
    let (results, go_on) = batch::carry_out(&mut store, &commands, &moments, rules);
    for (answer, result) in answers.into_iter().zip(results) {
        let result = result.map_err(SubmitError::from);
        metrics::counter!("ringup_commands_total", "result" => result.as_ref().map_or_else(SubmitError::code, |_| "done"))
            .increment(1);
        // Whoever has gone away meanwhile learns it by asking again with the same key.
        let _ = answer.send(result);
    }
    go_on
}

/// The books as a database keeps them.
struct Database<'a> {
    writer: &'a mut Writer,
    ids: &'a IdMint,
    house: Shard,
    now: Timestamp,
    /// Whether others wrote the same rows: who has met them takes the rows for itself before it reads them again.
    met_others: bool,
}

impl Store for Database<'_> {
    fn write(&mut self, commands: &[Command], moments: &[Moment]) -> Result<Vec<Decision>, WriteFailure> {
        let (touches, ids, house, now) = (batch::touches(commands), self.ids, self.house, self.now);
        let load = if self.met_others { books::load_locked } else { books::load };
        let written = self.writer.write(|tx| {
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
        let (decisions, mark) = written.map_err(|error| failure(error, commands.len()))?;
        ids.mark_kept(mark);
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
