//! Answers wait for the disk beside the lane.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

use ringup_core::apply::Outcome;
use ringup_core::batch::{GoOn, NotDone};
use ringup_core::time::Timestamp;
use ringup_db::seam::Unsynced;
use tokio::sync::oneshot;

use crate::error::SubmitError;
use crate::ids::IdMint;
use crate::limits;

/// What a batch came to, not yet told.
pub(super) struct Answers {
    pub(super) results: Vec<Result<Outcome, NotDone>>,
    /// Who waits for each.
    pub(super) askers: Vec<oneshot::Sender<Result<Outcome, SubmitError>>>,
    /// What must be on the disk before.
    pub(super) unsynced: Unsynced,
    /// The mark of the ids, if it was written with the batch.
    pub(super) mark: Option<Timestamp>,
    pub(super) ids: Arc<IdMint>,
    /// What the lane may do after it.
    pub(super) go_on: GoOn,
}

impl Answers {
    /// Waits for the disk, and answers everyone.
    pub(super) fn give(self, on_unknown: GoOn) -> GoOn {
        let synced = self.unsynced.wait();
        if let Err(why) = &synced {
            tracing::error!(%why, commands = self.results.len(), "whether a batch is on the disk is not known");
        } else {
            self.ids.mark_kept(self.mark);
        }
        for (asker, result) in self.askers.into_iter().zip(self.results) {
            let result = match &synced {
                Ok(()) => result.map_err(SubmitError::from),
                Err(_) => Err(SubmitError::Unknown),
            };
            metrics::counter!("ringup_commands_total", "result" => result.as_ref().map_or_else(SubmitError::code, |_| "done"))
                .increment(1);
            // Whoever has gone away meanwhile learns it by asking again with the same key.
            let _ = asker.send(result);
        }
        if synced.is_err() { on_unknown } else { self.go_on }
    }
}

/// A thread that waits for the disk and answers, in the order of the batches.
pub(super) struct Answerer {
    batches: SyncSender<Answers>,
}

impl Answerer {
    pub(super) fn start(on_unknown: GoOn, stopped: &Arc<AtomicBool>) -> std::io::Result<Self> {
        let (batches, given) = sync_channel::<Answers>(limits::BATCHES_UNANSWERED);
        let stopped = Arc::clone(stopped);
        std::thread::Builder::new().name("answers".to_owned()).spawn(move || {
            // The lane's end ends it.
            while let Ok(answers) = given.recv() {
                if answers.give(on_unknown) == GoOn::No {
                    stopped.store(true, Ordering::Release);
                }
            }
        })?;
        Ok(Self { batches })
    }

    /// Has the thread answer.
    pub(super) fn give(&self, answers: Answers) -> GoOn {
        let go_on = answers.go_on;
        match self.batches.send(answers) {
            Ok(()) => go_on,
            // Its thread is gone, and who waits reads a lost answer as unknown.
            Err(_) => GoOn::No,
        }
    }
}
