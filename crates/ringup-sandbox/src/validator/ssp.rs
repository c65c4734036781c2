//! How a device speaks SSP, from its own side: ITL's GA138 read once more, nothing shared with the kiosk.

use super::NOTE_VALUES;
use super::machine::{Happening, Machine, Place};

const STX: u8 = 0x7F;
/// A kind of note that the setup does not list.
const UNLISTED: u8 = 9;

#[derive(Default)]
pub struct Ssp {
    /// The last sequence bit, and what was answered to it.
    last: Option<(u8, Vec<u8>)>,
    /// A held note has been told with its kind: the next poll takes it.
    is_announced: bool,
    /// A credit that is told once more.
    repeats: Option<u8>,
}

impl Ssp {
    /// The next whole frame, its body without the start byte and nothing doubled; takes it off what waits.
    pub fn take_frame(&mut self, waiting: &mut Vec<u8>) -> Option<Vec<u8>> {
        loop {
            let start = waiting.iter().position(|byte| *byte == STX)?;
            waiting.drain(..start);
            let mut body = Vec::new();
            let mut rest = waiting.iter().copied().enumerate().skip(1).peekable();
            let mut restart = None;
            let mut end = None;
            while let Some((place, byte)) = rest.next() {
                if byte == STX {
                    match rest.peek() {
                        Some((_, STX)) => {
                            rest.next();
                        }
                        Some(_) => {
                            restart = Some(place);
                            break;
                        }
                        None => return None,
                    }
                }
                body.push(byte);
                if body.len() > 2 && body.len() == usize::from(body[1]) + 4 {
                    end = Some(rest.peek().map_or(waiting.len(), |(next, _)| *next));
                    break;
                }
            }
            if let Some(place) = restart {
                waiting.drain(..place);
                continue;
            }
            waiting.drain(..end?);
            let (covered, sum) = body.split_at(body.len() - 2);
            if crc(covered).to_le_bytes() == [sum[0], sum[1]] {
                return Some(covered.to_vec());
            }
        }
    }

    /// Obeys one frame, or repeats the last answer.
    pub fn obey(&mut self, frame: &[u8], machine: &mut Machine) -> Option<Vec<u8>> {
        let [head, _, data @ ..] = frame else { return None };
        if head & 0x7F != 0 {
            return None; // somebody else is meant
        }
        let bit = head & 0x80;
        let is_sync = data == [0x11];
        if let Some((last, answer)) = &self.last
            && *last == bit
            && !is_sync
        {
            return Some(pack(bit, answer));
        }
        let answer = self.act(data, machine);
        self.last = if is_sync { None } else { Some((bit, answer.clone())) };
        Some(pack(bit, &answer))
    }

    fn act(&mut self, data: &[u8], machine: &mut Machine) -> Vec<u8> {
        let ok = vec![0xF0];
        match data {
            [0x11] => ok,
            [0x06, version] => vec![if (4..=8).contains(version) { 0xF0 } else { 0xF8 }],
            [0x05] => setup(),
            [0x02, low, high] => {
                machine.allowed = u16::from_le_bytes([*low, *high]);
                ok
            }
            [0x0A] => {
                machine.is_enabled = true;
                ok
            }
            [0x09] => {
                machine.is_enabled = false;
                ok
            }
            [0x07] => self.poll(machine),
            [0x18] => vec![if matches!(machine.place, Place::Escrow(_)) { 0xF0 } else { 0xF8 }],
            [0x08] => {
                self.is_announced = false;
                vec![if machine.give_back() { 0xF0 } else { 0xF8 }]
            }
            [0x06 | 0x02, ..] => vec![0xF3],
            _ => vec![0xF2],
        }
    }

