//! What the tests share: the sample slips, a font with the letters in them, and printed bytes as words.

use std::path::Path;

use encoding_rs::GB18030;

use crate::font::Font;
use crate::paper::{Charset, Paper, Width};
use crate::slip::{Part, Slip};

/// Noto Sans Mono CJK SC, with no more letters than the samples need.
pub(crate) const FONT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fonts/few-letters.otf");

pub(crate) fn font() -> Font {
    Font::open(Path::new(FONT)).unwrap()
}

pub(crate) fn paper(width: Width, charset: Charset) -> Paper {
    Paper { width, charset, font: Some(font()) }
}

pub(crate) fn in_chinese() -> Slip {
    Slip::from(vec![
        Part::Heading("充值凭证".to_owned()),
        Part::Reprint("补打 · 不是第二笔充值".to_owned()),
        Part::Paragraph("人民路便利店".to_owned()),
        Part::Rule,
        Part::row("卡号", "···· 4321"),
        Part::row("赠送", "10.00 元，2026-12-26 前有效"),
        Part::amount("已到账", "100.00 元"),
        Part::Code("K7QM2P9XTR4W8ZBN5HDC3VFJ6S".to_owned()),
        Part::qr("https://topup.example/verify/K7QM", "扫码核验本凭证"),
        Part::Cut,
    ])
}

pub(crate) fn in_english() -> Slip {
    Slip::from(vec![
        Part::Heading("Top-up receipt".to_owned()),
        Part::Reprint("REPRINT".to_owned()),
        Part::Paragraph("Renmin Road Store, till 03, 26 Nov 2026, 18:05".to_owned()),
        Part::Rule,
        Part::row("Card", "**** 4321"),
        Part::row("Bonus", "CNY 10.00, until 26 Dec 2026"),
        Part::amount("Credited", "¥100.00"),
        Part::Code("K7QM2P9XTR4W8ZBN5HDC3VFJ6S".to_owned()),
        Part::qr("https://topup.example/verify/K7QM", "Scan to check"),
        Part::Feed(2),
        Part::Cut,
    ])
}

/// The commands in `bytes`, one in a line, in words. It shares nothing with what wrote them, and refuses what it does not
/// know.
pub(crate) fn in_words(bytes: &[u8]) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (word, length) = command(rest)?;
        words.push(word);
        rest = rest.get(length..).ok_or("the last command is cut off")?;
    }
    Ok(words)
}

fn command(bytes: &[u8]) -> Result<(String, usize), String> {
    let word = match *bytes {
        [0x1b, b'@', ..] => ("reset".to_owned(), 2),
        [0x1b, b'3', dots, ..] => (format!("lines of {dots} dots"), 3),
        [0x1b, b'E', on, ..] => (format!("bold {on}"), 3),
        [0x1b, b'a', side, ..] => (format!("justify {side}"), 3),
        [0x1b, b'd', lines, ..] => (format!("feed {lines} lines"), 3),
        [0x1d, b'!', size, ..] => (format!("size {} × {}", (size >> 4) + 1, (size & 7) + 1), 3),
        [0x1d, b'a', 0, ..] => ("no reports".to_owned(), 3),
        [0x1d, b'B', on, ..] => (format!("white on black {on}"), 3),
        [0x1d, b'V', 1, ..] => ("cut".to_owned(), 3),
        [0x1c, b'&', ..] => ("Chinese on".to_owned(), 2),
        [0x1c, b'.', ..] => ("Chinese off".to_owned(), 2),
        [b'\n', ..] => ("line feed".to_owned(), 1),
        [0x1d, b'(', b'k', low, high, ref data @ ..] => {
            let length = usize::from(u16::from_le_bytes([low, high]));
            let data = data.get(..length).ok_or("a QR command is cut off")?;
            (qr(data)?, 5 + length)
        }
        [0x1d, b'v', b'0', 0, w, ww, h, hh, ref data @ ..] => {
            let (row, rows) = (usize::from(u16::from_le_bytes([w, ww])), usize::from(u16::from_le_bytes([h, hh])));
            let dots = data.get(..row * rows).ok_or("a picture is cut off")?;
            (format!("picture {} × {rows}, {:016x}", row * 8, hash(dots)), 8 + row * rows)
        }
        [0x20..=0x7e | 0x80..=0xff, ..] => {
            let text: &[u8] = bytes.split(|byte| *byte < 0x20 || *byte == 0x7f).next().unwrap_or_default();
            let (read, _, broken) = GB18030.decode(text);
            if broken {
                return Err(format!("no text: {text:02x?}"));
            }
            (format!("“{read}”"), text.len())
        }
        _ => return Err(format!("no command: {:02x?}", bytes.get(..8.min(bytes.len())))),
    };
    Ok(word)
}

fn qr(data: &[u8]) -> Result<String, String> {
    Ok(match *data {
        [49, 65, model, 0] => format!("QR model {}", model - 48),
        [49, 67, dots] => format!("QR modules of {dots} dots"),
        [49, 69, level] => format!("QR correction {}", ["L", "M", "Q", "H"][usize::from(level - 48)]),
        [49, 80, 48, ref content @ ..] => format!("QR holds {}", String::from_utf8_lossy(content)),
        [49, 81, 48] => "QR print".to_owned(),
        _ => return Err(format!("no QR command: {data:02x?}")),
    })
}

/// FNV-1a, so that a changed dot is a changed word.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
