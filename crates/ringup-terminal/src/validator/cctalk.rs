//! ccTalk: Money Controls' protocol, with the simple checksum.
//!
//! A validator keeps its last five events and counts all of them. Reading them changes nothing, so it can be done again; the
//! counter says which are new, also to a kiosk that was restarted and has kept it.

mod counter;
mod frame;
mod message;

use std::collections::BTreeMap;

use ringup_core::bank_note::Stage;
use ringup_core::money::{Amount, Unit};
use ringup_db::bank_note::Mark;

use self::counter::Since;
use self::frame::{Frame, Read};
use self::message::{Events, Notice, Scaling};
use super::port::{Port, Search};
use super::{Event, Resume, Silence, StartError, Told};
use crate::limits::{CHANNELS_MAX, LOOKS_BETWEEN_HOLDS};

pub(super) struct Cctalk {
    port: Port,
    unit: Unit,
    /// What each kind of note is worth.
    notes: BTreeMap<u8, Amount>,
    /// The counter of the last event that was passed on; none before the first conversation.
    counter: Option<u8>,
    /// Whether a note is inside, as far as was told.
    has_note: bool,
    /// How often a held note has been looked at since it was held on; none when it need not be.
    looks_held: Option<u32>,
    is_enabled: bool,
    is_started: bool,
    is_silent: bool,
}

impl Cctalk {
    pub(super) const fn new(port: Port, unit: Unit) -> Self {
        Self {
            port,
            unit,
            notes: BTreeMap::new(),
            counter: None,
            has_note: false,
            looks_held: None,
            is_enabled: false,
            is_started: false,
            is_silent: false,
        }
    }

    pub(super) fn start(&mut self, resume: &Resume) -> Result<(), StartError> {
        self.is_started = false;
        self.looks_held = None;
        self.has_note = resume.stage.is_some();
        if let Some(Mark::CctalkCounter(counter)) = resume.mark {
            self.counter = Some(counter);
        }
        self.ask(message::SIMPLE_POLL, &[], 0)?;
        // At once, so that nothing is put in while the rest is asked.
        self.ask(message::MODIFY_MASTER_INHIBIT, &[0], 0)?;
        let category = self.ask_any(message::REQUEST_CATEGORY, &[])?;
        if !category.starts_with(b"Bill") {
            return Err(StartError::Unsuitable(format!("it is a {:?}", String::from_utf8_lossy(&category))));
        }
        let manufacturer = self.ask_any(message::REQUEST_MANUFACTURER, &[])?;
        tracing::info!(manufacturer = %String::from_utf8_lossy(&manufacturer), "a bill validator");
        self.read_notes()?;
        if self.counter.is_none() {
            // Nothing is known of it: what it told before is none of ours.
            self.counter = Some(self.read_events()?.counter);
        }
        self.set_up()?;
        self.is_started = true;
        Ok(())
    }

    /// What each kind of note is worth, by its name and its country's scaling.
    fn read_notes(&mut self) -> Result<(), StartError> {
        self.notes.clear();
        let mut scalings: BTreeMap<[u8; 2], Option<Scaling>> = BTreeMap::new();
        for kind in 1..=CHANNELS_MAX {
            let name = self.ask_any(message::REQUEST_BILL_ID, &[kind])?;
            let Some(country) = name.first_chunk::<2>().copied() else { continue };
            let Some(unit) = message::unit_of(&country).filter(|unit| *unit == self.unit) else { continue };
            let scaling = match scalings.get(&country) {
                Some(scaling) => *scaling,
                None => {
                    let scaling = message::read_scaling(&self.ask_any(message::REQUEST_SCALING, &country)?, unit);
                    scalings.insert(country, scaling);
                    scaling
                }
            };
            if let Some(value) = scaling.and_then(|scaling| message::read_bill_id(&name, scaling)) {
                self.notes.insert(kind, value);
            }
        }
        Ok(())
    }

