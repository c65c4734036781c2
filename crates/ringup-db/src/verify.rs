//! The proof: everything that must hold in the books, checked from the rows alone.
//!
//! All checks see one snapshot. Rows are read some shards at a time and seal by seal, so that no more than about a million
//! entries are in memory.
//! See `docs/decisions/0004-hash-chains.md` for what the chains show and what they cannot.

mod accounts;
mod acks;
mod chains;
mod commissions;
mod entries;
mod facts;
mod floats;
mod kiosks;
mod links;
mod money;
mod places;
mod purses;
mod seals;
mod top_ups;

pub use acks::{Ack, ParseAckError, parse_ack};

use ringup_core::shard::Shard;
use ringup_core::time::{Span, Timestamp};

use crate::dialect;
use crate::error::DbError;
use crate::seam::{Query, ReadTx, Reader, Value};
use accounts::{Accounts, Anywhere};
use acks::Acks;
use chains::Chains;
use commissions::Commissions;
use entries::{Entries, ShardBooks};
use facts::Facts;
use floats::Floats;
use kiosks::Kiosks;
use links::Links;
use money::Money;
use places::Places;
use purses::Purses;
use seals::Seals;
use top_ups::TopUps;

/// How long a refund may be on its way before a person must have been asked to look.
pub const REFUND_CLOCK: Span = Span::hours(72);

/// How long after its stated time a top-up may come on its card.
pub const CREDIT_CLOCK: Span = Span::minutes(10);

/// How many findings a line keeps; all are counted.
const FINDINGS_KEPT: usize = 50;

/// About so many entries are looked at in one pass over the tables.
const ENTRIES_AT_ONCE: u64 = 1_000_000;

/// The shards that are looked at in one pass.
#[derive(Clone, Copy, Debug)]
struct Shards {
    first: Shard,
    last: Shard,
}

impl Shards {
    const ALL: Self = Self { first: Shard(0), last: Shard(u8::MAX) };

    /// All shards, cut so that each part has about [`ENTRIES_AT_ONCE`] of these entries.
    fn parts(entries: u64) -> impl Iterator<Item = Self> {
        let count = entries.div_ceil(ENTRIES_AT_ONCE).clamp(1, 256);
        let bound = move |part: u64| u8::try_from(part.saturating_mul(256).div_ceil(count).min(255)).unwrap_or(u8::MAX);
        (0..count).map(move |part| Self {
            first: Shard(bound(part)),
            last: Shard(if part.saturating_add(1) == count {
                u8::MAX
            } else {
                bound(part.saturating_add(1)).saturating_sub(1)
            }),
        })
    }

    fn params(self) -> [Value<'static>; 2] {
        [self.first.0.into(), self.last.0.into()]
    }
}

impl std::fmt::Display for Shards {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "shards {} to {}", self.first, self.last)
    }
}

/// One check, and what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckLine {
    /// What must hold.
    pub name: &'static str,
    /// How many rows it looked at.
    pub checked: u64,
    /// How many times it does not hold.
    pub found: u64,
    /// The first of them, in words.
    pub findings: Vec<String>,
}

/// What [`verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// A line for each check.
    pub lines: Vec<CheckLine>,
}

impl Report {
    /// Whether everything holds.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.lines.iter().all(|line| line.found == 0)
    }
}

impl CheckLine {
    const fn new(name: &'static str) -> Self {
        Self { name, checked: 0, found: 0, findings: Vec::new() }
    }

    fn count(&mut self) {
        self.checked = self.checked.saturating_add(1);
    }

    fn find(&mut self, finding: impl FnOnce() -> String) {
        self.found = self.found.saturating_add(1);
        if self.findings.len() < FINDINGS_KEPT {
            self.findings.push(finding());
        }
    }
}

/// A check, as `ringup verify` prints it.
impl std::fmt::Display for CheckLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let verdict = if self.found == 0 { "ok" } else { "VIOLATED" };
        write!(f, "{verdict:<8} {} ({} checked, {} found)", self.name, self.checked, self.found)?;
        self.findings.iter().try_for_each(|finding| write!(f, "\n           {finding}"))
    }
}

/// Checks every rule of the books, and that each acknowledged top-up is in them exactly once.
///
/// # Errors
/// What the database says. A row that cannot be read is a finding, not an error.
pub fn verify(reader: &mut Reader, acks: Option<&[Ack]>, now: Timestamp) -> Result<Report, DbError> {
    reader.read(|tx| {
        dialect::lift_time_limit(tx)?;
        let mut checks = Checks::new(acks.unwrap_or_default());
        let entries = tx.query_first("select count(*) from journal_entry", &[], |fields| fields.count())?;
        for shards in Shards::parts(entries.unwrap_or(0)) {
            checks.look_at(tx, shards, now)?;
        }
        checks.look_anywhere(tx)?;
        let mut seals = Seals::new();
        seals.look(tx)?;
        let mut money = Money::new();
        money.look(tx)?;
        let mut stored = CheckLine::new("the database finds its own pages and indexes in order");
        stored.count();
        for damage in dialect::find_damage(tx)? {
            stored.find(|| damage);
        }
        let mut places = Places::new();
        places.look(tx)?;
        let mut purses = Purses::new();
        purses.look(tx)?;
        let mut floats = Floats::new();
        floats.look(tx)?;
        let mut kiosks = Kiosks::new();
        kiosks.look(tx)?;
        let mut commissions = Commissions::new();
        commissions.look(tx)?;
        let mut lines = checks.lines();
        lines.extend(seals.lines());
        lines.extend(money.lines());
        lines.extend(places.lines());
        lines.extend(purses.lines());
        lines.extend(floats.lines());
        lines.extend(kiosks.lines());
        lines.extend(commissions.lines());
        lines.push(stored);
        if let Some(acks) = acks {
            lines.push(checks.acks.line(acks));
        }
        Ok(Report { lines })
    })
}

/// The checks that go some shards at a time.
struct Checks<'a> {
    entries: Entries,
    chains: Chains,
    accounts: Accounts,
    top_ups: TopUps,
    facts: Facts,
    links: Links,
    acks: Acks<'a>,
}

impl<'a> Checks<'a> {
    fn new(acks: &'a [Ack]) -> Self {
        Self {
            entries: Entries::new(),
            chains: Chains::new(),
            accounts: Accounts::new(),
            top_ups: TopUps::new(),
            facts: Facts::new(),
            links: Links::new(),
            acks: Acks::new(acks),
        }
    }

    fn look_at(&mut self, tx: &mut ReadTx<'_>, shards: Shards, now: Timestamp) -> Result<(), DbError> {
        let mut books = ShardBooks::default();
        self.entries.look(tx, shards, &mut self.chains, &mut books)?;
        self.chains.compare_heads(tx, shards)?;
        self.accounts.look(tx, shards, &mut books)?;
        let credited = self.top_ups.look(tx, shards, &books, now)?;
        self.facts.look(tx, shards, &books, &credited)?;
        self.links.look(tx, shards)?;
        self.acks.look(shards, &credited);
        Ok(())
    }

    fn look_anywhere(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        let mut all = Anywhere::default();
        entries::for_each_anywhere(tx, &mut |movement| self.accounts.follow(&mut all, movement))?;
        self.accounts.look_anywhere(tx, all)
    }

    fn lines(&mut self) -> Vec<CheckLine> {
        let mut lines = self.entries.lines();
        lines.extend(self.chains.lines());
        lines.extend(self.accounts.lines());
        lines.extend(self.top_ups.lines());
        lines.extend(self.facts.lines());
        lines.extend(self.links.lines());
        lines
    }
}

#[cfg(test)]
mod tests;
