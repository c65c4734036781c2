use std::collections::BTreeMap;

use ringup_core::id::FloatPurchaseId;
use ringup_core::ledger::{AccountCode, EntryKind, Side};
use ringup_core::payment::Provider;

use super::CheckLine;
use crate::column::coded;
use crate::error::DbError;
use crate::journal::unpack;
use crate::seam::{Connected, Query, ReadTx};

/// What agents have bought: what the office confirmed, and what providers took, is on their floats once, and nothing else is.
pub(super) struct Floats {
    bought: CheckLine,
    owned: CheckLine,
}

/// A float, and the account that has what was paid for it: the bank's, or what a provider owes.
type Way = (u64, AccountCode);

/// What is known to have been paid for a float in one way, and how much of that is marked as booked.
#[derive(Clone, Copy, Default)]
struct Paid {
    all: u128,
    booked: u128,
}

impl Floats {
    pub(super) const fn new() -> Self {
        Self {
            bought: CheckLine::new(
                "what agents paid, by transfer or through a provider, is on their floats once, and nothing else",
            ),
            owned: CheckLine::new("every agent's float is a float, and no other agent's"),
        }
    }

    pub(super) fn lines(self) -> [CheckLine; 2] {
        [self.bought, self.owned]
    }

    pub(super) fn look(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        let mut posted = posted(tx)?;
        for ((float, by), paid) in paid(tx)? {
            self.bought.count();
            let posted = posted.remove(&(float, by)).unwrap_or_default();
            // What was cut off is written down, and on the float or not; which of the two is told when it is said again.
            if !(paid.booked..=paid.all).contains(&posted) {
                let Paid { all, booked } = paid;
                self.bought.find(|| format!("float {float}: {posted} posted from {by}, {all} paid, {booked} booked"));
            }
        }
        // A float that is no agent's sells nothing.
        let sql = "select float_id from agent where float_id is not null";
        let owned = tx.query(sql, &[], |fields| fields.bits())?;
        for ((float, by), posted) in posted.into_iter().filter(|((float, _), _)| owned.contains(float)) {
            self.bought.find(|| format!("float {float}: {posted} posted from {by}, and nobody paid"));
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
        let sql = "select p.id from float_purchase as p left join agent as a on a.id = p.agent_id
            where a.id is null or a.float_id is null or a.float_id <> p.float_id";
        for id in tx.query(sql, &[], |fields| fields.bits())? {
            let id = FloatPurchaseId::from_u64(id);
            self.owned.find(|| format!("{id} is on a float that is not its agent's"));
        }
        Ok(())
    }
}

/// What the journal says was bought, for each float and each account that has the money.
fn posted(tx: &mut ReadTx<'_>) -> Result<BTreeMap<Way, u128>, DbError> {
    let mut posted: BTreeMap<Way, u128> = BTreeMap::new();
    let sql = "select postings from journal_entry where kind = $1";
    tx.stream(sql, &[EntryKind::FloatBought.code().into()], &mut |row| {
        // An entry that cannot be read is named by another check.
        let Ok(postings) = unpack(row.fields().blob()?) else { return Ok(()) };
        let on = |side: Side| postings.iter().filter(move |posting| posting.side == side);
        let Some(taken_on) = on(Side::Debit).next() else { return Ok(()) };
        for posting in on(Side::Credit).filter(|posting| posting.account.code == AccountCode::FloatAgent) {
            let sum = posted.entry((posting.account.owner, taken_on.account.code)).or_default();
            *sum = sum.saturating_add(u128::from(posting.amount.minor()));
        }
        Ok(())
    })?;
    Ok(posted)
}

fn paid(tx: &mut ReadTx<'_>) -> Result<BTreeMap<Way, Paid>, DbError> {
    let mut all: BTreeMap<Way, Paid> = BTreeMap::new();
    let mut add = |float: u64, by: AccountCode, (minor, is_booked): (u64, bool)| {
        let paid = all.entry((float, by)).or_default();
        paid.all = paid.all.saturating_add(minor.into());
        if is_booked {
            paid.booked = paid.booked.saturating_add(minor.into());
        }
    };
    let sql = "select float_id, amount_minor, booked_at from float_transfer";
    let rows = tx.query(sql, &[], |fields| Ok((fields.bits()?, fields.count()?, fields.opt_time()?)))?;
    for (float, minor, booked_at) in rows {
        add(float, AccountCode::Bank, (minor, booked_at.is_some()));
    }
    let sql = "select float_id, provider, paid_minor, booked_at from float_purchase where state = 'paid'";
    let rows = tx.query(sql, &[], |fields| {
        Ok((fields.bits()?, coded(fields, Provider::from_code)?, fields.count()?, fields.opt_time()?))
    })?;
    for (float, provider, minor, booked_at) in rows {
        add(float, AccountCode::clearing(provider), (minor, booked_at.is_some()));
    }
    Ok(all)
}
