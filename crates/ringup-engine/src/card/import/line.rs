//! One line of an import file.

use ringup_core::apply::Refusal;
use ringup_core::books::PinHash;
use ringup_core::card::{CardNumber, ParseCardNumberError};
use ringup_core::ledger::{Entry, EntryKind};
use ringup_core::money::{Amount, ParseAmountError, Unit};
use ringup_core::time::Timestamp;

use super::report::RefusedLine;
use crate::pin::{ParsePinError, Pin, PinKey};

/// Why a line is refused, in order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineRefusal {
    /// It has more or fewer fields than there are columns.
    #[error("it has {found} fields, not {wanted}")]
    Fields {
        /// How many it has.
        found: usize,
        /// How many it should have.
        wanted: usize,
    },
    /// It is not UTF-8.
    #[error("it is not UTF-8")]
    Encoding,
    /// Its card number is none.
    #[error(transparent)]
    Number(#[from] ParseCardNumberError),
    /// Another line has the same card number.
    #[error("line {first} has the same card number")]
    Twice {
        /// Which line.
        first: u64,
    },
    /// Its PIN is none.
    #[error(transparent)]
    Pin(#[from] ParsePinError),
    /// Its PIN hash is not 32 hexadecimal digits.
    #[error("a PIN hash has 32 hexadecimal digits")]
    PinHash,
    /// It has a PIN and a PIN hash, or neither.
    #[error("it needs a PIN or a PIN hash, and not both")]
    PinOrHash,
    /// Its balance is no amount.
    #[error("balance: {0}")]
    Balance(#[from] ParseAmountError),
    /// Its expiry is no date.
    #[error("expiry: a day such as 2027-06-30, or a moment such as 2027-06-30T16:00:00Z, is needed")]
    Expiry,
    /// The rules for cards refuse it.
    #[error(transparent)]
    Books(#[from] Refusal),
}

impl LineRefusal {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Fields { .. } => "fields",
            Self::Encoding => "encoding",
            Self::Number(_) => "card_number",
            Self::Twice { .. } => "card_number_twice",
            Self::Pin(_) => "pin",
            Self::PinHash => "pin_hash",
            Self::PinOrHash => "pin_or_hash",
            Self::Balance(_) => "balance",
            Self::Expiry => "expiry",
            Self::Books(refusal) => refusal.code(),
        }
    }
}

/// A line that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ImportLine {
    pub(super) line: u64,
    pub(super) number: CardNumber,
    pub(super) pin: PinHash,
    pub(super) balance: Amount,
    pub(super) expires_at: Timestamp,
}

/// The fields of a line, as they stand there.
pub(super) struct Fields<'a> {
    pub(super) number: &'a str,
    pub(super) pin: &'a str,
    pub(super) pin_hash: &'a str,
    pub(super) balance: &'a str,
    pub(super) expiry: &'a str,
}

impl ImportLine {
    pub(super) fn parse(line: u64, fields: &Fields<'_>, unit: Unit, key: &PinKey) -> Result<Self, LineRefusal> {
        let number: CardNumber = fields.number.parse()?;
        let pin = match (fields.pin, fields.pin_hash) {
            ("", "") => return Err(LineRefusal::PinOrHash),
            (pin, "") => Pin::parse(pin)?.hash(key, number),
            ("", hash) => parse_hash(hash).ok_or(LineRefusal::PinHash)?,
            (_, _) => return Err(LineRefusal::PinOrHash),
        };
        let balance = Amount::parse(fields.balance, unit)?;
        let expires_at = parse_expiry(fields.expiry).ok_or(LineRefusal::Expiry)?;
        Ok(Self { line, number, pin, balance, expires_at })
    }

    pub(super) fn refused(&self, reason: LineRefusal) -> RefusedLine {
        RefusedLine { line: self.line, number: self.number.to_string(), reason }
    }

    /// Whether this is the entry that importing the line makes first: none for a card that came with nothing.
    pub(super) fn opened(&self, first: Option<&Entry>) -> bool {
        let opening = first.filter(|entry| entry.kind == EntryKind::OpeningBalance);
        match opening {
            Some(entry) => entry.postings.iter().all(|posting| posting.amount == self.balance),
            None => self.balance.is_zero(),
        }
    }
}

fn parse_hash(text: &str) -> Option<PinHash> {
    if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    Some(PinHash(u128::from_str_radix(text, 16).ok()?.to_be_bytes()))
}

/// A card is valid through the whole of its last day, in China.
fn parse_expiry(text: &str) -> Option<Timestamp> {
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp::from_micros(moment.as_microsecond()));
    }
    let day: jiff::civil::Date = text.parse().ok()?;
    let midnight = day.tomorrow().ok()?.to_datetime(jiff::civil::Time::midnight());
    let moment = jiff::tz::offset(8).to_timestamp(midnight).ok()?;
    Some(Timestamp::from_micros(moment.as_microsecond()))
}
