//! Waiting for work on a thread of one's own.

use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::error::TryRecvError;

use crate::limits;

/// The next work, or nothing when nobody is left who could ask.
///
/// Whoever was answered just now often comes again at once. So the thread looks a few times before it goes to sleep: to be
/// woken takes longer than most of what it does, and the looks yield to everyone who has something to do.
pub(crate) fn next<T>(waiting: &mut Receiver<T>) -> Option<T> {
    for _ in 0..limits::LOOKS_BEFORE_SLEEP {
        match waiting.try_recv() {
            Ok(work) => return Some(work),
            Err(TryRecvError::Empty) => std::thread::yield_now(),
            Err(TryRecvError::Disconnected) => return None,
        }
    }
    waiting.blocking_recv()
}
