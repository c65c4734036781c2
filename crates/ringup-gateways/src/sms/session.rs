//! One connection to an SMS centre, bound both ways: SMPP 3.4 over TCP or TLS.
//!
//! A task owns it, and ends with it. What was handed over and has no answer when it ends may have been sent, and is said to be
//! [`Answer::Nobody`]; it is never called refused.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use rusmpp::pdus::{BindTransceiver, DeliverSmResp, SubmitSm};
use rusmpp::tokio_codec::CommandCodec;
use rusmpp::{Command, CommandId, CommandStatus, Pdu};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::codec::Framed;

use super::SmsReport;
use super::report::{self, Heard};
use crate::limits;

/// What bytes go over: TCP, or TLS on it.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub(super) type Line = Framed<Box<dyn Stream>, CommandCodec>;

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    /// The centre's answer.
    pub answer: Duration,
    /// Silence on both sides, before the centre is asked whether it is still there.
    pub quiet: Duration,
}

/// What came of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The centre has taken it, under this number of its own.
    Taken { reference: String },
    /// The centre said no.
    Status(CommandStatus),
    /// It was never handed over.
    NotSent,
    /// It was handed over, and nobody answered.
    Nobody,
}

/// Why a session could not be begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BindError {
    /// The centre answered with this.
    Status(CommandStatus),
    /// What broke.
    Broken(&'static str),
}

struct Submission {
    pdu: SubmitSm,
    answer: oneshot::Sender<Answer>,
}

/// The way to the task that owns the connection. When the last handle is dropped it takes its leave of the centre.
#[derive(Clone, Debug)]
pub(super) struct Session {
    submissions: mpsc::Sender<Submission>,
}

impl Session {
    /// Binds this line, and starts the task that owns it from now on.
    pub(super) async fn bind(
        mut line: Line,
        bind: BindTransceiver,
        reports: mpsc::Sender<SmsReport>,
        times: Times,
    ) -> Result<Self, BindError> {
        let asked = async {
            let command = Command::new(CommandStatus::EsmeRok, FIRST_NUMBER, bind);
            line.send(command).await.map_err(|_| BindError::Broken("the connection broke"))?;
            loop {
                match line.next().await {
                    Some(Ok(answer)) if answer.sequence_number() == FIRST_NUMBER => return Ok(answer.status()),
                    Some(Ok(_)) => {}
                    Some(Err(_)) => return Err(BindError::Broken("its answer makes no sense")),
                    None => return Err(BindError::Broken("it hung up")),
                }
            }
        };
        match timeout(times.answer, asked).await {
            Ok(Ok(CommandStatus::EsmeRok)) => {}
            Ok(Ok(status)) => return Err(BindError::Status(status)),
            Ok(Err(error)) => return Err(error),
            Err(_) => return Err(BindError::Broken("it did not answer in time")),
        }
        let (submissions, taken_in) = mpsc::channel(limits::SMS_WINDOW);
        tokio::spawn(Talk::new(line, taken_in, reports, times).run());
        Ok(Self { submissions })
    }

    /// Whether the connection stands, as far as is known.
    pub(super) fn stands(&self) -> bool {
        !self.submissions.is_closed()
    }

    /// Hands a message over, and waits for the centre's answer.
    pub(super) async fn submit(&self, pdu: SubmitSm) -> Answer {
        let (answer, answered) = oneshot::channel();
        if self.submissions.send(Submission { pdu, answer }).await.is_err() {
            return Answer::NotSent;
        }
        // A task that ended without a word may have handed it over.
        answered.await.unwrap_or(Answer::Nobody)
    }
}

const FIRST_NUMBER: u32 = 1;
/// SMPP 3.4, 3.2: numbers go up to here, and begin again at 1.
const LAST_NUMBER: u32 = 0x7fff_ffff;

/// The number of what the centre brought, and what is answered.
type Acknowledgement = (u32, CommandStatus);

/// The talk on one connection.
struct Talk {
    line: Line,
    submissions: mpsc::Receiver<Submission>,
    reports: mpsc::Sender<SmsReport>,
    times: Times,
    last_number: u32,
    /// Who waits for the answer to which number, and until when.
    waiting: BTreeMap<u32, (Instant, oneshot::Sender<Answer>)>,
    /// Until when the centre may take to say that it is still there, once it was asked.
    asked: Option<Instant>,
    heard: Instant,
    /// What is to be said of reports, once they have been written down.
    acknowledged: (mpsc::Sender<Acknowledgement>, mpsc::Receiver<Acknowledgement>),
}

/// Why a talk is over.
struct Over;

impl Talk {
    fn new(
        line: Line,
        submissions: mpsc::Receiver<Submission>,
        reports: mpsc::Sender<SmsReport>,
        times: Times,
    ) -> Self {
        Self {
            line,
            submissions,
            reports,
            times,
            last_number: FIRST_NUMBER,
            waiting: BTreeMap::new(),
            asked: None,
            heard: Instant::now(),
            acknowledged: mpsc::channel(limits::SMS_REPORTS_AT_ONCE),
        }
    }

    async fn run(mut self) {
        while self.step().await.is_ok() {}
        // First no more are let in, then all are told: nobody waits for ever, and nothing is called sent that was not.
        self.submissions.close();
        while let Some(Submission { answer, .. }) = self.submissions.recv().await {
            // Whoever asked may have gone.
            let _ = answer.send(Answer::NotSent);
        }
        for (_, answer) in std::mem::take(&mut self.waiting).into_values() {
            let _ = answer.send(Answer::Nobody);
        }
    }

