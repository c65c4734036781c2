//! A text message as a phone shows it: its alphabet undone, its parts put together (3GPP TS 23.038 and 23.040).

use std::collections::BTreeMap;

use serde::Serialize;

/// A part as it came.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub reference: String,
    pub from: String,
    pub to: String,
    pub coding: u8,
    pub has_header: bool,
    pub octets: Vec<u8>,
}

/// A text message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// The sender that the phone shows.
    pub from: String,
    /// Whose phone, without a `+`.
    pub to: String,
    /// What it says.
    pub text: String,
    /// In how many parts it came.
    pub parts: usize,
}

/// The header of a part: what ties it to the others, how many there are, and which one it is.
fn header(part: &Part) -> Option<(u8, u8, u8)> {
    match part.octets.as_slice() {
        [5, 0, 3, tie, count, number, ..] if part.has_header => Some((*tie, *count, *number)),
        _ => None,
    }
}

/// What can be shown of these parts.
pub(super) fn whole(parts: &[Part]) -> Vec<Text> {
    let mut texts = Vec::new();
    let mut waiting: BTreeMap<(String, u8, u8), BTreeMap<u8, String>> = BTreeMap::new();
    for part in parts {
        let Some((tie, count, number)) = header(part) else {
            texts.push(shown(part, decode(part.coding, &part.octets), 1));
            continue;
        };
        let key = (part.to.clone(), tie, count);
        let held = waiting.entry(key.clone()).or_default();
        held.insert(number, decode(part.coding, part.octets.get(6..).unwrap_or_default()));
        if held.len() == usize::from(count) {
            let text = held.values().map(String::as_str).collect();
            texts.push(shown(part, text, count.into()));
            waiting.remove(&key);
        }
    }
    texts
}

fn shown(part: &Part, text: String, parts: usize) -> Text {
    Text { from: part.from.clone(), to: part.to.clone(), text, parts }
}

/// What octets say; what says nothing is shown as phones show it.
fn decode(coding: u8, octets: &[u8]) -> String {
    if coding == 8 {
        let units: Vec<u16> =
            octets.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair.get(1).copied().unwrap_or(0)])).collect();
        return String::from_utf16_lossy(&units);
    }
    let mut text = String::new();
    let mut octets = octets.iter().copied();
    while let Some(octet) = octets.next() {
        let letter = if octet == 0x1b { octets.next().and_then(extended) } else { plain(octet) };
        text.push(letter.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    text
}

fn plain(octet: u8) -> Option<char> {
    const ROWS: [&str; 2] = ["@£$¥èéùìòÇ\nØø\rÅå", "Δ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ"];
    match octet {
        0x00..=0x0f => ROWS[0].chars().nth(octet.into()),
        0x10..=0x1f => ROWS[1].chars().nth(usize::from(octet - 0x10)),
        0x24 => Some('¤'),
        0x40 => Some('¡'),
        0x5b..=0x60 => "ÄÖÑÜ§¿".chars().nth(usize::from(octet - 0x5b)),
        0x7b..=0x7f => "äöñüà".chars().nth(usize::from(octet - 0x7b)),
        0x20..=0x7a => Some(char::from(octet)),
        0x80.. => None,
    }
}

fn extended(octet: u8) -> Option<char> {
    Some(match octet {
        0x0a => '\u{c}',
        0x14 => '^',
        0x28 => '{',
        0x29 => '}',
        0x2f => '\\',
        0x3c => '[',
        0x3d => '~',
        0x3e => ']',
        0x40 => '|',
        0x65 => '€',
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
