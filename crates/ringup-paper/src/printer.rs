//! A printer at the other end of a connection, and whether a slip came out of it.
//!
//! Money has been taken when a slip is printed, so "sent" is not enough. The printer is asked before; nothing is sent to one
//! that cannot print. Behind the slip goes a question that a printer answers only when it has come to it in its turn
//! (`GS r 1`), and then it is asked once more. Only who answered all of it has printed.

#[cfg(test)]
mod tests;

use std::io::{ErrorKind, Read, Write};

use crate::limits::{BYTES_MAX, SILENCES_MAX};
use crate::paper::Sheet;
use crate::status::{self, Question, State, Trouble};

/// `GS r 1`: the paper's sensor, answered in its turn, behind everything that was sent before.
const ARE_YOU_THROUGH: [u8; 3] = [0x1d, b'r', 1];

/// What became of a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a slip that is not out must be printed again or shown on a screen"]
pub enum Printed {
    /// It is out, whole.
    Out {
        /// The roll ends soon.
        near_end: bool,
    },
    /// Nothing was sent, so that nothing is on paper, and nothing will be: print it when the trouble is over.
    NotSent(Trouble),
    /// It was sent, and is not surely out. The printer may hold what is missing and print it when the trouble is over;
    /// [`Printer::finish`] says when that has happened. A slip printed in its place carries the reprint mark.
    Unfinished(Trouble),
}

impl Printed {
    /// Whether the slip is in somebody's hand or can be taken.
    pub fn is_out(self) -> bool {
        matches!(self, Self::Out { .. })
    }
}

/// A printer behind `connection`: a TCP stream to port 9100, a [`Device`](crate::Device), or anything that reads and
/// writes.
///
/// A read must end after some time with [`ErrorKind::TimedOut`] or [`ErrorKind::WouldBlock`] when nothing comes, or a
/// silent printer is waited for for ever; the same holds for writing. Two seconds are a good time.
#[derive(Debug)]
pub struct Printer<C> {
    connection: C,
    /// Something was not answered in time: what comes next may answer an earlier question.
    is_late: bool,
    /// A slip was sent and is not known to be out.
    is_under_way: bool,
    /// So many questions behind slips are not answered yet.
    unanswered: u32,
    /// A command was cut off in the middle: whatever is sent now would be taken for its end.
    is_broken: bool,
    /// How many bytes still belong to a report that the printer made unasked.
    of_report: u8,
}

/// What came from the printer.
enum Heard {
    /// The answer to one of [`Question::ALL`].
    Answer(u8),
    /// Anything else: that it is through, or a report.
    Other,
    /// Nothing, for as long as we wait.
    Silence,
    /// Nothing will come any more.
    End,
}

impl<C: Read + Write> Printer<C> {
    /// A printer behind `connection`.
    pub fn new(connection: C) -> Self {
        Self { connection, is_late: false, is_under_way: false, unanswered: 0, is_broken: false, of_report: 0 }
    }

    /// How the printer is now.
    ///
    /// # Errors
    /// [`Trouble::Unknown`] when it does not answer, or not as a printer does.
    pub fn state(&mut self) -> Result<State, Trouble> {
        if self.is_broken {
            return Err(Trouble::Unknown);
        }
        if self.is_late {
            self.pass_over_late_answers();
        }
        let mut answers = [0; 4];
        for (question, answer) in Question::ALL.into_iter().zip(&mut answers) {
            *answer = self.ask(question)?;
        }
        State::read(answers).ok_or(Trouble::Unknown)
    }

    /// Prints `sheet`, and says whether it came out.
    ///
    /// After [`Printed::Unfinished`] either [`Printer::finish`] says that it came out after all, or the next slip goes over a
    /// new connection: on this one nothing may be sent behind a command that was cut off.
    pub fn print(&mut self, sheet: &Sheet) -> Printed {
        if let Some(trouble) = self.trouble() {
            return Printed::NotSent(trouble);
        }
        self.is_under_way = true;
        self.unanswered += 1;
        if self.send(&sheet.bytes).and_then(|()| self.send(&ARE_YOU_THROUGH)).is_err() {
            // A printer without paper takes no more than it can keep, and the rest of a command is still to be sent. The
            // question is asked all the same, for its answer: nothing else is sent after it.
            let trouble = self.trouble().unwrap_or(Trouble::Unknown);
            self.is_broken = true;
            return Printed::Unfinished(trouble);
        }
        self.finish()
    }

