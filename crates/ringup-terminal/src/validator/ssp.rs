//! SSP: ITL's protocol, in the clear.
//!
//! Each new command has the other sequence bit; a validator that sees the same bit again repeats its last answer and does nothing.
//! What a poll tells is told once. So a poll that was not answered is sent again with its bit until it is, before anything else. While
//! a note is being taken, the bit of the next poll is written down before it is sent, and nothing is sent after its answer until
//! that is written down: a restarted kiosk hears the last answer again.
//!
//! There is no command to take a note: the poll after the one that told of it does. Until then it is held by HOLD, and nothing is polled.

mod frame;
mod message;

use ringup_core::bank_note::Stage;
use ringup_core::money::{Amount, Unit};
use ringup_db::bank_note::Mark;

use self::frame::{Frame, Reader};
use self::message::Notice;
use super::port::{Port, Search};
use super::{Event, Resume, Silence, StartError};

/// The address of a validator of notes.
const ADDRESS: u8 = 0;

/// What is done with the note in the validator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    /// Nothing: a poll tells what is new.
    Waiting,
    /// It is held: no poll may be sent.
    Holding,
    /// It is being taken: each poll says so again.
    Taking,
}

pub(super) struct Ssp {
    port: Port,
    unit: Unit,
    /// The bit of the next command.
    bit: bool,
    /// A command that has not been answered.
    unanswered: Option<Vec<u8>>,
    /// What each kind of note is worth, from kind 1 on.
    notes: Vec<Option<Amount>>,
    /// Told, and not yet passed on.
    heard: Vec<Notice>,
    doing: Doing,
    /// The kind of the note that is inside, where it is known.
    inside: Option<u8>,
    has_note: bool,
    /// The last note that was read has been credited: to hear so again is a repetition.
    was_credited: bool,
    /// It was started, and must be set up again.
    needs_set_up: bool,
    /// It has disabled itself, as one does that was not polled for a while.
    needs_enabling: bool,
    /// A note was read: is it held, and may it be taken?
    needs_holding: bool,
    is_enabled: bool,
    is_started: bool,
    is_silent: bool,
    is_jammed: bool,
}

impl Ssp {
    pub(super) const fn new(port: Port, unit: Unit) -> Self {
        Self {
            port,
            unit,
            bit: false,
            unanswered: None,
            notes: Vec::new(),
            heard: Vec::new(),
            doing: Doing::Waiting,
            inside: None,
            has_note: false,
            was_credited: false,
            needs_set_up: false,
            needs_enabling: false,
            needs_holding: false,
            is_enabled: false,
            is_started: false,
            is_silent: false,
            is_jammed: false,
        }
    }

    /// Hears the answer again that was given to the poll with this bit, or takes the note that waits for it. Before anything else,
    /// since the validator remembers only its last answer; and the answer is kept before anything else is sent.
    pub(super) fn hear_again(&mut self, bit: bool) -> Result<Vec<u8>, Silence> {
        self.bit = bit;
        self.ask(&[message::POLL])
    }

    pub(super) fn start(&mut self, resume: &Resume) -> Result<(), StartError> {
        self.is_started = false;
        self.has_note = resume.stage.is_some();
        self.doing = Doing::Waiting;
        if resume.stage == Some(Stage::ToldToStack) {
            self.doing = Doing::Taking;
        }
        if let Some(answer) = &resume.answer {
            self.heard.extend(message::read_notices(answer));
        }
        self.ask(&[message::SYNC])?;
        self.bit = false;
        self.set_up()?;
        self.inside = resume.value.and_then(|value| self.kind_of(value));
        self.is_started = true;
        Ok(())
    }

    /// What a validator forgets when it is switched off.
    fn set_up(&mut self) -> Result<(), StartError> {
        let unsuitable = |what: String| StartError::Unsuitable(what);
        let answer = self.ask(&[message::HOST_PROTOCOL, message::PROTOCOL_VERSION])?;
        if answer.first() != Some(&message::OK) {
            return Err(unsuitable(format!("it does not speak version {}", message::PROTOCOL_VERSION)));
        }
        let setup = self.ask(&[message::SETUP])?;
        self.notes = message::read_setup(&setup, self.unit).map_err(|error| unsuitable(error.to_string()))?;
        let [low, high] = message::inhibits(&self.notes);
        self.ask(&[message::SET_INHIBITS, low, high])?;
        self.ask(&[if self.is_enabled { message::ENABLE } else { message::DISABLE }])?;
        Ok(())
    }

