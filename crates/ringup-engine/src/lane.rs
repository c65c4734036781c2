//! The write lane: takes what waits as one batch, and answers when it is durable.
//!
//! A lane is one thread that owns one writing connection: on SQLite there is one, on PostgreSQL there are two, and a card's
//! commands all go the same way. Alone, a command waits for one commit and for no timer; under load,
//! hundreds share it, and on SQLite the lane goes on with the next batch while another thread waits for the disk and
//! answers. Nobody is told yes before what he asked for is on the disk. When a commit fails, nobody in its batch is told
//! yes, and the lane stops: what the disk holds then is known only after a restart.

mod answers;
mod batch;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ringup_core::apply::{Command, Outcome};
use ringup_core::batch::GoOn;
use ringup_core::shard::Shard;
use ringup_db::error::{DbError, WriteError};
use ringup_db::seam::{Database, WriteTx, Writer};
use std::convert::Infallible;
use tokio::sync::{mpsc, oneshot};

use self::answers::Answerer;
use crate::clock::Clock;
use crate::error::{SubmitError, Unavailable};
use crate::ids::IdMint;
use crate::{limits, queue};

/// The way in to the write lane. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Lane {
    /// One for each thread.
    queues: Arc<[mpsc::Sender<Work>]>,
    stopped: Arc<AtomicBool>,
    ids: Arc<IdMint>,
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
        let is_file = database.url().sqlite_path().is_some();
        let stopped = Arc::new(AtomicBool::new(false));
        // A file whose commit failed may hold anything until it has been opened anew. A server that was lost in a commit
        // tells the truth when it is reached again: the idempotency keys say what was committed.
        let on_unknown = if is_file { GoOn::No } else { GoOn::Yes };
        let lanes = if is_file { 1 } else { limits::POSTGRES_LANES };
        let mut queues = Vec::new();
        for lane in 0..lanes {
            let writer = database.writer().map_err(|error| Unavailable(error.to_string()))?;
            let (queue, waiting) = mpsc::channel(limits::LANE_QUEUE);
            let source = Source { clock: clock.clone(), ids: Arc::clone(&ids), house: ids.house_of(lane), on_unknown };
            let stopped = Arc::clone(&stopped);
            let answerer =
                Answerer::start(source.on_unknown, &stopped).map_err(|error| Unavailable(error.to_string()))?;
            std::thread::Builder::new()
                .name(format!("write-lane-{lane}"))
                .spawn(move || run(writer, waiting, &source, &answerer, &stopped))
                .map_err(|error| Unavailable(error.to_string()))?;
            queues.push(queue);
        }
        Ok(Self { queues: queues.into(), stopped, doubted: Arc::default(), ids, on_unknown })
    }

    pub(crate) fn ready(&self) -> Result<(), SubmitError> {
        if self.stopped.load(Ordering::Acquire) { Err(SubmitError::Stopped) } else { Ok(()) }
    }

    pub(crate) async fn submit(&self, command: Command) -> Result<Outcome, SubmitError> {
        let (answer, answered) = oneshot::channel();
        let shard = command.shard();
        self.enqueue(shard, Work::Command(Waiting { command, answer }))?;
        // The lane answers everyone it has taken; a lost answer means that its thread died at an unknown point.
        self.noted(answered.await.unwrap_or(Err(SubmitError::Unknown)))
    }

    pub(crate) async fn write<T, F>(&self, write: F) -> Result<T, SubmitError>
    where
        T: Send + 'static,
        F: FnOnce(&mut WriteTx<'_>) -> Result<T, DbError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let (on_unknown, ids) = (self.on_unknown, Arc::clone(&self.ids));
        let work = Work::Other(Box::new(move |writer| {
            let written = writer.write(|tx| Ok((write(tx)?, ids.keep_mark(tx)?)));
            let written = written.map(|(value, mark)| {
                ids.mark_kept(mark);
                value
            });
            let (result, go_on) = sort_out(written, on_unknown);
            let _ = answer.send(result);
            go_on
        }));
        self.enqueue(Shard(0), work)?;
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

    /// Everything about one shard goes through the same queue, in the order it came.
    fn enqueue(&self, shard: Shard, work: Work) -> Result<(), SubmitError> {
        self.ready()?;
        let number = usize::from(shard.0).checked_rem(self.queues.len()).unwrap_or(0);
        let queue = self.queues.get(number).ok_or(SubmitError::Stopped)?;
        queue.try_send(work).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => SubmitError::Busy,
            mpsc::error::TrySendError::Closed(_) => SubmitError::Stopped,
        })
    }
}

