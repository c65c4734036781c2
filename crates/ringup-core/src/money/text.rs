//! Amounts as people and machines write them.

use std::fmt;

use super::{Amount, MINOR_MAX, Unit};

/// The languages that pages and messages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    En,
    /// Simplified Chinese.
    ZhHans,
}

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseAmountError {
    /// There is nothing in it.
    #[error("no amount was given")]
    Empty,
    /// It has a minus sign.
    #[error("an amount cannot be negative")]
    Negative,
    /// It has more decimals than the unit has.
    #[error("{unit} has {digits} decimals at most")]
    TooManyDecimals {
        /// The unit it was read in.
        unit: Unit,
        /// How many decimals that unit has.
        digits: u32,
    },
    /// It is above [`MINOR_MAX`] minor units.
    #[error("the amount is too large to be counted")]
    TooLarge,
    /// It names another unit than the one asked for.
    #[error("the amount is not in {0}")]
    WrongUnit(Unit),
    /// It is not a number.
    #[error("the amount is not a number")]
    NotANumber,
}

impl Amount {
    /// Reads what a person typed into a field for this unit: `100`, `100.5`, `¥100.00`, `1,000`, `100 元`,
    /// `100 CNY`, and the same in full-width characters.
    ///
    /// # Errors
    /// [`ParseAmountError`]; [`ParseAmountError::WrongUnit`] when the text names another unit than `unit`.
    pub fn parse(text: &str, unit: Unit) -> Result<Self, ParseAmountError> {
        let text: String = text.chars().map(narrow).filter(|c| !c.is_whitespace()).collect();
        let figure = strip_unit(&text, unit)?;
        if figure.is_empty() {
            return Err(ParseAmountError::Empty);
        }
        if figure.starts_with(['-', '−']) {
            return Err(ParseAmountError::Negative);
        }
        let figure = figure.strip_prefix('+').unwrap_or(figure);
        let (whole, decimals) = figure.split_once('.').unwrap_or((figure, ""));
        let whole = without_grouping(whole)?;
        let digits = unit.minor_digits();
        let all_digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        if !all_digits(&whole) || !all_digits(decimals) || (whole.is_empty() && decimals.is_empty()) {
            return Err(ParseAmountError::NotANumber);
        }
        let decimals = decimals.trim_end_matches('0');
        let places = u32::try_from(decimals.len()).map_err(|_| ParseAmountError::TooLarge)?;
        let missing = digits.checked_sub(places).ok_or(ParseAmountError::TooManyDecimals { unit, digits })?;
        let mut minor: u64 = 0;
        for c in whole.chars().chain(decimals.chars()) {
            let digit = c.to_digit(10).ok_or(ParseAmountError::NotANumber)?;
            minor = minor
                .checked_mul(10)
                .and_then(|m| m.checked_add(u64::from(digit)))
                .ok_or(ParseAmountError::TooLarge)?;
        }
        let scale = 10_u64.checked_pow(missing).ok_or(ParseAmountError::TooLarge)?;
        let minor = minor.checked_mul(scale).ok_or(ParseAmountError::TooLarge)?;
        Self::new(minor, unit).map_err(|_| ParseAmountError::TooLarge)
    }

    /// The plain decimal figure, as providers and machines write it: `100.00`.
    #[must_use]
    pub fn to_decimal(self) -> String {
        let (whole, decimals) = self.split();
        if decimals.is_empty() { whole.to_string() } else { format!("{whole}.{decimals}") }
    }

    /// As a page shows it: `¥1,000.00` in both languages; seconds as `10 min 30 s` or `10 分 30 秒`.
    #[must_use]
    pub fn to_text(self, language: Language) -> String {
        if self.unit() == Unit::Sec {
            return seconds_text(self.minor(), language);
        }
        let (whole, decimals) = self.split();
        let whole = grouped(whole);
        let point = if decimals.is_empty() { "" } else { "." };
        format!("{}{whole}{point}{decimals}", self.unit().sign())
    }

