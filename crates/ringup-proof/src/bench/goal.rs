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
    /// Whether it is for quick runs, and for no others: what a short look on a small world can tell.
    pub when_quick: bool,
}

/// How a figure is bounded; all numbers are thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// At least this.
    Least(u64),
    /// At most this.
    Most(u64),
    /// At least so many times another figure.
    LeastTimes(u64, String),
    /// At most so many times another figure.
    MostTimes(u64, String),
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

const NOT_MEASURED: &str = "not measured";

impl Judged {
    /// Whether there was a figure for it.
    pub fn was_measured(&self) -> bool {
        self.measured != NOT_MEASURED
    }
}

impl Bound {
    /// As a person reads it.
    pub fn shown(&self) -> String {
        match self {
            Self::Least(milli) => format!("≥ {}", shown(*milli)),
            Self::Most(milli) => format!("≤ {}", shown(*milli)),
            Self::LeastTimes(milli, other) => format!("≥ {} × {other}", shown(*milli)),
            Self::MostTimes(milli, other) => format!("≤ {} × {other}", shown(*milli)),
        }
    }
}

impl Goal {
    /// The other figure that it is about, when there is one.
    pub fn other(&self) -> Option<&str> {
        match &self.bound {
            Bound::Least(_) | Bound::Most(_) => None,
            Bound::LeastTimes(_, other) | Bound::MostTimes(_, other) => Some(other),
        }
    }

    /// Whether it was reached by these figures.
    pub fn judge(&self, figures: &[Figure]) -> Judged {
        let find = |name: &str| figures.iter().find(|figure| figure.name == name);
        let measured = find(&self.figure).and_then(|own| match &self.bound {
            Bound::Least(least) => Some((own.rounds.median >= *least, own.shown())),
            Bound::Most(most) => Some((own.rounds.median <= *most, own.shown())),
            Bound::LeastTimes(least, other) => {
                let times = times(own, find(other)?);
                Some((times >= *least, format!("{} ×", shown(times))))
            }
            Bound::MostTimes(most, other) => {
                let times = times(own, find(other)?);
                Some((times <= *most, format!("{} ×", shown(times))))
            }
        });
        let (verdict, measured) = match measured {
            Some((true, measured)) => (Verdict::Reached, measured),
            Some((false, measured)) => (Verdict::Missed, measured),
            None => (Verdict::NotJudged, NOT_MEASURED.to_owned()),
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
        Kind::Sqlite => Bound::LeastTimes(600, "disk.append".to_owned()),
        Kind::Postgres => Bound::LeastTimes(500, "pgbench.hot_row.1".to_owned()),
    };
    let hot_row = "pgbench.hot_row.16".to_owned();
    let mut goals = vec![
        goal("lane.plain.128", Bound::Least(one(20_000_000, 15_000_000)), false),
        goal("lane.plain.128", Bound::LeastTimes(one(6_000, 5_000), hot_row.clone()), false),
        goal("lane.plain.1", alone, false),
        goal("http.credit.64", Bound::LeastTimes(one(150, 100), of("http.ceiling.64")), false),
        goal("http.credit.half.p99", Bound::Most(one(10_000, 20_000)), false),
        goal("http.balance.64", Bound::LeastTimes(one(500, 150), of("http.ceiling.64")), false),
        // Of these a third or a half is what a short look can tell: a lane that is held up, or a server that has become slow,
        // does not keep them, and a noisy minute does.
        goal("lane.plain.128", Bound::LeastTimes(2_000, hot_row), true),
        // A tenth of the goal: below it something is wrong however busy the machine is, and however slow its yardsticks.
        goal("lane.plain.128", Bound::Least(2_000_000), true),
        goal("http.credit.64", Bound::LeastTimes(one(75, 50), of("http.ceiling.64")), true),
        goal("http.balance.64", Bound::LeastTimes(one(250, 75), of("http.ceiling.64")), true),
        goal("growth.10000000.credit", Bound::LeastTimes(700, of("growth.10000.credit")), false),
        goal("growth.10000000.credit.p99", Bound::MostTimes(2_000, of("growth.10000.credit.p99")), false),
        goal("growth.10000000.balance", Bound::LeastTimes(700, of("growth.10000.balance")), false),
        goal("growth.10000000.balance.p99", Bound::MostTimes(2_000, of("growth.10000.balance.p99")), false),
        goal("start.ready", Bound::Most(1_000_000), false),
        goal("issue.million", Bound::Most(one(30_000, 60_000)), false),
        goal("verify.million", Bound::Most(one(10_000, 20_000)), false),
    ];
    if kind == Kind::Sqlite {
        goals.push(goal("http.credit.64", Bound::Least(10_000_000), false));
        goals.push(goal("start.memory", Bound::Most(150_000), false));
    }
    goals
}

#[cfg(test)]
mod tests;
