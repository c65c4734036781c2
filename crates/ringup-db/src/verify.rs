//! The proof: everything that must hold in the books, checked from the rows alone.
//!
//! All checks see one snapshot. Rows are read shard by shard and seal by seal, so that no more than one shard is in memory.
//! See `docs/decisions/0004-hash-chains.md` for what the chains show and what they cannot.

mod accounts;
mod acks;
mod chains;
mod entries;
mod money;
mod seals;
mod top_ups;

pub use acks::{Ack, ParseAckError, parse_ack};

use ringup_core::shard::Shard;
use ringup_core::time::{Span, Timestamp};

use crate::dialect;
use crate::error::DbError;
use crate::seam::{ReadTx, Reader};
use accounts::Accounts;
use acks::Acks;
use chains::Chains;
use entries::{Entries, ShardBooks};
use money::Money;
use seals::Seals;
use top_ups::TopUps;

/// How long a refund may be on its way before a person must have been asked to look.
pub const REFUND_CLOCK: Span = Span::hours(72);

/// How many findings a line keeps; all are counted.
const FINDINGS_KEPT: usize = 50;

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
        for shard in (0..=u8::MAX).map(Shard) {
            checks.look_at(tx, shard, now)?;
        }
        let mut seals = Seals::new();
        seals.look(tx)?;
        let mut money = Money::new();
        money.look(tx)?;
        let mut lines = checks.lines();
        lines.extend(seals.lines());
        lines.extend(money.lines());
        if let Some(acks) = acks {
            lines.push(checks.acks.line(acks));
        }
        Ok(Report { lines })
    })
}

/// The checks that go shard by shard.
struct Checks<'a> {
    entries: Entries,
    chains: Chains,
    accounts: Accounts,
    top_ups: TopUps,
    acks: Acks<'a>,
}

impl<'a> Checks<'a> {
    fn new(acks: &'a [Ack]) -> Self {
        Self {
            entries: Entries::new(),
            chains: Chains::new(),
            accounts: Accounts::new(),
            top_ups: TopUps::new(),
            acks: Acks::new(acks),
        }
    }

    fn look_at(&mut self, tx: &mut ReadTx<'_>, shard: Shard, now: Timestamp) -> Result<(), DbError> {
        let mut books = ShardBooks::default();
        self.entries.look(tx, shard, &mut self.chains, &mut books)?;
        self.chains.compare_heads(tx, shard)?;
        self.accounts.look(tx, shard, &mut books)?;
        let credited = self.top_ups.look(tx, shard, &books, now)?;
        self.acks.look(shard, &credited);
        Ok(())
    }

    fn lines(&mut self) -> Vec<CheckLine> {
        let mut lines = self.entries.lines();
        lines.extend(self.chains.lines());
        lines.extend(self.accounts.lines());
        lines.extend(self.top_ups.lines());
        lines
    }
}

#[cfg(test)]
mod tests;