    /// The bit of the next poll: another command that was not answered goes before it.
    pub(super) fn mark(&self) -> Mark {
        let waits = self.unanswered.as_ref().is_some_and(|unanswered| unanswered != &[message::POLL]);
        Mark::SspBit(self.bit != waits)
    }

    pub(super) fn look(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        match self.look_once(&mut events) {
            Ok(()) => {
                if self.is_silent {
                    self.is_silent = false;
                    events.insert(0, Event::Answers);
                }
            }
            Err(error) => {
                if !self.is_silent {
                    tracing::warn!(%error, "no conversation with the validator");
                    self.is_silent = true;
                    events.push(Event::Silent);
                }
            }
        }
        events
    }

    pub(super) const fn has_heard(&self) -> bool {
        !self.heard.is_empty()
    }

    fn look_once(&mut self, events: &mut Vec<Event>) -> Result<(), StartError> {
        if !self.is_started {
            let stage = self.has_note.then_some(Stage::Escrowed);
            let value = self.inside.and_then(|kind| self.value_of(kind));
            self.start(&Resume { stage, value, ..Resume::default() })?;
            // A poll would take a note that it holds, and nobody knows of it.
            if self.holds_a_note()? {
                self.give_back();
            }
        }
        self.follow_up(events)?;
        if self.heard.is_empty() {
            if self.doing == Doing::Holding {
                if self.holds_a_note()? {
                    return Ok(());
                }
                self.doing = Doing::Waiting;
                events.push(Event::NotHeld);
            }
            self.poll()?;
        }
        self.pass_on(events);
        Ok(())
    }

    /// What the last look made necessary. It was not done then, because the validator would have forgotten its answer.
    fn follow_up(&mut self, events: &mut Vec<Event>) -> Result<(), StartError> {
        if self.needs_set_up {
            self.set_up()?;
        } else if self.needs_enabling && self.is_enabled {
            self.ask(&[message::ENABLE])?;
        }
        (self.needs_set_up, self.needs_enabling) = (false, false);
        if self.needs_holding && self.doing == Doing::Holding {
            self.hold(events)?;
        }
        self.needs_holding = false;
        Ok(())
    }

    fn poll(&mut self) -> Result<(), Silence> {
        let answer = self.ask(&[message::POLL])?;
        self.heard.extend(message::read_notices(&answer));
        Ok(())
    }

    fn pass_on(&mut self, events: &mut Vec<Event>) {
        let heard = std::mem::take(&mut self.heard);
        if self.is_jammed && !heard.contains(&Notice::Jam) {
            self.is_jammed = false;
        }
        for notice in &heard {
            self.note(*notice, events);
        }
        self.needs_set_up |= heard.contains(&Notice::Reset);
        self.needs_enabling |= heard.contains(&Notice::Disabled);
        self.needs_holding |= self.doing == Doing::Holding;
    }

    fn note(&mut self, notice: Notice, events: &mut Vec<Event>) {
        match notice {
            Notice::Read(0) | Notice::Disabled | Notice::Other => {}
            Notice::Read(kind) => self.note_read(kind, events),
            Notice::Credit(kind) => {
                if self.has_note || !self.was_credited {
                    events.push(Event::Stacked(self.value_of(kind)));
                }
                self.was_credited = true;
                self.no_note();
            }
            Notice::ClearedToFront => {
                events.push(Event::FoundAndReturned);
                self.no_note();
            }
            Notice::Rejected => {
                events.push(if self.has_note { Event::Returned } else { Event::Rejected });
                self.no_note();
            }
            Notice::ClearedToBox(kind) => {
                events.push(Event::FoundInPath(self.value_of(kind)));
                self.no_note();
            }
            Notice::Jam => {
                if !self.is_jammed {
                    events.push(Event::Jammed);
                }
                self.is_jammed = true;
            }
            Notice::Fraud => events.push(Event::Cheated),
            Notice::BoxFull => events.push(Event::CashBoxFull),
            Notice::BoxRemoved => events.push(Event::CashBoxRemoved),
            Notice::BoxReplaced => events.push(Event::CashBoxReplaced),
            Notice::Reset => {
                self.doing = Doing::Waiting;
                events.push(Event::Restarted);
            }
            Notice::Unreadable => events.push(Event::EventsLost),
        }
    }

