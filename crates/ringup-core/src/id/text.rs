//! Ids as text: a prefix, thirteen characters of Crockford's base 32 and his check character
//! (<https://www.crockford.com/base32.html>).

use std::fmt;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// The check character is the number modulo 37; the last five stand for 32 to 36.
const CHECK: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
const LENGTH: usize = 13;

/// Why a text is no id of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseIdError {
    /// It does not begin with the prefix of this kind of thing.
    #[error("it does not begin with \"{0}_\"")]
    Prefix(&'static str),
    /// It has not thirteen characters and a check character, or one that base 32 does not have.
    #[error("it is not {LENGTH} characters of base 32 and a check character")]
    Form,
    /// The check character does not fit: there is a typing error.
    #[error("the check character does not fit")]
    CheckCharacter,
}

pub(super) fn write(f: &mut fmt::Formatter<'_>, prefix: &str, number: u64) -> fmt::Result {
    write!(f, "{prefix}_{}{}", digits_of(number), character(CHECK, check_of(number)))
}

pub(super) fn to_reference(prefix: &str, number: u64) -> String {
    format!("{prefix}{}", digits_of(number))
}

pub(super) fn from_reference(reference: &str, prefix: &'static str) -> Result<u64, ParseIdError> {
    let body = reference.strip_prefix(prefix).ok_or(ParseIdError::Prefix(prefix))?;
    let number = read_digits(&mut body.chars())?;
    // Nobody types a reference, so no O is meant for a 0: it comes back as it went out, or it is another order's.
    if to_reference(prefix, number) == reference { Ok(number) } else { Err(ParseIdError::Form) }
}

fn digits_of(number: u64) -> String {
    (0..LENGTH)
        .rev()
        .map(|position| {
            let shift = u32::try_from(position).unwrap_or(0).saturating_mul(5);
            character(ALPHABET, usize::try_from((number >> shift) & 31).unwrap_or(0))
        })
        .collect()
}

fn read_digits(characters: &mut impl Iterator<Item = char>) -> Result<u64, ParseIdError> {
    let mut number: u64 = 0;
    for _ in 0..LENGTH {
        let digit = characters.next().and_then(digit_of).ok_or(ParseIdError::Form)?;
        number = number.checked_mul(32).and_then(|n| n.checked_add(digit)).ok_or(ParseIdError::Form)?;
    }
    if number >> 63 == 0 { Ok(number) } else { Err(ParseIdError::Form) }
}

pub(super) fn read(text: &str, prefix: &'static str) -> Result<u64, ParseIdError> {
    let rest = text.trim().strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_'));
    let body = rest.ok_or(ParseIdError::Prefix(prefix))?;
    let mut characters = body.chars().map(|c| c.to_ascii_uppercase());
    let number = read_digits(&mut characters)?;
    let check = characters.next().ok_or(ParseIdError::Form)?;
    if characters.next().is_some() {
        return Err(ParseIdError::Form);
    }
    if character(CHECK, check_of(number)) != check {
        return Err(ParseIdError::CheckCharacter);
    }
    Ok(number)
}

fn check_of(number: u64) -> usize {
    usize::try_from(number.checked_rem(37).unwrap_or(0)).unwrap_or(0)
}

fn character(alphabet: &[u8], digit: usize) -> char {
    alphabet.get(digit).copied().map_or('0', char::from)
}

/// Reads what a person may have written: small letters, O for 0, I or L for 1.
fn digit_of(c: char) -> Option<u64> {
    let c = match c {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|known| char::from(*known) == c).and_then(|position| u64::try_from(position).ok())
}
