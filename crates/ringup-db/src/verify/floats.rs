use std::collections::BTreeMap;

use ringup_core::ledger::{AccountCode, EntryKind, Side};

use super::CheckLine;
use crate::error::DbError;
use crate::journal::unpack;
use crate::seam::{Connected, Query, ReadTx};

/// What agents have bought: what the office confirmed is on their floats once, and nothing else is.
pub(super) struct Floats {
    bought: CheckLine,
    owned: CheckLine,
}

/// What was confirmed for a float, and how much of that is marked as booked.
#[derive(Clone, Copy, Default)]
struct Confirmed {
    all: u128,
    booked: u128,
}

impl Floats {
    pub(super) const fn new() -> Self {
        Self {
            bought: CheckLine::new("what was bought by bank transfer is on its float once, and nothing else"),
            owned: CheckLine::new("every agent's float is a float, and no other agent's"),
        }
    }

    pub(super) fn lines(self) -> [CheckLine; 2] {
        [self.bought, self.owned]
    }

    pub(super) fn look(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        let mut posted = posted(tx)?;
        for (float, confirmed) in confirmed(tx)? {
            self.bought.count();
            let posted = posted.remove(&float).unwrap_or_default();
            // A transfer that was cut off is confirmed, and on the float or not; which of the two is told when it is said again.
            if !(confirmed.booked..=confirmed.all).contains(&posted) {
                let Confirmed { all, booked } = confirmed;
                self.bought.find(|| format!("float {float}: {posted} posted, {all} confirmed, {booked} booked"));
            }
        }
        // A float that is no agent's sells nothing.
        let sql = "select float_id from agent where float_id is not null";
        let owned = tx.query(sql, &[], |fields| fields.bits())?;
        for (float, posted) in posted.into_iter().filter(|(float, _)| owned.contains(float)) {
            self.bought.find(|| format!("float {float}: {posted} posted, and no transfer was confirmed"));
        }
        self.look_at_owners(tx)
    }

    fn look_at_owners(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        let sql = "select a.id, p.kind from agent as a left join purse as p on p.id = a.float_id
            where a.float_id is not null";
        let kinds = tx.query(sql, &[], |fields| Ok((fields.bits()?, fields.opt_int()?)))?;
        for (agent, kind) in kinds {
            self.owned.count();
            if kind != Some(ringup_core::purse::PurseKind::Float.code()) {
                self.owned.find(|| format!("agent {agent} has no float"));
            }
        }
        let sql = "select t.reference from float_transfer as t left join agent as a on a.id = t.agent_id
            where a.id is null or a.float_id is null or a.float_id <> t.float_id";
        for reference in tx.query(sql, &[], |fields| Ok(fields.text()?.to_owned()))? {
            self.owned.find(|| format!("transfer {reference} is on a float that is not its agent's"));
        }
        Ok(())
    }
}

/// What the journal says was bought, for each float.
fn posted(tx: &mut ReadTx<'_>) -> Result<BTreeMap<u64, u128>, DbError> {
    let mut posted: BTreeMap<u64, u128> = BTreeMap::new();
    let sql = "select postings from journal_entry where kind = $1";
    tx.stream(sql, &[EntryKind::FloatBought.code().into()], &mut |row| {
        // An entry that cannot be read is named by another check.
        let Ok(postings) = unpack(row.fields().blob()?) else { return Ok(()) };
        for posting in postings {
            if posting.account.code == AccountCode::FloatAgent && posting.side == Side::Credit {
                let sum = posted.entry(posting.account.owner).or_default();
                *sum = sum.saturating_add(u128::from(posting.amount.minor()));
            }
        }
        Ok(())
    })?;
    Ok(posted)
}

fn confirmed(tx: &mut ReadTx<'_>) -> Result<BTreeMap<u64, Confirmed>, DbError> {
    let mut all: BTreeMap<u64, Confirmed> = BTreeMap::new();
    let sql = "select float_id, amount_minor, booked_at from float_transfer";
    let rows = tx.query(sql, &[], |fields| Ok((fields.bits()?, fields.count()?, fields.opt_time()?)))?;
    for (float, minor, booked_at) in rows {
        let confirmed = all.entry(float).or_default();
        confirmed.all = confirmed.all.saturating_add(minor.into());
        if booked_at.is_some() {
            confirmed.booked = confirmed.booked.saturating_add(minor.into());
        }
    }
    Ok(all)
}
