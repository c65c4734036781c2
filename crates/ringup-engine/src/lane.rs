//! The write lane: takes what waits as one batch, and answers when it is durable.
//!
//! One thread owns the one writing connection. Alone, a command waits for one commit and for no timer; under load,
//! hundreds share it. Nobody is told yes before the commit has returned. When a commit fails, nobody in its batch is told
//! yes, and the lane stops: what the disk holds then is known only after a restart.

mod batch;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ringup_core::apply::{Command, Outcome};
use ringup_core::batch::GoOn;
use ringup_db::error::{DbError, Stop, WriteError};
use ringup_db::seam::{Database, WriteTx, Writer};
use std::convert::Infallible;
use tokio::sync::{mpsc, oneshot};

use crate::clock::Clock;
use crate::error::{SubmitError, Unavailable};
use crate::ids::IdMint;
use crate::limits;

/// The way in to the write lane. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Lane {
    queue: mpsc::Sender<Work>,
    stopped: Arc<AtomicBool>,
    /// Whether a write has found the database of no use, and nobody has found otherwise since.
    doubted: Arc<AtomicBool>,
    on_unknown: GoOn,
}

/// What the lane is asked to do.
enum Work {
    Command(Waiting),
    /// Writes what is no money; tells whether the lane may go on.
    Other(Box<dyn FnOnce(&mut Writer) -> GoOn + Send>),
}

/// A command and who waits for it.
struct Waiting {
    command: Command,
    answer: oneshot::Sender<Result<Outcome, SubmitError>>,
}

impl Lane {
    pub(crate) fn start(database: &Database, clock: Clock, ids: Arc<IdMint>) -> Result<Self, Unavailable> {
        let writer = database.writer().map_err(|error| Unavailable(error.to_string()))?;
        let (queue, waiting) = mpsc::channel(limits::LANE_QUEUE);
        let stopped = Arc::new(AtomicBool::new(false));
        // A file whose commit failed may hold anything until it has been opened anew. A server that was lost in a commit
        // tells the truth when it is reached again: the idempotency keys say what was committed.
        let on_unknown = if database.url().sqlite_path().is_some() { GoOn::No } else { GoOn::Yes };
        let lane = Self { queue, stopped: Arc::clone(&stopped), doubted: Arc::default(), on_unknown };
        let run = move || run(writer, waiting, &Source { clock, ids, on_unknown }, &stopped);
        std::thread::Builder::new()
            .name("write-lane".to_owned())
            .spawn(run)
            .map_err(|error| Unavailable(error.to_string()))?;
        Ok(lane)
    }

    pub(crate) fn ready(&self) -> Result<(), SubmitError> {
        if self.stopped.load(Ordering::Acquire) { Err(SubmitError::Stopped) } else { Ok(()) }
    }

    pub(crate) async fn submit(&self, command: Command) -> Result<Outcome, SubmitError> {
        let (answer, answered) = oneshot::channel();
        self.enqueue(Work::Command(Waiting { command, answer }))?;
        // The lane answers everyone it has taken; a lost answer means that its thread died at an unknown point.
        self.noted(answered.await.unwrap_or(Err(SubmitError::Unknown)))
    }

    pub(crate) async fn write<T, F>(&self, write: F) -> Result<T, SubmitError>
    where
        T: Send + 'static,
        F: FnOnce(&mut WriteTx<'_>) -> Result<T, DbError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let on_unknown = self.on_unknown;
        let work = Work::Other(Box::new(move |writer| {
            let (result, go_on) = sort_out(writer.write(|tx| write(tx).map_err(Stop::Db)), on_unknown);
            let _ = answer.send(result);
            go_on
        }));
        self.enqueue(work)?;
        self.noted(answered.await.unwrap_or(Err(SubmitError::Unknown)))
    }

    /// Whether it must be tried first before anyone is told that money can be written. Asking takes the doubt away; a
    /// write that fails brings it back.
    pub(crate) fn take_doubt(&self) -> bool {
        self.doubted.swap(false, Ordering::AcqRel)
    }

    fn noted<T>(&self, result: Result<T, SubmitError>) -> Result<T, SubmitError> {
        if let Err(SubmitError::Unavailable(_) | SubmitError::Unknown) = &result {
            self.doubted.store(true, Ordering::Release);
        }
        result
    }

    fn enqueue(&self, work: Work) -> Result<(), SubmitError> {
        self.ready()?;
        self.queue.try_send(work).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => SubmitError::Busy,
            mpsc::error::TrySendError::Closed(_) => SubmitError::Stopped,
        })
    }
}

/// Where a batch has its time, ids and chance from.
struct Source {
    clock: Clock,
    ids: Arc<IdMint>,
    on_unknown: GoOn,
}

fn run(mut writer: Writer, mut waiting: mpsc::Receiver<Work>, source: &Source, stopped: &AtomicBool) {
    let mut held_over = None;
    loop {
        let Some(work) = held_over.take().or_else(|| waiting.blocking_recv()) else { return };
        let go_on = match work {
            Work::Other(write) => write(&mut writer),
            Work::Command(first) => {
                let mut batch = vec![first];
                while batch.len() < limits::BATCH_MAX {
                    match waiting.try_recv() {
                        Ok(Work::Command(next)) => batch.push(next),
                        Ok(other) => {
                            held_over = Some(other);
                            break;
                        }
                        Err(_) => break,
                    }
                }
                batch::run(&mut writer, batch, source)
            }
        };
        if go_on == GoOn::No {
            stopped.store(true, Ordering::Release);
            tracing::error!("a commit failed: the write lane has stopped, the server must be started again");
            refuse_the_rest(held_over, waiting);
            return;
        }
    }
}

/// Nothing of these has been begun.
fn refuse_the_rest(held_over: Option<Work>, mut waiting: mpsc::Receiver<Work>) {
    waiting.close();
    let rest = std::iter::from_fn(|| waiting.try_recv().ok());
    for work in held_over.into_iter().chain(rest) {
        match work {
            Work::Command(waiting) => drop(waiting.answer.send(Err(SubmitError::Stopped))),
            // Its caller's end of the channel is dropped with it, and reads as unknown.
            Work::Other(_) => {}
        }
    }
}

/// What a finished write means for its caller and for the lane.
fn sort_out<T>(result: Result<T, WriteError<Infallible>>, on_unknown: GoOn) -> (Result<T, SubmitError>, GoOn) {
    match result {
        Ok(value) => (Ok(value), GoOn::Yes),
        Err(WriteError::CommitUnknown(why)) => {
            tracing::error!(%why, "the outcome of a commit is not known");
            (Err(SubmitError::Unknown), on_unknown)
        }
        Err(error) => (Err(Unavailable(error.to_string()).into()), GoOn::Yes),
    }
}

#[cfg(test)]
mod tests;
