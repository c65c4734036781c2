//! The host's side of a bill validator on a serial line: SSP or ccTalk behind one face, in our own words.
//!
//! SSP is spoken in the clear: its encryption (eSSP: keys by Diffie-Hellman, then AES) is left out, and with it POLL WITH ACK, which
//! validators offer only under it. docs/kiosk-validators.md says what follows from that.
//!
//! No event is lost by what a line does: an unanswered command is sent again as it was, and a validator that had done it already
//! repeats its answer. No money is decided about here; that the note is in the box is the validator's word, passed on.

mod cctalk;
mod port;
mod ssp;

use std::path::PathBuf;

use ringup_core::bank_note::Stage;
use ringup_core::money::{Amount, Unit};
use ringup_db::bank_note::Mark;

use self::cctalk::Cctalk;
use self::port::Port;
use self::ssp::Ssp;
use crate::limits::Timing;
use crate::line::StopBits;

/// What a validator speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// ITL's Smiley Secure Protocol, in the clear.
    Ssp,
    /// Money Controls' ccTalk, with the simple checksum.
    Cctalk,
}

/// Where a validator is, and how to speak with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// What it speaks.
    pub protocol: Protocol,
    /// The serial port.
    pub path: PathBuf,
    /// What its notes are counted in; others are not taken.
    pub unit: Unit,
    /// How long to wait, and how often to ask.
    pub timing: Timing,
}

/// A validator on its line.
pub struct Validator {
    link: Link,
}

enum Link {
    Ssp(Ssp),
    Cctalk(Cctalk),
}

/// What a validator tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It has read a note of this value.
    Seen(Amount),
    /// It holds the note: it can be taken or given back.
    Escrowed(Amount),
    /// It does not hold the note any more; what became of it is told next, if at all.
    NotHeld,
    /// It has read a note that it does not know, or may not take; it gives it back.
    UnknownValue,
    /// The note is in the cash box. The value is the validator's; none when it does not say.
    Stacked(Option<Amount>),
    /// When it started it found a note inside and moved it into the cash box.
    FoundInPath(Option<Amount>),
    /// When it started it found a note inside and gave it back.
    FoundAndReturned,
    /// The note was given back.
    Returned,
    /// It refused something that was put in: no note, or not a good one.
    Rejected,
    /// A note is stuck.
    Jammed,
    /// Somebody tried to cheat.
    Cheated,
    /// The cash box was taken out.
    CashBoxRemoved,
    /// The cash box is in its place again.
    CashBoxReplaced,
    /// The cash box is full.
    CashBoxFull,
    /// It was started again, and has forgotten what it had not told.
    Restarted,
    /// It told more than it keeps, or what cannot be read: something is unknown.
    EventsLost,
    /// It does not answer any more.
    Silent,
    /// It answers again.
    Answers,
}

/// An event, and how far the conversation had got with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// What was told.
    pub event: Event,
    /// To be kept together with what the event changes; none where nothing new is to be kept.
    pub mark: Option<Mark>,
}

/// Where a conversation is taken up again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resume {
    /// How far the unfinished note had got, if there is one.
    pub stage: Option<Stage>,
    /// What it is worth.
    pub value: Option<Amount>,
    /// How far the conversation had got.
    pub mark: Option<Mark>,
    /// What [`Validator::hear_again`] heard, once it is kept.
    pub answer: Option<Vec<u8>>,
}

/// Why a conversation does not begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// Nobody answers.
    #[error("the validator does not answer")]
    Silent,
    /// Somebody answers that is no validator we can speak with.
    #[error("this is no validator to speak with: {0}")]
    Unsuitable(String),
}

/// The validator did not answer, however often it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Silence;

impl From<Silence> for StartError {
    fn from(_: Silence) -> Self {
        Self::Silent
    }
}

impl Validator {
    /// A validator at this place. Nothing is sent before [`Self::start`].
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        let Connection { protocol, path, unit, timing } = connection;
        let link = match protocol {
            Protocol::Ssp => Link::Ssp(Ssp::new(Port::new(path, StopBits::Two, timing), unit)),
            Protocol::Cctalk => Link::Cctalk(Cctalk::new(Port::new(path, StopBits::One, timing), unit)),
        };
        Self { link }
    }

    /// Asks for the last answer once more, while a note is being taken: on SSP it is told once, and may have been the one that
    /// mattered. To be kept before [`Self::start`], which makes the validator forget it. Nothing where events are told again anyway.
    ///
    /// # Errors
    /// [`StartError::Silent`].
    pub fn hear_again(&mut self, mark: Option<Mark>) -> Result<Option<Vec<u8>>, StartError> {
        match (&mut self.link, mark) {
            (Link::Ssp(ssp), Some(Mark::SspBit(bit))) => Ok(Some(ssp.hear_again(bit)?)),
            (Link::Ssp(_) | Link::Cctalk(_), _) => Ok(None),
        }
    }

    /// Begins the conversation, or takes it up where it was cut off. The validator takes no notes until it is enabled.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn start(&mut self, resume: &Resume) -> Result<(), StartError> {
        match &mut self.link {
            Link::Ssp(ssp) => ssp.start(resume),
            Link::Cctalk(cctalk) => cctalk.start(resume),
        }
    }

    /// Asks what is new, and keeps a held note held. To be called several times a second.
    pub fn look(&mut self) -> Vec<Told> {
        match &mut self.link {
            Link::Ssp(ssp) => ssp.look().into_iter().map(|event| Told { event, mark: None }).collect(),
            Link::Cctalk(cctalk) => cctalk.look(),
        }
    }

    /// What must be kept before the next poll, while a note is being taken: its answer may be the only one that tells of it.
    #[must_use]
    pub fn mark(&self) -> Option<Mark> {
        match &self.link {
            Link::Ssp(ssp) => Some(ssp.mark()),
            Link::Cctalk(_) => None,
        }
    }

    /// Whether the next look passes on what was heard already, and asks nothing.
    #[must_use]
    pub const fn has_heard(&self) -> bool {
        match &self.link {
            Link::Ssp(ssp) => ssp.has_heard(),
            Link::Cctalk(_) => false,
        }
    }

    /// Lets notes in.
    pub fn enable(&mut self) {
        match &mut self.link {
            Link::Ssp(ssp) => ssp.enable(),
            Link::Cctalk(cctalk) => cctalk.enable(),
        }
    }

    /// Lets no more notes in.
    pub fn disable(&mut self) {
        match &mut self.link {
            Link::Ssp(ssp) => ssp.disable(),
            Link::Cctalk(cctalk) => cctalk.disable(),
        }
    }

    /// Tells it to take the note that it holds. That must have been written down.
    pub fn take(&mut self) {
        match &mut self.link {
            Link::Ssp(ssp) => ssp.take(),
            Link::Cctalk(cctalk) => cctalk.take(),
        }
    }

    /// Tells it to give back the note that it holds.
    pub fn give_back(&mut self) {
        match &mut self.link {
            Link::Ssp(ssp) => ssp.give_back(),
            Link::Cctalk(cctalk) => cctalk.give_back(),
        }
    }

    /// Asks whether it holds a note; it holds it on.
    ///
    /// # Errors
    /// [`StartError::Silent`].
    pub fn holds_a_note(&mut self) -> Result<bool, StartError> {
        match &mut self.link {
            Link::Ssp(ssp) => Ok(ssp.holds_a_note()?),
            Link::Cctalk(cctalk) => Ok(cctalk.holds_a_note()?),
        }
    }
}