    fn split(self) -> (u64, String) {
        let digits = self.unit().minor_digits();
        let scale = 10_u64.checked_pow(digits).unwrap_or(1);
        let whole = self.minor().checked_div(scale).unwrap_or(0);
        let rest = self.minor().checked_rem(scale).unwrap_or(0);
        if digits == 0 {
            return (whole, String::new());
        }
        let width = usize::try_from(digits).unwrap_or(2);
        (whole, format!("{rest:0width$}"))
    }
}

/// `100.00 CNY`: unambiguous, for journals, logs and the API.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.unit())
    }
}

/// Reads what [`Amount`]'s `Display` writes.
impl std::str::FromStr for Amount {
    type Err = ParseAmountError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (figure, unit) = text.trim().rsplit_once(' ').ok_or(ParseAmountError::NotANumber)?;
        let unit: Unit = unit.parse().map_err(|_| ParseAmountError::NotANumber)?;
        Self::parse(figure, unit)
    }
}

fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '．' | '，' | '－' | '＋' | '￥' | '＄' => match c {
            '￥' => '¥',
            _ => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c),
        },
        '。' => '.',
        other => other,
    }
}

/// Takes off the sign or code of the unit, and refuses that of another one.
fn strip_unit(text: &str, unit: Unit) -> Result<&str, ParseAmountError> {
    let mut rest = text.strip_prefix(unit.sign()).unwrap_or(text);
    let local: &[&str] = match unit {
        Unit::Cny => &["元", "RMB"],
        Unit::Usd => &["美元"],
        Unit::Eur => &["欧元"],
        Unit::Php => &["比索"],
        Unit::Hkd => &["港元", "港币"],
        Unit::Jpy => &["日元"],
        Unit::Sec => &["秒", "s"],
    };
    for name in local.iter().copied().chain([unit.code()]) {
        rest = rest.strip_suffix(name).unwrap_or(rest);
        rest = rest.strip_prefix(name).unwrap_or(rest);
    }
    // What is left over of a unit is another one's: `HK$100` in a field for renminbi.
    let foreign = |c: char| c.is_alphabetic() || matches!(c, '¥' | '$' | '€' | '₱');
    if rest.contains(['¥', '$', '€', '₱']) || (rest.contains(foreign) && rest.contains(|c: char| c.is_ascii_digit()))
    {
        let names_another = Unit::ALL.into_iter().any(|other| {
            other != unit
                && (rest.contains(other.code()) || (!other.sign().is_empty() && text.starts_with(other.sign())))
        });
        return Err(if names_another { ParseAmountError::WrongUnit(unit) } else { ParseAmountError::NotANumber });
    }
    Ok(rest)
}

/// Takes out grouping commas, which may stand only before each three digits.
fn without_grouping(whole: &str) -> Result<String, ParseAmountError> {
    let groups: Vec<&str> = whole.split(',').collect();
    let well_grouped = groups
        .iter()
        .enumerate()
        .all(|(position, group)| if position == 0 { !group.is_empty() && group.len() <= 3 } else { group.len() == 3 });
    if groups.len() > 1 && !well_grouped {
        return Err(ParseAmountError::NotANumber);
    }
    Ok(groups.concat())
}

fn grouped(whole: u64) -> String {
    let digits = whole.to_string();
    let mut out = String::with_capacity(digits.len().saturating_mul(2));
    for (position, c) in digits.chars().enumerate() {
        let to_go = digits.len().saturating_sub(position);
        if position > 0 && to_go.checked_rem(3) == Some(0) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn seconds_text(seconds: u64, language: Language) -> String {
    let minutes = seconds.checked_div(60).unwrap_or(0);
    let rest = seconds.checked_rem(60).unwrap_or(0);
    let (minute, second) = match language {
        Language::En => ("min", "s"),
        Language::ZhHans => ("分", "秒"),
    };
    match (minutes, rest) {
        (0, rest) => format!("{rest} {second}"),
        (minutes, 0) => format!("{minutes} {minute}"),
        (minutes, rest) => format!("{minutes} {minute} {rest} {second}"),
    }
}

const _: () = assert!(MINOR_MAX < u64::MAX, "a signed column holds every amount");