    /// What a validator forgets when it is switched off.
    fn set_up(&mut self) -> Result<(), Silence> {
        let allowed = self.notes.keys().filter_map(|kind| 1_u16.checked_shl(u32::from(*kind).saturating_sub(1)));
        let mask = allowed.fold(0, |mask, bit| mask | bit);
        self.ask(message::MODIFY_INHIBITS, &mask.to_le_bytes(), 0)?;
        self.ask(message::MODIFY_OPERATING_MODE, &[message::STACKER_AND_ESCROW], 0)?;
        self.ask(message::MODIFY_MASTER_INHIBIT, &[u8::from(self.is_enabled)], 0)?;
        Ok(())
    }

    pub(super) fn look(&mut self) -> Vec<Told> {
        let mut told = Vec::new();
        match self.look_once(&mut told) {
            Ok(()) => {
                if self.is_silent {
                    self.is_silent = false;
                    told.insert(0, Told { event: Event::Answers, mark: None });
                }
            }
            Err(error) => {
                if !self.is_silent {
                    tracing::warn!(%error, "no conversation with the validator");
                    self.is_silent = true;
                    told.push(Told { event: Event::Silent, mark: None });
                }
            }
        }
        told
    }

    fn look_once(&mut self, told: &mut Vec<Told>) -> Result<(), StartError> {
        if !self.is_started {
            let stage = self.has_note.then_some(Stage::Escrowed);
            self.start(&Resume { stage, ..Resume::default() })?;
        }
        let events = self.read_events()?;
        match counter::since(self.counter.unwrap_or(events.counter), events.counter) {
            Since::New(count) => self.pass_on(&events, count, told)?,
            Since::Lost => {
                told.push(Told { event: Event::EventsLost, mark: None });
                self.pass_on(&events, message::EVENTS_KEPT, told)?;
                // It may have been started again meanwhile: the counter does not say.
                self.set_up()?;
            }
            Since::Restarted => {
                self.counter = Some(0);
                self.looks_held = None;
                told.push(Told { event: Event::Restarted, mark: Some(Mark::CctalkCounter(0)) });
                self.set_up()?;
            }
        }
        self.hold_on(told)
    }

    /// Passes on the newest events, the oldest of them first.
    fn pass_on(&mut self, events: &Events, count: usize, told: &mut Vec<Told>) -> Result<(), StartError> {
        for age in (0..count).rev() {
            let Some(notice) = events.notices.get(age) else { continue };
            let counter = counter::before(events.counter, age);
            let mark = Some(Mark::CctalkCounter(counter));
            for event in self.note(*notice) {
                told.push(Told { event, mark });
            }
            self.counter = Some(counter);
            if told.last().is_some_and(|told| told.event == Event::UnknownValue) {
                self.route(message::ROUTE_BACK)?;
            }
        }
        Ok(())
    }

    fn note(&mut self, notice: Notice) -> Vec<Event> {
        match notice {
            Notice::Escrowed(kind) => match self.notes.get(&kind) {
                Some(value) => {
                    // Another note is held, so the one before is gone, and nothing was said of it.
                    let lost = self.has_note.then_some(Event::EventsLost);
                    self.has_note = true;
                    self.looks_held = Some(0);
                    lost.into_iter().chain([Event::Seen(*value), Event::Escrowed(*value)]).collect()
                }
                None => vec![Event::UnknownValue],
            },
            Notice::Stacked(kind) => {
                self.no_note();
                vec![Event::Stacked(self.notes.get(&kind).copied())]
            }
            Notice::Returned => {
                let event = if self.has_note { Event::Returned } else { Event::Rejected };
                self.no_note();
                vec![event]
            }
            Notice::Rejected => vec![Event::Rejected],
            Notice::Jam => vec![Event::Jammed],
            Notice::Fraud => vec![Event::Cheated],
            Notice::BoxFull => vec![Event::CashBoxFull],
            Notice::BoxRemoved => vec![Event::CashBoxRemoved],
            Notice::BoxReplaced => vec![Event::CashBoxReplaced],
            Notice::Other => vec![],
        }
    }

