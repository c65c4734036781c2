//! A list of places (CSV): what can be read, and what is refused.

use std::collections::HashMap;
use std::io;

use csv::{ByteRecord, StringRecord};
use ringup_core::id::PlaceId;
use ringup_core::place::{
    Crediting, Hours, ParseCreditingError, ParseHoursError, ParsePlaceCodeError, ParsePositionError, Place, PlaceCode,
    PlaceKind, PlaceState, Position, Takes,
};
use ringup_core::product::Name;
use ringup_core::time::Timestamp;

use super::import::RefusedRow;
use super::local::Zones;
use crate::limits;

/// Why a list cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(#[from] io::Error),
    /// It is larger than any list.
    #[error("it has more than {} bytes", limits::PLACES_FILE_BYTES_MAX)]
    TooLarge,
    /// It has too many rows.
    #[error("it has more than {} rows", limits::PLACES_MAX)]
    TooLong,
    /// Its first line does not name the columns.
    #[error("its first line must name the columns {needed}, and may name {optional}; {0}", needed = NEEDED.join(", "), optional = OPTIONAL.join(", "))]
    Columns(String),
}

/// Why a row is refused, in order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowRefusal {
    /// It has more or fewer fields than there are columns.
    #[error("it has {found} fields, not {wanted}")]
    Fields {
        /// How many it has.
        found: usize,
        /// How many it should have.
        wanted: usize,
    },
    /// A field is not UTF-8.
    #[error("{0} is not UTF-8")]
    Encoding(&'static str),
    /// A field that is needed is empty.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A field is too long.
    #[error("{column} has more than {most} characters")]
    TooLong {
        /// Which.
        column: &'static str,
        /// How many it may have.
        most: usize,
    },
    /// A field holds what cannot be printed: a line break, a tabulator.
    #[error("{0} holds a character that cannot be printed")]
    Unprintable(&'static str),
    /// Its kind is none.
    #[error("kind is store, kiosk or agent")]
    Kind,
    /// Its code is none.
    #[error("{0}")]
    Code(#[from] ParsePlaceCodeError),
    /// Another row has the same code.
    #[error("line {first} has the same code")]
    Twice {
        /// Which line.
        first: u64,
    },
    /// Its position is none.
    #[error("{0}")]
    Position(#[from] ParsePositionError),
    /// There is no such time zone.
    #[error("time_zone is the IANA name of a zone, such as Asia/Shanghai")]
    TimeZone,
    /// Its hours cannot be read.
    #[error("hours: {0}")]
    Hours(#[from] ParseHoursError),
    /// What it takes cannot be read.
    #[error("takes is one or more of cash, codes and cards, with spaces between them")]
    Takes,
    /// When it credits cannot be read.
    #[error("credited_at: {0}")]
    Crediting(#[from] ParseCreditingError),
    /// Its height is none.
    #[error("reach_cm is a height in whole centimetres, 300 at most")]
    Reach,
    /// Its phone number is none.
    #[error("phone has digits, spaces, hyphens and brackets, and may begin with +")]
    Phone,
    /// Its state is none.
    #[error(
        "state is in_business, closed or out_of_order; out_of_order_since is then a moment such as 2026-11-26T09:30:00+08:00"
    )]
    State,
}

impl RowRefusal {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Fields { .. } => "fields",
            Self::Encoding(_) => "encoding",
            Self::Missing(_) => "missing",
            Self::TooLong { .. } => "too_long",
            Self::Unprintable(_) => "unprintable",
            Self::Kind => "kind",
            Self::Code(_) => "code",
            Self::Twice { .. } => "code_twice",
            Self::Position(ParsePositionError::Form) => "position_malformed",
            Self::Position(ParsePositionError::OutOfRange) => "position_out_of_range",
            Self::TimeZone => "time_zone",
            Self::Hours(_) => "hours",
            Self::Takes => "takes",
            Self::Crediting(_) => "credited_at",
            Self::Reach => "reach_cm",
            Self::Phone => "phone",
            Self::State => "state",
        }
    }
}

const NEEDED: [&str; 15] = [
    "kind",
    "code",
    "name_en",
    "name_zh_hans",
    "city_en",
    "city_zh_hans",
    "district_en",
    "district_zh_hans",
    "address_en",
    "address_zh_hans",
    "latitude",
    "longitude",
    "time_zone",
    "hours",
    "takes",
];
const OPTIONAL: [&str; 6] = ["credited_at", "licence", "reach_cm", "phone", "state", "out_of_order_since"];

/// In which field of a row each column is.
struct Columns {
    count: usize,
    at: HashMap<&'static str, usize>,
}

/// The places that can be read, and the rows that cannot.
pub(super) fn read(
    list: impl io::Read,
    mut next_id: impl FnMut() -> PlaceId,
) -> Result<(Vec<Place>, Vec<RefusedRow>), FileError> {
    // Rows of a wrong length are refused one by one, not the list with them.
    let mut csv = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(list);
    let columns = Columns::find(csv.byte_headers().map_err(io::Error::from)?)?;
    let (mut places, mut refused) = (Vec::new(), Vec::new());
    let mut seen: HashMap<PlaceCode, u64> = HashMap::new();
    let mut record = ByteRecord::new();
    while csv.read_byte_record(&mut record).map_err(io::Error::from)? {
        let line = record.position().map_or(0, csv::Position::line);
        let row = Row { columns: &columns, record: &record };
        let parsed = row.parse(&mut next_id).and_then(|place| match seen.insert(place.code.clone(), line) {
            Some(first) => Err(RowRefusal::Twice { first }),
            None => Ok(place),
        });
        match parsed {
            Ok(place) => places.push(place),
            Err(reason) => refused.push(RefusedRow { line, reason }),
        }
        if places.len() + refused.len() > limits::PLACES_MAX {
            return Err(FileError::TooLong);
        }
    }
    Ok((places, refused))
}

impl Columns {
    fn find(head: &ByteRecord) -> Result<Self, FileError> {
        let head = StringRecord::from_byte_record(head.clone())
            .map_err(|_| FileError::Columns("it is not UTF-8".to_owned()))?;
        let mut at = HashMap::new();
        for (nth, name) in head.iter().enumerate() {
            // Spreadsheets put a byte order mark before the first name.
            let name = name.trim_start_matches('\u{feff}').trim();
            let shown: String = name.chars().take(limits::REPORTED_NUMBER_MAX).collect();
            let known = NEEDED.into_iter().chain(OPTIONAL).find(|known| *known == name);
            let known = known.ok_or_else(|| FileError::Columns(format!("{shown:?} is none of them")))?;
            if at.insert(known, nth).is_some() {
                return Err(FileError::Columns(format!("{known} is named twice")));
            }
        }
        match NEEDED.into_iter().find(|name| !at.contains_key(name)) {
            Some(name) => Err(FileError::Columns(format!("{name} is missing"))),
            None => Ok(Self { count: head.len(), at }),
        }
    }
}

struct Row<'a> {
    columns: &'a Columns,
    record: &'a ByteRecord,
}