    fn poll(&mut self, machine: &mut Machine) -> Vec<u8> {
        if matches!(machine.place, Place::Escrow(_)) && self.is_announced {
            machine.take();
        }
        self.is_announced = false;
        let before = machine.place;
        machine.step();
        let mut answer = vec![0xF0];
        if let Some(kind) = self.repeats.take() {
            answer.extend([0xEE, kind]);
        }
        for happening in machine.told() {
            self.tell(happening, machine, &mut answer);
        }
        match machine.place {
            Place::ToBox { .. } => answer.push(0xCC),
            Place::ToFront { .. } => answer.push(0xED),
            // A held note is told in each answer until something is done with it.
            Place::Escrow(yuan) if before == machine.place => {
                self.is_announced = true;
                answer.extend([0xEF, listed(super::machine::kind_of(yuan))]);
            }
            Place::Escrow(_) | Place::Nowhere | Place::Stuck(_) => {}
        }
        if !machine.is_enabled {
            answer.push(0xE8);
        }
        answer
    }

    fn tell(&mut self, happening: Happening, machine: &mut Machine, answer: &mut Vec<u8>) {
        match happening {
            Happening::Held(kind) => {
                self.is_announced = true;
                answer.extend([0xEF, listed(kind)]);
            }
            Happening::Stacked(kind) => {
                answer.extend([0xEE, listed(kind), 0xEB]);
                if std::mem::take(&mut machine.next_credit_twice) {
                    self.repeats = Some(listed(kind));
                }
            }
            Happening::Returned | Happening::Rejected => answer.push(0xEC),
            Happening::Jam => answer.push(0xE9),
            Happening::Fraud(kind) => answer.extend([0xE6, listed(kind)]),
            Happening::BoxFull => answer.push(0xE7),
            Happening::BoxRemoved => answer.push(0xE3),
            Happening::BoxReplaced => answer.push(0xE4),
            Happening::Started => answer.push(0xF1),
            Happening::FoundToFront => answer.extend([0xE1, 0]),
            Happening::FoundToBox(kind) => answer.extend([0xE2, kind]),
        }
    }
}

const fn listed(kind: u8) -> u8 {
    if kind == 0 { UNLISTED } else { kind }
}

/// What SETUP answers at version 6: a dataset for yuan, whose values are given in full.
fn setup() -> Vec<u8> {
    let kinds = NOTE_VALUES.len();
    let mut answer = vec![0xF0, 0x00];
    answer.extend(b"0110CNY");
    answer.extend([0, 0, 0]);
    answer.push(u8::try_from(kinds).unwrap_or(0));
    answer.extend(std::iter::repeat_n(0, kinds));
    answer.extend(std::iter::repeat_n(2, kinds));
    answer.extend([0, 0, 100, 6]);
    answer.extend(std::iter::repeat_n(*b"CNY", kinds).flatten());
    answer.extend(NOTE_VALUES.iter().flat_map(|yuan| yuan.to_le_bytes()));
    answer
}

fn pack(bit: u8, data: &[u8]) -> Vec<u8> {
    let mut body = vec![bit, u8::try_from(data.len()).unwrap_or(u8::MAX)];
    body.extend(data);
    let sum = crc(&body);
    body.extend(sum.to_le_bytes());
    let stuffed = body.iter().flat_map(|byte| std::iter::repeat_n(*byte, if *byte == STX { 2 } else { 1 }));
    std::iter::once(STX).chain(stuffed).collect()
}

/// The remainder of the bytes, two of them inverted first, divided by x^16 + x^15 + x^2 + 1.
fn crc(bytes: &[u8]) -> u16 {
    let mut register: u32 = 0xFFFF;
    for byte in bytes {
        for place in (0..8).rev() {
            let bit = u32::from(byte >> place & 1);
            let out = (register >> 15 & 1) ^ bit;
            register = register << 1 & 0xFFFF;
            if out == 1 {
                register ^= 1 << 15 | 1 << 2 | 1;
            }
        }
    }
    u16::try_from(register & 0xFFFF).unwrap_or(0)
}
