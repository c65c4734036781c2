//! A journal as a bookkeeper reads it.

use super::support::World;
use crate::ledger::{Chain, Entry, Side};

impl World {
    /// The entries of a card or purse from this position on, one block each: account, debit, credit, balance after.
    pub(crate) fn journal(&self, chain: Chain, from_position: u64) -> String {
        let entries = self.changes().entries;
        let wanted = entries.iter().filter(|entry| entry.chain == chain && entry.position >= from_position);
        wanted.map(block).collect::<Vec<_>>().join("\n")
    }
}

fn block(entry: &Entry) -> String {
    let heading = format!("{:<26}{:>15}{:>15}{:>15}", entry.kind.name(), "debit", "credit", "balance");
    let mut text = format!("{}\n", heading.trim_end());
    for posting in &entry.postings {
        let amount = posting.amount.to_string();
        let (debit, credit) = match posting.side {
            Side::Debit => (amount.as_str(), ""),
            Side::Credit => ("", amount.as_str()),
        };
        let after = posting.after.minor();
        let unit = posting.amount.unit();
        let magnitude = crate::money::Amount::new(after.unsigned_abs(), unit).unwrap();
        let balance = format!("{}{magnitude}", if after < 0 { "-" } else { "" });
        text.push_str(&format!("  {:<24}{debit:>15}{credit:>15}{balance:>15}\n", posting.account.code.name()));
    }
    text
}