    async fn step(&mut self) -> Result<(), Over> {
        let has_room = self.waiting.len() < limits::SMS_WINDOW;
        let alarm = self.alarm();
        tokio::select! {
            heard = self.line.next() => match heard {
                Some(Ok(command)) => self.hear(command).await,
                Some(Err(_)) | None => Err(Over),
            },
            submission = self.submissions.recv(), if has_room => match submission {
                Some(submission) => self.hand_over(submission).await,
                None => self.leave().await,
            },
            Some((number, status)) = self.acknowledged.1.recv() => {
                self.say(number, status, DeliverSmResp::default()).await
            }
            () = sleep_until(alarm) => self.look_at_the_clock().await,
        }
    }

    /// When something must happen, if nothing else does.
    fn alarm(&self) -> Instant {
        let quiet_until = self.heard + self.times.quiet;
        let answers = self.waiting.values().map(|(until, _)| *until);
        answers.chain(self.asked).min().map_or(quiet_until, |first| first.min(quiet_until))
    }

    async fn look_at_the_clock(&mut self) -> Result<(), Over> {
        let now = Instant::now();
        let is_late = |until: &Instant| *until <= now;
        // A centre that leaves one question without an answer is not believed to take the next one.
        if self.asked.as_ref().is_some_and(is_late) || self.waiting.values().any(|(until, _)| is_late(until)) {
            return Err(Over);
        }
        if self.asked.is_none() && self.heard + self.times.quiet <= now {
            self.asked = Some(now + self.times.answer);
            self.heard = now;
            let number = self.next_number();
            return self.say(number, CommandStatus::EsmeRok, Pdu::EnquireLink).await;
        }
        Ok(())
    }

    async fn hand_over(&mut self, Submission { pdu, answer }: Submission) -> Result<(), Over> {
        let number = self.next_number();
        // Written down first: a connection that breaks half-way through may have carried it.
        self.waiting.insert(number, (Instant::now() + self.times.answer, answer));
        self.say(number, CommandStatus::EsmeRok, pdu).await
    }

    /// Nobody has anything more to send.
    async fn leave(&mut self) -> Result<(), Over> {
        let number = self.next_number();
        // It is over either way.
        let _ = self.say(number, CommandStatus::EsmeRok, Pdu::Unbind).await;
        Err(Over)
    }

    async fn hear(&mut self, command: Command) -> Result<(), Over> {
        (self.heard, self.asked) = (Instant::now(), None);
        let (number, status) = (command.sequence_number(), command.status());
        match (command.id(), command.pdu()) {
            (CommandId::SubmitSmResp | CommandId::GenericNack, pdu) => {
                let answer = match (status, pdu) {
                    (CommandStatus::EsmeRok, Some(Pdu::SubmitSmResp(taken))) => {
                        Answer::Taken { reference: taken.message_id().as_str().to_owned() }
                    }
                    // Taken, as it says, and not under which number.
                    (CommandStatus::EsmeRok, _) => Answer::Taken { reference: String::new() },
                    (status, _) => Answer::Status(status),
                };
                // One whose time was over has been answered.
                if let Some((_, waits)) = self.waiting.remove(&number) {
                    let _ = waits.send(answer);
                }
                Ok(())
            }
            (CommandId::EnquireLink, _) => self.say(number, CommandStatus::EsmeRok, Pdu::EnquireLinkResp).await,
            (CommandId::Unbind, _) => {
                let _ = self.say(number, CommandStatus::EsmeRok, Pdu::UnbindResp).await;
                Err(Over)
            }
            (CommandId::DeliverSm, Some(Pdu::DeliverSm(brought))) => match report::read(brought) {
                Heard::Ended { reference, outcome } => self.pass_on(number, SmsReport::new(reference, outcome)).await,
                Heard::Nothing => self.say(number, CommandStatus::EsmeRok, DeliverSmResp::default()).await,
            },
            (id, _) if !id.is_response() => self.say(number, CommandStatus::EsmeRinvcmdid, Pdu::GenericNack).await,
            _ => Ok(()),
        }
    }

    /// Hands a report on, and answers the centre when it has been written down: until then the centre keeps it.
    async fn pass_on(
        &mut self,
        number: u32,
        (report, written): (SmsReport, oneshot::Receiver<bool>),
    ) -> Result<(), Over> {
        if self.reports.try_send(report).is_err() {
            return self.say(number, CommandStatus::EsmeRxTAppn, DeliverSmResp::default()).await;
        }
        let (acknowledged, answer) = (self.acknowledged.0.clone(), self.times.answer);
        tokio::spawn(async move {
            let status = match timeout(answer, written).await {
                Ok(Ok(true)) => CommandStatus::EsmeRok,
                // Not known yet, or not written down: the centre brings it again.
                Ok(Ok(false) | Err(_)) | Err(_) => CommandStatus::EsmeRxTAppn,
            };
            // An error means that the connection is gone: the centre brings it again on the next one.
            let _ = acknowledged.send((number, status)).await;
        });
        Ok(())
    }

    async fn say(&mut self, number: u32, status: CommandStatus, pdu: impl Into<Pdu>) -> Result<(), Over> {
        let said = self.line.send(Command::new(status, number, pdu));
        match timeout(self.times.answer, said).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Over),
        }
    }

    fn next_number(&mut self) -> u32 {
        self.last_number = if self.last_number >= LAST_NUMBER { FIRST_NUMBER } else { self.last_number + 1 };
        self.last_number
    }
}