/// Where a batch has its time, ids and chance from.
struct Source {
    clock: Clock,
    ids: Arc<IdMint>,
    /// Where it keeps the issuer's own accounts, and its seals.
    house: Shard,
    on_unknown: GoOn,
}

fn run(
    mut writer: Writer,
    mut waiting: mpsc::Receiver<Work>,
    source: &Source,
    answerer: &Answerer,
    stopped: &AtomicBool,
) {
    let mut held_over = None;
    let mut last_length = 0;
    loop {
        let Some(work) = held_over.take().or_else(|| queue::next(&mut waiting)) else { return };
        if stopped.load(Ordering::Acquire) {
            return refuse_the_rest(Some(work), waiting);
        }
        let go_on = match work {
            Work::Other(write) => write(&mut writer),
            Work::Command(first) => {
                let mut batch = vec![first];
                held_over = take_all(&mut batch, &mut waiting);
                if is_crowded(batch.len(), last_length) {
                    wait_for_company(&mut batch, &mut held_over, &mut waiting);
                }
                let is_crowded = is_crowded(batch.len(), last_length);
                last_length = batch.len();
                let answers = batch::run(&mut writer, batch, source);
                if !is_crowded || answers.unsynced.is_nothing() {
                    answers.give(source.on_unknown)
                } else {
                    answerer.give(answers)
                }
            }
        };
        if go_on == GoOn::No {
            stopped.store(true, Ordering::Release);
            tracing::error!("a commit failed: the write lane has stopped, the server must be started again");
            return refuse_the_rest(held_over, waiting);
        }
    }
}

/// Whether others come beside the first of a batch, or came a moment ago.
const fn is_crowded(length: usize, last_length: usize) -> bool {
    length > 1 || last_length > 1
}

/// Whoever was answered just now is often about to come again: as long as looks find more, there is another look. Without this
/// callers fall into two halves, one of which waits while the other's commit is synced. Who is alone waits for none.
fn wait_for_company(batch: &mut Vec<Waiting>, held_over: &mut Option<Work>, waiting: &mut mpsc::Receiver<Work>) {
    let mut empty_looks = 0;
    for _ in 0..limits::LOOKS_FOR_COMPANY {
        if is_complete(batch, held_over.as_ref()) || empty_looks == limits::EMPTY_LOOKS_FOR_COMPANY {
            return;
        }
        let before = batch.len();
        std::thread::yield_now();
        *held_over = take_all(batch, waiting);
        empty_looks = if batch.len() == before { empty_looks + 1 } else { 0 };
    }
}

/// Whether a batch may take no more: it is as long as it may be, or what comes next is no command.
fn is_complete(batch: &[Waiting], held_over: Option<&Work>) -> bool {
    held_over.is_some() || batch.len() >= limits::BATCH_MAX
}

/// Takes the commands that wait, up to as many as share a commit; answers the first work that is no command.
fn take_all(batch: &mut Vec<Waiting>, waiting: &mut mpsc::Receiver<Work>) -> Option<Work> {
    while batch.len() < limits::BATCH_MAX {
        match waiting.try_recv() {
            Ok(Work::Command(next)) => batch.push(next),
            Ok(other) => return Some(other),
            Err(_) => return None,
        }
    }
    None
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
