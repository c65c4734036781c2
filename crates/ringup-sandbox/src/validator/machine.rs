//! The mechanics: a slot, a path with room for one note, a cash box.

use std::collections::VecDeque;

use super::NOTE_VALUES;

/// Steps from the escrow into the box.
pub const STEPS_TO_BOX: u8 = 3;
const STEPS_TO_FRONT: u8 = 2;

/// What happens in the mechanics. A number is the kind of a note: its place in [`NOTE_VALUES`], from 1; 0 is none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A note was read and is held.
    Held(u8),
    /// The note is beyond reach, and counted.
    Stacked(u8),
    /// The note has gone back.
    Returned,
    /// What was put in was not read, or no note may be put in: it went back.
    Rejected,
    /// A note is stuck.
    Jam,
    /// A note was pulled out on a thread.
    Fraud(u8),
    /// The box is full.
    BoxFull,
    /// The box is out.
    BoxRemoved,
    /// The box is in again.
    BoxReplaced,
    /// It has started.
    Started,
    /// When it started, a note was in the path and went back.
    FoundToFront,
    /// When it started, a note was in the path and went into the box.
    FoundToBox(u8),
}

/// Where the one note is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Nowhere,
    Escrow(u32),
    ToBox { yuan: u32, steps: u8 },
    ToFront { yuan: u32, steps: u8 },
    Stuck(u32),
}

pub struct Machine {
    pub place: Place,
    pub slot: VecDeque<u32>,
    pub cash_box: Vec<u32>,
    pub given_back: Vec<u32>,
    pub capacity: usize,
    pub box_is_in: bool,
    pub is_enabled: bool,
    /// The kinds that may be taken: a bit each, from kind 1.
    pub allowed: u16,
    pub next_is_cheat: bool,
    pub next_jams: bool,
    pub next_credit_twice: bool,
    /// What has happened and was not told.
    pub happened: Vec<Happening>,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            place: Place::Nowhere,
            slot: VecDeque::new(),
            cash_box: Vec::new(),
            given_back: Vec::new(),
            capacity: usize::MAX,
            box_is_in: true,
            is_enabled: false,
            allowed: 0,
            next_is_cheat: false,
            next_jams: false,
            next_credit_twice: false,
            happened: vec![Happening::Started],
        }
    }
}

/// The kind of a note; 0 for one that nobody knows.
pub fn kind_of(yuan: u32) -> u8 {
    let place = NOTE_VALUES.iter().position(|value| *value == yuan);
    place.and_then(|place| u8::try_from(place + 1).ok()).unwrap_or(0)
}

impl Machine {
    pub fn insert(&mut self, yuan: u32) {
        self.slot.push_back(yuan);
    }

    pub fn is_empty(&self) -> bool {
        self.place == Place::Nowhere && self.slot.is_empty()
    }

    /// What has happened since this was asked last.
    pub fn told(&mut self) -> Vec<Happening> {
        std::mem::take(&mut self.happened)
    }

    pub fn forget_told(&mut self) {
        self.happened.clear();
    }

    /// A note that is held begins to move into the box; says whether there is one.
    pub fn take(&mut self) -> bool {
        let Place::Escrow(yuan) = self.place else { return false };
        self.place = Place::ToBox { yuan, steps: STEPS_TO_BOX };
        true
    }

    /// A note that is held begins to move back; says whether there is one.
    pub fn give_back(&mut self) -> bool {
        let Place::Escrow(yuan) = self.place else { return false };
        self.place = Place::ToFront { yuan, steps: STEPS_TO_FRONT };
        true
    }

    /// The note that is held is pulled out at once.
    pub fn pull_back(&mut self) -> bool {
        let Place::Escrow(yuan) = self.place else { return false };
        self.leave(yuan, Happening::Returned);
        true
    }

    pub fn free_jam(&mut self) {
        if let Place::Stuck(yuan) = self.place {
            self.place = Place::ToBox { yuan, steps: 1 };
        }
    }

    /// Everything moves on by a little.
    pub fn step(&mut self) {
        match self.place {
            Place::Nowhere | Place::Escrow(_) => {}
            Place::Stuck(_) => self.happened.push(Happening::Jam),
            Place::ToFront { yuan, steps: 0 } => self.leave(yuan, Happening::Returned),
            Place::ToFront { yuan, steps } => self.place = Place::ToFront { yuan, steps: steps - 1 },
            Place::ToBox { yuan, .. } if std::mem::take(&mut self.next_is_cheat) => {
                self.leave(yuan, Happening::Fraud(kind_of(yuan)));
            }
            Place::ToBox { yuan, .. } if std::mem::take(&mut self.next_jams) => {
                self.place = Place::Stuck(yuan);
                self.happened.push(Happening::Jam);
            }
            Place::ToBox { yuan, steps: 0 } => self.arrive(yuan),
            Place::ToBox { yuan, steps } => self.place = Place::ToBox { yuan, steps: steps - 1 },
        }
        if self.place == Place::Nowhere {
            self.draw_in();
        }
    }

    fn leave(&mut self, yuan: u32, happening: Happening) {
        self.place = Place::Nowhere;
        self.given_back.push(yuan);
        self.happened.push(happening);
    }

    fn arrive(&mut self, yuan: u32) {
        self.place = Place::Nowhere;
        self.cash_box.push(yuan);
        self.happened.push(Happening::Stacked(kind_of(yuan)));
        if self.cash_box.len() >= self.capacity {
            self.happened.push(Happening::BoxFull);
        }
    }

    fn draw_in(&mut self) {
        if !self.is_enabled {
            return; // the motor stands still, and what is held to the slot stays outside
        }
        let Some(yuan) = self.slot.pop_front() else { return };
        if !self.box_is_in || self.cash_box.len() >= self.capacity {
            return self.leave(yuan, Happening::Rejected);
        }
        let kind = kind_of(yuan);
        // A note of a kind that nobody told it to refuse is read; an unknown one is read too, as the last kind of all.
        let is_allowed = kind == 0 || self.allowed & (1 << (kind - 1)) != 0;
        if is_allowed {
            self.place = Place::Escrow(yuan);
            self.happened.push(Happening::Held(kind));
        } else {
            self.leave(yuan, Happening::Rejected);
        }
    }

    pub fn power_cycle(&mut self) {
        self.happened = vec![Happening::Started];
        self.is_enabled = false;
        self.allowed = 0;
        match self.place {
            Place::Nowhere | Place::Stuck(_) => {}
            Place::Escrow(yuan) | Place::ToFront { yuan, .. } => self.leave(yuan, Happening::FoundToFront),
            Place::ToBox { yuan, .. } => {
                self.place = Place::Nowhere;
                self.cash_box.push(yuan);
                self.happened.push(Happening::FoundToBox(kind_of(yuan)));
            }
        }
    }

    pub fn remove_box(&mut self) -> Vec<u32> {
        self.box_is_in = false;
        self.happened.push(Happening::BoxRemoved);
        self.cash_box.clone()
    }

    pub fn replace_box(&mut self) {
        self.box_is_in = true;
        self.happened.push(Happening::BoxReplaced);
    }
}
