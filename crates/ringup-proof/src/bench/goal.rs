//! What is to be reached, and whether it was.

use super::figure::{Figure, quotient, shown};
use super::store::Kind;

/// A bound that a figure must keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Which figure.
    pub figure: String,
    /// What it must keep.
    pub bound: Bound,
    /// Whether it is judged in a quick run too: only what a short look on a small world can tell.
    pub when_quick: bool,
}

/// How a figure is bounded; all numbers are thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// At least this.
    AtLeast(u64),
    /// At most this.
    AtMost(u64),
    /// At least so many times another figure.
    AtLeastTimes(u64, String),
    /// At most so many times another figure.
    AtMostTimes(u64, String),
}

/// How a goal came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Kept.
    Reached,
    /// Not kept.
    Missed,
    /// A figure of it was not measured, or the run was too quick for it.
    NotJudged,
}

/// A goal with what was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The goal.
    pub goal: Goal,
    /// How it came out.
    pub verdict: Verdict,
    /// What was measured, as a person reads it.
    pub measured: String,
}

impl Bound {
    /// As a person reads it.
    pub fn shown(&self) -> String {
        match self {
            Self::AtLeast(milli) => format!("≥ {}", shown(*milli)),
            Self::AtMost(milli) => format!("≤ {}", shown(*milli)),
            Self::AtLeastTimes(milli, other) => format!("≥ {} × {other}", shown(*milli)),
            Self::AtMostTimes(milli, other) => format!("≤ {} × {other}", shown(*milli)),
        }
    }
}

impl Goal {
    /// The other figure that it is about, when there is one.
    pub fn other(&self) -> Option<&str> {
        match &self.bound {
            Bound::AtLeast(_) | Bound::AtMost(_) => None,
            Bound::AtLeastTimes(_, other) | Bound::AtMostTimes(_, other) => Some(other),
        }
    }

    /// Whether it was reached by these figures.
    pub fn judge(&self, figures: &[Figure]) -> Judged {
        let find = |name: &str| figures.iter().find(|figure| figure.name == name);
        let measured = find(&self.figure).and_then(|own| match &self.bound {
            Bound::AtLeast(least) => Some((own.rounds.median >= *least, own.shown())),
            Bound::AtMost(most) => Some((own.rounds.median <= *most, own.shown())),
            Bound::AtLeastTimes(least, other) => {
                let times = times(own, find(other)?);
                Some((times >= *least, format!("{} ×", shown(times))))
            }
            Bound::AtMostTimes(most, other) => {
                let times = times(own, find(other)?);
                Some((times <= *most, format!("{} ×", shown(times))))
            }
        });
        let (verdict, measured) = match measured {
            Some((true, measured)) => (Verdict::Reached, measured),
            Some((false, measured)) => (Verdict::Missed, measured),
            None => (Verdict::NotJudged, "not measured".to_owned()),
        };
        Judged { goal: self.clone(), verdict, measured }
    }
}

fn times(own: &Figure, other: &Figure) -> u64 {
    quotient(own.rounds.median, other.rounds.median)
}

/// All goals of a database.
pub fn goals(kind: Kind) -> Vec<Goal> {
    let name = kind.name();
    let of = |figure: &str| format!("{name}.{figure}");
    let one = |sqlite: u64, postgres: u64| match kind {
        Kind::Sqlite => sqlite,
        Kind::Postgres => postgres,
    };
    let goal = |figure: &str, bound, when_quick| Goal { figure: of(figure), bound, when_quick };
    let alone = match kind {
        Kind::Sqlite => Bound::AtLeastTimes(600, "disk.append".to_owned()),
        Kind::Postgres => Bound::AtLeastTimes(500, "pgbench.hot_row.1".to_owned()),
    };
    let mut goals = vec![
        goal("lane.plain.128", Bound::AtLeast(one(20_000_000, 15_000_000)), false),
        goal("lane.plain.128", Bound::AtLeastTimes(one(6_000, 5_000), "pgbench.hot_row.16".to_owned()), false),
        goal("lane.plain.1", alone, false),
        // The part of it that a short look on a small world can tell: a lane that is held up does not keep it.
        goal("lane.plain.128", Bound::AtLeastTimes(2_000, "pgbench.hot_row.16".to_owned()), true),
        goal("http.credit.64", Bound::AtLeastTimes(one(150, 100), of("http.ceiling.64")), true),
        goal("http.credit.half.p99", Bound::AtMost(one(10_000, 20_000)), false),
        goal("http.balance.64", Bound::AtLeastTimes(one(500, 150), of("http.ceiling.64")), true),
        goal("growth.10000000.credit", Bound::AtLeastTimes(700, of("growth.10000.credit")), false),
        goal("growth.10000000.credit.p99", Bound::AtMostTimes(2_000, of("growth.10000.credit.p99")), false),
        goal("growth.10000000.balance", Bound::AtLeastTimes(700, of("growth.10000.balance")), false),
        goal("growth.10000000.balance.p99", Bound::AtMostTimes(2_000, of("growth.10000.balance.p99")), false),
        goal("start.ready", Bound::AtMost(1_000_000), false),
        goal("issue.million", Bound::AtMost(one(30_000, 60_000)), false),
        goal("verify.million", Bound::AtMost(one(10_000, 20_000)), false),
    ];
    if kind == Kind::Sqlite {
        goals.push(goal("http.credit.64", Bound::AtLeast(10_000_000), false));
        goals.push(goal("start.memory", Bound::AtMost(150_000), false));
    }
    goals
}

#[cfg(test)]
mod tests;
