use std::fmt;
use std::str::FromStr;

use iso_currency::Currency;

/// What an amount is counted in: an ISO 4217 currency, or seconds of calling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// Renminbi, in fen.
    Cny,
    /// US dollar, in cents.
    Usd,
    /// Euro, in cents.
    Eur,
    /// Philippine peso, in sentimos.
    Php,
    /// Hong Kong dollar, in cents.
    Hkd,
    /// Japanese yen, which has no minor unit.
    Jpy,
    /// Seconds of calling: a bonus that is no money.
    Sec,
}

/// The text names no unit that Ringup keeps books in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no unit that books are kept in")]
pub struct UnknownUnit(pub String);

impl Unit {
    /// Every unit, in the order of their declaration.
    pub const ALL: [Self; 7] = [Self::Cny, Self::Usd, Self::Eur, Self::Php, Self::Hkd, Self::Jpy, Self::Sec];

    /// The three-letter code: ISO 4217's, or `SEC`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cny => "CNY",
            Self::Usd => "USD",
            Self::Eur => "EUR",
            Self::Php => "PHP",
            Self::Hkd => "HKD",
            Self::Jpy => "JPY",
            Self::Sec => "SEC",
        }
    }

    /// How many decimal digits its minor unit has: the exponent that ISO 4217 states, zero for seconds.
    #[must_use]
    pub fn minor_digits(self) -> u32 {
        Currency::from_code(self.code()).and_then(Currency::exponent).map_or(0, u32::from)
    }

    /// What stands before the figure; empty for seconds.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Cny => "¥",
            Self::Usd => "US$",
            Self::Eur => "€",
            Self::Php => "₱",
            Self::Hkd => "HK$",
            // Not a bare ¥, which is renminbi in these books.
            Self::Jpy => "JP¥",
            Self::Sec => "",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Unit {
    type Err = UnknownUnit;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|unit| unit.code() == text).ok_or_else(|| UnknownUnit(text.to_owned()))
    }
}
