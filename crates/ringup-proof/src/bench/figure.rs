//! What is measured, as one number with what it is compared with; and the arithmetic on it, in whole numbers.

/// One figure. Its numbers are thousandths of its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What was measured, words joined by dots: `sqlite.lane.plain.128`.
    pub name: String,
    /// In what.
    pub unit: Unit,
    /// The median of the rounds.
    pub rounds: Spread,
    /// What it is compared with.
    pub ratio: Option<Ratio>,
}

/// In what a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// So many a second.
    PerSecond,
    /// Milliseconds.
    Millis,
    /// Seconds.
    Seconds,
    /// Megabytes (10^6).
    Megabytes,
}

impl Unit {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PerSecond => "/s",
            Self::Millis => "ms",
            Self::Seconds => "s",
            Self::Megabytes => "MB",
        }
    }
}

/// A figure against another one of the same run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// The other one's name.
    pub to: String,
    /// The quotient, in thousandths.
    pub milli: u64,
}

/// What several rounds came to, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// The smallest.
    pub min: u64,
    /// The one in the middle.
    pub median: u64,
    /// The largest.
    pub max: u64,
}

impl Spread {
    /// Of these rounds; nothing of none.
    pub fn of(rounds: &[u64]) -> Option<Self> {
        let mut sorted = rounds.to_vec();
        sorted.sort_unstable();
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let upper = *sorted.get(sorted.len() / 2)?;
        let lower = *sorted.get((sorted.len() - 1) / 2)?;
        Some(Self { min, median: lower.midpoint(upper), max })
    }

    /// Of one.
    pub const fn single(value: u64) -> Self {
        Self { min: value, median: value, max: value }
    }
}

impl Figure {
    /// A figure of these rounds.
    pub const fn new(name: String, unit: Unit, rounds: Spread) -> Self {
        Self { name, unit, rounds, ratio: None }
    }

    /// As a person reads it.
    pub fn shown(&self) -> String {
        format!("{} {}", shown(self.rounds.median), self.unit.name())
    }

    /// Compares it with another one.
    pub fn against(mut self, other: &Self) -> Self {
        self.ratio = Some(Ratio { to: other.name.clone(), milli: quotient(self.rounds.median, other.rounds.median) });
        self
    }
}

/// So many in so long, in thousandths of one a second.
pub fn per_second(count: u64, micros: u64) -> u64 {
    scaled(count, 1_000_000_000, micros)
}

/// One number by another, in thousandths; zero by zero is zero.
pub fn quotient(number: u64, by: u64) -> u64 {
    scaled(number, 1_000, by)
}

fn scaled(number: u64, by: u128, divisor: u64) -> u64 {
    let divided = (u128::from(number) * by).checked_div(u128::from(divisor)).unwrap_or(0);
    u64::try_from(divided).unwrap_or(u64::MAX)
}

/// The value that so many of a thousand do not exceed; the order of `values` is lost.
pub fn percentile(values: &mut [u32], per_mille: usize) -> Option<u32> {
    let last = values.len().checked_sub(1)?;
    let rank = (values.len() * per_mille).div_ceil(1_000).saturating_sub(1).min(last);
    let (_, value, _) = values.select_nth_unstable(rank);
    Some(*value)
}

/// Thousandths, as a person reads them: three digits that count.
pub fn shown(milli: u64) -> String {
    let (whole, rest) = (milli / 1_000, milli % 1_000);
    match whole {
        0..10 => format!("{whole}.{:02}", rest / 10),
        10..100 => format!("{whole}.{}", rest / 100),
        _ => grouped(whole),
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests;
