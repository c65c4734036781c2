//! Places: stores, kiosks and agents where a card is topped up face to face, and what holds of one at a given moment.
//!
//! A place lives by its own clock. Whoever asks says what that clock shows ([`LocalMoment`]): time zones are no matter of
//! the core.

mod code;
mod crediting;
mod distance;
mod hours;
mod local;
mod position;

pub use code::{ParsePlaceCodeError, PlaceCode};
pub use crediting::{Crediting, ParseCreditingError, TIMES_MAX};
pub use distance::{Chord, Point};
pub use hours::{EXCEPTIONS_MAX, Hours, INTERVALS_MAX, Interval, OpenState, ParseHoursError};
pub use local::{Clock, LocalDate, LocalMoment, ParseDateError, Weekday};
pub use position::{ParsePositionError, Position};

use crate::coded::coded_enum;
use crate::id::PlaceId;
use crate::product::Name;
use crate::time::Timestamp;

coded_enum! {
    /// What kind of place it is.
    PlaceKind {
        /// A counter with a clerk.
        Store = 1, "store";
        /// A machine.
        Kiosk = 2, "kiosk";
        /// A person with a licence, who sells from float.
        Agent = 3, "agent";
    }
}

/// What a place takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Takes {
    /// Notes and coins.
    pub cash: bool,
    /// The QR codes of Alipay and WeChat Pay.
    pub codes: bool,
    /// Bank cards.
    pub cards: bool,
}

/// Whether a place is in business, whatever its hours are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceState {
    /// It is.
    InBusiness,
    /// It is closed until further notice.
    Closed,
    /// It does not work.
    OutOfOrder {
        /// Since when that is known.
        since: Timestamp,
    },
}

/// A place where cards are topped up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// Its kind.
    pub kind: PlaceKind,
    /// What lists and people name it by.
    pub code: PlaceCode,
    /// What the sign over it says.
    pub name: Name,
    /// Its city.
    pub city: Name,
    /// The district of the city.
    pub district: Name,
    /// Street and number, floor, entrance.
    pub address: Name,
    /// Where it is.
    pub position: Position,
    /// The IANA name of the zone that its clock goes by: `Asia/Shanghai`.
    pub time_zone: String,
    /// When it is open.
    pub hours: Hours,
    /// What it takes.
    pub takes: Takes,
    /// When a top-up sold here is credited.
    pub crediting: Crediting,
    /// The licence it shows, word for word.
    pub licence: Option<String>,
    /// How high above the floor, in centimetres, the highest thing is that a holder must reach; unknown when missing.
    pub reach_cm: Option<u32>,
    /// Its phone number.
    pub phone: Option<String>,
    /// Whether it is in business.
    pub state: PlaceState,
}

/// How high something may be to be reached from a wheelchair, in centimetres: 48 inches in the ADA Standards for Accessible
/// Design (2010), 308.2.1, rounded down to ten.
pub const WHEELCHAIR_REACH_CM: u32 = 120;

/// What a place can do for somebody who stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It serves.
    Open {
        /// Until when; nothing when it never closes.
        until: Option<LocalMoment>,
    },
    /// It is outside its hours.
    Shut {
        /// When it opens; nothing when that is further away than a year.
        opens: Option<LocalMoment>,
    },
    /// It is closed until further notice.
    Closed,
    /// It does not work.
    OutOfOrder {
        /// Since when that is known.
        since: Timestamp,
    },
}

impl Place {
    /// How it stands when its clock shows this.
    #[must_use]
    pub fn standing(&self, local: LocalMoment) -> Standing {
        match self.state {
            PlaceState::InBusiness => match self.hours.state_at(local) {
                OpenState::Open { until } => Standing::Open { until },
                OpenState::Shut { opens } => Standing::Shut { opens },
            },
            PlaceState::Closed => Standing::Closed,
            PlaceState::OutOfOrder { since } => Standing::OutOfOrder { since },
        }
    }

    /// Whether it serves when its clock shows this.
    #[must_use]
    pub fn serves_at(&self, local: LocalMoment) -> bool {
        self.state == PlaceState::InBusiness && self.hours.is_open_at(local)
    }

    /// Whether everything that must be reached can be reached from a wheelchair, as far as that is known.
    #[must_use]
    pub fn is_in_reach_of_a_wheelchair(&self) -> bool {
        self.reach_cm.is_some_and(|height| height <= WHEELCHAIR_REACH_CM)
    }
}

#[cfg(test)]
mod tests;
