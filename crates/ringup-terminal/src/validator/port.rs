use std::io;
use std::path::PathBuf;

use super::Silence;
use crate::limits::{READ_BYTES, Timing};
use crate::line::{Line, StopBits};

/// The line to a validator, opened when it is needed: a converter on USB goes and comes.
pub(super) struct Port {
    path: PathBuf,
    stop_bits: StopBits,
    pub(super) timing: Timing,
    line: Option<Line>,
    /// Whether its failing has been logged: a converter may be gone for a weekend, and is looked for twenty times a second.
    is_down: bool,
}

impl Port {
    pub(super) const fn new(path: PathBuf, stop_bits: StopBits, timing: Timing) -> Self {
        Self { path, stop_bits, timing, line: None, is_down: false }
    }

    /// Sends a command until `take` has found its answer in what came since. `take` is told all bytes since the command was sent.
    pub(super) fn ask<T>(&mut self, command: &[u8], mut take: impl FnMut(&[u8]) -> Search<T>) -> Result<T, Silence> {
        for _ in 0..self.timing.tries.max(1) {
            match self.ask_once(command, &mut take) {
                Ok(Some(answer)) => {
                    self.is_down = false;
                    return Ok(answer);
                }
                Ok(None) => {}
                Err(error) => {
                    if !std::mem::replace(&mut self.is_down, true) {
                        tracing::warn!(port = %self.path.display(), %error, "the line to the validator failed");
                    }
                    self.line = None;
                    std::thread::sleep(self.timing.gap);
                }
            }
        }
        Err(Silence)
    }

    fn ask_once<T>(&mut self, command: &[u8], take: &mut impl FnMut(&[u8]) -> Search<T>) -> io::Result<Option<T>> {
        let Timing { answer, gap, .. } = self.timing;
        let mut buffer = [0; READ_BYTES];
        let line = match &mut self.line {
            Some(line) => line,
            closed => {
                let line = closed.insert(Line::open(&self.path, self.stop_bits)?);
                // An answer to the kiosk that was here before must not be taken for one to this one.
                while line.receive(&mut buffer, gap)? > 0 {}
                line
            }
        };
        line.forget_received()?;
        line.send(command, answer)?;
        let mut received = Vec::new();
        let mut wait = answer;
        while received.len() < READ_BYTES * 8 {
            let count = line.receive(&mut buffer, wait)?;
            if count == 0 {
                return Ok(None);
            }
            received.extend_from_slice(buffer.get(..count).unwrap_or_default());
            match take(&received) {
                Search::Found(answer) => return Ok(Some(answer)),
                // The rest follows at once.
                Search::Begun => wait = gap,
                // The echo of our own command on a shared wire; the answer is still to come.
                Search::Nothing => wait = answer,
                Search::Wrong => break,
            }
        }
        // Whatever is still coming must not be taken for the next answer.
        while line.receive(&mut buffer, gap)? > 0 {}
        Ok(None)
    }
}

/// What was found in what came.
pub(super) enum Search<T> {
    /// The answer.
    Found(T),
    /// The beginning of one.
    Begun,
    /// Nothing that belongs to one.
    Nothing,
    /// What can be no answer any more.
    Wrong,
}
