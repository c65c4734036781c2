//! One batch: load, apply, save, commit, then answer.

use ringup_core::apply::{Command, Difference, Moment, Outcome, Refusal, Touches, apply};
use ringup_core::time::Timestamp;
use std::convert::Infallible;

use ringup_db::books;
use ringup_db::error::{DbError, WriteError};
use ringup_db::seam::Writer;

use super::{GoOn, Source, Waiting};
use crate::error::{SubmitError, Unavailable};
use crate::{chance, limits};

/// What one command came to.
type Decision = Result<Outcome, Refusal>;

/// Carries out a batch and answers everyone in it.
pub(super) fn run(writer: &mut Writer, batch: Vec<Waiting>, source: &Source) -> GoOn {
    let now = source.clock.now();
    let (commands, answers): (Vec<Command>, Vec<_>) =
        batch.into_iter().map(|waiting| (waiting.command, waiting.answer)).unzip();
    // Drawn once: a batch that must be run again decides the same.
    let moments: Vec<Moment> = commands
        .iter()
        .map(|command| Moment {
            now,
            ids: source.ids.block(command.shard(), now),
            house: source.ids.house(),
            nonce: chance::bytes(),
        })
        .collect();
    metrics::histogram!("ringup_batch_commands").record(f64::from(u32::try_from(commands.len()).unwrap_or(u32::MAX)));
    let (results, go_on) = commit(writer, &commands, &moments, (source, now));
    for (answer, result) in answers.into_iter().zip(results) {
        metrics::counter!("ringup_commands_total", "result" => result.as_ref().map_or_else(SubmitError::code, |_| "done"))
            .increment(1);
        // Whoever has gone away meanwhile learns it by asking again with the same key.
        let _ = answer.send(result);
    }
    go_on
}

type Results = Vec<Result<Outcome, SubmitError>>;

fn commit(writer: &mut Writer, commands: &[Command], moments: &[Moment], at: (&Source, Timestamp)) -> (Results, GoOn) {
    let mut attempt = 0;
    loop {
        attempt += 1;
        match write(writer, commands, moments, at, attempt) {
            Ok(decisions) => return (decisions.into_iter().map(|d| d.map_err(SubmitError::from)).collect(), GoOn::Yes),
            Err(WriteError::Conflict) if attempt <= limits::CONFLICT_RETRIES => {}
            Err(WriteError::CommitUnknown(why)) => {
                tracing::error!(%why, "the outcome of a commit is not known");
                return (vec![Err(SubmitError::Unknown); commands.len()], at.0.on_unknown);
            }
            Err(WriteError::Unavailable(why)) => {
                tracing::error!(%why, "a batch could not be written");
                let unavailable = SubmitError::from(Unavailable(why.to_string()));
                return (vec![Err(unavailable); commands.len()], GoOn::Yes);
            }
            // What one command breaks must not touch the others: each for itself.
            Err(WriteError::Failed(_) | WriteError::Conflict) if commands.len() > 1 => {
                return one_by_one(writer, commands, moments, at);
            }
            Err(error @ (WriteError::Failed(_) | WriteError::Conflict)) => {
                tracing::error!(%error, "a command could not be saved");
                return (vec![Err(not_saved(&error))], GoOn::Yes);
            }
        }
    }
}

/// What it means for its caller that a command was decided, and the database would not have it.
fn not_saved(error: &WriteError<Infallible>) -> SubmitError {
    match error {
        // The provider says that one transaction paid two of our payments. The books cannot see that: the other payment
        // is not among the rows of this command.
        WriteError::Failed(DbError::Broken(rule)) if rule == TRANSACTION_UNIQUE => {
            Refusal::ReportDiffers(Difference::Transaction).into()
        }
        error => Unavailable(error.to_string()).into(),
    }
}

/// The database's rule that a provider's transaction number is there once, for ever.
const TRANSACTION_UNIQUE: &str = "payment_transaction_id_unique";

fn one_by_one(
    writer: &mut Writer,
    commands: &[Command],
    moments: &[Moment],
    at: (&Source, Timestamp),
) -> (Results, GoOn) {
    let mut results = Vec::with_capacity(commands.len());
    for (command, moment) in commands.iter().zip(moments) {
        let (mut one, go_on) = commit(writer, std::slice::from_ref(command), std::slice::from_ref(moment), at);
        results.append(&mut one);
        if go_on == GoOn::No {
            results.resize(commands.len(), Err(SubmitError::Stopped));
            return (results, GoOn::No);
        }
    }
    (results, GoOn::Yes)
}

fn write(
    writer: &mut Writer,
    commands: &[Command],
    moments: &[Moment],
    (source, now): (&Source, Timestamp),
    attempt: u32,
) -> Result<Vec<Decision>, WriteError<Infallible>> {
    let mut touches = Touches::default();
    for command in commands {
        touches.add(command.touches());
    }
    writer.write(|tx| {
        // Who has met others at the same rows takes them for itself before it reads them again.
        let load = if attempt == 1 { books::load } else { books::load_locked };
        let mut books = load(tx, &touches, source.ids.house(), now)?;
        let decisions =
            commands.iter().zip(moments).map(|(command, moment)| apply(&mut books, command, *moment)).collect();
        let changes = books.changes();
        if !changes.is_empty() {
            books::save(tx, source.ids.node(), &changes, now)?;
        }
        Ok(decisions)
    })
}
