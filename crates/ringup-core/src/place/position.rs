use std::fmt;
use std::str::FromStr;

use super::Point;

/// A position on the Earth (WGS 84), in millionths of a degree: 11 cm at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    latitude_e6: i32,
    longitude_e6: i32,
}

/// Why something is no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParsePositionError {
    /// It is not two decimal numbers.
    #[error("a position is a latitude and a longitude in degrees, such as 39.904200,116.407400")]
    Form,
    /// There is no such place on the Earth.
    #[error("a latitude is between -90 and 90 degrees, a longitude between -180 and 180")]
    OutOfRange,
}

const LATITUDE_MAX: i32 = 90_000_000;
const LONGITUDE_MAX: i32 = 180_000_000;
const DECIMALS: usize = 6;

impl Position {
    /// The position with this latitude and longitude, in millionths of a degree; north and east are positive.
    ///
    /// # Errors
    /// [`ParsePositionError::OutOfRange`].
    pub fn new(latitude_e6: i32, longitude_e6: i32) -> Result<Self, ParsePositionError> {
        let within = |value: i32, most: i32| (most.saturating_neg()..=most).contains(&value);
        if within(latitude_e6, LATITUDE_MAX) && within(longitude_e6, LONGITUDE_MAX) {
            Ok(Self { latitude_e6, longitude_e6 })
        } else {
            Err(ParsePositionError::OutOfRange)
        }
    }

    /// Millionths of a degree to the north.
    #[must_use]
    pub const fn latitude_e6(self) -> i32 {
        self.latitude_e6
    }

    /// Millionths of a degree to the east.
    #[must_use]
    pub const fn longitude_e6(self) -> i32 {
        self.longitude_e6
    }

    /// The same as a point on the unit sphere, from which distances are measured.
    #[must_use]
    pub fn point(self) -> Point {
        Point::of(self)
    }

    /// How many metres it is to another position, along the sphere; see [`Point`] for the error.
    #[must_use]
    pub fn metres_to(self, other: Self) -> u64 {
        self.point().chord_to(other.point()).metres()
    }
}

/// `39.904200,116.407400`: also what a `geo:` address holds (RFC 5870).
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_degrees(f, self.latitude_e6)?;
        f.write_str(",")?;
        write_degrees(f, self.longitude_e6)
    }
}

fn write_degrees(f: &mut fmt::Formatter<'_>, value_e6: i32) -> fmt::Result {
    let sign = if value_e6 < 0 { "-" } else { "" };
    let value = value_e6.unsigned_abs();
    let (degrees, rest) = (value.div_euclid(1_000_000), value.rem_euclid(1_000_000));
    write!(f, "{sign}{degrees}.{rest:06}")
}

/// Reads latitude and longitude with a comma between them; decimals beyond the sixth are left out.
impl FromStr for Position {
    type Err = ParsePositionError;

    fn from_str(text: &str) -> Result<Self, ParsePositionError> {
        let (latitude, longitude) = text.split_once([',', '，']).ok_or(ParsePositionError::Form)?;
        Self::new(parse_degrees(latitude)?, parse_degrees(longitude)?)
    }
}

/// Decimal degrees as millionths, without floating point.
fn parse_degrees(text: &str) -> Result<i32, ParsePositionError> {
    let text = text.trim();
    let (is_negative, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(decimals) {
        return Err(ParsePositionError::Form);
    }
    let filled: String = decimals.chars().chain(std::iter::repeat('0')).take(DECIMALS).collect();
    let whole = whole.trim_start_matches('0');
    if whole.len() > 3 {
        return Err(ParsePositionError::OutOfRange);
    }
    let value: i32 = format!("{whole}{filled}").parse().map_err(|_| ParsePositionError::OutOfRange)?;
    Ok(if is_negative { value.saturating_neg() } else { value })
}