    fn note_read(&mut self, kind: u8, events: &mut Vec<Event>) {
        if self.has_note && self.doing == Doing::Taking {
            if self.inside == Some(kind) {
                return; // still there: this poll has taken it
            }
            // Another note is held, so ours is gone, and nothing was said of it.
            events.push(Event::EventsLost);
        }
        self.was_credited = false;
        self.doing = Doing::Holding;
        if let Some(value) = self.value_of(kind) {
            self.inside = Some(kind);
            self.has_note = true;
            events.push(Event::Seen(value));
        } else {
            self.no_note();
            self.doing = Doing::Holding;
            events.push(Event::UnknownValue);
        }
    }

    /// A note was read and is held by the validator for now: says so, or gives it back at once when it may not be taken.
    fn hold(&mut self, events: &mut Vec<Event>) -> Result<(), StartError> {
        let value = self.inside.filter(|_| self.has_note).and_then(|kind| self.value_of(kind));
        let Some(value) = value else {
            self.give_back();
            return Ok(());
        };
        if self.holds_a_note()? {
            events.push(Event::Escrowed(value));
        } else {
            self.doing = Doing::Waiting;
            events.push(Event::NotHeld);
        }
        Ok(())
    }

    pub(super) fn holds_a_note(&mut self) -> Result<bool, Silence> {
        Ok(self.ask(&[message::HOLD])?.first() == Some(&message::OK))
    }

    pub(super) fn take(&mut self) {
        self.doing = Doing::Taking; // the next poll takes it
    }

    pub(super) fn give_back(&mut self) {
        if self.ask(&[message::REJECT]).is_ok() {
            self.doing = Doing::Waiting;
        }
    }

    pub(super) fn enable(&mut self) {
        self.is_enabled = true;
        // When it does not answer now, it is enabled when it is set up again.
        self.is_started &= self.ask(&[message::ENABLE]).is_ok();
    }

    pub(super) fn disable(&mut self) {
        self.is_enabled = false;
        self.is_started &= self.ask(&[message::DISABLE]).is_ok();
    }

    fn no_note(&mut self) {
        self.has_note = false;
        self.inside = None;
        self.doing = Doing::Waiting;
    }

    fn value_of(&self, kind: u8) -> Option<Amount> {
        let place = usize::from(kind).checked_sub(1)?;
        self.notes.get(place).copied().flatten()
    }

    fn kind_of(&self, value: Amount) -> Option<u8> {
        let place = self.notes.iter().position(|note| *note == Some(value))?;
        u8::try_from(place.saturating_add(1)).ok()
    }

    /// Asks, and the command that was not answered before that.
    fn ask(&mut self, command: &[u8]) -> Result<Vec<u8>, Silence> {
        if let Some(unanswered) = self.unanswered.take_if(|unanswered| unanswered != command) {
            let answer = self.ask_one(&unanswered)?;
            if unanswered == [message::POLL] {
                self.heard.extend(message::read_notices(&answer));
            }
        }
        self.ask_one(command)
    }

    fn ask_one(&mut self, command: &[u8]) -> Result<Vec<u8>, Silence> {
        let sequence = self.bit;
        let frame = Frame { sequence, address: ADDRESS, data: command.to_vec() };
        let bytes = frame.to_bytes().map_err(|_| Silence)?;
        let answer = self.port.ask(&bytes, |received| {
            let mut reader = Reader::default();
            let frames = received.iter().filter_map(|byte| reader.take(*byte));
            // A late answer to an earlier command has the other bit.
            frames
                .into_iter()
                .find(|answer| answer.sequence == sequence && answer.address == ADDRESS)
                .map_or(Search::Begun, |answer| Search::Found(answer.data))
        });
        match answer {
            Ok(data) => {
                self.bit = !sequence;
                self.unanswered = None;
                Ok(data)
            }
            Err(silence) => {
                self.unanswered = Some(command.to_vec());
                Err(silence)
            }
        }
    }
}
