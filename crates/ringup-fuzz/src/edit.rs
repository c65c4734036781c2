//! Changes to a genuine text, as an input describes them: what a forger does who has seen a signed message and has no key.
//!
//! Signatures cannot be guessed by a fuzzer, so it is not the message that it makes up, but what is done to one.

use crate::cursor::Cursor;

/// The most changes that are made to one message.
const EDITS_MAX: usize = 16;

/// The genuine bytes with the changes made, one after the other.
pub fn edited(genuine: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut bytes = genuine.to_vec();
    let mut changes = Cursor::new(changes);
    for _ in 0..EDITS_MAX {
        if changes.is_empty() {
            break;
        }
        let (kind, place) = (changes.byte(), usize::from(changes.short()));
        let at = place.checked_rem(bytes.len().saturating_add(1)).unwrap_or(0);
        change(&mut bytes, kind, at, &mut changes);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, kind: u8, at: usize, changes: &mut Cursor<'_>) {
    let end = |bytes: &[u8], length: u8| at.saturating_add(usize::from(length)).min(bytes.len());
    match kind % 6 {
        0 => {
            let new = changes.byte();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = new;
            }
        }
        1 => {
            let text = changes.text();
            bytes.splice(at..at, text.into_bytes());
        }
        2 => {
            let end = end(bytes, changes.byte());
            bytes.drain(at..end);
        }
        // Written in another way, as `%26` is `&`: what a reader decodes before it looks at the signature.
        3 => {
            if let Some(byte) = bytes.get(at).copied() {
                bytes.splice(at..=at, format!("%{byte:02X}").into_bytes());
            }
        }
        // The other case.
        4 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 0x20;
            }
        }
        // A piece once more, somewhere else.
        _ => {
            let end = end(bytes, changes.byte());
            let piece = bytes.get(at..end).unwrap_or_default().to_vec();
            let to = usize::from(changes.short()).checked_rem(bytes.len().saturating_add(1)).unwrap_or(0);
            bytes.splice(to..to, piece);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::edited;

    #[test]
    fn each_kind_of_change_does_what_it_says() {
        let on = |changes: &[u8]| String::from_utf8(edited(b"a=1&b=2", changes)).unwrap();
        assert_eq!(on(&[]), "a=1&b=2");
        assert_eq!(on(&[0, 0, 2, b'9']), "a=9&b=2");
        assert_eq!(on(&[1, 0, 7, 4, b'&', b'c', b'=', b'3']), "a=1&b=2&c=3");
        assert_eq!(on(&[2, 0, 3, 4]), "a=1");
        assert_eq!(on(&[3, 0, 3]), "a=1%26b=2");
        assert_eq!(on(&[4, 0, 0]), "A=1&b=2");
        assert_eq!(on(&[5, 0, 0, 4, 0, 7]), "a=1&b=2a=1&");
        assert_eq!(on(&[2, 0, 3, 255, 1, 0, 0, 1, b'x']), "xa=1");
    }
}