    /// Waits for the slip that was sent last: after [`Printed::Unfinished`], when somebody put in paper, this says whether
    /// the printer has printed what it held. With no slip under way, it is [`Printed::NotSent`].
    pub fn finish(&mut self) -> Printed {
        if !self.is_under_way {
            return Printed::NotSent(self.trouble().unwrap_or(Trouble::Unknown));
        }
        match self.wait_until_through().and_then(|()| self.state()) {
            Ok(state) => match state.trouble() {
                None => {
                    self.is_under_way = false;
                    Printed::Out { near_end: state.near_end }
                }
                Some(trouble) => Printed::Unfinished(trouble),
            },
            Err(trouble) => Printed::Unfinished(trouble),
        }
    }

    fn wait_until_through(&mut self) -> Result<(), Trouble> {
        let mut silences = 0;
        for _ in 0..BYTES_MAX {
            if self.is_broken {
                break;
            }
            if self.unanswered == 0 {
                return Ok(());
            }
            match self.hear() {
                Heard::Answer(_) | Heard::Other => {}
                Heard::Silence if silences == SILENCES_MAX => break,
                Heard::Silence => {
                    silences += 1;
                    self.at_work()?;
                }
                Heard::End => self.is_broken = true,
            }
        }
        Err(Trouble::Unknown)
    }

    fn trouble(&mut self) -> Option<Trouble> {
        match self.state() {
            Ok(state) => state.trouble(),
            Err(trouble) => Some(trouble),
        }
    }

    /// A printer that is silent behind a slip is printing it, or cannot.
    fn at_work(&mut self) -> Result<(), Trouble> {
        match self.state()?.trouble() {
            Some(trouble) => Err(trouble),
            None => Ok(()),
        }
    }

    fn ask(&mut self, question: Question) -> Result<u8, Trouble> {
        self.send(&question.bytes()).map_err(|_| Trouble::Unknown)?;
        for _ in 0..BYTES_MAX {
            match self.hear() {
                Heard::Answer(answer) => return Ok(answer),
                Heard::Other => {}
                Heard::Silence => break,
                Heard::End => {
                    self.is_broken = true;
                    break;
                }
            }
        }
        self.is_late = true;
        Err(Trouble::Unknown)
    }

    fn pass_over_late_answers(&mut self) {
        for _ in 0..BYTES_MAX {
            match self.hear() {
                Heard::Answer(_) | Heard::Other => {}
                Heard::Silence => {
                    self.is_late = false;
                    return;
                }
                Heard::End => return,
            }
        }
    }

    fn hear(&mut self) -> Heard {
        let mut byte = [0];
        loop {
            return match self.connection.read(&mut byte) {
                Ok(0) => Heard::End,
                Ok(_) => self.understand(byte[0]),
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => continue,
                    ErrorKind::TimedOut | ErrorKind::WouldBlock => Heard::Silence,
                    _ => Heard::End,
                },
            };
        }
    }

    /// The answer to `GS r 1` has the form `0xx0xxxx`; so have the last three bytes of a report (`GS a`), whose first is
    /// `0xx1xx00`. A slip begins with asking for no reports, but one may be under way.
    fn understand(&mut self, byte: u8) -> Heard {
        if status::is_answer(byte) {
            return Heard::Answer(byte);
        }
        if let Some(left) = self.of_report.checked_sub(1) {
            self.of_report = left;
        } else if byte & 0x93 == 0x10 {
            self.of_report = 3;
        } else if byte & 0x90 == 0 {
            self.unanswered = self.unanswered.saturating_sub(1);
        }
        Heard::Other
    }

    fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.connection.write_all(bytes)?;
        self.connection.flush()
    }
}
