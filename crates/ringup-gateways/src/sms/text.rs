//! A text as phones take it: in the alphabet of GSM 03.38 when it has no other letters, else in UTF-16, in as many parts as it needs.
//!
//! What belongs together stays together: neither a character of two septets (`€`, `[`) nor a surrogate pair is cut in two.

use crate::limits;

/// How the octets of a part are to be read, as SMPP says it (`data_coding`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// The centre's own alphabet, GSM 03.38: a septet in each octet.
    Gsm7,
    /// UTF-16, the larger byte first. The standard says UCS-2; every phone that shows an emoji reads its two halves.
    Ucs2,
}

impl Coding {
    pub(super) const fn number(self) -> u8 {
        match self {
            Self::Gsm7 => 0,
            Self::Ucs2 => 8,
        }
    }

    /// How many octets a text has that goes alone: 160 septets, or 70 units of two octets.
    const fn alone(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 140,
        }
    }

    /// How many octets of text a part has beside its header of six octets: 153 septets, or 67 units.
    const fn of_a_part(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 134,
        }
    }
}

/// A text in its parts, each with its header where there is more than one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) coding: Coding,
    pub(super) octets: Vec<Vec<u8>>,
}

/// Cuts a text into the parts that it goes in. The reference ties them together on the phone; nothing when there are too many of them.
pub(super) fn parts(text: &str, reference: u8) -> Option<Parts> {
    let septets: Option<Vec<Vec<u8>>> = text.chars().map(gsm7).collect();
    let (coding, characters) = match septets {
        Some(septets) => (Coding::Gsm7, septets),
        None => (Coding::Ucs2, text.chars().map(utf16).collect()),
    };
    if characters.iter().map(Vec::len).sum::<usize>() <= coding.alone() {
        return Some(Parts { coding, octets: vec![characters.concat()] });
    }
    let mut texts: Vec<Vec<u8>> = vec![Vec::new()];
    for character in characters {
        match texts.last_mut() {
            Some(text) if text.len().saturating_add(character.len()) <= coding.of_a_part() => text.extend(character),
            Some(_) | None => texts.push(character),
        }
    }
    if texts.len() > limits::SMS_PARTS_MAX {
        return None;
    }
    let count = u8::try_from(texts.len()).ok()?;
    // Five octets follow: element 0, "concatenated text, reference of one octet", has three (3GPP TS 23.040, 9.2.3.24.1).
    let header = |number: u8| [5, 0, 3, reference, count, number];
    let octets = (1..=count).zip(texts).map(|(number, text)| [&header(number)[..], &text].concat()).collect();
    Some(Parts { coding, octets })
}

fn utf16(character: char) -> Vec<u8> {
    character.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()).collect()
}

/// A character in GSM 03.38 (3GPP TS 23.038, 6.2.1): one septet, or the escape and another; nothing when it has none.
fn gsm7(character: char) -> Option<Vec<u8>> {
    let place = |alphabet: &str| alphabet.chars().position(|known| known == character);
    if let Some(place) = place(ALPHABET).filter(|place| *place != usize::from(ESCAPE)) {
        return Some(vec![u8::try_from(place).ok()?]);
    }
    let (_, septet) = EXTENSION.iter().find(|(known, _)| *known == character)?;
    Some(vec![ESCAPE, *septet])
}

/// What begins a character of the extension table.
const ESCAPE: u8 = 0x1b;

/// Each character at the place that is its septet; at the escape's stands one that no text has.
const ALPHABET: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

const EXTENSION: [(char, u8); 10] = [
    ('\u{c}', 0x0a),
    ('^', 0x14),
    ('{', 0x28),
    ('}', 0x29),
    ('\\', 0x2f),
    ('[', 0x3c),
    ('~', 0x3d),
    (']', 0x3e),
    ('|', 0x40),
    ('€', 0x65),
];

#[cfg(test)]
mod tests;
