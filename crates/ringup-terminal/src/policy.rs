//! What the server last said about this kiosk, kept on the disk for when the line is down.

use std::io::Write as _;
use std::path::Path;

use ringup_core::money::{Amount, Unit};

use crate::wire::{BoxState, Policy};

impl Policy {
    /// Reads what the server said.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let policy: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let unit = policy.unit()?;
        let amounts = policy.notes.values.iter().chain([&policy.notes.visit_most]).chain(&policy.notes.offline_most);
        let other = amounts.into_iter().find(|amount| amount.unit() != unit);
        other.map_or(Ok(()), |amount| Err(format!("{amount} at a kiosk of {unit}")))?;
        Ok(policy)
    }

    /// What its notes are counted in.
    ///
    /// # Errors
    /// When that is no unit.
    pub fn unit(&self) -> Result<Unit, String> {
        self.unit.parse().map_err(|error: ringup_core::money::UnknownUnit| error.to_string())
    }

    /// Whether notes are taken at all, as far as the box goes.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.cash_box.state != BoxState::Full
    }

    /// The most of one sale while the line is down: none, no notes are taken then.
    #[must_use]
    pub fn most_offline(&self) -> Option<Amount> {
        self.notes.offline_most.and_then(|most| most.at_most(self.notes.visit_most).ok())
    }

    /// What was kept; none when nothing was, or what was cannot be read.
    #[must_use]
    pub fn kept(path: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(path).ok()?;
        Self::parse(&text).inspect_err(|error| tracing::warn!(%error, "the kept policy cannot be read")).ok()
    }

    /// Keeps what the server said, whole or not at all.
    ///
    /// # Errors
    /// What the disk says.
    pub fn keep(path: &Path, text: &str) -> std::io::Result<()> {
        let new = path.with_extension("new");
        let mut file = std::fs::File::create(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&new, path)
    }
}

#[cfg(test)]
mod tests;
