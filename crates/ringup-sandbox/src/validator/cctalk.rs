//! How a device speaks ccTalk, from its own side: the generic specification read once more, nothing shared with the kiosk.

use super::NOTE_VALUES;
use super::machine::{Happening, Machine, Place};

const ADDRESS: u8 = 40;
/// A kind of note that has no name.
const UNNAMED: u8 = 12;

#[derive(Default)]
pub struct Cctalk {
    /// The last five events, the newest first.
    events: [(u8, u8); 5],
    counter: u8,
    uses_escrow: bool,
}

/// The next whole frame with a right checksum; takes it off what waits.
pub fn take_frame(waiting: &mut Vec<u8>) -> Option<Vec<u8>> {
    let length = usize::from(*waiting.get(1)?) + 5;
    if waiting.len() < length {
        return None;
    }
    let frame: Vec<u8> = waiting.drain(..length).collect();
    let adds_up = frame.iter().fold(0_u32, |sum, byte| sum + u32::from(*byte)).is_multiple_of(256);
    adds_up.then_some(frame)
}

impl Cctalk {
    /// Obeys one frame.
    pub fn obey(&mut self, frame: &[u8], machine: &mut Machine) -> Option<Vec<u8>> {
        let [to, _, from, header, data @ .., _] = frame else { return None };
        if *to != ADDRESS {
            return None;
        }
        let answer = self.act(*header, data, machine)?;
        Some(pack(*from, &answer))
    }

    fn act(&mut self, header: u8, data: &[u8], machine: &mut Machine) -> Option<Vec<u8>> {
        let done = Some(Vec::new());
        match (header, data) {
            (254, []) => done,
            (246, []) => Some(b"RUS".to_vec()),
            (245, []) => Some(b"Bill Validator".to_vec()),
            (157, [kind]) => Some(name_of(*kind)),
            (156, b"CN") => Some(vec![100, 0, 2]),
            (156, _) => Some(vec![0, 0, 0]),
            (231, [low, high]) => {
                machine.allowed = u16::from_le_bytes([*low, *high]);
                done
            }
            (228, [mode]) => {
                machine.is_enabled = mode & 1 == 1;
                done
            }
            (153, [mode]) => {
                self.uses_escrow = mode & 2 == 2;
                done
            }
            (159, []) => {
                machine.step();
                self.remember(machine);
                let events = self.events.iter().flat_map(|(a, b)| [*a, *b]);
                Some(std::iter::once(self.counter).chain(events).collect())
            }
            (154, [way]) => {
                let was_held = match way {
                    0 => machine.give_back(),
                    1 => machine.take(),
                    255 => matches!(machine.place, Place::Escrow(_)),
                    _ => return None,
                };
                Some(if was_held { vec![] } else { vec![254] })
            }
            _ => None, // ccTalk does not answer what it does not know
        }
    }

    /// Turns what has happened in the mechanics into events.
    pub fn remember(&mut self, machine: &mut Machine) {
        for happening in machine.told() {
            let named = |kind| if kind == 0 { UNNAMED } else { kind };
            match happening {
                Happening::Held(kind) => {
                    self.make_event(named(kind), 1);
                    if !self.uses_escrow {
                        machine.take();
                    }
                }
                Happening::Stacked(kind) => self.make_event(named(kind), 0),
                Happening::Returned => self.make_event(0, 1),
                Happening::Rejected => self.make_event(0, 2),
                Happening::Jam => {
                    if self.events[0] != (0, 6) {
                        self.make_event(0, 6);
                    }
                }
                Happening::Fraud(_) => self.make_event(0, 18),
                Happening::BoxFull => self.make_event(0, 14),
                Happening::BoxRemoved => self.make_event(0, 11),
                Happening::BoxReplaced => self.make_event(0, 12),
                Happening::Started | Happening::FoundToFront | Happening::FoundToBox(_) => {}
            }
        }
    }

    pub fn make_event(&mut self, a: u8, b: u8) {
        self.events.rotate_right(1);
        self.events[0] = (a, b);
        self.counter = if self.counter == 255 { 1 } else { self.counter + 1 };
    }
}

fn name_of(kind: u8) -> Vec<u8> {
    let value = usize::from(kind).checked_sub(1).and_then(|place| NOTE_VALUES.get(place));
    value.map_or_else(|| b".......".to_vec(), |yuan| format!("CN{yuan:04}A").into_bytes())
}

fn pack(to: u8, data: &[u8]) -> Vec<u8> {
    let mut frame = vec![to, u8::try_from(data.len()).unwrap_or(u8::MAX), ADDRESS, 0];
    frame.extend(data);
    let sum = frame.iter().fold(0_u32, |sum, byte| sum + u32::from(*byte));
    frame.push(u8::try_from((256 - sum % 256) % 256).unwrap_or(0));
    frame
}