    /// A note in escrow goes back after a while unless it is held on.
    fn hold_on(&mut self, told: &mut Vec<Told>) -> Result<(), StartError> {
        let Some(looks) = self.looks_held else { return Ok(()) };
        self.looks_held = Some((looks + 1) % LOOKS_BETWEEN_HOLDS);
        if looks == 0 && !self.holds_a_note()? {
            self.looks_held = None;
            told.push(Told { event: Event::NotHeld, mark: None });
        }
        Ok(())
    }

    pub(super) fn holds_a_note(&mut self) -> Result<bool, Silence> {
        self.route(message::ROUTE_HOLD)
    }

    pub(super) fn take(&mut self) {
        self.looks_held = None;
        // Without an answer nobody knows whether it was told: its events say.
        if let Ok(false) = self.route(message::ROUTE_TO_STACKER) {
            tracing::warn!("the validator was told to take a note and holds none");
        }
    }

    pub(super) fn give_back(&mut self) {
        self.looks_held = None;
        if let Ok(false) = self.route(message::ROUTE_BACK) {
            tracing::warn!("the validator was told to give a note back and holds none");
        }
    }

    pub(super) fn enable(&mut self) {
        self.is_enabled = true;
        // All of it: a validator that was started again may have counted on to where its counter stood.
        self.is_started &= self.set_up().is_ok();
    }

    pub(super) fn disable(&mut self) {
        self.is_enabled = false;
        self.is_started &= self.ask(message::MODIFY_MASTER_INHIBIT, &[0], 0).is_ok();
    }

    fn no_note(&mut self) {
        self.has_note = false;
        self.looks_held = None;
    }

    fn read_events(&mut self) -> Result<Events, Silence> {
        let data = self.ask(message::READ_BILL_EVENTS, &[], 1 + message::EVENTS_KEPT * 2)?;
        message::read_events(&data).ok_or(Silence)
    }

    /// Says where a held note goes; answers whether one was held.
    fn route(&mut self, way: u8) -> Result<bool, Silence> {
        // Nothing, or 254 "escrow is empty", or 255 "failed to route".
        let answer = self.ask_fitting(message::ROUTE_BILL, &[way], |data| data.len() <= 1)?;
        Ok(answer.is_empty())
    }

    /// Asks for an answer of so many bytes.
    fn ask(&mut self, header: u8, data: &[u8], length: usize) -> Result<Vec<u8>, Silence> {
        self.ask_fitting(header, data, |answer| answer.len() == length)
    }

    /// Asks for an answer with a text.
    fn ask_any(&mut self, header: u8, data: &[u8]) -> Result<Vec<u8>, Silence> {
        self.ask_fitting(header, data, |_| true)
    }

    fn ask_fitting(&mut self, header: u8, data: &[u8], fits: impl Fn(&[u8]) -> bool) -> Result<Vec<u8>, Silence> {
        let frame = Frame { to: message::BILL_VALIDATOR, from: message::HOST, header, data: data.to_vec() };
        let bytes = frame.to_bytes().map_err(|_| Silence)?;
        self.port.ask(&bytes, |received| {
            let mut rest = received;
            loop {
                match Frame::read(rest) {
                    Read::Whole(answer, length) => {
                        let is_answer = answer.to == message::HOST
                            && answer.from == message::BILL_VALIDATOR
                            && answer.header == message::ANSWER;
                        if is_answer && fits(&answer.data) {
                            return Search::Found(answer.data);
                        }
                        // Our own command: the wire is shared by both directions. Or an answer that came too late.
                        rest = rest.get(length..).unwrap_or_default();
                    }
                    Read::Unfinished if rest.is_empty() => return Search::Nothing,
                    Read::Unfinished => return Search::Begun,
                    Read::Wrong => return Search::Wrong,
                }
            }
        })
    }
}