impl Row<'_> {
    fn parse(&self, next_id: &mut impl FnMut() -> PlaceId) -> Result<Place, RowRefusal> {
        let (found, wanted) = (self.record.len(), self.columns.count);
        if found != wanted {
            return Err(RowRefusal::Fields { found, wanted });
        }
        let kind = PlaceKind::from_name(self.needed("kind", limits::PLACE_NAME_MAX)?).ok_or(RowRefusal::Kind)?;
        let code: PlaceCode = self.needed("code", limits::PLACE_NAME_MAX)?.parse()?;
        let name = self.name("name_en", "name_zh_hans", limits::PLACE_NAME_MAX)?;
        let city = self.name("city_en", "city_zh_hans", limits::PLACE_NAME_MAX)?;
        let district = self.name("district_en", "district_zh_hans", limits::PLACE_NAME_MAX)?;
        let address = self.name("address_en", "address_zh_hans", limits::PLACE_TEXT_MAX)?;
        let [latitude, longitude] =
            [self.needed("latitude", limits::PLACE_NAME_MAX)?, self.needed("longitude", limits::PLACE_NAME_MAX)?];
        let position: Position = format!("{latitude},{longitude}").parse()?;
        let time_zone = self.needed("time_zone", limits::PLACE_NAME_MAX)?.to_owned();
        if !Zones::exists(&time_zone) {
            return Err(RowRefusal::TimeZone);
        }
        let hours: Hours = self.needed("hours", limits::PLACE_HOURS_MAX)?.parse()?;
        let takes = parse_takes(self.needed("takes", limits::PLACE_NAME_MAX)?).ok_or(RowRefusal::Takes)?;
        let crediting: Crediting = self.field("credited_at", limits::PLACE_TEXT_MAX)?.parse()?;
        let licence = some(self.field("licence", limits::PLACE_TEXT_MAX)?);
        let reach_cm = self.reach_cm()?;
        let phone = some(self.field("phone", limits::PLACE_NAME_MAX)?);
        if phone.as_deref().is_some_and(|phone| !is_phone(phone)) {
            return Err(RowRefusal::Phone);
        }
        let state = self.state()?;
        let id = next_id();
        Ok(Place {
            id,
            kind,
            code,
            name,
            city,
            district,
            address,
            position,
            time_zone,
            hours,
            takes,
            crediting,
            licence,
            reach_cm,
            phone,
            state,
        })
    }

    /// A field as it stands there: what a spreadsheet would take for a formula is a text like any other.
    fn field(&self, column: &'static str, most: usize) -> Result<&str, RowRefusal> {
        let Some(bytes) = self.columns.at.get(column).and_then(|at| self.record.get(*at)) else { return Ok("") };
        let text = std::str::from_utf8(bytes).map_err(|_| RowRefusal::Encoding(column))?.trim();
        if text.chars().nth(most).is_some() {
            return Err(RowRefusal::TooLong { column, most });
        }
        if text.chars().any(char::is_control) { Err(RowRefusal::Unprintable(column)) } else { Ok(text) }
    }

    fn needed(&self, column: &'static str, most: usize) -> Result<&str, RowRefusal> {
        match self.field(column, most)? {
            "" => Err(RowRefusal::Missing(column)),
            text => Ok(text),
        }
    }

    fn name(&self, en: &'static str, zh_hans: &'static str, most: usize) -> Result<Name, RowRefusal> {
        Ok(Name { en: self.needed(en, most)?.to_owned(), zh_hans: self.needed(zh_hans, most)?.to_owned() })
    }

    fn reach_cm(&self) -> Result<Option<u32>, RowRefusal> {
        let text = self.field("reach_cm", limits::PLACE_NAME_MAX)?;
        if text.is_empty() {
            return Ok(None);
        }
        let height = text.parse().ok().filter(|height| *height <= REACH_CM_MAX);
        height.map(Some).ok_or(RowRefusal::Reach)
    }

    fn state(&self) -> Result<PlaceState, RowRefusal> {
        let since = self.field("out_of_order_since", limits::PLACE_NAME_MAX)?;
        match (self.field("state", limits::PLACE_NAME_MAX)?, since) {
            ("" | "in_business", "") => Ok(PlaceState::InBusiness),
            ("closed", "") => Ok(PlaceState::Closed),
            ("out_of_order", since) => {
                let since: jiff::Timestamp = since.parse().map_err(|_| RowRefusal::State)?;
                Ok(PlaceState::OutOfOrder { since: Timestamp::from_micros(since.as_microsecond()) })
            }
            _ => Err(RowRefusal::State),
        }
    }
}

/// Nobody reaches higher.
const REACH_CM_MAX: u32 = 300;

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn parse_takes(text: &str) -> Option<Takes> {
    let mut takes = Takes::default();
    for word in text.split_whitespace() {
        match word {
            "cash" => takes.cash = true,
            "codes" => takes.codes = true,
            "cards" => takes.cards = true,
            _ => return None,
        }
    }
    Some(takes)
}

fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let allowed = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')');
    (3..=30).contains(&text.len()) && digits.chars().all(allowed) && digits.chars().any(|c| c.is_ascii_digit())
}
